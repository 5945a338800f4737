"""The blank form with a village's name filled in."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from pipeline.content import read_content
from pipeline.forms.filled import read_filled_form
from pipeline.forms.overlay import overlay
from pipeline.forms.rows import read_activity_rows
from pipeline.marking.blank import fill_blank
from pipeline.model.content import Document
from pipeline.model.files import FileKind
from tests.marking.returned import CAMPAIGN, form


def document(*runs: str) -> bytes:
    """A form whose line with 单位： is cut into these runs."""
    found: Any = docx.Document()
    line = found.add_paragraph()
    for text in runs:
        line.add_run(text).bold = "单位" in text
    stream = io.BytesIO()
    found.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("deliverable", ["progress@2023-05-10", "statistics"])
def test_the_campaigns_own_forms(deliverable: str, tmp_path: Path) -> None:
    """The name stands behind 单位：, no heading is changed; read as a submission it is the village's."""
    blank = form(deliverable)
    file = tmp_path / "form.docx"
    file.write_bytes(fill_blank(blank.file.read_bytes(), blank, "石桥村"))
    found = read_content(file, FileKind.DOCX, "form.docx")
    assert isinstance(found, Document)
    assert "单位：石桥村" in found.paragraphs
    filled = read_filled_form(found, overlay(found, blank), blank)
    assert filled is not None
    assert (filled.unit_line, filled.differences) == ("石桥村", ())


def test_samples_of_the_unit_column(tmp_path: Path) -> None:
    """ＸＸ村委 becomes the village's name, so that it need not be written in every row; no row counts as filled."""
    blank = form("progress@2023-05-10")
    file = tmp_path / "form.docx"
    file.write_bytes(fill_blank(blank.file.read_bytes(), blank, "石桥村"))
    found = read_content(file, FileKind.DOCX, "form.docx")
    assert isinstance(found, Document)
    units = [cell.text for cell in found.tables[0].cells if cell.column == 0]
    assert "石桥村" in units
    assert "ＸＸ村委" not in units
    assert "……" in units
    laid = overlay(found, blank)
    assert read_activity_rows(found, laid, blank, opens_on=CAMPAIGN.opens_on, closes_on=CAMPAIGN.closes_on) == ()


@pytest.mark.parametrize(
    ("runs", "line"),
    [
        (("单位：　　　　村委会",), "单位：石桥村"),
        (("单位：", "________"), "单位：石桥村"),
        (("单", "位：__", "___", "  填表人：____"), "单位：石桥村  填表人：____"),
        (("单位（盖章）：",), "单位（盖章）：石桥村"),
        (("填报时间：    单位：____",), "填报时间：    单位：石桥村"),
    ],
)
def test_lines(runs: tuple[str, ...], line: str) -> None:
    """However the line is written and cut into runs, the name stands behind its colon."""
    found = docx.Document(io.BytesIO(fill_blank(document(*runs), form("statistics"), "石桥村")))
    assert [each.text for each in found.paragraphs] == [line]


def test_the_name_is_written_as_the_blank_was() -> None:
    """In the style of what it replaces (underlined blanks), not in that of the label."""
    found = docx.Document(io.BytesIO(fill_blank(document("单位：", "____"), form("statistics"), "石桥村")))
    assert [(run.text, run.bold) for run in found.paragraphs[0].runs] == [("单位：", True), ("石桥村", False)]


def test_a_workbook() -> None:
    """A form in Excel likewise."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A2"] = "单位：______  填表人："
    stream = io.BytesIO()
    book.save(stream)
    blank = replace(form("statistics"), file=Path("form.xlsx"))
    filled = openpyxl.load_workbook(io.BytesIO(fill_blank(stream.getvalue(), blank, "石桥村")))
    assert filled.worksheets[0]["A2"].value == "单位：石桥村  填表人："


def test_a_form_that_cannot_be_written_into() -> None:
    """A form in .doc goes as it is."""
    blank = replace(form("statistics"), file=Path("form.doc"))
    assert fill_blank(b"\xd0\xcf\x11\xe0", blank, "石桥村") == b"\xd0\xcf\x11\xe0"
