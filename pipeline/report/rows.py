"""The rows of a sheet, written as the file has them while it is saved.

openpyxl makes an object of every cell and an element of every object, which for a province's workbook, of some
millions of cells, are minutes and gigabytes. So it lays out what is special (title, header, sums, looks, set-up for
the printer), and the rows between, which are all alike, are put into its file as text (ECMA-376 part 1, 18.3.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from pipeline.report.words import clean_text

CELL_LIMIT = 32767  # characters that a cell holds (Excel specifications and limits)
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | Decimal | datetime | None

_AT_ONCE = 1000  # rows
_REMEMBERED = 4096  # cells: most words come again and again
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"')


def encode_rows(rows: Iterator[str]) -> Iterator[bytes]:
    """Rows as octets, many at a time: each by itself would take longer to write."""
    while some := "".join(islice(rows, _AT_ONCE)):
        yield some.encode()


class Look(StrEnum):
    """What a cell looks like, by what is in it."""

    PLAIN = ""
    TEXT_EVER = "text ever"  # it would become a formula when the clerk edits the cell
    MOMENT = "yyyy-mm-dd hh:mm"
    DECIMAL = "0.0"


@dataclass(frozen=True, slots=True)
class Body:
    """The rows below a sheet's header, still to be written."""

    first: int  # the number of the first row
    rows: Sequence[Sequence[Value]]
    centred: tuple[bool, ...]  # by column
    looks: Mapping[tuple[Look, bool], int]  # with whether it is centred -> number among the workbook's formats
    height: Callable[[Sequence[Value]], float] | None = None  # of a row, in points

    @property
    def bottom(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1

    def write(self, frame: bytes) -> Iterator[bytes]:
        """The sheet's file: ``frame``, which has the other rows, with these in their place."""
        last = max(self.bottom, *(int(number) for number in re.findall(rb'<row r="(\d+)"', frame)))
        area = f'<dimension ref="A1:{get_column_letter(len(self.centred))}{last}"'.encode()
        frame = _DIMENSION.sub(area, frame, count=1)
        place = frame.find(f'<row r="{self.bottom + 1}"'.encode())
        place = place if place >= 0 else frame.index(b"</sheetData>")
        yield frame[:place]
        yield from encode_rows(self._write_rows())
        yield frame[place:]

    def _write_rows(self) -> Iterator[str]:
        write = lru_cache(_REMEMBERED, typed=True)(self._write_cell)
        columns = [(f'<c r="{get_column_letter(place)}', each) for place, each in enumerate(self.centred, start=1)]
        for number, values in enumerate(self.rows, start=self.first):
            height = f' ht="{self.height(values):g}" customHeight="1"' if self.height else ""
            cells = [
                f'{begun}{number}" {write(value, centred)}'
                for (begun, centred), value in zip(columns, values, strict=True)
            ]
            yield f'<row r="{number}"{height}>{"".join(cells)}</row>'

    def _write_cell(self, value: Value, centred: bool) -> str:
        """What follows its place. A text stays text whatever it begins with, also after the clerk edits the cell."""
        if value is None or value == "":
            return f's="{self.looks[Look.PLAIN, centred]}"/>'
        if isinstance(value, str):
            look = Look.TEXT_EVER if value.startswith(FORMULA_MARKS) else Look.PLAIN
            text = clean_text(value)[:CELL_LIMIT]
            space = ' xml:space="preserve"' if text != text.strip() else ""
            written = escape(text, {"\r": "&#13;"})
            return f's="{self.looks[look, centred]}" t="inlineStr"><is><t{space}>{written}</t></is></c>'
        look, number = Look.PLAIN, value
        if isinstance(value, datetime):
            look, number = Look.MOMENT, to_excel(value)  # type: ignore[no-untyped-call]
        elif isinstance(value, Decimal):
            look = Look.DECIMAL
        return f's="{self.looks[look, centred]}"><v>{number}</v></c>'
