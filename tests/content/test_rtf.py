"""Rich text."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.content import read_content
from pipeline.model.content import Document, Unreadable
from pipeline.model.files import FileKind, Problem
from tests.content.scenes import octets, scene, store

HEAD = rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\froman\fcharset0 Times;}}"


def read(folder: Path, body: bytes) -> Document:
    found = read_content(store(folder, HEAD + body + b"}"), FileKind.RTF, "a.rtf")
    assert isinstance(found, Document), found
    return found


def gb(text: str) -> bytes:
    r"""Chinese as Word writes it, \'xx by \'xx."""
    return b"".join(b"\\'%02x" % octet for octet in text.encode("gb18030"))


def test_chinese_in_every_spelling(tmp_path: Path) -> None:
    """Code page octets, escaped or raw, and \\u with its fallback give the same text."""
    escaped = gb("东村") + b"\\par "
    raw = "东村".encode("gb18030") + b"\\par "
    unicode = b"\\uc1\\u19996?\\u26449 ?\\par {\\uc2\\u19996\\'b6\\'ab\\u26449\\'b4\\'e5}\\par "
    surrogates = b"\\u-10179?\\u-8700?\\par "
    trail = b"\\'81@\\'81\\}\\par "  # second octets that look like text or a brace
    found = read(tmp_path, escaped + raw + unicode + surrogates + trail)
    expected = ("东村",) * 4 + ("😄", b"\x81@\x81}".decode("gb18030"))
    assert found.paragraphs == expected


def test_what_is_not_the_text(tmp_path: Path) -> None:
    """Style sheets, properties, headers, field codes, unknown destinations and deleted text are left out."""
    body = rb"{\stylesheet{\s0 Normal;}}{\info{\title T}}{\header H\par}{\*\generator Kingsoft;}{\*\unknown{\x y}}"
    body += rb"{\field{\*\fldinst DATE}{\fldrslt 5}}{\deleted 4}\tab 3{\v hidden}\line x\~y\_z\par"
    assert read(tmp_path, body).paragraphs == ("5\t3\nx y-z",)


def test_a_table_by_grid(tmp_path: Path) -> None:
    """Cells are placed by their edges: wide, merged side by side, merged downwards; the text around stays outside."""
    body = rb"\pard Titel\par"
    body += rb"\trowd\trleft0\clvmgf\cellx1000\cellx2000\cellx4000\pard\intbl A\cell B1\par B2\cell C\cell\row"
    body += rb"\trowd\trleft10\clvmrg\cellx1010\cellx3990\pard\intbl\cell D\cell\row"
    body += rb"\trowd\trleft0\cellx1000\clmgf\cellx2000\clmrg\cellx4000\pard\intbl E\cell F\cell\cell\row"
    body += rb"\pard Note\par"
    found = read(tmp_path, body)
    assert found.paragraphs == ("Titel", "Note")
    cells = [(cell.row, cell.column, cell.rows, cell.columns, cell.text) for cell in found.tables[0].cells]
    assert cells == [
        (0, 0, 2, 1, "A"),
        (0, 1, 1, 1, "B1\nB2"),
        (0, 2, 1, 1, "C"),
        (1, 1, 1, 2, "D"),
        (2, 0, 1, 1, "E"),
        (2, 1, 1, 2, "F"),
    ]


def test_two_tables(tmp_path: Path) -> None:
    """A paragraph between rows parts two tables."""
    line = rb"\trowd\cellx1000\pard\intbl %s\cell\row"
    found = read(tmp_path, line % b"A" + rb"\pard x\par" + line % b"B")
    assert [table.cells[0].text for table in found.tables] == ["A", "B"]
    assert found.paragraphs == ("x",)


def test_pictures_belong_to_their_cell(tmp_path: Path) -> None:
    """A picture in hexadecimal or binary counts once, though followed by its twin for older programs."""
    photo = octets(scene(size=(160, 120)))
    hexadecimal = rb"{\*\shppict{\pict\picw160\jpegblip " + photo.hex("\n", 40).encode() + rb"}}{\nonshppict{\pict 00}}"
    binary = rb"{\pict\jpegblip\bin%d " % len(photo) + photo + b"}"
    found = read(
        tmp_path, rb"\trowd\cellx1000\cellx2000\pard\intbl " + hexadecimal + rb"\cell " + binary + rb"\cell\row"
    )
    assert [len(cell.pictures) for cell in found.tables[0].cells] == [1, 1]
    assert [picture.width for picture in found.pictures] == [160, 160]


def test_what_is_said_of_a_picture_is_no_part_of_it(tmp_path: Path) -> None:
    """Word, WPS and LibreOffice write a shape's properties before its octets."""
    photo = octets(scene(size=(160, 120)))
    properties = rb"{\*\picprop\shplid1025{\sp{\sn wzName}{\sv Picture 1}}{\sp{\sn fLine}{\sv 0}}}"
    found = read(tmp_path, rb"{\pict" + properties + rb"\picw160\jpegblip " + photo.hex().encode() + rb"}\par")
    assert [picture.width for picture in found.pictures] == [160]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"no rtf", Problem.DAMAGED),
        (HEAD[:60], Problem.DAMAGED),
        (b"{\\rtf1" + b"{" * 1000, Problem.HOSTILE),
    ],
)
def test_refusals(tmp_path: Path, content: bytes, problem: Problem) -> None:
    """What has no text left, or nests without end, is refused."""
    found = read_content(store(tmp_path, content), FileKind.RTF, "a.rtf")
    assert isinstance(found, Unreadable)
    assert found.problem is problem


def test_a_code_page_that_nobody_knows(tmp_path: Path) -> None:
    """The rest of the text is read as in China it mostly is."""
    content = HEAD.replace(b"936", b"9310") + gb("东村") + b"\\par }"
    found = read_content(store(tmp_path, content), FileKind.RTF, "a.rtf")
    assert isinstance(found, Document)
    assert found.paragraphs == ("东村",)
