"""The campaign's two forms as villages fill them in: in the office's own file, or rebuilt by hand."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from openpyxl import Workbook

from tests.heldout.pictures import table_picture
from tests.heldout.word import Cell, Word

_BLANKS = Path(__file__).parents[2] / "rules" / "2023-529"
HEADINGS = ("单位", "开展的具体活动写实", "活动照片")
TITLE = "2023年宣传服务月活动进展情况写实表"
_WIDTHS = (1400, 5200, 2800)


@dataclass(frozen=True)
class Row:
    """A row of the progress table: what is told, and the scenes of its pictures."""

    text: str
    scenes: tuple[int, ...] = ()
    unit: str | None = None  # None: as in the other rows


def row(text: str, *scenes: int, unit: str | None = None) -> Row:
    """A row; short, for there are many."""
    return Row(text, scenes, unit)


def office_form(unit_line: str, unit_cell: str, rows: Sequence[Row], *, rest: str = "keep") -> bytes:
    """The office's own file filled in; the unused rows are kept with their samples, emptied, or cut."""
    document: Any = docx.Document(str(_BLANKS / "progress.docx"))
    for paragraph in document.paragraphs:
        if paragraph.text.startswith("单位") and unit_line:
            for run in paragraph.runs[1:]:
                run.text = ""
            paragraph.runs[0].text = f"单位：{unit_line}"
    table = document.tables[0]
    while len(table.rows) < len(rows) + 1:
        table.add_row()
    for given, line in zip(rows, table.rows[1:], strict=False):
        unit, account, photos = line.cells
        unit.text = unit_cell if given.unit is None else given.unit
        account.text = given.text
        photos.text = ""
        for scene in given.scenes:
            photos.paragraphs[0].add_run().add_picture(io.BytesIO(table_picture(scene)), width=900_000)
    for line in list(table.rows)[len(rows) + 1 :]:
        if rest == "cut":
            table._tbl.remove(line._tr)
        elif rest == "empty":
            for cell in line.cells:
                cell.text = ""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def rebuilt(
    unit_line: str | None,
    unit_cell: str,
    rows: Sequence[Row],
    *,
    how: str = "inline",
    title_in_table: bool = False,
    merged_unit: bool = False,
    landscape: bool = False,
    headings: Sequence[str] = HEADINGS,
    extra: Sequence[str] = (),
    order: Sequence[int] = (0, 1, 2),
    split_after: int | None = None,
    photos_below: bool = False,
    nested: bool = False,
    title: str = TITLE,
    macro: bool = False,
    strict: bool = False,
    headings_again: bool = False,
) -> bytes:
    """The form made anew. ``extra`` are headings of columns of the village's own, at the left; the first is a serial
    number, the others stay blank. ``split_after``: a second table goes on after so many rows, with ``headings_again``
    under the headings once more."""
    word = Word()
    columns = len(extra) + len(order)
    if title_in_table:
        head: list[list[Cell | str]] = [[Cell(word.paragraph(title, bold=True, centred=True), span=columns)]]
        if unit_line is not None:
            head.append([Cell(word.paragraph(f"单位：{unit_line}"), span=columns)])
    else:
        head = []
        word.add(word.paragraph(title, bold=True, centred=True), word.paragraph(""))
        if unit_line is not None:
            word.add(word.paragraph(f"单位：{unit_line}"))
    lines: list[list[Cell | str]] = [*head, [*extra, *(headings[place] for place in order)]]
    start = len(lines)
    for number, given in enumerate(rows):
        unit: Cell | str = unit_cell if given.unit is None else given.unit
        if merged_unit:
            unit = Cell(word.paragraph(unit_cell) if number == 0 else "", merge="continue" if number else "restart")
        pictures = word.pictures([table_picture(scene) for scene in given.scenes], how)
        if nested and given.scenes:
            pairs = [Cell(word.pictures([table_picture(scene)], how)) for scene in given.scenes]
            pictures = word.table([pairs], [1300] * len(pairs)) + "<w:p/>"
        cells: list[Cell | str] = [unit, given.text, Cell("" if photos_below else pictures)]
        lines.append([*(str(number + 1) if k == 0 else "" for k in range(len(extra))), *(cells[k] for k in order)])
        if photos_below:
            lines.append([*("" for _ in extra), Cell("", merge="continue") if merged_unit else "", "", Cell(pictures)])
    widths = [900] * len(extra) + [_WIDTHS[place] for place in order]
    if split_after is None:
        word.add(word.table(lines, widths))
    else:
        cut = start + split_after
        word.add(
            word.table(lines[:cut], widths),
            word.paragraph(""),
            word.table([*lines[start - 1 : start], *lines[cut:]] if headings_again else lines[cut:], widths),
        )
    word.add(word.paragraph("注：１、该写实表要填写村级开展的活动。"))
    return word.octets(landscape=landscape, macro=macro, strict=strict)


