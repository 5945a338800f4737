"""The numbers of the statistics table, each found by the headings above and beside it."""

from __future__ import annotations

from typing import Final

from pipeline.forms.headings import plain_heading
from pipeline.forms.overlay import Overlay
from pipeline.model.campaign import Form
from pipeline.model.content import Cell, Table
from pipeline.model.reading import Figure, FigurePlace
from pipeline.text.numerals import read_count

_MOST_ROWS_BELOW: Final = 3  # how far below its heading a figure is looked for, where no other heading ends the search


def read_figures(laid: Overlay, form: Form) -> tuple[Figure, ...]:
    """One figure for each place of the form, in its order; raw is empty where the cell, or its heading, is not there.

    The value is None where the cell holds no whole number for certain: nothing, ``/``, 无, 许多, ``-1``.
    Raises ValueError where the blank form has no such place (the campaign's file is wrong).
    """
    figures = []
    for place in form.figures:
        cell = find_figure(laid, form, place)
        raw = cell.text.strip() if cell else ""
        blank = find_place(form.blank, place)
        there = blank is not None and laid.found(blank) is not None
        figures.append(Figure(place, raw, read_count(raw), there=there))
    return tuple(figures)


def find_figure(laid: Overlay, form: Form, place: FigurePlace) -> Cell | None:
    """The cell of the grid that holds, or should hold, this figure; None where its heading is not there.

    Raises ValueError where the blank form has no such place (the campaign's file is wrong).
    """
    blank = find_place(form.blank, place)
    if blank is None:
        raise ValueError(f"{form.file}：空白表里没有 {'、'.join(place.headings)}")
    there = laid.found(blank)
    return _cell_below(there, laid) if there else None


def find_place(blank: Table, place: FigurePlace) -> Cell | None:
    """The innermost heading of a place: every outer heading stands left of it, or above it, and reaches over it."""
    *outer, inner = [plain_heading(heading) for heading in place.headings]
    for cell in blank.cells:
        if plain_heading(cell.text) == inner and all(
            any(plain_heading(other.text) == heading and _reaches_over(other, cell) for other in blank.cells)
            for heading in outer
        ):
            return cell
    return None


def _reaches_over(outer: Cell, inner: Cell) -> bool:
    beside = outer.row <= inner.row < outer.row + outer.rows and outer.column < inner.column
    above = (
        outer.row < inner.row
        and outer.column <= inner.column
        and inner.column + inner.columns <= outer.column + outer.columns
    )
    return beside or above


def _cell_below(heading: Cell, laid: Overlay) -> Cell | None:
    """The first cell with text under the heading, before the next row of headings; the first blank one if all are."""
    first: Cell | None = None
    top = heading.row + heading.rows
    bottom = next((row for row in laid.heading_rows if row > heading.row), top + _MOST_ROWS_BELOW)
    siblings = [there for _, there in laid.pairs if there.row == heading.row]
    for row in range(top, min(bottom, top + _MOST_ROWS_BELOW)):
        under = [
            cell
            for cell in laid.grid.row(row)
            if _shared(cell, heading) and sum(_shared(cell, each) > 0 for each in siblings) == 1
        ]
        best = max(under, key=lambda cell: _shared(cell, heading), default=None)
        if best and best.text.strip():
            return best
        first = first or best
    return first


def _shared(cell: Cell, heading: Cell) -> int:
    """Columns of the grid that both cover."""
    return max(0, min(cell.column + cell.columns, heading.column + heading.columns) - max(cell.column, heading.column))
