"""What came of a scratch ledger, and taken over into the real one: as further versions and lines of its history."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, delete, select

from pipeline.ledger.opening import Ledger
from pipeline.ledger.scratch import old_mails, row_values
from pipeline.ledger.tables import (
    BY_A_PERSON,
    AttachmentRow,
    DecisionRow,
    EntryRow,
    FindingRow,
    MessageRow,
    PictureRow,
    SketchRow,
    TestimonyRow,
    VersionRow,
)
from pipeline.model.campaign import Campaign
from pipeline.model.standing import State

_WHY = "按现行规则重新核对"
_KEPT = "，保留人工决定"
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
        select(DecisionRow.village, DecisionRow.deliverable, BY_A_PERSON)
        .where(DecisionRow.campaign == campaign.id)
        .order_by(col(DecisionRow.id))
    )
    with ledger.reading() as session:
        last = {(village, deliverable): human for village, deliverable, human in session.exec(wanted)}
    return frozenset(key for key, human in last.items() if human)


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
        mails = old_mails(session, campaign)
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
            session.add(kind(**row_values(each)))


def _take_entry(
    read: Session, session: Session, key: tuple[str, str, str], now: datetime, ruled: Collection[tuple[str, str]]
) -> None:
    found, entry = read.get_one(EntryRow, key), session.get_one(EntryRow, key)
    version = read.get(VersionRow, found.version) if found.version is not None else None
    taken = VersionRow(**row_values(version)) if version is not None else None
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
            session.add(kind(**row_values(row)))
    session.execute(delete(TestimonyRow).where(col(TestimonyRow.message).in_(mine)))
    for testimony in read.exec(select(TestimonyRow).where(col(TestimonyRow.message).in_(mine))):
        session.add(TestimonyRow(**row_values(testimony)))
