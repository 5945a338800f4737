"""OFD, made here by the rules of GB/T 33190."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.content import read_content
from pipeline.model.content import Content, Document, Unreadable
from pipeline.model.files import FileKind, Problem
from tests.content.scenes import store
from tests.content.word_files import archive

_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def page(*pieces: tuple[int, str]) -> bytes:
    """A page of pieces of text, each at a height."""
    texts = "".join(
        f'<ofd:TextObject Boundary="10 {height} 90 5"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode></ofd:TextObject>'
        for height, text in pieces
    )
    return f"<ofd:Page {_OFD}><ofd:Content><ofd:Layer>{texts}</ofd:Layer></ofd:Content></ofd:Page>".encode()


def ofd(pages: Sequence[bytes], **further: bytes) -> bytes:
    """A document of these pages."""
    members = {"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b"<ofd/>", "Doc_0/Tpls/Tpl_0/x.xml": b"<a/>"}
    members |= {f"Doc_0/Pages/Page_{number}/Content.xml": content for number, content in enumerate(pages)}
    return archive(members | {f"{name}.xml": octets for name, octets in further.items()})


def read(folder: Path, content: bytes) -> Content:
    return read_content(store(folder, content), FileKind.OFD, "方案.ofd")


def test_its_text(tmp_path: Path) -> None:
    """Pieces at one height are a line; pages come by their numbers; a scan has none."""
    first = page((10, "石桥村"), (10, "实施方案"), (20, "一、时间"))
    pages = [first, *(page((10, str(number))) for number in range(1, 12))]
    found = read(tmp_path, ofd(pages))
    assert isinstance(found, Document)
    assert found.paragraphs == ("石桥村实施方案", "一、时间", *map(str, range(1, 12)))
    assert read(tmp_path, ofd([page()])) == Document(FileKind.OFD, (), ())


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """A password, a damaged page, entities."""
    for content, problem in (
        (ofd([page()], Encryptions=b"<a/>"), Problem.ENCRYPTED),
        (ofd([b"<ofd"]), Problem.DAMAGED),
        (ofd([b'<!DOCTYPE d [<!ENTITY a "x">]><a/>']), Problem.HOSTILE),
    ):
        found = read(tmp_path, content)
        assert isinstance(found, Unreadable)
        assert found.problem is problem
