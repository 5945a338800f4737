"""One file -> what it holds. The only users of the libraries that read Word, workbooks, pictures, videos and PDF.

Each reader stands in its own module and is imported when the first file of its kind comes: the libraries are heavy,
and most commands read no file at all.
"""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.content.refusal import Refusal
from pipeline.model.content import Content, Other, Unreadable
from pipeline.model.files import PICTURE_KINDS, VIDEO_KINDS, FileKind, Problem

# Names that claim what we would know if it were so (seen: an upload broken off that is nothing but zeros).
_CLAIMS = re.compile(
    r"\.(?:docx?|docm|wps|rtf|xlsx?|xlsm|et|pdf|ofd|jpe?g|png|gif|bmp|heic|webp|mp4|mov|3gp|avi|wmv|zip|rar|7z)[\s.]*\Z",
    re.IGNORECASE,
)


def read_content(path: Path, kind: FileKind, name: str) -> Content:
    """What the file at ``path`` holds, read as the ``kind`` that was sniffed; ``name`` is what its sender called it.

    Every file yields a value: one that cannot be read is :class:`~pipeline.model.content.Unreadable`, one that is no
    deliverable's kind (music, an archive, a program) :class:`~pipeline.model.content.Other`. Raises OSError only where
    ``path`` itself cannot be opened, which is our fault and not the file's. A campaign's blank forms are read by this
    same function, so that a form and its filled copy look alike.
    """
    if kind is FileKind.EMPTY or path.stat().st_size == 0:
        return Unreadable(Problem.EMPTY)
    try:
        return _read(path, kind, name)
    except Refusal as refusal:
        return refusal.unreadable


def _read(path: Path, kind: FileKind, name: str) -> Content:  # noqa: PLR0911, PLR0912 (one case a kind)
    # ruff: noqa: PLC0415 (a reader's libraries are loaded when its first file comes, not with the program)
    if kind in PICTURE_KINDS:
        from pipeline.content.picture import read_picture

        return read_picture(path, name)
    if kind in VIDEO_KINDS:
        from pipeline.content.video import read_video

        return read_video(path, kind)
    match kind:
        case FileKind.DOCX | FileKind.DOCM:
            from pipeline.content.word import read_word

            return read_word(path, kind)
        case FileKind.DOC:
            from pipeline.content.legacy import read_doc

            return read_doc(path)
        case FileKind.RTF:
            from pipeline.content.rtf import read_rtf

            return read_rtf(path)
        case FileKind.XLSX | FileKind.XLSM | FileKind.XLS:
            from pipeline.content.sheet import read_sheet

            return read_sheet(path, kind)
        case FileKind.PDF:
            from pipeline.content.pdf import read_pdf

            return read_pdf(path)
        case FileKind.OFD:
            from pipeline.content.ofd import read_ofd

            return read_ofd(path)
        case FileKind.UNKNOWN if _CLAIMS.search(name):
            raise Refusal(Problem.DAMAGED, "nothing of what its name says")
        case FileKind.HTML | FileKind.TEXT:
            from pipeline.content.text import read_text

            return read_text(path, kind)
        case FileKind.OLE:
            from pipeline.content.ole import refuse_encrypted_package

            refuse_encrypted_package(path.read_bytes())
            return Other()
        case FileKind.ODT | FileKind.ODS:
            from pipeline.content.office import refuse_open_document

            raise refuse_open_document(path)
        case _:
            return Other()
