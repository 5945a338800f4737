"""What is wrong with a submission."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs. Only an error returns a deliverable."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Audience(StrEnum):
    """Who is told of a finding."""

    VILLAGE = "village"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell of a filled form, for a program to find again; with nothing set, the first heading."""

    row: int = 0  # as ActivityRow.number; 0 where it is of no one row
    column: str = ""  # role: unit, account, photos. Without it the row's own; without a row where the column begins
    figure: str = ""  # id of a FigurePlace
    heading: str = ""  # as it stands in the filled form


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: code, severity, where, and what to tell whom."""

    code: str
    severity: Severity
    audience: Audience
    message: str
    village: str | None = None
    deliverable: str | None = None
    attachment: str | None = None  # the file's own name
    where: str = ""  # 第2行, 第3张
    cells: tuple[FormCell, ...] = ()  # of a form: where ``where`` is
