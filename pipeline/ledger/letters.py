"""The outbox's rows: the queue that :mod:`pipeline.outbox` works through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Executable, bindparam
from sqlmodel import Session, col, delete, exists, func, or_, select, update

from pipeline.ledger.addresses import refuse_address
from pipeline.ledger.jobs import later
from pipeline.ledger.opening import Ledger
from pipeline.ledger.plain import change, put, put_one, run
from pipeline.ledger.tables import EnclosureRow, LetterRow, Moment, RestorationRow
from pipeline.model.letter import LetterState, QueuedLetter, RenderedLetter
from pipeline.model.work import Unit

# No server asks for more than until tomorrow.
LONGEST_POSTPONEMENT = timedelta(hours=26)


def _tell_nobody(_key: str, _at: datetime) -> None:
    pass


_QUEUED: Final = tuple(
    col(getattr(LetterRow, name))
    for name in ("id", "sender", "recipient", "octets", "attempts", "message_id", "next_at", "key")
)  # in the order of QueuedLetter


@dataclass(frozen=True, slots=True)
class LetterQueue:
    """The letters of one ledger as a queue. Each call is one transaction.

    ``tell`` is told the key of each letter that went out, after the ledger knows.
    """

    ledger: Ledger
    tell: Callable[[str, datetime], None] = _tell_nobody
    without_reminders: bool = False  # they wait, as at night
    begun: dict[int, datetime] = field(default_factory=dict)  # attempts not written down yet

    def interrupted(self) -> Sequence[QueuedLetter]:
        """Those a crash left in state ``sending``."""
        return self._letters(_INTERRUPTED)

    def due(self, now: datetime, most: int = 1000) -> Sequence[QueuedLetter]:
        """Those to be sent now, the oldest first; so many at the most."""
        question = _DUE_WITHOUT_REMINDERS if self.without_reminders else _DUE
        return self._letters(question, most=most, **_moments(now))

    def _letters(self, question: Executable, **values: Any) -> list[QueuedLetter]:
        with self.ledger.reading() as session:
            return [QueuedLetter(*row) for row in run(session, question, **values)]

    def begin(self, letter_id: int, at: datetime) -> None:
        """One attempt more; written down with what becomes of it, since a crash until then has sent nothing."""
        self.begun[letter_id] = at

    def hand_over(self, letter_id: int, at: datetime) -> None:
        """From now on it may have gone out."""
        self._end(letter_id, LetterState.SENDING, next_at=at)

    def sent(self, letters: Sequence[QueuedLetter], at: datetime) -> None:
        """The server took them."""
        with self.ledger.writing() as session:
            for letter in letters:
                self._change(session, letter.id, LetterState.SENT, sent_at=at, note="", in_doubt=False)
        for letter in letters:
            self.tell(letter.key, at)

    def postpone(self, letter_id: int, at: datetime, until: datetime, note: str) -> None:
        """Again later."""
        self._end(letter_id, LetterState.QUEUED, next_at=until, note=note, in_doubt=False)

    def hold(self, letter_id: int, at: datetime, note: str) -> None:
        """A person must look."""
        self._end(letter_id, LetterState.HELD, note=note)

    def doubt(self, letter_id: int, at: datetime, note: str) -> None:
        """Nobody knows whether it went out."""
        self._end(letter_id, LetterState.HELD, note=note, in_doubt=True)

    def doubtful(self, since: datetime) -> Sequence[QueuedLetter]:
        """Those tried since then of which nobody knows whether they went out."""
        return self._letters(_DOUBTFUL, since=since)

    def sent_before(self, letter: QueuedLetter, most: int) -> Sequence[str]:
        """The Message-IDs of the letters that went out last before this one was tried."""
        wanted = (
            select(LetterRow.message_id)
            .where(LetterRow.state == LetterState.SENT, col(LetterRow.sent_at) <= letter.tried_at)
            .order_by(col(LetterRow.sent_at).desc(), col(LetterRow.id).desc())
            .limit(most)
        )
        with self.ledger.reading() as session:
            return list(session.exec(wanted))

    def lose_address(self, letter_id: int, at: datetime, note: str) -> None:
        """The letter's address is not there: nothing more is written to it."""
        refuse_address(self.ledger, letter_id, at, note)

    def _end(self, letter_id: int, state: LetterState, **changes: Any) -> None:
        with self.ledger.writing() as session:
            self._change(session, letter_id, state, **changes)

    def _change(self, session: Session, letter_id: int, state: LetterState, **changes: Any) -> None:
        if (begun_at := self.begun.pop(letter_id, None)) is not None:
            changes = {"next_at": begun_at, **changes}
            change(session, _UPDATE_BEGUN, of=letter_id, state=state, **changes)
        else:
            change(session, _UPDATE, of=letter_id, state=state, **changes)


_UPDATE = update(LetterRow).where(col(LetterRow.id) == bindparam("of"))
_UPDATE_BEGUN = _UPDATE.values(attempts=LetterRow.attempts + 1)


# Its time has come, or lies where only a clock that has been set back since can have put it.
_TO_BE_SENT: Final = (
    LetterRow.state == LetterState.QUEUED,
    or_(
        LetterRow.next_at <= bindparam("now"),
        LetterRow.next_at > bindparam("late"),
        LetterRow.created_at > bindparam("now"),
    ),
)
_NO_REMINDER: Final = col(LetterRow.kind) != "reminder"
_LETTERS: Final = select(*_QUEUED).order_by(col(LetterRow.id))
_DUE: Final = _LETTERS.where(*_TO_BE_SENT).limit(bindparam("most"))
_DUE_WITHOUT_REMINDERS: Final = _DUE.where(_NO_REMINDER)
_INTERRUPTED: Final = _LETTERS.where(LetterRow.state == LetterState.SENDING)
_DOUBTFUL: Final = _LETTERS.where(
    LetterRow.state == LetterState.HELD,  # which an index leads to
    col(LetterRow.in_doubt).is_(True),
    LetterRow.next_at >= bindparam("since"),
)


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "late": now + LONGEST_POSTPONEMENT}


