"""A scratch ledger beside the real one: all mail judged anew in it, and what came of that taken over.

What people did is copied into it, what verdicts made is left out. Nothing that took place is ever taken out of the
real one: a new verdict on an old mail is one more version and one more line of the history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, col, create_engine, delete, insert, select

from pipeline.errors import AccessError
from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import (
    AttachmentRow,
    DecisionRow,
    EntryRow,
    FindingRow,
    LetterRow,
    MessageRow,
    PictureRow,
    PollRow,
    SightingRow,
    SketchRow,
    TestimonyRow,
    VersionRow,
)
from pipeline.model import Blob, Campaign, State

BY_RULES = "baosong"  # who decided, where no person did
_WHY = "按现行规则重新核对"
_KEPT = "，保留人工决定"
_NOTHING = (State.MISSING, State.NOT_DUE)
# Made by verdicts (and so made anew), or of no account to a judge.
_LEFT_OUT = frozenset(
    table.__tablename__
    for table in (
        AttachmentRow,
        DecisionRow,
        FindingRow,
        LetterRow,
        PictureRow,
        PollRow,
        SightingRow,
        SketchRow,
        TestimonyRow,
        VersionRow,
    )
)
# What a verdict says of a message, as the rows hold it.
_SAID = (
    "state",
    "trouble",
    "message_id",
    "sender_name",
    "sender_address",
    "subject",
    "fingerprint",
    "disposition",
    "reason",
    "village",
    "links",
)


@dataclass(frozen=True, slots=True)
class OldMail:
    """A message that was judged before."""

    blob: Blob
    received_at: datetime
    judged_at: datetime
    edition: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's decision of the past, by its number in the history."""

    number: int
    decided_at: datetime


@contextmanager
def open_scratch(ledger: Ledger, campaign: Campaign, folder: Path) -> Iterator[Ledger]:
    """A ledger in this folder as if no mail of the campaign had been judged yet; gone when the block ends."""
    engine = create_engine(f"sqlite:///{(folder / 'scratch.db').as_posix()}")
    SQLModel.metadata.create_all(engine)
    scratch = Ledger(engine)
    try:
        with ledger.reading() as session, scratch.writing() as copy:
            copy.connection().exec_driver_sql("PRAGMA synchronous = OFF")
            for table in SQLModel.metadata.sorted_tables:
                if table.name not in _LEFT_OUT and (rows := session.execute(table.select()).mappings().all()):
                    copy.execute(insert(table), [dict(row) for row in rows])
            mine = {each.blob.digest for each in _old_mails(session, campaign)}
            _copy_others(session, copy, campaign, mine)
            for message in copy.exec(select(MessageRow)):
                if message.digest in mine:
                    message.state, message.attempts, message.trouble = "received", 0, ""
                    message.message_id, message.fingerprint, message.disposition = None, "", None
                    copy.add(message)
            for entry in copy.exec(select(EntryRow).where(EntryRow.campaign == campaign.id)):
                entry.state, entry.late, entry.received_at, entry.version = None, False, None, None
                copy.add(entry)
        yield scratch
    finally:
        engine.dispose()


def _copy_others(session: Session, copy: Session, campaign: Campaign, mine: Collection[str]) -> None:
    """What the mail of other campaigns left behind."""
    for picture in session.exec(select(PictureRow).where(PictureRow.campaign != campaign.id)):
        copy.add(PictureRow(**_values(picture)))
    for testimony in session.exec(select(TestimonyRow)):
        if testimony.message not in mine:
            copy.add(TestimonyRow(**_values(testimony)))


# --- what took place --------------------------------------------------------------------------------------------------


