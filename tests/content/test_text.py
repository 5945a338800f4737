"""Plain text and web pages under Word's name."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from pipeline.content import read_content
from pipeline.model.content import Document, Unreadable
from pipeline.model.files import FileKind, Problem
from tests.content.scenes import octets, scene, store

PHOTO = octets(scene(size=(160, 120)))


def read(folder: Path, content: bytes, kind: FileKind = FileKind.HTML) -> Document:
    found = read_content(store(folder, content), kind, "写实表.doc")
    assert isinstance(found, Document), found
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    """The lines with something on them, whatever Notepad saved them in."""
    found = read(tmp_path, "东村活动总结\r\n\r\n　　今年五月开展宣传活动。  \r\n".encode(encoding), FileKind.TEXT)
    assert found == Document(FileKind.TEXT, ("东村活动总结", "　　今年五月开展宣传活动。"), ())


def test_a_page_by_grid(tmp_path: Path) -> None:
    """Paragraphs, and a table with cells over several rows and columns; line breaks within a cell stay."""
    page = (
        "<html xmlns:w='urn'><head><meta charset=gb2312><style>p{}</style><title>x</title></head><body>"
        "<p>单位：\n  东村</p>"
        "<table><thead><tr><th rowspan=2>甲</th><th colspan='2'>乙</th></tr></thead>"
        "<tr><td>丙<br>二</td><td><p>丁</p><p>戊</p></td></tr></table>尾<div>注</div></body></html>"
    )
    found = read(tmp_path, page.encode("gb18030"))
    assert found.paragraphs == ("单位： 东村", "尾", "注")
    cells = [(cell.row, cell.column, cell.rows, cell.columns, cell.text) for cell in found.tables[0].cells]
    assert cells == [(0, 0, 2, 1, "甲"), (0, 1, 1, 2, "乙"), (1, 1, 1, 1, "丙\n二"), (1, 2, 1, 1, "丁\n戊")]


def test_pictures_within_a_page(tmp_path: Path) -> None:
    """A picture written into the page counts, one left on the sender's disk does not; a nested table is its cell's."""
    source = "data:image/jpeg;base64," + base64.b64encode(PHOTO).decode()
    inner = f"<table><tr><td>内<td><img src='{source}'></table>"
    page = f"<html><table><tr><td>外{inner}<td><img src='file:///C:/1.jpg'></table>"
    (table,) = read(tmp_path, page.encode()).tables
    assert [(cell.text, len(cell.pictures)) for cell in table.cells] == [("外\n内\t", 1), ("", 0)]


def test_a_page_saved_as_one_file(tmp_path: Path) -> None:
    """MHTML (RFC 2557), as office systems export it under .doc: the page with the pictures that travel with it."""
    content = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes("<html><p>东村</p><img src='a.files/image001.jpg'></html>".encode("gb18030"))
        + b"--x\r\nContent-Type: image/jpeg\r\nContent-Location: file:///C:/a.files/image001.jpg\r\n"
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(PHOTO)
        + b"--x--\r\n"
    )
    found = read(tmp_path, content)
    assert (found.paragraphs, len(found.pictures)) == (("东村",), 1)


def test_hostile_pages(tmp_path: Path) -> None:
    """Spans of a thousand million cells and a depth of ten thousand elements do no harm."""
    wide = b"<table><tr><td rowspan=999999999 colspan=999999999>a<td>b<tr><td>c</table>"
    assert [cell.text for cell in read(tmp_path, wide).tables[0].cells] == ["a", "b", "c"]
    deep = read_content(store(tmp_path, b"<div>" * 10_000 + b"x"), FileKind.HTML, "a.doc")
    assert isinstance(deep, Document | Unreadable)


def test_a_message_without_a_page(tmp_path: Path) -> None:
    """A MIME container with no page in it is not understood."""
    found = read_content(store(tmp_path, b"MIME-Version: 1.0\n\nx"), FileKind.HTML, "a.doc")
    assert isinstance(found, Unreadable)
    assert found.problem is Problem.UNSUPPORTED
