"""The headings of the blank form laid over those of a document.

All tables of a document count as one long grid, so that a form cut in two by a page break is one form. A row of
headings of the blank form belongs to the row of the document that holds most of the same texts, in order from top to
bottom; what finds no row in order may stand elsewhere (moved). Rows above and below the headings do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.forms.comparing import (
    added_rows,
    by_section,
    compare,
    match_elsewhere,
    match_rows,
    settle_sections,
    text_rows,
    texts_of,
)
from pipeline.forms.headings import heading_rows, plain_heading, shown
from pipeline.model.campaign import Form
from pipeline.model.content import Cell, Document, Table
from pipeline.model.filled import FormDifference

_MOST_ROWS: Final = 500  # of a document that are looked at; the forms have fifteen
_TURNED_FROM: Final = 0.6  # share of the headings from which tables are taken for a form, turned or upright


@dataclass(frozen=True, slots=True)
class Overlay:
    """How a document's headings stand to the blank form's."""

    grid: Table  # all tables of the document, one below the other
    first_rows: tuple[int, ...]  # of the grid, at which the tables begin
    pairs: tuple[tuple[Cell, Cell], ...]  # heading of the blank form, and where it stands in the grid
    differences: tuple[FormDifference, ...]
    heading_rows: tuple[int, ...]  # of the grid, sorted
    share: float  # of the blank form's headings that are there, 0 to 1
    turned: bool = False  # the headings run down a column: rows of the grid are columns of the document

    def found(self, heading: Cell) -> Cell | None:
        """Where this heading of the blank form stands in the grid."""
        return next((there for blank, there in self.pairs if blank == heading), None)


def overlay(document: Document, form: Form) -> Overlay:
    """The blank form laid over the document; a share of 0 where they have nothing in common.

    A form that was turned, its headings one below the other, is read as if it stood upright, which is a difference too.
    """
    laid = _lay(document.tables, form)
    if laid.share >= _TURNED_FROM:
        return _filled_one(document.tables, laid, form)
    if not _may_be_turned(document, form):
        return laid
    turned = _lay([_turn(table) for table in document.tables], form)
    if turned.share < _TURNED_FROM:
        return laid
    difference = FormDifference("turned", shown(turned.pairs[0][1]))
    return replace(turned, differences=(difference, *turned.differences), turned=True)


def _filled_one(tables: Sequence[Table], laid: Overlay, form: Form) -> Overlay:
    """Where a form of figures stands there more than once (seen: a sheet left blank before the one filled in), the
    first that holds most. The rows of activity tables all count.
    """
    best = laid
    for start in range(1, len(tables) if form.figures else 1):
        later = _lay([*[Table(())] * start, *tables[start:]], form)
        if later.share >= laid.share and _count_told(later, form) > _count_told(best, form):
            best = later
    return best


def _count_told(laid: Overlay, form: Form) -> int:
    """How many cells from the first row of headings to just below the last say something of their own."""
    known = {text for row in heading_rows(form) for text in texts_of(row)}
    first, last = laid.heading_rows[0], laid.heading_rows[-1] + 1
    return sum(first <= cell.row <= last and plain_heading(cell.text) not in {"", *known} for cell in laid.grid.cells)


def _may_be_turned(document: Document, form: Form) -> bool:
    wanted = {text for row in heading_rows(form) for text in texts_of(row)}
    there = {plain_heading(cell.text) for table in document.tables for cell in table.cells}
    return len(wanted & there) >= _TURNED_FROM * len(wanted)


def _turn(table: Table) -> Table:
    """The table with columns for rows, titles over its whole width left out."""
    width = max((cell.column + cell.columns for cell in table.cells), default=0)
    return Table(
        tuple(
            replace(cell, row=cell.column, column=cell.row, rows=cell.columns, columns=cell.rows)
            for cell in table.cells
            if cell.columns < width
        ),
        table.name,
    )


def _lay(tables: Sequence[Table], form: Form) -> Overlay:
    grid, first_rows = _stack(tables)
    blank_rows = heading_rows(form)
    filled_rows = text_rows(grid)
    matched = match_rows(blank_rows, filled_rows)
    pairs: list[tuple[Cell, Cell]] = []
    differences: list[FormDifference] = []
    for index, blank_row in enumerate(blank_rows):
        if index in matched:
            row_pairs, row_differences = compare(blank_row, filled_rows[matched[index]], form)
            pairs += row_pairs
            differences += row_differences
    absent = [index for index in range(len(blank_rows)) if index not in matched]
    elsewhere = match_elsewhere(absent, blank_rows, filled_rows, set(matched.values()))
    for index, row in elsewhere.items():
        pairs += compare(blank_rows[index], filled_rows[row], form)[0]
    lost = [cell for index in absent if index not in elsewhere for cell in blank_rows[index]]
    moved = [cell for index in elsewhere for cell in blank_rows[index]]
    used = {*matched.values(), *elsewhere.values()}
    differences, pairs = settle_sections(differences, pairs, grid, form)
    differences += [FormDifference("missing", shown(cell)) for cell in by_section(lost, form)]
    differences += [FormDifference("moved", shown(cell)) for cell in by_section(moved, form)]
    differences += added_rows(filled_rows, used, blank_rows)
    total = sum(map(len, blank_rows))
    exact = sum(plain_heading(blank.text) == plain_heading(there.text) for blank, there in pairs)
    share = (exact + 0.5 * (len(pairs) - exact)) / total if total else 0.0
    rows = tuple(sorted(filled_rows[row][0].row for row in used))
    return Overlay(grid, first_rows, tuple(pairs), tuple(differences), rows, share)


def _stack(tables: Sequence[Table]) -> tuple[Table, tuple[int, ...]]:
    cells: list[Cell] = []
    first_rows: list[int] = []
    height = 0
    for table in tables:
        if height >= _MOST_ROWS:
            break
        first_rows.append(height)
        there = [cell for cell in table.cells if cell.row < _MOST_ROWS]
        cells += [replace(cell, row=cell.row + height) for cell in there] if height else there
        height += min(table.height, _MOST_ROWS)
    return Table(tuple(cells)), tuple(first_rows)
