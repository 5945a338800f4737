"""The pictures of a document handed over, whatever kind of document it is."""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path

import docx
import pytest
from docx.shared import Cm
from PIL import Image

from pipeline.content import read_content
from pipeline.content.embedded import read_embedded
from pipeline.model.content import Document, Unreadable
from pipeline.model.files import FileKind, Problem


def picture(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "JPEG")
    return stream.getvalue()


RED, BLUE = picture("red"), picture("blue")


def write_word(file: Path) -> None:
    """A table with a picture in each cell, one of them drawn twice."""
    document = docx.Document()
    cells = document.add_table(1, 2).rows[0].cells
    for cell, pictures in zip(cells, ((RED, BLUE), (RED,)), strict=True):
        cell.text = "活动"
        for octets in pictures:
            cell.paragraphs[0].add_run().add_picture(io.BytesIO(octets), width=Cm(2))
    document.save(str(file))


def write_rtf(file: Path) -> None:
    """The same pictures in hexadecimal, one broken over lines, and one as plain octets."""
    hexadecimal = RED.hex("\n", 32)
    head = "{\\rtf1\\ansi\\ansicpg936 \\trowd\\cellx4000\\cellx8000 \\intbl "
    one = "{\\pict\\jpegblip\\picw40\\pich30\\picwgoal600 " + hexadecimal + "}\\cell "
    binary = b"{\\pict\\jpegblip\\bin" + str(len(BLUE)).encode() + b" " + BLUE + b"}\\cell\\row}"
    file.write_bytes(head.encode() + one.encode() + binary)


@pytest.mark.parametrize(("write", "kind"), [(write_word, FileKind.DOCX), (write_rtf, FileKind.RTF)])
def test_each_picture_is_handed_over_under_its_digest(write: object, kind: FileKind, tmp_path: Path) -> None:
    """Once, with its own octets; the document's cells name it by the digest that the reader gives it."""
    file = tmp_path / "document"
    assert callable(write)
    write(file)
    taken: list[tuple[str, bytes]] = []
    document = read_embedded(file, kind, lambda digest, octets: taken.append((digest, octets)))
    known = read_content(file, kind, "document")
    assert isinstance(document, Document)
    assert isinstance(known, Document)
    assert sorted(taken) == sorted((sha256(octets).hexdigest(), octets) for octets in (RED, BLUE))
    for mine, theirs in zip(document.tables[0].cells, known.tables[0].cells, strict=True):
        assert (mine.row, mine.column, mine.text) == (theirs.row, theirs.column, theirs.text)
        assert [each.digest for each in mine.pictures] == [each.digest for each in theirs.pictures]


def test_what_cannot_be_read_is_a_value(tmp_path: Path) -> None:
    """As for every reader."""
    file = tmp_path / "document"
    file.write_bytes(b"PK\x03\x04 broken")
    found = read_embedded(file, FileKind.DOCX, lambda *_: None)
    assert isinstance(found, Unreadable)
    assert found.problem is Problem.DAMAGED
