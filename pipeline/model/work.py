"""The office's own work: its units, a mailbox out of reach, and what server, ledger and cache disagree on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.model.message import Location


class Unit(StrEnum):
    """A unit of an office's work. Each is safe to begin again: what is to be done stands in the rows."""

    POLL = "poll"  # bring in what is new in the mailbox
    JUDGE = "judge"  # judge what was brought in
    SEND = "send"  # send what is due
    REMIND = "remind"  # the day's reminders, once their time has come
    REPORT = "report"  # the day's report, once its time has come


@dataclass(frozen=True, slots=True)
class Silence:
    """A time in which no round reached the mailbox."""

    since: datetime
    rounds: int  # that tried
    trouble: str  # of the newest of them
    idle: bool = False  # none tried


class DifferenceKind(StrEnum):
    """How server, ledger and cache differ."""

    UNFETCHED = "unfetched"  # on the server, unknown to us
    REPLACED = "replaced"  # a place on the server has another message now
    MISSING = "missing"  # a message of the ledger without its octets
    DAMAGED = "damaged"
    FILE_MISSING = "file-missing"  # a file of a judged message
    FILE_DAMAGED = "file-damaged"
    STRAY = "stray"  # octets of a mail that the ledger does not know
    QUARANTINED = "quarantined"
    WAITING = "waiting"  # stored, and not judged


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between server, ledger and cache."""

    kind: DifferenceKind
    said: str  # for the operator, without a full stop
    digest: str = ""
    location: Location | None = None
    message: str = ""  # digest of the mail that the file came with
