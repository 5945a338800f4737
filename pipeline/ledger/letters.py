"""The outbox's rows: the queue that :mod:`pipeline.outbox` works through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, delete, func, select

from pipeline.ledger.addresses import refuse_address
from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import LetterRow
from pipeline.ledger.verdicts import add_letter
from pipeline.model import LetterState, QueuedLetter, RenderedLetter


def _tell_nobody(_key: str, _at: datetime) -> None:
    pass


@dataclass(frozen=True, slots=True)
class LetterQueue:
    """The letters of one ledger as a queue. Each call is one transaction.

    ``tell`` is told the key of each letter that went out, after the ledger knows.
    """

    ledger: Ledger
    tell: Callable[[str, datetime], None] = _tell_nobody

    def interrupted(self) -> Sequence[QueuedLetter]:
        """Those a crash left in state ``sending``."""
        return self._letters(LetterRow.state == LetterState.SENDING)

    def due(self, now: datetime) -> Sequence[QueuedLetter]:
        """Those to be sent now, the oldest first."""
        return self._letters(LetterRow.state == LetterState.QUEUED, LetterRow.next_at <= now)

    def _letters(self, *conditions: Any) -> list[QueuedLetter]:
        wanted = select(LetterRow).where(*conditions).order_by(col(LetterRow.id))
        with self.ledger.reading() as session:
            return [
                QueuedLetter(row.id or 0, row.sender, row.recipient, row.octets, row.attempts)
                for row in session.exec(wanted)
            ]

    def begin(self, letter_id: int, at: datetime) -> None:
        """On the wire from now on."""
        with self.ledger.writing() as session:
            row = session.get_one(LetterRow, letter_id)
            row.state, row.attempts, row.next_at = LetterState.SENDING, row.attempts + 1, at
            session.add(row)

    def sent(self, letter_id: int, at: datetime) -> None:
        """The server took it."""
        self.tell(self._end(letter_id, LetterState.SENT, sent_at=at, note=""), at)

    def postpone(self, letter_id: int, at: datetime, until: datetime, note: str) -> None:
        """Again later."""
        self._end(letter_id, LetterState.QUEUED, next_at=until, note=note)

    def hold(self, letter_id: int, at: datetime, note: str) -> None:
        """A person must look."""
        self._end(letter_id, LetterState.HELD, note=note)

    def lose_address(self, letter_id: int, at: datetime, note: str) -> None:
        """The letter's address is not there: nothing more is written to it."""
        refuse_address(self.ledger, letter_id, at, note)

    def _end(self, letter_id: int, state: LetterState, **changes: Any) -> str:
        with self.ledger.writing() as session:
            row = session.get_one(LetterRow, letter_id)
            row.state = state
            for name, value in changes.items():
                setattr(row, name, value)
            session.add(row)
            return row.key


def enqueue(ledger: Ledger, letter: RenderedLetter, now: datetime) -> bool:
    """Put a letter that answers no message into the outbox; False where its key is there already."""
    with ledger.writing() as session:
        # A reminder or report is written once a day: of the day, not of a mail.
        return add_letter(session, letter, None, now, cause_at=now.replace(hour=0, minute=0, second=0, microsecond=0))


def handed_over(ledger: Ledger, since: datetime) -> list[datetime]:
    """When letters were handed to the server since then, those among them that a crash left in doubt; the first first.

    A letter's last attempt counts, for it is noted when it begins.
    """
    in_doubt = col(LetterRow.state).in_((LetterState.SENDING, LetterState.HELD)) & (col(LetterRow.attempts) > 0)
    wanted = select(LetterRow.sent_at, LetterRow.next_at).where(
        (col(LetterRow.sent_at) > since) | (in_doubt & (col(LetterRow.next_at) > since))
    )
    with ledger.reading() as session:
        return sorted(sent_at or begun_at for sent_at, begun_at in session.exec(wanted))


def count_due(ledger: Ledger, now: datetime) -> int:
    """How many letters wait to be sent now."""
    wanted = (
        select(func.count())
        .select_from(LetterRow)
        .where(LetterRow.state == LetterState.QUEUED, LetterRow.next_at <= now)
    )
    with ledger.reading() as session:
        return session.exec(wanted).one()


def reminder_keys(ledger: Ledger, *, sent: bool = False, queued: bool = False) -> list[str]:
    """The keys of all reminders, in the order of their writing; of those that went out, or wait to, alone."""
    wanted = select(LetterRow.key).where(LetterRow.kind == "reminder").order_by(col(LetterRow.id))
    if sent:
        wanted = wanted.where(LetterRow.state == LetterState.SENT)
    if queued:
        wanted = wanted.where(LetterRow.state == LetterState.QUEUED)
    with ledger.reading() as session:
        return list(session.exec(wanted))


def withdraw(ledger: Ledger, keys: Collection[str]) -> None:
    """Take letters that have not gone out back from the outbox, as though never written."""
    with ledger.writing() as session:
        session.exec(delete(LetterRow).where(col(LetterRow.key).in_(keys), col(LetterRow.state) == LetterState.QUEUED))


def remember_sent(ledger: Ledger, sent: Mapping[str, datetime]) -> None:
    """In a ledger built anew: these letters went out. Of one that answers no mail only that is known."""
    with ledger.writing() as session:
        for key, at in sent.items():
            row = session.exec(select(LetterRow).where(LetterRow.key == key)).first()
            if row is None:
                row = LetterRow(
                    key=key,
                    kind=key.partition(":")[0],
                    sender="",
                    recipient="",
                    subject="",
                    message_id="",
                    octets=b"",
                    created_at=at,
                    next_at=at,
                )
            row.state, row.sent_at = LetterState.SENT, at
            session.add(row)
