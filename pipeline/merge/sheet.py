"""Workbooks of the office: sheets as the daily report has them, with sums that are formulas and values at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache, partial

from lxml import etree
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.report import sheet as sheets
from pipeline.report.rows import Value
from pipeline.report.sheet import HEADER_ROW, Heading, add_sheet, put, save_octets

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

Number = int | Decimal
FIRST_ROW = HEADER_ROW + 1
_LINE = 16.0  # points
_TALLEST = 400.0  # Excel allows 409


@dataclass(slots=True)
class Book:
    """A workbook while it is made."""

    _book: sheets.Book = field(default_factory=sheets.Book)
    _computed: dict[str, dict[str, Number]] = field(default_factory=dict)  # name of the sheet -> place -> value

    def add(
        self, name: str, title: str, subtitle: str, headings: Sequence[Heading], rows: Sequence[Sequence[Value]]
    ) -> Worksheet:
        """A further sheet, its rows from ``FIRST_ROW`` on."""
        height = partial(_height, widths=[heading.width for heading in headings])
        sheet = add_sheet(self._book, name, title, subtitle, headings, rows, height)
        sheet.row_dimensions[HEADER_ROW].height = height([heading.text for heading in headings])
        return sheet

    def put_formula(self, sheet: Worksheet, row: int, column: int, formula: str, value: Number) -> None:
        """A formula with the value that it has: a reader on a telephone computes nothing."""
        cell = put(sheet, row, column, None, centred=True, bold=True)
        cell.value = formula
        self._computed.setdefault(sheet.title, {})[f"{get_column_letter(column)}{row}"] = value

    def put_sum(self, sheet: Worksheet, row: int, column: int, value: Number) -> None:
        """The sum of a column's rows above; text among them counts for nothing."""
        letter = get_column_letter(column)
        self.put_formula(sheet, row, column, f"=SUM({letter}{FIRST_ROW}:{letter}{row - 1})", value)

    def octets(self, at: datetime) -> bytes:
        """The file, with ``at`` wherever the format keeps a time."""
        return save_octets(self._book, at, self._write_values)

    def _write_values(self, name: str, content: bytes) -> bytes:
        """Put the values behind their formulas, which openpyxl cannot (ECMA-376 part 1, 18.3.1.40 and 18.3.1.96)."""
        if not (wanted := self._computed.get(name)):
            return content
        root = etree.fromstring(content)
        for cell in root.iter(f"{_MAIN}c"):
            value = wanted.get(str(cell.get("r")))
            element = cell.find(f"{_MAIN}v")
            if value is not None and element is not None:
                element.text = str(value)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _height(texts: Sequence[Value], widths: Sequence[float]) -> float:
    """Of a row, in points; not every program finds it out for itself when it opens the file."""
    lines = max((_lines(text, width) for text, width in zip(texts, widths, strict=True)), default=1)
    return min(_LINE * lines + 3, _TALLEST)


@lru_cache(4096)
def _lines(value: Value, width: float) -> int:
    """How many lines a text takes in a column."""
    if not isinstance(value, str):
        return 1
    room = max(1, int(width) - 1)
    if 2 * len(value) <= room and "\n" not in value:
        return 1  # most of them, and counting takes long
    return sum(max(1, -(-_width(line) // room)) for line in value.split("\n"))


def _width(text: str) -> int:
    return sum(map(_width_of, text))


@cache  # there are far fewer signs than a province's rows hold
def _width_of(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WFA" else 1
