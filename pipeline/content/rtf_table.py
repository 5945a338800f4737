"""The rows of an RTF table, whose cells are known by their right edges, brought onto a grid."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from pipeline.model.content import Cell, Table
from pipeline.model.reading import Picture

_SAME_EDGE = 30  # twips (half a millimetre) within which two edges are one: rows are seldom drawn exactly alike


@dataclass(slots=True)
class Boundary:
    """A cell's definition (``\\cellxN`` and what stands before it)."""

    right: int = 0  # twips
    joins: bool = False  # \clmrg: merged with the cell to its left
    opens: bool = False  # \clvmgf: first of cells merged downwards
    continues: bool = False  # \clvmrg: a further one of them


@dataclass(slots=True)
class Row:
    """Definitions and contents of a row, cell by cell."""

    left: int = 0  # twips
    boundaries: list[Boundary] = field(default_factory=list)
    cells: list[tuple[str, tuple[Picture, ...]]] = field(default_factory=list)


def lay_out(rows: list[Row]) -> Table:
    """The table by grid; a merged cell stands once. Contents without a definition are given columns of their own."""
    edges = _edges(rows)
    placed: list[Cell] = []
    above: dict[int, int] = {}  # column -> index of the cell that a further row may continue
    for number, row in enumerate(rows):
        below: dict[int, int] = {}
        left, column = row.left, 0
        for index, (text, pictures) in enumerate(row.cells):
            boundary = row.boundaries[index] if index < len(row.boundaries) else Boundary(right=left)
            first = max(column, _column(edges, left))
            column = max(first + 1, _column(edges, boundary.right))
            left = max(left, boundary.right)
            if boundary.joins and placed and placed[-1].row == number:
                placed[-1] = _grown(placed[-1], rows=0, columns=column - first)
            elif boundary.continues and first in above:
                below[first] = above[first]
                placed[above[first]] = _grown(placed[above[first]], rows=1, columns=0)
            else:
                if boundary.opens or boundary.continues:
                    below[first] = len(placed)
                placed.append(Cell(number, first, text, 1, column - first, pictures))
        above = below
    return Table(cells=tuple(placed))


def _edges(rows: list[Row]) -> list[int]:
    found = sorted({row.left for row in rows} | {boundary.right for row in rows for boundary in row.boundaries})
    edges: list[int] = []
    for edge in found:
        if not edges or edge - edges[-1] > _SAME_EDGE:
            edges.append(edge)
    return edges


def _column(edges: list[int], edge: int) -> int:
    """The grid column that begins at this edge."""
    return bisect_left(edges, edge - _SAME_EDGE)


def _grown(cell: Cell, rows: int, columns: int) -> Cell:
    return Cell(cell.row, cell.column, cell.text, cell.rows + rows, cell.columns + columns, cell.pictures)
