"""A scratch ledger beside the real one: all mail judged anew in it, and what came of that taken over.

What people did is copied into it, what verdicts made is left out. Nothing that took place is ever taken out of the
real one: a new verdict on an old mail is one more version and one more line of the history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, col, create_engine, insert, not_, select

from pipeline.errors import AccessError
from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import (
    BY_A_PERSON,
    ActRow,
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
from pipeline.model.campaign import Campaign
from pipeline.model.ledger import ActKind
from pipeline.model.message import Blob, MessageState
from pipeline.model.standing import State

_RULINGS = (ActKind.ACCEPT, ActKind.RETURN, ActKind.WAIVE)
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


@dataclass(frozen=True, slots=True)
class OldMail:
    """A message that was judged before."""

    blob: Blob
    received_at: datetime
    stored_at: datetime
    judged_at: datetime
    edition: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's decision of the past, by its number in the history."""

    number: int
    decided_at: datetime
    message: str | None  # whose delivery it is about


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
            mine = {each.blob.digest for each in old_mails(session, campaign)}
            _copy_others(session, copy, campaign, mine)
            for message in copy.exec(select(MessageRow)):
                if message.digest in mine:
                    message.state, message.attempts, message.trouble = MessageState.RECEIVED, 0, ""
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
        copy.add(PictureRow(**row_values(picture)))
    for testimony in session.exec(select(TestimonyRow)):
        if testimony.message not in mine:
            copy.add(TestimonyRow(**row_values(testimony)))


# --- what took place --------------------------------------------------------------------------------------------------


def timeline(ledger: Ledger, campaign: Campaign) -> list[OldMail | Ruling]:
    """The campaign's mail and people's decisions on it, in the order in which they came to the ledger.

    Raises AccessError where mail of it was forgotten.
    """
    with ledger.reading() as session:
        mails = old_mails(session, campaign)
        _require_all(session, campaign)
        first = _first_decisions(session, campaign)
        rulings = _rulings(session, campaign)
        again = set(session.exec(select(ActRow.message).where(ActRow.campaign == campaign.id)))

    def place(mail: OldMail) -> tuple[datetime, datetime, str]:
        """When it was first judged, which a person's act on it made later; within one round by arrival."""
        digest = mail.blob.digest
        judged_at = (
            first[digest].recorded_at if digest in first else mail.stored_at if digest in again else mail.judged_at
        )
        return judged_at, mail.received_at, digest

    places = {mail.blob.digest: place(mail)[0] for mail in mails}
    # Never before the delivery that it is about, whatever the clock of a rehearsal said.
    rulings = [
        replace(each, decided_at=max(each.decided_at, places.get(each.message or "", each.decided_at)))
        for each in rulings
    ]
    waiting = sorted(rulings, key=lambda each: (each.decided_at, each.number), reverse=True)
    took_place: list[OldMail | Ruling] = []
    for mail in sorted(mails, key=place):
        made = first.get(mail.blob.digest)
        later = (place(mail)[0], made.id or 0 if made else 0)
        while waiting and (waiting[-1].decided_at, waiting[-1].number) < later:
            took_place.append(waiting.pop())
        took_place.append(mail)
    return took_place + waiting[::-1]


def _rulings(session: Session, campaign: Campaign) -> list[Ruling]:
    """What people decided of deliverables and did not take back.

    Whose a mail's files are is no ruling of these: it is known when the mail is judged.
    """
    wanted = (
        select(DecisionRow, VersionRow, ActRow.kind)
        .join(VersionRow, col(DecisionRow.version) == col(VersionRow.id), isouter=True)
        .join(ActRow, col(DecisionRow.act) == col(ActRow.id), isouter=True)
        .where(DecisionRow.campaign == campaign.id, BY_A_PERSON)
    )
    undone = set(session.exec(select(ActRow.undoes).where(col(ActRow.undoes).is_not(None))))
    return [
        Ruling(row.id or 0, row.recorded_at, version.message if version else None)
        for row, version, kind in session.exec(wanted)
        if kind in (None, *_RULINGS) and row.act not in undone and (version is None or version.void_by is None)
    ]


def _first_decisions(session: Session, campaign: Campaign) -> dict[str, DecisionRow]:
    """Message digest -> the first line of the history that it made."""
    made = (
        select(VersionRow.message, DecisionRow)
        .join(DecisionRow, col(DecisionRow.version) == col(VersionRow.id))
        .where(VersionRow.campaign == campaign.id, not_(BY_A_PERSON))
        .order_by(col(DecisionRow.id).desc())
    )
    return dict(session.exec(made).all())


def old_mails(session: Session, campaign: Campaign) -> list[OldMail]:
    """Messages that were judged, or given up, by this campaign's rules."""
    versions = session.exec(select(VersionRow.message, VersionRow.campaign)).all()
    mine = {message for message, id_ in versions if id_ == campaign.id}
    others = {message for message, _ in versions} - mine
    return [
        OldMail(Blob(row.digest, row.size), row.received_at, row.stored_at, row.judged_at or row.stored_at, row.edition)
        for row in session.exec(
            select(MessageRow).where(col(MessageRow.state).in_((MessageState.JUDGED, MessageState.QUARANTINED)))
        )
        if (row.edition.partition(":")[0] == campaign.id if row.edition else row.digest not in others)
    ]


def _require_all(session: Session, campaign: Campaign) -> None:
    """What was forgotten cannot be judged again, and without it the rest would come out otherwise."""
    gone = (
        select(MessageRow.digest)
        .join(VersionRow, col(VersionRow.message) == col(MessageRow.digest))
        .where(VersionRow.campaign == campaign.id, MessageRow.state == MessageState.FORGOTTEN)
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


def row_values(row: SQLModel) -> dict[str, Any]:
    """A row's values without its number, which is the other ledger's."""
    return row.model_dump(exclude={"id"})
