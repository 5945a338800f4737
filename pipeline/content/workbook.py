"""Reads one workbook in a process of its own: ``python -m pipeline.content.workbook FILE``, JSON on standard output.

calamine reads many a file that openpyxl refuses for its styles (seen: of 90 workbooks of other projects' tests it read
13 more), and knows merged cells in xlsx and xls. But it is Rust, and where a damaged file asks for more memory than
there is the whole process ends. So it reads in a process of its own, which :mod:`pipeline.content.sheet` starts.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import TypedDict

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from pipeline.model.files import Problem

ROWS = 2000  # read of a sheet
COLUMNS = 200
_MEMORY = 2 << 30  # octets

_Value = int | float | str | bool | time | date | datetime | timedelta


class Sheet(TypedDict):
    """A sheet as the two processes hand it over."""

    name: str
    rows: list[list[str]]
    merges: list[tuple[tuple[int, int], tuple[int, int]]]  # top left and bottom right place, from 0


class Reading(TypedDict):
    """What came of a workbook: its visible sheets, or a problem."""

    sheets: list[Sheet]
    problem: str
    detail: str


def read_workbook(file: str) -> Reading:
    """The visible sheets from cell A1 on, formulas by the values last computed."""
    try:
        with CalamineWorkbook.from_path(file) as workbook:
            sheets = [
                _read_sheet(workbook, sheet.name)
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
            ]
    except PasswordError as error:
        return Reading(sheets=[], problem=Problem.ENCRYPTED, detail=str(error))
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        return Reading(sheets=[], problem=Problem.DAMAGED, detail=str(error))
    return Reading(sheets=sheets, problem="", detail="")


def _read_sheet(workbook: CalamineWorkbook, name: str) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    rows = [[_text(value) for value in row[:COLUMNS]] for row in sheet.to_python(skip_empty_area=False, nrows=ROWS)]
    while rows and not any(rows[-1]):  # a blank far below leads there
        rows.pop()
    return Sheet(
        name=name,
        rows=rows,
        merges=(sheet.merged_cell_ranges or [])[: ROWS * COLUMNS],
    )


def _text(value: _Value) -> str:
    """As a person would type it: 12 and not 12.0, dates by ISO 8601."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).rstrip()


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not everywhere; there the machine's own memory is the limit
        import resource  # noqa: PLC0415 (Unix has it alone)

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    _limit_memory()
    sys.stdout.buffer.write(json.dumps(read_workbook(sys.argv[1])).encode())
