"""Tables, read as a blank form of the campaign filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.model.reading import Activity, Figure, Picture


@dataclass(frozen=True, slots=True)
class FormDifference:
    """One way in which a form differs from the blank one."""

    change: Literal["missing", "renamed", "added", "moved", "turned", "foreign"]
    # Of the blank form; of the filled one where it was added; where all were turned the first one, where the table is
    # another one altogether those that it lacks.
    heading: str
    found: str = ""  # what stands there instead


@dataclass(frozen=True, slots=True)
class FilledForm:
    """How a table stands to the campaign's blank form."""

    title: str
    differences: tuple[FormDifference, ...]
    unit_line: str  # what is written after 单位： above the table, samples and blanks removed
    unit_column: tuple[str, ...]  # what the first column says, likewise


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """A filled row of the progress table."""

    number: int  # from 1, the header not counted
    activities: tuple[Activity, ...]
    pictures: tuple[Picture, ...]
    samples: tuple[str, ...]  # the form's own sample text that is still there


@dataclass(frozen=True, slots=True)
class FormReading:
    """The tables of a document, read as one blank form filled in."""

    share: float  # of the form's headings that are there, 0 to 1
    filled: FilledForm | None = None  # None: it is not this form at all, and nothing else was read
    rows: tuple[ActivityRow, ...] = ()  # of a form of activities
    figures: tuple[Figure, ...] = ()  # of a form of figures
