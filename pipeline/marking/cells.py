"""Findings -> places in the village's own file: a cell of one of its tables, or the line above them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

from pipeline.forms.figures import find_figure
from pipeline.forms.headings import shown
from pipeline.forms.overlay import Overlay, overlay
from pipeline.forms.rows import BodyRow, body_rows
from pipeline.forms.units import samples_in, split_unit_line
from pipeline.model.campaign import Form
from pipeline.model.content import Cell, Document
from pipeline.model.finding import Finding, FormCell


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of the document as its reader gave it, or the line with 单位：."""

    table: int = 0  # from 0
    row: int = 0
    column: int = 0
    unit_line: bool = False


def find_spots(document: Document, form: Form, findings: Iterable[Finding]) -> dict[Spot, list[str]]:
    """What is said at each spot, in the document's order. A finding that names no cell stands nowhere."""
    laid = overlay(document, form)
    rows = list(body_rows(laid, form))
    spots: dict[Spot, list[str]] = {}
    for finding in findings:
        found = [spot for cell in finding.cells if (spot := _find(cell, document, laid, form, rows))]
        for spot in dict.fromkeys(found):
            said = spots.setdefault(spot, [])
            if finding.message not in said:
                said.append(finding.message)
    return dict(sorted(spots.items(), key=lambda each: (not each[0].unit_line, *astuple(each[0]))))


def _find(cell: FormCell, document: Document, laid: Overlay, form: Form, rows: list[BodyRow]) -> Spot | None:
    if cell.column == "unit" and not cell.row and any(map(split_unit_line, document.paragraphs)):
        return Spot(unit_line=True)
    there = next(_candidates(cell, laid, form, rows), None)
    if there is None:
        return None
    table = sum(there.row >= first for first in laid.first_rows) - 1
    row = there.row - laid.first_rows[table]
    return Spot(table, there.column, row) if laid.turned else Spot(table, row, there.column)


def _candidates(cell: FormCell, laid: Overlay, form: Form, rows: list[BodyRow]) -> Iterator[Cell]:
    """Cells of the grid, the best first. The first heading is always one of them, where there is any."""
    headings = sorted((there for _, there in laid.pairs), key=lambda each: (each.row, each.column))
    if cell.row:
        yield from _in_row(cell, rows, form)
    elif cell.figure:
        places = (place for place in form.figures if place.id == cell.figure)
        yield from (there for place in places if (there := find_figure(laid, form, place)))
    elif cell.heading:
        yield from (each for each in laid.grid.cells if each.row in laid.heading_rows and shown(each) == cell.heading)
    elif cell.column == "unit":
        upper = (each for each in laid.grid.cells if headings and each.row < headings[0].row)
        yield from (each for each in upper if split_unit_line(each.text))
        yield from (each for row in rows for each in row.cells.get("unit", ()))
    elif cell.column:
        yield from (there for blank, there in laid.pairs if shown(blank) == form.columns.get(cell.column))
    yield from headings


def _in_row(cell: FormCell, rows: list[BodyRow], form: Form) -> Iterator[Cell]:
    row = next((each for each in rows if each.number == cell.row), None)
    if row is None:
        return
    yield from row.cells.get(cell.column, ())
    own = sorted((each for cells in row.cells.values() for each in cells), key=lambda each: each.column)
    if cell.column:  # a cell that begins in a row above and reaches down to this one
        top = min((each.row for each in own), default=0)
        above = (each for other in rows if other.number < row.number for each in other.cells.get(cell.column, ()))
        yield from (each for each in above if each.row + each.rows > top)
        # Where the village cut the account into columns of its own, at the first of them.
        yield from (each for _, each in row.parts)
    yield from (each for each in own if samples_in(each.text, form))
    yield from own
