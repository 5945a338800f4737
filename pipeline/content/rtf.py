"""Rich Text Format (specification 1.9.1), as Word and WPS save it: paragraphs, tables by grid, pictures.

No kept library reads an RTF's tables, and they are what a form consists of.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.content.picture import read_picture
from pipeline.content.refusal import Refusal
from pipeline.content.rtf_table import Boundary, Row, lay_out
from pipeline.model.content import Document, Table
from pipeline.model.files import FileKind, Problem
from pipeline.model.reading import Picture

_DEEPEST = 500  # groups within groups
_MOST_WORDS = 1_000_000
_TOKEN = re.compile(
    rb"\\(?:'(?P<octet>[0-9a-fA-F]{2})|(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|(?P<symbol>[^a-zA-Z]))"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+",
    re.DOTALL,
)
# Groups whose text is not the document's own.
_UNSEEN = frozenset(
    rb"""fonttbl colortbl stylesheet info header headerl headerr headerf footer footerl footerr footerf footnote fldinst
    objdata listtable listoverridetable listtext pntext nonshppict revtbl rsidtbl themedata datastore xmlnstbl
    latentstyles generator bkmkstart bkmkend annotation atnid atnauthor pnseclvl sn nonesttables mmathPr filetbl ftnsep
    aftnsep ftnsepc aftnsepc ftncn aftncn shprslt""".split()
)
# Groups marked \* ("ignore me if you do not know me") that hold text or pictures of the document.
_KNOWN = frozenset({b"shppict", b"shpinst", b"nesttableprops"})
_CHARACTERS = {
    b"tab": "\t",
    b"line": "\n",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emspace": "\u2003",
    b"enspace": "\u2002",
}
_MERGES = {b"clvmgf": "opens", b"clvmrg": "continues", b"clmrg": "joins"}  # into the fields of Boundary
# By \fcharset; 0 is that of the document.
_CODE_PAGES = {0: "", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 204: "cp1251", 238: "cp1250"}


@dataclass(slots=True)
class _Group:
    """What an opening brace saves and a closing one restores."""

    unseen: bool = False
    in_fonts: bool = False
    in_picture: bool = False
    code_page: str = ""
    deleted: bool = False
    fallback: int = 1  # octets that stand in for one \u, \ucN
    fresh: bool = True  # nothing read of it yet: the first word names its destination
    optional: bool = False  # begins with \*


@dataclass(slots=True)
class _Reader:
    """The document as far as it was read."""

    code_page: str = "gb18030"
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0  # that the font table defines at present
    skip: int = 0  # octets still to be passed over after a \u
    octets: bytearray = field(default_factory=bytearray)  # of characters in the group's code page
    text: list[str] = field(default_factory=list)  # of the open paragraph
    pictures: list[Picture] = field(default_factory=list)  # of the open cell, or outside tables
    picture: bytearray = field(default_factory=bytearray)
    lines: list[str] = field(default_factory=list)  # of the open cell
    in_table: bool = False
    row: Row = field(default_factory=Row)
    boundary: Boundary = field(default_factory=Boundary)
    rows: list[Row] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    all_pictures: list[Picture] = field(default_factory=list)


def read_rtf(path: Path) -> Document:
    """The document as its docx twin would be read. Raises Refusal."""
    octets = path.read_bytes()
    if not octets.lstrip().startswith(b"{\\rtf"):
        raise Refusal(Problem.DAMAGED, "no RTF header")
    if octets.count(b"\\") + octets.count(b"{") > _MOST_WORDS:
        raise Refusal(Problem.UNSUPPORTED, "an RTF of more control words than a document can have")
    reader = _Reader()
    open_groups = _read(octets, reader)
    paragraphs = tuple(line.rstrip() for line in reader.paragraphs if line.strip())
    if open_groups and not (paragraphs or reader.tables or reader.all_pictures):
        raise Refusal(Problem.DAMAGED, "RTF cut off before its text")
    return Document(
        kind=FileKind.RTF,
        paragraphs=paragraphs,
        tables=tuple(reader.tables),
        pictures=tuple(reader.all_pictures),
    )


def _read(octets: bytes, reader: _Reader) -> int:
    """Read it all; returns how many groups were still open at the end."""
    groups = [_Group()]
    for token in _tokens(octets):
        group = groups[-1]
        if isinstance(token, bytes):
            group.fresh = False
            reader.picture += token  # a \bin run
            continue
        if token["brace"] == b"{":
            if len(groups) >= _DEEPEST:
                raise Refusal(Problem.HOSTILE, "groups within groups without end")
            _flush(reader, group)
            groups.append(replace(group, fresh=True, optional=False))
        elif token["brace"] == b"}":
            _flush(reader, group)
            if group.in_picture and not (len(groups) > 1 and groups[-2].in_picture):
                _end_picture(reader)
            if len(groups) > 1:
                groups.pop()
        elif token["word"]:
            _flush_before(token["word"], reader, group)
            _word(token["word"], int(token["number"] or 1), token["number"] is not None, reader, group)
        elif token["symbol"]:
            _symbol(token["symbol"], reader, group)
        elif token["octet"]:
            _octets(bytes.fromhex(token["octet"].decode()), reader, group)
        elif token["text"]:
            _octets(token["text"], reader, group)
    _flush(reader, groups[-1])
    _end_paragraph(reader)
    if reader.row.cells:
        _end_row(reader)
    _end_table(reader)
    return len(groups) - 1


def _tokens(octets: bytes) -> Iterator[re.Match[bytes] | bytes]:
    """Control words, symbols, braces and text; the octets of a \\bin run come as such."""
    at = 0
    while at < len(octets):
        token = _TOKEN.match(octets, at)
        if token is None:  # a backslash at the very end
            return
        at = token.end()
        if token["word"] == b"bin":
            length = max(0, int(token["number"] or 0))
            yield octets[at : at + length]
            at += length
        else:
            yield token


def _flush_before(word: bytes, reader: _Reader, group: _Group) -> None:
    if word != b"u":
        reader.skip = 0
    _flush(reader, group)


def _flush(reader: _Reader, group: _Group) -> None:
    """Decode what has gathered in the group's code page. A character's octets never straddle another control word."""
    if reader.octets:
        reader.text.append(reader.octets.decode(group.code_page or reader.code_page, "replace").replace("\0", ""))
        reader.octets.clear()


def _octets(octets: bytes, reader: _Reader, group: _Group) -> None:
    group.fresh = False
    if group.in_picture:
        if not group.unseen:  # what {\*\picprop …} says of it is no part of it
            reader.picture += octets
        return
    passed = min(reader.skip, len(octets))
    reader.skip -= passed
    if not group.unseen and not group.deleted:
        reader.octets += octets[passed:]


def _symbol(symbol: bytes, reader: _Reader, group: _Group) -> None:
    if symbol == b"*":
        group.optional = True
    elif symbol in {b"\\", b"{", b"}"}:
        _octets(symbol, reader, group)
    elif symbol in {b"\r", b"\n"}:
        _word(b"par", 1, False, reader, group)
    elif symbol in {b"~", b"_"} and not group.unseen:
        _octets(b" " if symbol == b"~" else b"-", reader, group)


def _word(word: bytes, number: int, numbered: bool, reader: _Reader, group: _Group) -> None:  # noqa: PLR0912 (a table)
    if group.fresh:
        group.fresh = False
        if word in _UNSEEN or (group.optional and word not in _KNOWN):
            group.unseen = True
        group.in_fonts = group.in_fonts or word == b"fonttbl"
        group.in_picture = group.in_picture or (word == b"pict" and not group.unseen)
    if word == b"ansicpg" and numbered:
        reader.code_page = {936: "gb18030", 54936: "gb18030", 65001: "utf-8", 0: "gb18030"}.get(number, f"cp{number}")
        reader.code_page = reader.code_page if _known(reader.code_page) else "gb18030"
    elif word == b"f":
        if group.in_fonts:
            reader.font = number
        else:
            group.code_page = reader.fonts.get(number, "")
    elif word == b"fcharset" and group.in_fonts and number in _CODE_PAGES:
        reader.fonts[reader.font] = _CODE_PAGES[number]
    elif word == b"uc":
        group.fallback = number
    elif word in {b"deleted", b"v"}:
        group.deleted = number != 0 or not numbered
    elif word == b"plain":
        group.deleted, group.code_page = False, ""
    elif word == b"u":
        reader.skip = group.fallback
        if not group.unseen and not group.deleted:
            reader.text.append(chr(number % 0x10000))
    elif not group.unseen:
        _layout(word, number, reader)


def _layout(word: bytes, number: int, reader: _Reader) -> None:
    if word in _CHARACTERS:
        reader.text.append(_CHARACTERS[word])
    elif word == b"par":
        _end_paragraph(reader)
    elif word == b"pard":
        reader.in_table = False
    elif word == b"intbl":
        reader.in_table = True
    elif word == b"trowd":
        reader.row.boundaries.clear()
        reader.boundary = Boundary()
    elif word == b"trleft":
        reader.row.left = number
    elif word in _MERGES:
        setattr(reader.boundary, _MERGES[word], True)
    elif word == b"cellx":
        reader.row.boundaries.append(replace(reader.boundary, right=number))
        reader.boundary = Boundary()
    elif word == b"cell":
        _end_cell(reader)
    elif word == b"nestcell":
        reader.text.append("\t")
    elif word == b"nestrow":
        _end_line(reader)
    elif word == b"row":
        _end_row(reader)


def _known(code_page: str) -> bool:
    try:
        codecs.lookup(code_page)  # decoding nothing looks nothing up
    except LookupError:
        return False
    return True


def _end_line(reader: _Reader) -> None:
    line = "".join(reader.text)
    reader.text.clear()
    reader.lines.append(line.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))  # \u writes halves


def _end_paragraph(reader: _Reader) -> None:
    if not reader.in_table and (reader.text or reader.pictures or not reader.row.cells):
        _end_line(reader)
        _end_table(reader)
        reader.paragraphs += reader.lines
        reader.lines.clear()
        reader.pictures.clear()
    else:
        _end_line(reader)


def _end_cell(reader: _Reader) -> None:
    _end_line(reader)
    reader.row.cells.append(("\n".join(reader.lines).rstrip(), tuple(reader.pictures)))
    reader.lines.clear()
    reader.pictures.clear()


def _end_row(reader: _Reader) -> None:
    reader.rows.append(reader.row)
    reader.row = Row(left=reader.row.left, boundaries=list(reader.row.boundaries))


def _end_table(reader: _Reader) -> None:
    if reader.rows:
        reader.tables.append(lay_out(reader.rows))
        reader.rows = []


def _end_picture(reader: _Reader) -> None:
    """The picture of a \\pict group: hexadecimal digits, or the octets of a \\bin run."""
    raw = bytes(reader.picture)
    reader.picture.clear()
    try:
        octets = binascii.unhexlify(raw.translate(None, b" \r\n\t"))
    except binascii.Error:
        octets = raw
    picture = read_picture(octets, "", drawn=True) if octets else None
    if isinstance(picture, Picture):
        reader.pictures.append(picture)
        reader.all_pictures.append(picture)
