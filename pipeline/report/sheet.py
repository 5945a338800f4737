"""A sheet of a workbook: headings, rows, colours by word, and the set-up for a printer.

File names and subjects come from strangers, so every text is written as text: a subject ``=HYPERLINK(…)`` must never
become a formula in the office's own workbook (OWASP: CSV injection).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from pipeline.report.rows import CELL_LIMIT, FORMULA_MARKS, Body, Look, Value
from pipeline.report.words import clean_text

HEADER_ROW = 3  # below the title and the line that says of when the figures are

# A cell is coloured by the word in it, so that it changes colour when the clerk changes the word.
FILLS: tuple[tuple[str, str], ...] = (
    ("未报", "F6D3CD"),
    ("待补正", "FCE6BF"),
    ("待审核", "D9E7F5"),
    ("合格", "DCEFE0"),
    ("零报告", "DCEFE0"),
    ("已齐", "DCEFE0"),
    ("免报", "E9EBE8"),
    ("须补正", "F6D3CD"),
    ("提醒", "FCE6BF"),
)

FONT = "微软雅黑"
LINE = Side(style="thin", color="C9CFC8")
BORDER = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEADER_FILL = PatternFill("solid", fgColor="E3EBE4")


def _empty_workbook() -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    return workbook


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a sheet."""

    text: str
    width: float  # in characters of the default font, as the format counts
    centred: bool = False
    coloured: bool = False  # by the word that each of its cells begins with


@dataclass(slots=True)
class Book:
    """A workbook while it is made."""

    workbook: Workbook = field(default_factory=_empty_workbook)
    bodies: dict[str, Body] = field(default_factory=dict)  # name of the sheet -> its rows


def add_sheet(
    book: Book,
    name: str,
    title: str,
    subtitle: str,
    headings: Sequence[Heading],
    rows: Sequence[Sequence[Value]],
    height: Callable[[Sequence[Value]], float] | None = None,
) -> Worksheet:
    """Title, frozen header with filter, rows, colours by word, and the set-up for an A4 printer.

    ``height`` tells that of a row, where the program that opens the file shall not find it out.
    """
    sheet: Worksheet = book.workbook.create_sheet(name)
    put(sheet, 1, 1, title, bold=True, size=16, border=False)
    put(sheet, 2, 1, subtitle, border=False)
    for line in (1, 2):
        sheet.merge_cells(start_row=line, start_column=1, end_row=line, end_column=len(headings))
        sheet.cell(line, 1).alignment = Alignment(horizontal="left", vertical="center")
    sheet.row_dimensions[1].height = 30
    for place, heading in enumerate(headings, start=1):
        put(sheet, HEADER_ROW, place, heading.text, centred=True, bold=True).fill = HEADER_FILL
        sheet.column_dimensions[get_column_letter(place)].width = heading.width
    looks = {(look, centred): _look(sheet, look, centred=centred) for look, centred in product(Look, (False, True))}
    body = Body(HEADER_ROW + 1, rows, tuple(heading.centred for heading in headings), looks, height)
    book.bodies[sheet.title] = body
    bottom = body.bottom
    last_column = get_column_letter(len(headings))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last_column}{bottom}"
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    for place, heading in enumerate(headings, start=1):
        if heading.coloured and bottom > HEADER_ROW:
            letter = get_column_letter(place)
            colour_by_word(sheet, f"{letter}{HEADER_ROW + 1}:{letter}{bottom}")
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4 in ECMA-376, 18.3.1.63
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{HEADER_ROW}"
    footer = HeaderFooterItem()
    footer.center.text = "第 &P 页 共 &N 页"
    sheet.HeaderFooter.oddFooter = footer
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    return sheet


def _look(sheet: Worksheet, look: Look, *, centred: bool) -> int:
    """The number of a format among the workbook's own."""
    assert sheet.parent is not None
    cell = WriteOnlyCell(sheet)
    cell.style = _style(sheet.parent, centred=centred, bold=False, size=11, border=True)
    cell.quotePrefix = look is Look.TEXT_EVER
    if look in (Look.MOMENT, Look.DECIMAL):
        cell.number_format = look.value
    number: int = cell.style_id
    return number


def put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Value,
    *,
    centred: bool = False,
    bold: bool = False,
    size: int = 11,
    border: bool = True,
) -> Cell:
    """Write a value; a text stays text whatever it begins with, also after the clerk edits the cell."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # only the rest of a merged cell is none, and nothing is written there
    assert sheet.parent is not None
    cell.style = _style(sheet.parent, centred=centred, bold=bold, size=size, border=border)
    if isinstance(value, str) and value:
        cell.value = clean_text(value)[:CELL_LIMIT]
        cell.data_type = "s"  # openpyxl makes a formula of "=…" and an error of "#N/A"
        cell.quotePrefix = value.startswith(FORMULA_MARKS)
    elif value is not None and value != "":
        cell.value = value
        if isinstance(value, Decimal):
            cell.number_format = Look.DECIMAL.value
    return cell


def _style(workbook: Workbook, *, centred: bool, bold: bool, size: int, border: bool) -> str:
    """The name of this look, made once for a workbook: to give each cell its font and border took most of the time."""
    name = f"报送{size}{'粗' if bold else ''}{'中' if centred else ''}{'框' if border else ''}"
    if name not in workbook.named_styles:
        style = NamedStyle(name, font=Font(name=FONT, size=size, bold=bold))
        style.alignment = Alignment(horizontal="center" if centred else "left", vertical="center", wrap_text=True)
        if border:
            style.border = BORDER
        workbook.add_named_style(style)
    return name


def colour_by_word(sheet: Worksheet, area: str) -> None:
    """Colour each cell of the area that begins with one of the words."""
    first = area.partition(":")[0]
    for word, colour in FILLS:
        fill = PatternFill("solid", bgColor=colour)
        formula = f'LEFT({first},{len(word)})="{word}"'
        rule = Rule(type="expression", dxf=DifferentialStyle(fill=fill), formula=[formula])
        sheet.conditional_formatting.add(area, rule)


def save_octets(book: Book, moment: datetime, mend: Callable[[str, bytes], bytes] = lambda _, frame: frame) -> bytes:
    """The workbook's file, with the report's moment in place of the clock's wherever the format keeps a time.

    ``mend`` is given a sheet's name and its file before the rows are put into it.
    """
    workbook = book.workbook
    stamp = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    workbook.properties.creator = "报送"
    workbook.properties.created = workbook.properties.modified = stamp
    raw, octets = io.BytesIO(), io.BytesIO()
    # Workbook.save() would set `modified` by the clock.
    ExcelWriter(workbook, zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED)).save()
    sheets = {f"xl/worksheets/sheet{number}.xml": each for number, each in enumerate(workbook.sheetnames, start=1)}
    with zipfile.ZipFile(raw) as written, zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in written.namelist():
            member = zipfile.ZipInfo(name, stamp.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            content = written.read(name)
            with archive.open(member, "w") as file:
                if (sheet := sheets.get(name)) is None:
                    file.write(content)
                else:
                    file.writelines(book.bodies[sheet].write(mend(sheet, content)))
    return octets.getvalue()