def within_the_notice(rows: Sequence[Row]) -> bytes:
    """The office's whole notice, its first form filled in where it stands."""
    document: Any = docx.Document(str(_BLANKS / "notice.docx"))
    table = next(each for each in document.tables if "写实" in each.rows[0].cells[1].text)
    for given, line in zip(rows, table.rows[1:], strict=False):
        unit, account, photos = line.cells
        unit.text, account.text, photos.text = given.unit or "", given.text, ""
        for scene in given.scenes:
            photos.paragraphs[0].add_run().add_picture(io.BytesIO(table_picture(scene)), width=900_000)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


FIGURES = ((2, -2), (2, -1), (5, -2), (5, -1), (7, -2), (7, -1))  # row and cell from the right, in the form's order


def statistics_word(unit: str, six: Sequence[str], *, others: str = "", media: str = "") -> bytes:
    """The office's statistics form in Word with a village's six figures; ``others`` in the other levels' cells."""
    document: Any = docx.Document(str(_BLANKS / "statistics.docx"))
    for paragraph in document.paragraphs:
        if paragraph.text.strip().startswith("单位") and unit:
            for run in paragraph.runs[1:]:
                run.text = ""
            paragraph.runs[0].text = f"单位：{unit}"
    rows = document.tables[0].rows
    for (number, place), value in zip(FIGURES, six, strict=True):
        rows[number]._tr.tc_lst[place].p_lst[0].add_r().text = value
    for number in (2, 5, 7):
        for cell in rows[number]._tr.tc_lst[-6:-2]:
            cell.p_lst[0].add_r().text = others
    for number in (10, 13):
        for cell in rows[number]._tr.tc_lst[1:]:
            cell.p_lst[0].add_r().text = media
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def statistics_grid(six: Sequence[object], *, others: object = None) -> list[list[object]]:
    """The statistics form as rows of nine cells, None where nothing stands."""
    events, people = ("活动场次", "宣传人数")
    levels: list[object] = ["县级计生协", None, "乡镇计生协", None, "村居社区计生协", None, None, None]
    a, b, c, d, e, f = six
    return [
        ["宣传活动", *levels],
        [None, *([events, people] * 3), None, None],
        [None, others, others, others, others, a, b, None, None],
        ["服务活动", *levels],
        [None, *(["慰问服务场次", "慰问人数"] * 3), None, None],
        [None, others, others, others, others, c, d, None, None],
        [None, *(["其他服务场次", "服务人数"] * 3), None, None],
        [None, others, others, others, others, e, f, None, None],
        ["媒体宣传（篇数）", "国家级媒体", None, "省级媒体", None, "地市级媒体", None, "县级媒体", None],
        [None, *(["文字稿件", "音频、视频稿件"] * 4)],
        [None, *([others] * 8)],
        ["网站和新媒体建设", "县级计生协", None, None, None, None, None, None, None],
        [None, "官网", "微信公众号", "微博", None, None, None, None, None],
        [None, "无", "无", "无", None, None, None, None, None],
    ]


def statistics_sheet(
    unit: str,
    six: Sequence[object],
    *,
    down: int = 0,
    right: int = 0,
    merged: bool = True,
    others: object = None,
    title: str = "2023年“5.29会员活动月”信息统计表",
    second_sheet: bool = False,
) -> bytes:
    """The statistics form in Excel, moved ``down`` and ``right``; cells merged as in Word, or not at all."""
    book = Workbook()
    sheet: Any = book.active
    if second_sheet:  # the form stands on the second sheet, the first was left blank
        sheet.title = "Sheet1"
        sheet = book.create_sheet("统计表")
    sheet.cell(1 + down, 1 + right, title)
    sheet.cell(2 + down, 1 + right, f"单位：{unit}")
    grid = statistics_grid(six, others=others)
    for number, cells in enumerate(grid):
        for place, value in enumerate(cells):
            if value is not None:
                sheet.cell(3 + down + number, 1 + right + place, value)
    if merged:
        top, left = 3 + down, 1 + right
        spans = [(0, 2), (3, 7), (8, 10), (11, 13)]
        for first, last in spans:
            sheet.merge_cells(start_row=top + first, end_row=top + last, start_column=left, end_column=left)
        for line in (0, 3, 8):
            for pair in range(4 if line == 8 else 3):
                at = left + 1 + 2 * pair
                sheet.merge_cells(start_row=top + line, end_row=top + line, start_column=at, end_column=at + 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