def timeline(ledger: Ledger, campaign: Campaign) -> list[OldMail | Ruling]:
    """The campaign's mail and people's decisions on it, in the order in which they came to the ledger.

    Raises AccessError where mail of it was forgotten.
    """
    with ledger.reading() as session:
        mails = _old_mails(session, campaign)
        _require_all(session, campaign)
        decided = session.exec(select(DecisionRow).where(DecisionRow.campaign == campaign.id)).all()
        first = _first_decisions(session, campaign)
        judged = dict(session.exec(select(VersionRow.id, MessageRow.judged_at).join(MessageRow)).all())
    rulings = [
        # Never before the delivery that it is about, whatever the clock of a rehearsal said.
        Ruling(row.id or 0, max(row.recorded_at, judged.get(row.version) or row.recorded_at))
        for row in decided
        if row.who != BY_RULES
    ]
    took_place: list[OldMail | Ruling] = []
    waiting = sorted(rulings, key=lambda each: (each.decided_at, each.number), reverse=True)
    # Within one round mail is judged by arrival.
    for mail in sorted(mails, key=lambda each: (each.judged_at, each.received_at, each.blob.digest)):
        later = (mail.judged_at, first.get(mail.blob.digest, 0))
        while waiting and (waiting[-1].decided_at, waiting[-1].number) < later:
            took_place.append(waiting.pop())
        took_place.append(mail)
    return took_place + waiting[::-1]


def _first_decisions(session: Session, campaign: Campaign) -> dict[str, int]:
    """Message digest -> the number of the first line of the history that it made."""
    made = (
        select(VersionRow.message, DecisionRow.id)
        .join(DecisionRow, col(DecisionRow.version) == col(VersionRow.id))
        .where(VersionRow.campaign == campaign.id, DecisionRow.who == BY_RULES)
        .order_by(col(DecisionRow.id).desc())
    )
    return {message: number or 0 for message, number in session.exec(made)}


def _old_mails(session: Session, campaign: Campaign) -> list[OldMail]:
    """Messages that were judged, or given up, by this campaign's rules."""
    versions = session.exec(select(VersionRow.message, VersionRow.campaign)).all()
    mine = {message for message, id_ in versions if id_ == campaign.id}
    others = {message for message, _ in versions} - mine
    return [
        OldMail(Blob(row.digest, row.size), row.received_at, row.judged_at or row.stored_at, row.edition)
        for row in session.exec(select(MessageRow).where(col(MessageRow.state).in_(("judged", "quarantined"))))
        if (row.edition.partition(":")[0] == campaign.id if row.edition else row.digest not in others)
    ]


def _require_all(session: Session, campaign: Campaign) -> None:
    """What was forgotten cannot be judged again, and without it the rest would come out otherwise."""
    gone = (
        select(MessageRow.digest)
        .join(VersionRow, col(VersionRow.message) == col(MessageRow.digest))
        .where(VersionRow.campaign == campaign.id, MessageRow.state == "forgotten")
    )
    if session.exec(gone).first() is not None:
        raise AccessError("这次活动的来件已用 baosong forget 删除，不能再重新核对；台账结果仍然保留")


def repeat(ledger: Ledger, scratch: Ledger, ruling: Ruling) -> None:
    """Let a person's decision hold in the scratch ledger too, on the version that it was about."""
    with ledger.reading() as session:
        row = session.get_one(DecisionRow, ruling.number)
        version = session.get(VersionRow, row.version) if row.version is not None else None
    with scratch.writing() as session:
        entry = session.get(EntryRow, (row.campaign, row.village, row.deliverable))
        if entry is None:
            return
        meant = _version_of(session, version) if version is not None else None
        entry.state = None if row.state in _NOTHING else row.state
        if meant is not None:
            entry.version, entry.received_at, entry.late = meant.id, meant.received_at, meant.late
        session.add(entry)
        session.add(
            DecisionRow(
                **row.model_dump(exclude={"id", "version", "late", "received_at"}),
                version=entry.version,
                late=entry.late,
                received_at=entry.received_at,
            )
        )


def _version_of(session: Session, version: VersionRow) -> VersionRow | None:
    """The same message's delivery of the same deliverable, as it is understood here."""
    wanted = select(VersionRow).where(
        VersionRow.campaign == version.campaign,
        VersionRow.village == version.village,
        VersionRow.deliverable == version.deliverable,
        VersionRow.message == version.message,
    )
    return session.exec(wanted.order_by(col(VersionRow.id).desc())).first()


# --- what came of it --------------------------------------------------------------------------------------------------


