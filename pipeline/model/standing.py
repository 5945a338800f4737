"""How an entry of the ledger stands, and what is remembered of its delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.model.finding import Finding
from pipeline.model.reading import Activity, Figure, Picture


class State(StrEnum):
    """How a deliverable of a village stands."""

    NOT_DUE = "not-due"
    MISSING = "missing"
    RETURNED = "returned"
    REVIEW = "review"
    ACCEPTED = "accepted"
    WAIVED = "waived"
    NIL = "nil"


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept of a delivery for later checks and for the office's own documents."""

    activities: tuple[Activity, ...] = ()
    figures: tuple[Figure, ...] = ()
    text: str = ""
    pictures: tuple[Picture, ...] = ()  # photos of the set, or pictures within the table


@dataclass(frozen=True, slots=True)
class Standing:
    """How one deliverable of one village stands."""

    village: str
    deliverable: str
    state: State
    late: bool = False
    received_at: datetime | None = None  # of the version in force
    due_at: datetime | None = None  # where an extension replaced the campaign's
    attachments: tuple[str, ...] = ()
    remembered: Remembered = Remembered()
    findings: tuple[Finding, ...] = ()
    superseded: frozenset[str] = frozenset()  # digests of files of the versions that a newer one took the place of
