"""Notes in a village's workbook."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from pipeline.marking.broken import Unmarkable
from pipeline.marking.cells import Spot
from pipeline.marking.sheet import mark_sheet
from tests.marking.returned import notes


def workbook(**cells: Any) -> Any:
    book = openpyxl.Workbook()
    for name, value in cells.items():
        book.worksheets[0][name] = value
    return book


def octets(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def mark(book: Any, *spots: Spot) -> bytes:
    return mark_sheet(octets(book), book.sheetnames, {spot: ["没有填写"] for spot in spots})


def test_notes_stand_at_their_cells() -> None:
    """Rows and columns of the table from A1; values and formulas stay."""
    copy = mark(workbook(A1="活动场次", A2=3, B2="=A2*2"), Spot(0, 1, 0), Spot(0, 4, 2))
    assert notes(copy) == {"A2": "没有填写", "C5": "没有填写"}
    sheet = openpyxl.load_workbook(io.BytesIO(copy)).worksheets[0]
    assert (sheet["A2"].value, sheet["B2"].value) == (3, "=A2*2")


def test_the_sheet_by_its_name() -> None:
    """A table is one of the sheets that hold anything: those before it may be blank."""
    book = workbook()
    book.create_sheet("统计表")["A1"] = "活动场次"
    copy = mark_sheet(octets(book), ["统计表"], {Spot(0, 0, 0): ["没有填写"]})
    assert openpyxl.load_workbook(io.BytesIO(copy))["统计表"]["A1"].comment is not None
    assert notes(copy) == {}


def test_a_second_round() -> None:
    """Our notes of the last time go; a note of the village's own stays, before ours."""
    book = openpyxl.load_workbook(io.BytesIO(mark(workbook(A1="活动场次"), Spot(0, 0, 0), Spot(0, 1, 0))))
    book.worksheets[0]["B1"].comment = Comment("本村说明", "石桥村")
    assert notes(mark(book, Spot(0, 1, 0), Spot(0, 0, 1))) == {"A2": "没有填写", "B1": "本村说明\n没有填写"}


@pytest.mark.parametrize("formula", ["=cmd|'/C calc'!A0", "=[1]Sheet1!A1", '=WEBSERVICE("http://x.test")'])
def test_nothing_that_acts_is_sent_back(formula: str) -> None:
    """A formula that reaches beyond the workbook: no copy; neither in a cell nor in a name."""
    with pytest.raises(Unmarkable):
        mark(workbook(A1=formula), Spot(0, 0, 0))
    book = workbook(A1=1)
    book.defined_names["x"] = DefinedName("x", attr_text=formula[1:])
    with pytest.raises(Unmarkable):
        mark(book, Spot(0, 0, 0))


def test_what_openpyxl_cannot_open() -> None:
    """No copy: the letter alone does."""
    with pytest.raises(Unmarkable):
        mark_sheet(b"PK\x03\x04 no archive", ["Sheet"], {Spot(0, 0, 0): ["没有填写"]})


def test_a_large_workbook() -> None:
    """One that openpyxl would take seconds for is left alone."""
    stream = io.BytesIO(octets(workbook(A1=1)))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * (5 << 20))
    with pytest.raises(Unmarkable):
        mark_sheet(stream.getvalue(), ["Sheet"], {Spot(0, 0, 0): ["没有填写"]})
