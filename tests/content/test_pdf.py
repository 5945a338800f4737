"""PDF."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from pipeline.content import read_content
from pipeline.model.content import Content, Document, Unreadable
from pipeline.model.files import FileKind, Problem
from tests.content.scenes import store


def pdf(*lines: str) -> bytes:
    """A page with these lines, written by hand; none of them gives a page without text, as a scan is."""
    shown = "".join(f"({line}) Tj T* " for line in lines)
    content = f"BT /F1 12 Tf 14 TL 72 700 Td {shown}ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    octets, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(octets))
        octets += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return octets + tail % (table, len(octets))


def locked(user: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("plan"))))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def read(folder: Path, content: bytes) -> Content:
    return read_content(store(folder, content), FileKind.PDF, "总结.pdf")


def test_lines_are_paragraphs(tmp_path: Path) -> None:
    """The lines of the text, without tables."""
    assert read(tmp_path, pdf("5.29", " summary ")) == Document(FileKind.PDF, ("5.29", "summary"), ())


def test_a_scan_has_no_text(tmp_path: Path) -> None:
    """A page that is a picture is whole and says nothing."""
    assert read(tmp_path, pdf()) == Document(FileKind.PDF, (), ())


def test_passwords(tmp_path: Path) -> None:
    """A password for opening hides the text; one for changing only does not."""
    found = read(tmp_path, locked("secret"))
    assert isinstance(found, Unreadable)
    assert found.problem is Problem.ENCRYPTED
    assert read(tmp_path, locked("")) == Document(FileKind.PDF, ("plan",), ())


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", pdf("a")[:60], b"%PDF-1.7" + bytes(500)])
def test_damage(tmp_path: Path, content: bytes) -> None:
    """A header alone is no document."""
    found = read(tmp_path, content)
    assert isinstance(found, Unreadable)
    assert found.problem is Problem.DAMAGED
