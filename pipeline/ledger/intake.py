"""Messages stored before they are understood: sightings, the waiting, attempts, and what was given up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlmodel import Session, case, col, func, select, update

from pipeline.ledger.compiled import among
from pipeline.ledger.jobs import later
from pipeline.ledger.opening import Ledger
from pipeline.ledger.plain import portions, put, put_over, run
from pipeline.ledger.tables import MessageRow, SightingRow
from pipeline.model.message import Address, Blob, Location, MessageState, RawMessage
from pipeline.model.work import Unit

# A message that failed this often is poison: it waits for a person, and stops nobody else.
ATTEMPTS = 3
_FEW = 500  # values in one query


@dataclass(frozen=True, slots=True)
class LedgerSeen:
    """What the ledger knows of one mailbox's folders; the ``Seen`` that a mailbox asks."""

    ledger: Ledger
    mailbox: str
    again: frozenset[Location] = frozenset()  # places whose message is wanted once more

    def highest_uid(self, folder: str, uidvalidity: int) -> int:
        """The highest UID stored; 0 where there is none."""
        wanted = select(func.max(SightingRow.uid_number)).where(
            SightingRow.mailbox == self.mailbox,
            SightingRow.folder == folder,
            SightingRow.uidvalidity == uidvalidity,
        )
        with self.ledger.reading() as session:
            return session.exec(wanted).one() or 0

    def unseen(self, folder: str, uidvalidity: int, uids: Sequence[str]) -> list[str]:
        """Those not stored yet, in order."""
        if not uids:
            return []
        wanted = select(SightingRow.uid).where(
            SightingRow.mailbox == self.mailbox,
            SightingRow.folder == folder,
            SightingRow.uidvalidity == uidvalidity,
        )
        if len(uids) <= _FEW:  # what a mail costs does not grow with the folder that it comes into
            wanted = wanted.where(col(SightingRow.uid).in_(uids))
        with self.ledger.reading() as session:
            known = frozenset(session.exec(wanted))
        return [
            uid for uid in uids if uid not in known or Location(self.mailbox, folder, uidvalidity, uid) in self.again
        ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored message that is not judged yet; its moment in UTC, as the ledger keeps it."""

    blob: Blob
    received_at: datetime
    attempts: int


def receive(ledger: Ledger, raw: RawMessage, now: datetime) -> bool:
    """Register a message whose octets are durable. True where it is new to us, False for one more sighting."""
    return bool(receive_all(ledger, [raw], now))


def receive_all(ledger: Ledger, arrived: Sequence[RawMessage], now: datetime) -> list[Waiting]:
    """The same for many in one transaction; those that are new to us."""
    firsts = list({raw.blob.digest: raw for raw in reversed(arrived)}.values())[::-1]  # of twins the first
    with ledger.writing() as session:
        known = {digest for (digest,) in run(session, _KNOWN, digests=[raw.blob.digest for raw in firsts])}
        new = [raw for raw in firsts if raw.blob.digest not in known]
        rows = [
            {
                "digest": raw.blob.digest,
                "size": raw.blob.size,
                "received_at": raw.received_at,
                "stored_at": now,
            }
            for raw in new
        ]
        put(session, MessageRow, rows)
        _see(session, arrived)
        if new:
            later(session, Unit.JUDGE, now)
    return [Waiting(raw.blob, raw.received_at.astimezone(UTC), 0) for raw in new]


_KNOWN = select(MessageRow.digest).where(among(col(MessageRow.digest), "digests"))
_PLACE: Final = ("mailbox", "folder", "uidvalidity", "uid")


def _see(session: Session, arrived: Sequence[RawMessage]) -> None:
    """Note where messages lie. A server that forgot its UIDs may have put another message into a place."""
    rows = {
        raw.location: {
            "mailbox": raw.location.mailbox,
            "folder": raw.location.folder,
            "uidvalidity": raw.location.uidvalidity,
            "uid": raw.location.uid,
            "uid_number": int(raw.location.uid) if raw.location.uid.isdecimal() and raw.location.uidvalidity else 0,
            "digest": raw.blob.digest,
            "size": raw.told_size,
            "arrived_at": raw.received_at,
        }
        for raw in arrived
    }
    put_over(session, SightingRow, list(rows.values()), key=_PLACE)


def mailbox_of(ledger: Ledger, digest: str) -> str | None:
    """The mailbox in which a message was seen first; None where it never was."""
    wanted = select(SightingRow.mailbox).where(SightingRow.digest == digest).order_by(col(SightingRow.id))
    with ledger.reading() as session:
        return session.exec(wanted).first()


def count_waiting(ledger: Ledger) -> int:
    """How many wait to be judged."""
    with ledger.reading() as session:
        return session.exec(select(func.count()).where(MessageRow.state == MessageState.RECEIVED)).one()


def is_waiting(ledger: Ledger, digest: str) -> bool:
    """Whether a message waits to be judged."""
    wanted = select(MessageRow.digest).where(MessageRow.digest == digest, MessageRow.state == MessageState.RECEIVED)
    with ledger.reading() as session:
        return session.exec(wanted).first() is not None


def each_waiting(ledger: Ledger) -> Iterator[Waiting]:
    """All that wait to be judged, by arrival, so that later mail is judged with earlier mail known.

    Read a few at a time as they are asked for: there may be as many as a mailbox holds. Each once, whatever becomes of
    it.
    """
    after: tuple[datetime, str] | None = None
    while some := _some_waiting(ledger, after):
        yield from some
        after = some[-1].received_at, some[-1].blob.digest


def _some_waiting(ledger: Ledger, after: tuple[datetime, str] | None) -> list[Waiting]:
    wanted = (
        select(MessageRow.digest, MessageRow.size, MessageRow.received_at, MessageRow.attempts)
        .where(MessageRow.state == MessageState.RECEIVED)
        .order_by(col(MessageRow.received_at), col(MessageRow.digest))
        .limit(_FEW)
    )
    if after is not None:
        at, digest = after
        same = (col(MessageRow.received_at) == at) & (col(MessageRow.digest) > digest)
        wanted = wanted.where((col(MessageRow.received_at) > at) | same)
    with ledger.reading() as session:
        return [Waiting(Blob(digest, size), at, attempts) for digest, size, at, attempts in session.exec(wanted)]


def begin_attempts(ledger: Ledger, digests: Sequence[str]) -> None:
    """Count an attempt before it is made, so that one that kills the program is counted too."""
    _count_attempts(ledger, digests, 1)


def withdraw_attempts(ledger: Ledger, digests: Sequence[str]) -> None:
    """Count an attempt no more: what failed was not the message's doing (a full disk), however often that lasts."""
    _count_attempts(ledger, digests, -1)


def _count_attempts(ledger: Ledger, digests: Sequence[str], change: int) -> None:
    if not digests:
        return
    changed = col(MessageRow.attempts) + change
    counted = update(MessageRow).values(attempts=case((changed < 0, 0), else_=changed))
    with ledger.writing() as session:
        for some in portions(digests):
            session.exec(counted.where(col(MessageRow.digest).in_(some)))


def fail_attempt(ledger: Ledger, digest: str, trouble: str) -> None:
    """Our own failure on a message, for the coordinator."""
    with ledger.writing() as session:
        row = session.get_one(MessageRow, digest)
        row.trouble = trouble
        session.add(row)


def quarantine(ledger: Ledger, digest: str, trouble: str, *, sender: Address, subject: str) -> None:
    """Give a message up: a person must look, and finds it by these names."""
    with ledger.writing() as session:
        row = session.get_one(MessageRow, digest)
        row.state, row.trouble = MessageState.QUARANTINED, trouble
        row.sender_name, row.sender_address, row.subject = sender.name, sender.address, subject
        session.add(row)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that our program could not deal with; a village is never told."""

    digest: str
    size: int
    received_at: datetime
    trouble: str


def quarantined(ledger: Ledger) -> list[Quarantined]:
    """All that wait for a person, by arrival."""
    wanted = (
        select(MessageRow).where(MessageRow.state == MessageState.QUARANTINED).order_by(col(MessageRow.received_at))
    )
    with ledger.reading() as session:
        return [Quarantined(row.digest, row.size, row.received_at, row.trouble) for row in session.exec(wanted)]


def release(ledger: Ledger, digest: str, now: datetime) -> None:
    """Let a quarantined message be judged once more."""
    with ledger.writing() as session:
        later(session, Unit.JUDGE, now)
        session.exec(
            update(MessageRow)
            .where(col(MessageRow.digest) == digest, col(MessageRow.state) == MessageState.QUARANTINED)
            .values(state=MessageState.RECEIVED, attempts=0)
        )


def adopt(ledger: Ledger, blob: Blob, received_at: datetime, now: datetime) -> bool:
    """Register a message of which only the octets are left; True where it is new to us."""
    with ledger.writing() as session:
        new = session.get(MessageRow, blob.digest) is None
        if new:
            session.add(MessageRow(digest=blob.digest, size=blob.size, received_at=received_at, stored_at=now))
            later(session, Unit.JUDGE, now)
        return new
