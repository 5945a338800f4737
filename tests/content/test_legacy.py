"""Word 97 documents, .doc and Kingsoft's .wps."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.content import read_content
from pipeline.model.content import Content, Document, Unreadable
from pipeline.model.files import FileKind, Problem
from tests.content.compound import compound_file, word_97
from tests.content.scenes import store


def read(folder: Path, content: bytes) -> Content:
    return read_content(store(folder, content), FileKind.DOC, "写实表.wps")


def test_paragraphs_and_cells(tmp_path: Path) -> None:
    """Text and table of a Word 97 document stand as in its docx twin."""
    found = read(tmp_path, word_97(["单位：东村委会"], [["单位", "开展的具体活动写实"], ["东村", "5月3日 宣传"]]))
    assert isinstance(found, Document)
    assert (found.kind, found.paragraphs, found.macros) == (FileKind.DOC, ("单位：东村委会",), False)
    cells = [(cell.row, cell.column, cell.text) for cell in found.tables[0].cells]
    assert cells == [(0, 0, "单位"), (0, 1, "开展的具体活动写实"), (1, 0, "东村"), (1, 1, "5月3日 宣传")]


def test_macros(tmp_path: Path) -> None:
    """A VBA project is told of."""
    found = read(tmp_path, word_97(["文"], extra={"_VBA_PROJECT": b"x"}))
    assert isinstance(found, Document)
    assert found.macros


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (word_97(["文"], encrypted=True), Problem.ENCRYPTED),
        (compound_file({"EncryptedPackage": b"x"}), Problem.ENCRYPTED),
        (word_97(["文"], identifier=0xA5DC), Problem.UNSUPPORTED),  # Word 6
        (word_97(["文" * 3000])[:4000], Problem.DAMAGED),
        (compound_file({"Contents": b"x"}), Problem.DAMAGED),
        (bytes.fromhex("D0CF11E0A1B11AE1"), Problem.DAMAGED),
    ],
)
def test_refusals(tmp_path: Path, content: bytes, problem: Problem) -> None:
    """A password, a format before Word 97 and damage are told apart."""
    found = read(tmp_path, content)
    assert isinstance(found, Unreadable)
    assert found.problem is problem
