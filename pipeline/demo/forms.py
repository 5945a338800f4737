"""Documents as village offices make them: the office's forms filled in, plain Word texts, the form typed into Excel."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from pipeline.demo.archives import settle_time

_PICTURE_WIDTH = Cm(2.3)  # two fit into a line of the photo column

# 附件2: the rows where a village's own figures stand, in the last two cells; the rows for media and web sites.
_FIGURE_ROWS = {
    2: ("publicity-events", "publicity-people"),
    5: ("visit-events", "visit-people"),
    7: ("service-events", "service-people"),
}
_MEDIA_ROWS = (10, 13)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the progress table as the clerk fills it in."""

    unit: str
    account: str
    pictures: tuple[bytes, ...]
    sample_left: bool = False  # the form's own 2-3张活动照片 still stands beside the pictures


def fill_progress(
    blank: Path,
    moment: datetime,
    rows: Sequence[Row],
    *,
    unit: str,
    unused_kept: bool = False,
    added_column: str = "",
) -> bytes:
    """The progress form in Word with these rows; the unused ones are cut off unless ``unused_kept``.

    An empty ``unit`` leaves the line above the table as it was. ``added_column`` is the heading of a column of the
    village's own, at the right.
    """
    document: Any = docx.Document(str(blank))
    _write_unit_line(document, unit)
    table = document.tables[0]
    while len(table.rows) <= len(rows):
        table.add_row()
    for row, content in zip(list(table.rows)[1:], rows, strict=False):
        unit_cell, account_cell, photo_cell = row.cells
        unit_cell.text = content.unit
        account_cell.text = content.account
        if not content.sample_left:
            photo_cell.text = ""
        run = photo_cell.paragraphs[0].add_run()
        for picture in content.pictures:
            run.add_picture(io.BytesIO(picture), width=_PICTURE_WIDTH)
    if not unused_kept:
        for row in list(table.rows)[len(rows) + 1 :]:
            table._tbl.remove(row._tr)  # python-docx has no way to remove a row
    if added_column:
        table.add_column(Cm(2)).cells[0].text = added_column
    return _octets(document, moment)


def fill_statistics(
    blank: Path, moment: datetime, figures: Mapping[str, int], *, unit: str, media: str = "无"
) -> bytes:
    """The statistics form in Word with the village's own figures, by the campaign's ids; one not given stays blank."""
    document = docx.Document(str(blank))
    _write_unit_line(document, unit)
    rows = document.tables[0].rows
    for number, names in _FIGURE_ROWS.items():
        for name, cell in zip(names, rows[number]._tr.tc_lst[-2:], strict=True):
            cell.p_lst[0].add_r().text = str(figures.get(name, ""))
    for number in _MEDIA_ROWS:
        for cell in rows[number]._tr.tc_lst[1:]:
            cell.p_lst[0].add_r().text = media
    return _octets(document, moment)


def type_statistics(blank: Path, moment: datetime, figures: Mapping[str, int], *, unit: str) -> bytes:
    """The statistics form as a workbook: its headings and merged cells, title and unit in two rows above."""
    source = docx.Document(str(blank))
    book = Workbook()
    sheet: Any = book.active  # openpyxl types it as any kind of sheet
    sheet.title = "信息统计表"
    side = Side(style="thin")
    above = 2
    columns = 1
    for number, row in enumerate(source.tables[0].rows):
        cells = row._tr.tc_lst
        columns = max(columns, cells[-1].right)
        for place, cell in enumerate(cells, -len(cells)):
            if cell.vMerge == "continue":
                continue
            text: str | int | None = "".join(paragraph.text for paragraph in cell.p_lst) or None
            if number in _FIGURE_ROWS and place >= -2:
                text = figures.get(_FIGURE_ROWS[number][place])
            written = sheet.cell(above + number + 1, cell.left + 1, text)
            written.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            written.border = Border(left=side, right=side, top=side, bottom=side)
            if cell.right - cell.left > 1 or cell.bottom - cell.top > 1:
                sheet.merge_cells(
                    start_row=above + cell.top + 1,
                    end_row=above + cell.bottom,
                    start_column=cell.left + 1,
                    end_column=cell.right,
                )
    for number, text in enumerate((source.paragraphs[0].text, f"单位：{unit}"), 1):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=columns)
        sheet.cell(number, 1, text)
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    stream = io.BytesIO()
    book.properties.creator = unit
    book.save(stream)
    return settle_time(stream.getvalue(), moment)


def write_text(moment: datetime, lines: Iterable[str], *, author: str) -> bytes:
    """A plain Word document: the first line as its title, the others as paragraphs, signature and date at the right."""
    title, *paragraphs = lines
    document = docx.Document()
    document.core_properties.author = author
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(title)
    run.bold, run.font.size = True, Pt(18)
    for number, text in enumerate(paragraphs):
        paragraph = document.add_paragraph(text)
        if number >= len(paragraphs) - 2:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            paragraph.paragraph_format.first_line_indent = Cm(0.85)
    return _octets(document, moment)


def _write_unit_line(document: Any, unit: str) -> None:
    if not unit:
        return
    for paragraph in document.paragraphs:
        if paragraph.text.startswith("单位："):
            for run in paragraph.runs[1:]:
                run.text = ""
            paragraph.runs[0].text = f"单位：{unit}"


def _octets(document: Any, moment: datetime) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return settle_time(stream.getvalue(), moment)
