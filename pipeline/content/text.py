"""Plain text, and web pages that were saved or generated as .doc or .xls."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

from lxml import etree, html

from pipeline.content.picture import read_picture
from pipeline.content.refusal import Refusal, refuse
from pipeline.content.story import table_lines
from pipeline.model.content import Cell, Document, Table
from pipeline.model.files import FileKind, Problem
from pipeline.model.reading import Picture
from pipeline.text.charset import decode_octets

_LARGEST = 64 << 20
_MOST_TAGS = 300_000
_WIDEST = 1000
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{1,40})""", re.IGNORECASE)
_DATA = re.compile(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "object", "select", "noscript"})
_BLOCKS = frozenset(
    {
        *("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre"),
        *("blockquote", "section", "article", "center", "form", "fieldset", "address", "header", "footer", "main"),
    }
)
_Pictures = dict[str, bytes]  # what a page calls a picture -> its octets


@dataclass(slots=True)
class _Flow:
    """What was read so far, in the order of the page."""

    lines: list[str] = field(default_factory=list)
    open_line: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    def write(self, text: str | None) -> None:
        if text:
            self.open_line.append(text)

    def end_line(self) -> None:
        line = _SPACES.sub(" ", "".join(self.open_line)).strip(" ")
        self.open_line.clear()
        if line.strip():
            self.lines.append(line)


def read_text(path: Path, kind: FileKind) -> Document:
    """Lines of a text; paragraphs, tables and pictures of a web page, of single-file MHTML too. Raises Refusal."""
    octets = path.read_bytes()
    if len(octets) > _LARGEST:
        raise Refusal(Problem.UNSUPPORTED, "a text of more than 64 MB")
    if kind is FileKind.TEXT:
        lines = (line.rstrip() for line in decode_octets(octets).splitlines())
        return Document(kind=kind, paragraphs=tuple(line for line in lines if line), tables=())
    page, pictures = _unpacked(octets)
    if page.count("<") > _MOST_TAGS:
        raise Refusal(Problem.UNSUPPORTED, "a page of more tags than a document can have")
    try:
        root = html.document_fromstring(page)
    except (etree.LxmlError, ValueError) as error:
        raise refuse(Problem.DAMAGED, error) from error
    flow = _Flow()
    _read_element(root, flow, pictures)
    flow.end_line()
    return Document(
        kind=FileKind.HTML, paragraphs=tuple(flow.lines), tables=tuple(flow.tables), pictures=tuple(flow.pictures)
    )


def _unpacked(octets: bytes) -> tuple[str, _Pictures]:
    """The page's text, and the pictures that travel with it (RFC 2557)."""
    if b"<" in octets[:3] or not re.match(rb"\s*[A-Za-z-]{1,60}:", octets):
        return _decoded(octets), {}
    message = email.message_from_bytes(octets, policy=email.policy.compat32)
    page: bytes | None = None
    pictures: _Pictures = {}
    for part in message.walk():
        content = _payload(part)
        if part.get_content_type() == "text/html" and page is None:
            page = content
        elif part.get_content_maintype() == "image":
            identifier = str(part.get("Content-ID", "")).strip("<> ")
            location = str(part.get("Content-Location", ""))
            pictures |= {f"cid:{identifier}": content, location: content, location.rpartition("/")[2]: content}
    if page is None:
        raise Refusal(Problem.UNSUPPORTED, "a MIME message without a page")
    return _decoded(page), pictures


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(octets: bytes) -> str:
    declared = _DECLARED.search(octets[:4096])
    text = decode_octets(octets, declared[1].decode("ascii", "ignore") if declared else "")
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text) or " "  # lxml takes no declared encoding with text


def _read_element(element: etree._Element, flow: _Flow, pictures: _Pictures) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag or tag in _UNSEEN:
        return
    if tag == "table":
        flow.end_line()
        table = _read_table(element, pictures)
        flow.tables.append(table)
        flow.pictures += [picture for cell in table.cells for picture in cell.pictures]
        return
    if tag in _BLOCKS or tag == "br":
        flow.end_line()
    if tag == "img":
        flow.pictures += _picture(str(element.get("src", "")), pictures)
    flow.write(element.text)
    for child in element:
        _read_element(child, flow, pictures)
        flow.write(child.tail)
    if tag in _BLOCKS:
        flow.end_line()


def _picture(source: str, pictures: _Pictures) -> Iterator[Picture]:
    """The picture behind an img's src, where it travels with the page."""
    octets = pictures.get(source) or pictures.get(source.rpartition("/")[2])
    embedded = _DATA.match(source)
    if embedded:
        try:
            octets = base64.b64decode(source[embedded.end() :])
        except (binascii.Error, ValueError):
            return
    picture = read_picture(octets, "", drawn=True) if octets else None
    if isinstance(picture, Picture):
        yield picture


def _read_table(table: etree._Element, pictures: _Pictures) -> Table:
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    for row, element in enumerate(_rows(table)):
        column = 0
        for child in element:
            if child.tag not in {"td", "th"}:
                continue
            while (row, column) in taken:
                column += 1
            flow = _Flow()
            _read_cell(child, flow, pictures)
            rows, columns = _span(child, "rowspan"), _span(child, "colspan")
            lines = (line for inner in flow.tables for line in table_lines(inner))
            text = "\n".join([*flow.lines, *lines])
            cells.append(Cell(row, column, text, rows, columns, tuple(flow.pictures)))
            if rows > 1 and len(taken) < 1_000_000:
                taken.update((row + down, column + across) for down in range(1, rows) for across in range(columns))
            column += columns
    return Table(cells=tuple(cells))


def _read_cell(cell: etree._Element, flow: _Flow, pictures: _Pictures) -> None:
    flow.write(cell.text)
    for child in cell:
        _read_element(child, flow, pictures)
        flow.write(child.tail)
    flow.end_line()


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"tbody", "thead", "tfoot"}:
            yield from (row for row in child if row.tag == "tr")


def _span(cell: etree._Element, name: str) -> int:
    text = str(cell.get(name, "1")).strip()
    return max(1, min(int(text), _WIDEST)) if text.isascii() and text.isdigit() and len(text) < 10 else 1