def confirm(session: Session, message_ids: Collection[str]) -> None:
    """Within a transaction: letters in doubt that somebody has before him, for he answers them or sends them back."""
    if not message_ids:
        return
    doubtful = col(LetterRow.in_doubt).is_(True) | (LetterRow.state == LetterState.SENDING)
    for row in session.exec(select(LetterRow).where(doubtful, col(LetterRow.message_id).in_(message_ids))):
        row.state, row.sent_at, row.note, row.in_doubt = LetterState.SENT, row.next_at, "", False
        session.add(row)


_BEFORE = select(
    exists().where(col(RestorationRow.at) > bindparam("since", type_=Moment())).label("restored"),
    exists().where(col(LetterRow.key) == bindparam("key")).label("known"),
)


def add_letter(
    session: Session, letter: RenderedLetter, message: str | None, now: datetime, *, cause_at: datetime
) -> bool:
    """Put a letter into the outbox; False where one with this key is there already.

    Where its cause lies before the ledger was restored, it may have gone out already: it is settled as after a crash.
    """
    ((in_doubt, known),) = run(session, _BEFORE, since=cause_at, key=letter.key)
    if known:
        return False
    number = put_one(
        session,
        LetterRow,
        key=letter.key,
        kind=letter.kind,
        message=message,
        sender=letter.sender,
        recipient=letter.recipient,
        subject=letter.subject,
        message_id=letter.message_id,
        asks=[[ask.village, ask.deliverable, ask.returned] for ask in letter.asks],
        octets=letter.octets,
        state=LetterState.SENDING if in_doubt else LetterState.QUEUED,
        created_at=now,
        next_at=now,
    )
    put(session, EnclosureRow, [{"letter": number, "digest": digest} for digest in dict.fromkeys(letter.enclosed)])
    later(session, Unit.SEND, now)
    return True


def enqueue(ledger: Ledger, letter: RenderedLetter, now: datetime) -> bool:
    """Put a letter that answers no message into the outbox; False where its key is there already."""
    with ledger.writing() as session:
        # A reminder or report is written once a day: of the day, not of a mail.
        return add_letter(session, letter, None, now, cause_at=now.replace(hour=0, minute=0, second=0, microsecond=0))


def handed_over(ledger: Ledger, since: datetime, until: datetime) -> list[datetime]:
    """When letters were handed to the server in this time, those among them that a crash left in doubt, in order.

    A letter's last attempt counts, for it is noted when it begins.
    """
    in_doubt = col(LetterRow.state).in_((LetterState.SENDING, LetterState.HELD)) & (col(LetterRow.attempts) > 0)
    wanted = select(LetterRow.sent_at, LetterRow.next_at).where(
        _between(LetterRow.sent_at, since, until) | (in_doubt & _between(LetterRow.next_at, since, until))
    )
    with ledger.reading() as session:
        return sorted(sent_at or begun_at for sent_at, begun_at in session.exec(wanted))


def _between(moment: Any, since: datetime, until: datetime) -> Any:
    # What lies after ``until`` was written by a clock that has been set back since.
    return (col(moment) > since) & (col(moment) <= until)


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter that went out."""

    id: int
    octets: bytes
    sent_at: datetime


def unfiled(ledger: Ledger, since: datetime) -> list[SentLetter]:
    """The letters sent since then of which no copy was filed yet, the first first."""
    wanted = (
        select(LetterRow)
        .where(col(LetterRow.sent_at) > since, col(LetterRow.filed).is_(False))
        .order_by(col(LetterRow.id))
    )
    with ledger.reading() as session:
        return [SentLetter(row.id, row.octets, row.sent_at) for row in session.exec(wanted) if row.id and row.sent_at]


def mark_filed(ledger: Ledger, letter_id: int) -> None:
    """A copy of it lies in the mailbox."""
    with ledger.writing() as session:
        row = session.get_one(LetterRow, letter_id)
        row.filed = True
        session.add(row)


def count_due(ledger: Ledger, now: datetime, *, without_reminders: bool = False) -> int:
    """How many letters wait to be sent now."""
    wanted = select(func.count()).select_from(LetterRow).where(*_TO_BE_SENT)
    if without_reminders:
        wanted = wanted.where(_NO_REMINDER)
    with ledger.reading() as session:
        return session.exec(wanted, params=_moments(now)).one()


def coming(ledger: Ledger, now: datetime) -> datetime | None:
    """When the next of the letters that were put off is due."""
    wanted = select(func.min(LetterRow.next_at)).where(
        LetterRow.state == LetterState.QUEUED, col(LetterRow.next_at) > now
    )
    with ledger.reading() as session:
        return session.exec(wanted).one()


def has_report(ledger: Ledger, since: datetime) -> bool:
    """Whether a daily report was addressed to somebody since then."""
    wanted = select(LetterRow.id).where(LetterRow.kind == "report", col(LetterRow.created_at) >= since)
    with ledger.reading() as session:
        return session.exec(wanted.limit(1)).first() is not None


def state_of(ledger: Ledger, key: str) -> LetterState:
    """How far the letter with this key has come."""
    with ledger.reading() as session:
        state = session.exec(select(LetterRow.state).where(LetterRow.key == key)).first()
    return LetterState(state) if state else LetterState.NONE


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
