"""The workbook as a clerk's own program opens it."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell

from pipeline.report import render_report
from pipeline.report.rows import CELL_LIMIT
from pipeline.report.sheet import put
from tests.report.sample import CAMPAIGN, MESSAGES, NOW, REGISTER, STANDINGS, YESTERDAY, at, make_file, make_message


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    """The sample's workbook, opened again."""
    report = render_report(CAMPAIGN, REGISTER, now=NOW, standings=STANDINGS, yesterday=YESTERDAY, messages=MESSAGES)
    return load_workbook(io.BytesIO(report.workbook))


def test_sheets(workbook: Workbook) -> None:
    """Five sheets, each with a frozen and filtered header, set up for A4 landscape, one page wide."""
    assert workbook.sheetnames == ["进度总表", "待办清单", "较昨日变化", "来件登记", "问题明细"]
    for sheet in workbook.worksheets:
        assert sheet.freeze_panes in {"A4", "C4"}
        assert sheet.auto_filter.ref.startswith("A3:")
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$3"


def test_colours_follow_the_words(workbook: Workbook) -> None:
    """The colour comes from a rule on the cell's word, so that it changes with the word."""
    ranges = workbook["进度总表"].conditional_formatting
    formulas = [rule.formula[0] for each in ranges for rule in each.rules]
    assert 'LEFT(C4,2)="未报"' in formulas
    assert [str(each.sqref) for each in ranges] == [f"{letter}4:{letter}25" for letter in "CDEFGHIJN"]


def test_filter_leaves_out_the_total(workbook: Workbook) -> None:
    """Sorting the villages does not carry the bottom line among them."""
    sheet = workbook["进度总表"]
    assert sheet.auto_filter.ref == "A3:N25"
    assert sheet["B26"].value == "合格村数"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(1)", "#N/A", '=HYPERLINK("http://a")', "\t=1", "1.5"])
def test_text_stays_text(text: str) -> None:
    """Whatever it begins with, also after the clerk edits the cell."""
    sheet = Workbook().create_sheet()
    put(sheet, 1, 1, text)
    stream = io.BytesIO()
    book = sheet.parent
    assert isinstance(book, Workbook)
    book.save(stream)
    cell = load_workbook(stream).worksheets[-1]["A1"]
    assert isinstance(cell, Cell)
    assert (cell.data_type, cell.value) == ("s", text)
    assert bool(cell.quotePrefix) is text.startswith(("=", "+", "-", "@", "\t"))


def test_no_formula_anywhere(workbook: Workbook) -> None:
    """A subject and a file name that look like formulas are in the sample, and none became one."""
    cells = [cell for sheet in workbook.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert "=1+1.xlsx" in [cell.value for cell in cells]


def test_long_text_is_cut() -> None:
    """A cell holds 32,767 characters; a mail with more file names than that still gives a readable workbook."""
    files = tuple(make_file(f"{'长' * 200}{number}.jpg", "东槐村", "photos") for number in range(300))
    message = make_message(70, at(9, 9), "东槐村", "照片", village="东槐村", attachments=files)
    report = render_report(CAMPAIGN, REGISTER, now=NOW, standings=(), yesterday=(), messages=(message,))
    value = load_workbook(io.BytesIO(report.workbook))["来件登记"]["G4"].value
    assert len(str(value)) == CELL_LIMIT


def test_times_are_times(workbook: Workbook) -> None:
    """The time of arrival is a date to the program, in the campaign's zone, so that it can be sorted."""
    assert workbook["来件登记"]["A4"].value == datetime(2023, 6, 6, 9, 12)  # noqa: DTZ001 (a workbook's times have no zone)


def test_file_holds_no_time_of_ours() -> None:
    """All times within the file are the report's own moment."""
    report = render_report(CAMPAIGN, REGISTER, now=NOW, standings=(), yesterday=(), messages=())
    with zipfile.ZipFile(io.BytesIO(report.workbook)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2023, 6, 9, 9, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2023-06-09T09:00:00Z") == 2
