"""Rounds of polling: each is noted when it begins and when it ends, so that silence can be told from quiet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, insert, or_
from sqlalchemy import select as sqlalchemy_select
from sqlmodel import Session, col, func, select

from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import ActRow, JobRow, LetterRow, MessageRow, PollRow
from pipeline.model.letter import LetterState
from pipeline.model.message import MessageState
from pipeline.model.work import Silence, Unit

_NEWEST = 50
# An act is dated before it is written: one of so long before a round began may be written since.
_WRITING = timedelta(minutes=10)
# Of letters in doubt, and of those whose copy may still be filed, more than is ever asked for.
_LATELY = timedelta(days=2)


def _newest(column: Any, row: type[PollRow | ActRow]) -> Any:
    return select(column).order_by(col(row.id).desc()).limit(1).scalar_subquery()


# Built once: on a quiet day there are more of these rounds than of all others.
_ALL_THAT_WAITS: Any = sqlalchemy_select(
    _newest(PollRow.reached, PollRow),
    _newest(PollRow.started_at, PollRow),
    _newest(PollRow.finished_at, PollRow),
    _newest(ActRow.at, ActRow),
    exists().where(col(MessageRow.state) == MessageState.RECEIVED),
    exists().where(col(LetterRow.state).in_((LetterState.QUEUED, LetterState.SENDING))),
    exists().where(
        col(LetterRow.state) == LetterState.HELD,
        col(LetterRow.in_doubt).is_(True),
        col(LetterRow.next_at) > bindparam("lately"),
    ),
    exists().where(col(JobRow.unit) != Unit.POLL, col(JobRow.due_at) <= bindparam("now")),
    exists().where(col(LetterRow.sent_at) > bindparam("lately"), col(LetterRow.filed).is_(False)),  # the copies
)
_ANYTHING: Any = sqlalchemy_select(or_(exists().select_from(PollRow), exists().select_from(MessageRow)))
_QUIET_ROUND = insert(PollRow).values(reached=True, stored=0, judged=0, trouble="")


def is_untouched(ledger: Ledger) -> bool:
    """Whether no round was ever begun, and no message ever stored."""
    with ledger.reading() as session:
        return not session.connection().execute(_ANYTHING).scalar()


def begin_poll(ledger: Ledger, now: datetime) -> int:
    """Note that a round begins; its number."""
    with ledger.writing() as session:
        row = PollRow(started_at=now)
        session.add(row)
        session.flush()
        return row.id or 0


def note_fetch(ledger: Ledger, number: int, *, reached: bool, trouble: str) -> None:
    """Note what came of the mailbox, before anything else is done in this round."""
    with ledger.writing() as session:
        row = session.get_one(PollRow, number)
        row.reached, row.trouble = reached, trouble
        session.add(row)


def note_quiet(
    ledger: Ledger, started_at: datetime, now: datetime, *, patience: timedelta, copies: bool = False
) -> bool:
    """Note a whole round that read the mailbox and found nothing, in one transaction; False, and nothing noted, where
    there is something else to be done or told.

    ``patience``: after a silence longer than that somebody may have been alarmed. ``copies``: those of sent letters are
    filed.
    """
    moments = {"now": now, "lately": now - _LATELY}
    with ledger.writing() as session:
        connection = session.connection()
        reached, began_at, finished_at, acted_at, *waiting = connection.execute(_ALL_THAT_WAITS, moments).one()
        if not reached or not _is_recent(finished_at, now, patience) or any(waiting[: None if copies else -1]):
            return False
        if acted_at is not None and acted_at > began_at - _WRITING:  # perhaps not noted beside the octets yet
            return False
        connection.execute(_QUIET_ROUND, {"started_at": started_at, "finished_at": now})
        return True


def _is_recent(moment: datetime | None, now: datetime, patience: timedelta) -> bool:
    return moment is not None and moment <= now < moment + patience


def end_poll(ledger: Ledger, number: int, now: datetime, *, stored: int, judged: int, trouble: str) -> None:
    """Note how it ended."""
    with ledger.writing() as session:
        row = session.get_one(PollRow, number)
        row.finished_at, row.stored, row.judged, row.trouble = now, stored, judged, trouble
        session.add(row)


def silence(ledger: Ledger) -> Silence | None:
    """The rounds since the last one that reached the mailbox, or those before it where that is the newest of all.

    By their order and not by the clock, which may have been set back. None where there are no such rounds.
    """
    with ledger.reading() as session:
        newest = session.exec(select(PollRow).order_by(col(PollRow.id).desc())).first()
        if newest is None:
            return None
        before = (newest.id or 0) if newest.reached else (newest.id or 0) + 1
        last = _last_reached(session, before)
        failed = select(PollRow).where(col(PollRow.id) > last, col(PollRow.id) < before).order_by(col(PollRow.id))
        rows = session.exec(failed).all()
    if not rows:
        return None
    trouble = next((row.trouble for row in reversed(rows) if row.trouble), "")
    return Silence(rows[0].started_at, len(rows), trouble)


def idleness(ledger: Ledger, *, before_newest: bool = False) -> Silence | None:
    """Since when no round was begun at all, or was not before the newest one; None where none ever was."""
    rows = select(PollRow).order_by(col(PollRow.id).desc()).offset(1 if before_newest else 0)
    with ledger.reading() as session:
        newest = session.exec(rows).first()
    return Silence(newest.finished_at or newest.started_at, 0, "", idle=True) if newest else None


def newest_trouble(ledger: Ledger) -> str:
    """Why the newest round that is over could not read the mailbox; nothing where it could, or there was none."""
    with ledger.reading() as session:
        over = select(PollRow).where(col(PollRow.finished_at).is_not(None)).order_by(col(PollRow.id).desc())
        newest = session.exec(over).first()
    return newest.trouble if newest and not newest.reached else ""


def latest_start(ledger: Ledger) -> datetime | None:
    """The latest moment at which one of the newest rounds began by our clock: a clock set back stands before it.

    Of the newest only, so that a clock that was once ahead is forgiven after a few hours.
    """
    with ledger.reading() as session:
        newest = session.exec(select(PollRow.started_at).order_by(col(PollRow.id).desc()).limit(_NEWEST)).all()
    return max(newest, default=None)


def latest_arrival(ledger: Ledger) -> datetime | None:
    """When the newest message arrived, by the server's clock."""
    with ledger.reading() as session:
        return session.exec(select(MessageRow.received_at).order_by(col(MessageRow.received_at).desc())).first()


def _last_reached(session: Session, before: int) -> int:
    wanted = select(func.max(PollRow.id)).where(col(PollRow.reached).is_(True), col(PollRow.id) < before)
    return session.exec(wanted).one() or 0
