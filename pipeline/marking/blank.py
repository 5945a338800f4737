"""The campaign's blank form with a village's name filled in."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from pipeline.content.story import Story, read_story
from pipeline.forms.headings import is_sample, plain_heading
from pipeline.forms.units import split_unit_line
from pipeline.marking.broken import BROKEN
from pipeline.model.campaign import Form


def fill_blank(octets: bytes, form: Form, village: str) -> bytes:
    """The form's own file, the village's name behind 单位： and in place of the samples (ＸＸ村委) of the unit column.

    A form that cannot be written into (.doc, .xls) comes back as it is.
    """
    try:
        if form.file.suffix.lower() == ".xlsx":
            return _fill_workbook(octets, village)
        return _fill_document(octets, form, village)
    except BROKEN:
        return octets


def _fill_document(octets: bytes, form: Form, village: str) -> bytes:
    document = docx.Document(io.BytesIO(octets))
    story = read_story(document.element.body, lambda _: None)
    for element in (
        *story.paragraphs,
        *(each for cells in story.cells for cell in cells for each in _paragraphs(cell)),
    ):
        runs = Paragraph(element, document).runs
        parts = split_unit_line("".join(run.text for run in runs))
        if parts:
            label, written, _ = parts
            _replace(runs, len(label), len(label) + len(written), village)
            break
    for cell in _unit_samples(story, form):
        runs = [run for element in _paragraphs(cell) for run in Paragraph(element, document).runs]
        _replace(runs, 0, sum(len(run.text) for run in runs), village)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _paragraphs(cell: Any) -> list[Any]:
    return list(cell.iter(qn("w:p")))


def _replace(runs: Sequence[Any], start: int, end: int, text: str) -> None:
    """Put the text in place of the characters from start to end, in the style of the first of them."""
    at = 0
    for run in runs:
        before, own = at, run.text
        at += len(own)
        if (at <= start and run is not runs[-1]) or before > end:
            continue
        run.text = own[: max(0, start - before)] + text + own[max(0, end - before) :]
        text = ""


def _unit_samples(story: Story, form: Form) -> list[Any]:
    """The cells below the heading of the unit column that hold a sample of words."""
    heading = plain_heading(form.columns.get("unit", ""))
    found = []
    for table, elements in zip(story.tables, story.cells, strict=True):
        top = next((cell for cell in table.cells if heading and plain_heading(cell.text) == heading), None)
        for cell, element in zip(table.cells, elements, strict=True):
            below = top is not None and cell.column == top.column and cell.row > top.row
            if below and is_sample(cell.text, form) and re.search(r"\w", cell.text):
                found.append(element)
    return found


def _fill_workbook(octets: bytes, village: str) -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(octets))
    cells = (cell for sheet in workbook.worksheets for row in sheet.iter_rows(max_row=50, max_col=50) for cell in row)
    for cell in cells:
        parts = split_unit_line(cell.value) if isinstance(cell.value, str) else None
        if parts:
            cell.value = parts[0] + village + parts[2]
            break
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()
