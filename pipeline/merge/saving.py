"""Word documents of the office, saved so that the same content gives the same octets."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml import etree

from pipeline.merge.word import Album
from pipeline.report.rows import encode_rows
from pipeline.report.words import clean_text

_STORED = (".jpg", ".jpeg", ".png")  # packed already
_MAIN_PART = "word/document.xml"
_ROWS, _PLACE = "rows", re.compile(rb"<\?rows *\?>")
_HERE = "\ufffc"
_NAMESPACES = re.compile(r' xmlns:\w+="[^"]*"')  # they stand at the document's root


class Rows:
    """Rows of a table that are all like this one (w:tr), which is taken out; written when the document is saved.

    A tree of a province's rows takes a gigabyte.
    """

    def __init__(self, pattern: Any, texts: Iterable[Sequence[str]]) -> None:
        places = list(pattern.iter(qn("w:t")))
        for place in places:
            place.text = _HERE
        written = _NAMESPACES.sub("", etree.tostring(pattern, encoding="unicode", with_tail=False))
        self._between = written.split(_HERE)
        self._texts = texts
        pattern.addprevious(etree.ProcessingInstruction(_ROWS))
        pattern.getparent().remove(pattern)

    def write(self, document: bytes) -> Iterator[bytes]:
        """The document's main part with the rows in their place."""
        head, tail = _PLACE.split(document)
        yield head
        first, *others = self._between
        written = (
            first + "".join(escape(clean_text(text), {"\r": "&#13;"}) + between for text, between in pairs)
            for pairs in (zip(texts, others, strict=True) for texts in self._texts)
        )
        yield from encode_rows(written)
        yield tail


def save_document(
    document: WordDocument,
    target: Path,
    *,
    title: str,
    author: str,
    at: datetime,
    album: Album | None = None,
    rows: Rows | None = None,
) -> None:
    """Write the document with ``at`` wherever the format keeps a time. Raises OSError."""
    stamp = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = clean_text(title), clean_text(author), "报送"
    properties.created = properties.modified = stamp
    properties.last_printed = stamp
    properties.comments = properties.subject = properties.keywords = properties.category = ""
    properties.revision = 1
    plain = io.BytesIO()
    document.save(plain)
    pictures: Mapping[str, bytes] = album.octets if album else {}
    with zipfile.ZipFile(plain) as written, zipfile.ZipFile(target, "w") as archive:
        for name in written.namelist():
            octets = pictures[name] if name in pictures else written.read(name)
            member = zipfile.ZipInfo(name, stamp.timetuple()[:6])
            member.compress_type = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
            with archive.open(member, "w") as file:
                file.writelines(rows.write(octets) if rows and name == _MAIN_PART else [octets])
