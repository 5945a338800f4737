"""Units of work asked for in the transaction of the rows that they follow: neither can be there without the other.

:func:`later` is the one seam. In one office's own ledger a request is a row of ``job``, and whoever holds the office's
lock does it (:func:`doing`). Where a distributed engine is set, it is a job of that engine, and a worker does it
(:mod:`pipeline.ledger.engine`). A request names an office's unit, never a message or a letter: the truth is in their
rows, a unit does all that they say is to be done, and asking twice is asking once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, event
from sqlmodel import Session, case, col, select

from pipeline.ledger.opening import Ledger
from pipeline.ledger.plain import change, insert_into
from pipeline.ledger.tables import JobRow, Moment
from pipeline.model.work import Unit

LONGEST_WAIT: Final = timedelta(minutes=60)

_WANTED: Final = "wanted"  # in a session's info: what its rows ask for, and for when

_TIMES_ASKED = select(JobRow.asked).where(col(JobRow.unit) == bindparam("unit"))


def later(session: Session, unit: Unit, at: datetime) -> None:
    """Ask for a unit of work, to be done at this moment or soon after; part of the session's transaction, and the last:
    what many rows ask for is asked for once.
    """
    wanted: dict[Unit, datetime] = session.info.setdefault(_WANTED, {})
    if not wanted:
        event.listen(session, "before_commit", _ask_all)
    wanted[unit] = min(at, wanted.get(unit, at))


def _ask_all(session: Session) -> None:
    if session.in_nested_transaction():  # a savepoint is committed as well, and is not the end
        return
    wanted: dict[Unit, datetime] = session.info[_WANTED]
    for unit, at in wanted.items():
        _ask(session, unit, at)


def _ask(session: Session, unit: Unit, at: datetime) -> None:
    ledger: Ledger = session.info["ledger"]
    if ledger.distributed:
        from pipeline.ledger.engine import defer  # noqa: PLC0415 (the province's extra)

        defer(session, unit, ledger.office, at)
        return
    change(session, _asking(ledger.engine.dialect.name), unit=unit.value, at=at)


_DUE_AT, _ASKED = col(JobRow.due_at), col(JobRow.asked)
_AT = bindparam("at", type_=Moment())
_FIRST = {"unit": bindparam("unit"), "due_at": _AT, "asked": 1, "attempts": 0, "trouble": ""}
_AGAIN = {"asked": _ASKED + 1, "due_at": case((_DUE_AT > _AT, _AT), else_=_DUE_AT)}


@cache
def _asking(dialect: str) -> Any:
    return insert_into(JobRow, dialect).values(_FIRST).on_conflict_do_update(index_elements=["unit"], set_=_AGAIN)


def ask(ledger: Ledger, unit: Unit, at: datetime) -> None:
    """Ask for a unit of work that follows no row."""
    with ledger.writing() as session:
        later(session, unit, at)


@dataclass(frozen=True, slots=True)
class Job:
    """A unit that was asked for."""

    unit: Unit
    due_at: datetime
    attempts: int
    trouble: str


def planned(ledger: Ledger) -> list[Job]:
    """All that was asked for and is not done, the next first."""
    with ledger.reading() as session:
        rows = session.exec(select(JobRow).order_by(col(JobRow.due_at)))
        return [Job(Unit(row.unit), row.due_at, row.attempts, row.trouble) for row in rows]


def hurry(ledger: Ledger, now: datetime) -> int:
    """Let all that failed be tried at once; how many there were."""
    with ledger.writing() as session:
        rows = session.exec(select(JobRow).where(col(JobRow.attempts) > 0)).all()
        for row in rows:
            row.due_at = now
            session.add(row)
        return len(rows)


@dataclass(slots=True)
class Doing:
    """A unit in hand. Its doer says what kept it from being done: then it is asked for once more, later."""

    trouble: str = ""


@contextmanager
def doing(ledger: Ledger, unit: Unit, now: Callable[[], datetime]) -> Iterator[Doing]:
    """Do a unit, asked for or not. What was asked for is no more when it is done; after trouble it waits.

    What was asked for meanwhile stands. An exception leaves the request as it was, for the next one. By him who holds
    the office's lock: nobody else does the same.
    """
    with ledger.reading() as session:
        asked = session.connection().execute(_TIMES_ASKED, {"unit": unit.value}).scalar() or 0
    job = Doing()
    yield job
    if not asked:
        return
    with ledger.writing() as session:
        row = session.get_one(JobRow, unit.value)
        if job.trouble:
            _put_off(row, job.trouble, now())
        elif row.asked > asked:
            row.asked, row.attempts, row.trouble = row.asked - asked, 0, ""
        else:
            session.delete(row)
            return
        session.add(row)


def put_off(ledger: Ledger, trouble: str, now: datetime) -> None:
    """What is due could not even be begun: again later."""
    with ledger.writing() as session:
        for row in session.exec(select(JobRow).where(col(JobRow.due_at) <= now)):
            _put_off(row, trouble, now)
            session.add(row)


def _put_off(row: JobRow, trouble: str, now: datetime) -> None:
    row.due_at = now + wait_after(row.attempts)
    row.attempts, row.trouble = row.attempts + 1, trouble


def wait_after(attempts: int) -> timedelta:
    """How long a unit waits after so many failed attempts before this one, from 0: 1, 2, 4 … 60 minutes."""
    return min(timedelta(minutes=2 ** min(attempts, 10)), LONGEST_WAIT)
