"""Files -> the notice and its blank forms. Opened by what opens the villages' files, in a process of its own."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.content import read_content
from pipeline.content.appendix import cut_appendices
from pipeline.content.legacy import convert_doc
from pipeline.content.refusal import Refusal
from pipeline.drafting.blanks import read_blank
from pipeline.drafting.heading import read_appendix_heading
from pipeline.drafting.plain import join_lines
from pipeline.drafting.values import Blank, Notice
from pipeline.errors import ConfigError
from pipeline.model.content import Content, Document, Unreadable
from pipeline.model.files import FileKind, Problem
from pipeline.sandbox.readers import Job, Readers
from pipeline.sniff import sniff_kind

_WORD: Final = frozenset({FileKind.DOCX, FileKind.DOCM})
_BROKEN_LINES: Final = frozenset({FileKind.PDF, FileKind.TEXT, FileKind.OFD})
_LARGEST: Final = 64 << 20  # octets; a notice has some ten thousand
_ENDINGS: Final = {FileKind.XLSX: ".xlsx", FileKind.XLS: ".xls", FileKind.DOCX: ".docx", FileKind.DOCM: ".docx"}
_PROBLEMS: Final = {
    Problem.EMPTY: "这个文件是空的",
    Problem.ENCRYPTED: "这个文件有密码，请先取消密码",
    Problem.DAMAGED: "这个文件已损坏，打不开",
    Problem.HOSTILE: "这个文件不安全，没有打开",
}
_NO_NOTICE: Final = "读不出文字，请换成 Word 文档（docx、doc、wps）、能选中文字的 PDF 或 txt"
_NO_TITLE: Final = re.compile(r"单\s*位\s*[:：]|[:：]\s*$|^\s*附\s*件\s*\d*\s*[:：]?\s*$")


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    kind: FileKind
    octets: bytes


def read_notice(path: Path, others: Sequence[Path]) -> tuple[Notice, bytes]:
    """The notice with the forms that stand in it and those in ``others``, and its own octets. Raises ConfigError where
    a file is not there or holds no text.
    """
    files = [_look_at(each) for each in (path, *others)]
    with Readers() as readers, tempfile.TemporaryDirectory(prefix="baosong-") as folder:
        contents = readers.read_all([Job(each.path, each.kind, each.path.name) for each in files])
        document = _as_document(files[0], contents[0])
        if not any(line.strip() for line in document.paragraphs):
            raise ConfigError(_NO_NOTICE, file=path)
        cut = _cut(files[0])
        inside = readers.read_all(_lay_out(cut, Path(folder)))
    blanks = [_as_blank(heading, octets, content, path) for (heading, octets), content in zip(cut, inside, strict=True)]
    blanks += [_of_file(file, content) for file, content in zip(files[1:], contents[1:], strict=True)]
    lines = document.paragraphs
    notice = Notice(
        path.name,
        join_lines(lines) if files[0].kind in _BROKEN_LINES else lines,
        tuple(blanks),
        tuple(_doubts(document, [each for each in inside if isinstance(each, Document)])),
        direct=isinstance(read_content(path, files[0].kind, path.name), Document),
    )
    return notice, files[0].octets


def _look_at(path: Path) -> _File:
    try:
        if path.is_dir():
            raise ConfigError("这是文件夹，请写里面的通知文件", file=path)
        if path.stat().st_size > _LARGEST:
            raise ConfigError("这个文件太大，不像是通知或空白表", file=path)
        octets = path.read_bytes()
        return _File(path, sniff_kind(path), octets)
    except FileNotFoundError:
        raise ConfigError("找不到这个文件，请检查路径", file=path) from None
    except OSError as error:
        raise ConfigError(f"文件读不出来（{error.strerror}），请检查权限", file=path) from error


def _as_document(file: _File, content: Content) -> Document:
    if isinstance(content, Document):
        return content
    problem = _PROBLEMS.get(content.problem) if isinstance(content, Unreadable) else None
    raise ConfigError(problem or _NO_NOTICE, file=file.path)


def _cut(file: _File) -> list[tuple[str, bytes]]:
    """The forms within the notice's own document, each as a docx."""
    if file.kind in _WORD:
        octets = file.octets
    elif file.kind is FileKind.DOC:
        try:
            octets = convert_doc(file.path)
        except Refusal:  # read by way of LibreOffice: its forms are asked for as files
            return []
    else:
        return []
    return [(each.heading, each.octets) for each in cut_appendices(octets)]


def _lay_out(cut: Sequence[tuple[str, bytes]], folder: Path) -> list[Job]:
    jobs = []
    for number, (_, octets) in enumerate(cut):
        file = folder / f"{number}.docx"
        file.write_bytes(octets)
        jobs.append(Job(file, FileKind.DOCX, file.name))
    return jobs


def _as_blank(heading: str, octets: bytes, content: Content, path: Path) -> Blank:
    number, title = read_appendix_heading(heading)
    return _blank(number, title, content, ".docx", octets, path.name)


def _of_file(file: _File, content: Content) -> Blank:
    document = _as_document(file, content)
    number, title = read_appendix_heading(file.path.stem)
    if file.kind is FileKind.DOC:
        try:
            return _blank(number, title, document, ".docx", convert_doc(file.path), file.path.name)
        except Refusal:
            pass
    suffix = _ENDINGS.get(file.kind, file.path.suffix.lower())
    return _blank(number, title, document, suffix, file.octets, file.path.name)


def _blank(number: int | None, title: str, content: Content, suffix: str, octets: bytes, origin: str) -> Blank:
    document = content if isinstance(content, Document) else Document(FileKind.DOCX, (), ())
    lines = [line.strip() for line in (*document.paragraphs, *_titles_within(document)) if line.strip()]
    if lines and (own := read_appendix_heading(lines[0])) != (None, ""):
        number, title = (own[0] if number is None else number), title or own[1]
    own_titles = (line for line in lines[:4] if not _NO_TITLE.search(line) and len(line) < 60)
    title = "".join((title or next(own_titles, "")).split())
    form = read_blank(document.tables) if document.tables else None
    return Blank(number, title, form, suffix, octets, origin, "\n".join(lines))


def _titles_within(document: Document) -> Iterator[str]:
    """The lines over the headings of a workbook's first sheet: rows that hold one text."""
    for table in document.tables[:1]:
        for number in range(4):
            texts = [cell.text for cell in table.row(number) if cell.text.strip()]
            if len(texts) != 1:
                return
            yield texts[0]


def _doubts(document: Document, forms: Sequence[Document]) -> list[str]:
    """What of the notice was not read: tables that are none of its forms."""
    left = len(document.tables) - sum(len(each.tables) for each in forms)
    return [f"通知里有{left}张表格没有读（不是附件里的空白表），表里写的要求请自己看一遍"] if left > 0 else []
