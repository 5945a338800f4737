"""What a file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.files import FileKind, Problem
from pipeline.model.filled import FormReading
from pipeline.model.reading import Picture


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, at its place in the grid."""

    row: int  # from 0
    column: int
    text: str  # paragraphs joined by newlines
    rows: int = 1  # cells of the grid that it covers
    columns: int = 1
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table by grid; a merged cell stands once, at its top left place."""

    cells: tuple[Cell, ...]
    name: str = ""  # the sheet's name

    @property
    def height(self) -> int:
        """Number of grid rows."""
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    def row(self, number: int) -> tuple[Cell, ...]:
        """The cells that begin in this row, from left to right."""
        return tuple(cell for cell in self.cells if cell.row == number)


@dataclass(frozen=True, slots=True)
class Document:
    """A Word document or a workbook: its paragraphs outside tables, and its tables."""

    kind: FileKind
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...] = ()  # all of them, those in tables too
    macros: bool = False
    margins: tuple[str, ...] = ()  # lines of its page headers and footers, as a letterhead has them
    # Digests of the pictures that lie over the page rather than in a line: where they are anchored says little.
    floating: frozenset[str] = frozenset()
    # By the deliverable's name, where whoever opened it has read its tables already (pipeline.forms.read_form).
    readings: Mapping[str, FormReading] = field(default_factory=dict, compare=False)

    @property
    def text(self) -> str:
        """All its text, paragraphs first."""
        cells = (cell.text for table in self.tables for cell in table.cells)
        return "\n".join(part for part in (*self.paragraphs, *cells) if part.strip())


@dataclass(frozen=True, slots=True)
class Video:
    """A video's own facts."""

    seconds: float
    width: int
    height: int
    codec: str
    whole: bool  # a frame could be decoded, and nothing is cut off


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file whose content cannot be had, and why."""

    problem: Problem
    detail: str = ""  # for the coordinator and the log; never shown to a village
    macros: bool = False  # known all the same


@dataclass(frozen=True, slots=True)
class Other:
    """A file that is whole but of no kind that a deliverable could be: music, a program, an unknown file."""


Content = Document | Picture | Video | Unreadable | Other
