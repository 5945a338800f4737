"""The ledger read for a person's eyes: every version of a village, the letters to it, how states changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from pipeline.ledger import values
from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import (
    BY_A_PERSON,
    AttachmentRow,
    DecisionRow,
    EntryRow,
    LetterRow,
    MessageRow,
    PictureRow,
    PollRow,
    VersionRow,
)
from pipeline.model.campaign import Campaign
from pipeline.model.ledger import Change, FiledAttachment, Version
from pipeline.model.letter import LetterState, WrittenLetter
from pipeline.model.message import Address
from pipeline.model.standing import State


def versions(ledger: Ledger, campaign: Campaign, village: str) -> list[Version]:
    """All that a village delivered, the newest first."""
    wanted = (
        select(VersionRow, MessageRow)
        .join(MessageRow, col(VersionRow.message) == col(MessageRow.digest))
        .where(VersionRow.campaign == campaign.id, VersionRow.village == village)
        .order_by(col(VersionRow.received_at).desc(), col(VersionRow.id).desc())
    )
    with ledger.reading() as session:
        in_force = set(
            session.exec(select(EntryRow.version).where(EntryRow.campaign == campaign.id, EntryRow.village == village))
        )
        rows = session.exec(wanted).all()
        files = _files(session, {version.message for version, _ in rows})
        return [
            Version(
                id=row.id or 0,
                village=row.village,
                deliverable=row.deliverable,
                message=row.message,
                sender=Address(message.sender_name, message.sender_address),
                subject=message.subject,
                received_at=row.received_at,
                state=State(row.state),
                late=row.late,
                stands=row.stands,
                in_force=row.id in in_force,
                void=row.void_by is not None,
                files=tuple(each for each in files.get(row.message, ()) if each.digest in row.attachments),
                findings=values.load_findings(row.findings),
                pictures=values.load_remembered(row.remembered).pictures,
            )
            for row, message in rows
        ]


def _files(session: Session, messages: Collection[str]) -> dict[str, list[FiledAttachment]]:
    found: dict[str, list[FiledAttachment]] = {}
    wanted = select(AttachmentRow).where(col(AttachmentRow.message).in_(messages)).order_by(col(AttachmentRow.id))
    for row in session.exec(wanted):
        found.setdefault(row.message, []).append(
            FiledAttachment(
                path=tuple(row.path),
                digest=row.digest,
                size=row.size,
                village=row.village,
                deliverable=row.deliverable,
                evidence=values.load_evidence(row.evidence),
            )
        )
    return found


def changes(ledger: Ledger, campaign: Campaign) -> list[Change]:
    """How every deliverable's state changed, in the order in which it counts."""
    wanted = (
        select(DecisionRow, BY_A_PERSON)
        .where(DecisionRow.campaign == campaign.id)
        .order_by(col(DecisionRow.effective_at), col(DecisionRow.id))
    )
    with ledger.reading() as session:
        return [
            Change(row.village, row.deliverable, row.effective_at, State(row.state), row.who if human else "")
            for row, human in session.exec(wanted)
        ]


def letters_to(ledger: Ledger, campaign: Campaign, village: str) -> list[WrittenLetter]:
    """The answers to a village's mails, and its reminders and notices, the newest first."""
    mails = select(VersionRow.message).where(VersionRow.campaign == campaign.id, VersionRow.village == village)
    own = select(MessageRow.digest).where(MessageRow.village == village)
    wanted = (
        select(LetterRow)
        .where(
            col(LetterRow.message).in_(mails)
            | col(LetterRow.message).in_(own)
            | col(LetterRow.key).startswith(f"reminder:{campaign.id}:{village}:", autoescape=True)
            | col(LetterRow.key).startswith(f"notice:{campaign.id}:{village}:", autoescape=True)
        )
        .order_by(col(LetterRow.id).desc())
    )
    with ledger.reading() as session:
        return [_letter(row) for row in session.exec(wanted)]


def letters_about(ledger: Ledger, digest: str) -> list[WrittenLetter]:
    """The letters that answer one mail, the newest first."""
    wanted = select(LetterRow).where(LetterRow.message == digest).order_by(col(LetterRow.id).desc())
    with ledger.reading() as session:
        return [_letter(row) for row in session.exec(wanted)]


def _letter(row: LetterRow) -> WrittenLetter:
    return WrittenLetter(
        id=row.id or 0,
        kind=row.kind,
        recipient=row.recipient,
        subject=row.subject,
        state=LetterState(row.state),
        created_at=row.created_at,
        sent_at=row.sent_at,
        note=row.note,
        message=row.message,
        octets=row.octets,
    )


def find_file(ledger: Ledger, message: str, ordinal: int) -> tuple[str, str] | None:
    """Digest and name, as its sender wrote it, of a mail's file; None where there is none."""
    wanted = select(AttachmentRow).where(AttachmentRow.message == message, AttachmentRow.ordinal == ordinal)
    with ledger.reading() as session:
        row = session.exec(wanted).first()
        return (row.digest, row.path[-1]) if row else None


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture that counts, as the ledger knows it again."""

    campaign: str
    village: str
    deliverable: str
    digest: str
    likeness: int
    look: str


def pictures(ledger: Ledger) -> list[KeptPicture]:
    """Every picture that counts."""
    with ledger.reading() as session:
        return [
            KeptPicture(row.campaign, row.village, row.deliverable, row.digest, int(row.likeness, 16), row.look)
            for row in session.exec(select(PictureRow).order_by(col(PictureRow.id)))
        ]


def knows_file(ledger: Ledger, digest: str) -> bool:
    """Whether these octets came as a file of some mail."""
    with ledger.reading() as session:
        return session.exec(select(AttachmentRow.id).where(AttachmentRow.digest == digest)).first() is not None


def last_poll(ledger: Ledger) -> tuple[datetime, str] | None:
    """When the last round ended, and its trouble; None where none has ended yet."""
    wanted = select(PollRow).where(col(PollRow.finished_at).is_not(None)).order_by(col(PollRow.id).desc())
    with ledger.reading() as session:
        row = session.exec(wanted).first()
        return (row.finished_at, row.trouble) if row and row.finished_at else None