def in_force(ledger: Ledger, campaign: Campaign) -> dict[tuple[str, str], str]:
    """Of each village and deliverable id, the digest of the message whose version is in force."""
    wanted = (
        select(EntryRow.village, EntryRow.deliverable, VersionRow.message)
        .join(VersionRow, col(EntryRow.version) == col(VersionRow.id))
        .where(EntryRow.campaign == campaign.id)
    )
    with ledger.reading() as session:
        return {(village, deliverable): message for village, deliverable, message in session.exec(wanted)}


def ruled(ledger: Ledger, campaign: Campaign) -> frozenset[tuple[str, str]]:
    """The villages and deliverable ids on which the last word is a person's."""
    wanted = (
        select(DecisionRow.village, DecisionRow.deliverable, DecisionRow.who)
        .where(DecisionRow.campaign == campaign.id)
        .order_by(col(DecisionRow.id))
    )
    with ledger.reading() as session:
        last = {(village, deliverable): who for village, deliverable, who in session.exec(wanted)}
    return frozenset(key for key, who in last.items() if who != BY_RULES)


# --- taking over ------------------------------------------------------------------------------------------------------


def take_over(
    ledger: Ledger,
    scratch: Ledger,
    campaign: Campaign,
    *,
    entries: Collection[tuple[str, str]],
    messages: Collection[str],
    edition: str,
    now: datetime,
) -> None:
    """Let the real ledger say what the scratch ledger says, in one transaction.

    ``entries`` are those (village, deliverable id) and ``messages`` those (digest) that came out otherwise.
    """
    kept = ruled(scratch, campaign)
    with scratch.reading() as read, ledger.writing() as session:
        mails = _old_mails(session, campaign)
        for old in mails:
            row = session.get_one(MessageRow, old.blob.digest)
            row.edition = edition
            if row.digest in messages:
                _take_message(read, session, row, now)
            session.add(row)
        for village, deliverable in sorted(entries):
            _take_entry(read, session, (campaign.id, village, deliverable), now, kept)
        _take_memory(read, session, campaign, [each.blob.digest for each in mails])


def _take_message(read: Session, session: Session, row: MessageRow, now: datetime) -> None:
    found = read.get_one(MessageRow, row.digest)
    for name in _SAID:
        setattr(row, name, getattr(found, name))
    row.judged_at = row.judged_at or now
    for kind in (AttachmentRow, FindingRow):
        session.execute(delete(kind).where(col(kind.message) == row.digest))
        for each in read.exec(select(kind).where(kind.message == row.digest).order_by(col(kind.id))):
            session.add(kind(**_values(each)))


def _take_entry(
    read: Session, session: Session, key: tuple[str, str, str], now: datetime, ruled: Collection[tuple[str, str]]
) -> None:
    found, entry = read.get_one(EntryRow, key), session.get_one(EntryRow, key)
    version = read.get(VersionRow, found.version) if found.version is not None else None
    taken = VersionRow(**_values(version)) if version is not None else None
    if taken is not None:
        session.add(taken)
        session.flush()
    entry.state, entry.late, entry.received_at = found.state, found.late, found.received_at
    entry.version = taken.id if taken is not None else None
    session.add(entry)
    campaign, village, deliverable = key
    session.add(
        DecisionRow(
            campaign=campaign,
            village=village,
            deliverable=deliverable,
            effective_at=now,
            recorded_at=now,
            state=entry.state or State.MISSING,
            late=entry.late,
            received_at=entry.received_at,
            version=entry.version,
            why=_WHY + (_KEPT if (village, deliverable) in ruled else ""),
        )
    )


def _take_memory(read: Session, session: Session, campaign: Campaign, mine: Collection[str]) -> None:
    """What later mail is compared with: pictures, texts, and who wrote for which village."""
    for kind in (PictureRow, SketchRow):
        session.execute(delete(kind).where(col(kind.campaign) == campaign.id))
        for row in read.exec(select(kind).where(kind.campaign == campaign.id)):
            session.add(kind(**_values(row)))
    session.execute(delete(TestimonyRow).where(col(TestimonyRow.message).in_(mine)))
    for testimony in read.exec(select(TestimonyRow).where(col(TestimonyRow.message).in_(mine))):
        session.add(TestimonyRow(**_values(testimony)))


def _values(row: SQLModel) -> dict[str, Any]:
    """A row's values without its number, which is the other ledger's."""
    return row.model_dump(exclude={"id"})
