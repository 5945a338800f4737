"""Workbooks of the office: sheets as the daily report has them, with sums that are formulas and values at once."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lxml import etree
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.report.sheet import HEADER_ROW, Heading, Value, fill_sheet, put, save_octets

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

Number = int | Decimal
FIRST_ROW = HEADER_ROW + 1
_LINE = 16.0  # points
_TALLEST = 400.0  # Excel allows 409


def _empty_workbook() -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    return workbook


@dataclass(slots=True)
class Book:
    """A workbook while it is made."""

    workbook: Workbook = field(default_factory=_empty_workbook)
    _computed: dict[tuple[int, str], Number] = field(default_factory=dict)  # number of the sheet, place -> value

    def add(
        self, name: str, title: str, subtitle: str, headings: Sequence[Heading], rows: Sequence[Sequence[Value]]
    ) -> Worksheet:
        """A further sheet, its rows from ``FIRST_ROW`` on."""
        sheet: Worksheet = self.workbook.create_sheet(name)
        fill_sheet(sheet, title, subtitle, headings, rows)
        for number, texts in enumerate([[heading.text for heading in headings], *rows], start=HEADER_ROW):
            lines = max((_lines(text, each.width) for text, each in zip(texts, headings, strict=True)), default=1)
            sheet.row_dimensions[number].height = min(_LINE * lines + 3, _TALLEST)
        return sheet

    def put_formula(self, sheet: Worksheet, row: int, column: int, formula: str, value: Number) -> None:
        """A formula with the value that it has: a reader on a telephone computes nothing."""
        cell = put(sheet, row, column, None, centred=True, bold=True)
        cell.value = formula
        number = self.workbook.sheetnames.index(sheet.title) + 1
        self._computed[number, f"{get_column_letter(column)}{row}"] = value

    def put_sum(self, sheet: Worksheet, row: int, column: int, value: Number) -> None:
        """The sum of a column's rows above; text among them counts for nothing."""
        letter = get_column_letter(column)
        self.put_formula(sheet, row, column, f"=SUM({letter}{FIRST_ROW}:{letter}{row - 1})", value)

    def octets(self, at: datetime) -> bytes:
        """The file, with ``at`` wherever the format keeps a time."""
        return _write_values(save_octets(self.workbook, at), self._computed)


def _lines(value: Value, width: float) -> int:
    """How many lines a text takes in a column; not every program finds out for itself when it opens the file."""
    if not isinstance(value, str):
        return 1
    room = max(1, int(width) - 1)
    return sum(max(1, -(-_width(line) // room)) for line in value.split("\n"))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def put_number(sheet: Worksheet, row: int, column: int, value: Decimal, *, bold: bool = False) -> None:
    """A figure with one decimal."""
    cell = put(sheet, row, column, None, centred=True, bold=bold)
    cell.value = value
    cell.number_format = "0.0"


def _write_values(octets: bytes, computed: dict[tuple[int, str], Number]) -> bytes:
    """Put the values behind their formulas, which openpyxl cannot (ECMA-376 part 1, 18.3.1.40 and 18.3.1.96)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as written, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in written.infolist():
            content = written.read(member)
            number = member.filename.removeprefix("xl/worksheets/sheet").removesuffix(".xml")
            if number.isdigit():
                wanted = {place: value for (sheet, place), value in computed.items() if sheet == int(number)}
                content = _write_sheet_values(content, wanted) if wanted else content
            archive.writestr(member, content)
    return stream.getvalue()


def _write_sheet_values(content: bytes, wanted: dict[str, Number]) -> bytes:
    root = etree.fromstring(content)
    for cell in root.iter(f"{_MAIN}c"):
        value = wanted.get(str(cell.get("r")))
        element = cell.find(f"{_MAIN}v")
        if value is not None and element is not None:
            element.text = str(value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
