"""Personal data taken out of the ledger; how everything stood, and the counts, remain.

Of a message its digest stays, so that it is known again where it still lies in the mailbox, and its day, disposition
and village. Of a picture its hashes stay, which show nothing: a photo of last year is still met again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, delete, func, select, update

from pipeline.errors import AccessError
from pipeline.ledger import values
from pipeline.ledger.opening import Ledger, explain
from pipeline.ledger.plain import portions
from pipeline.ledger.tables import (
    BY_A_PERSON,
    FORGOTTEN,
    ActRow,
    AddressRow,
    AttachmentRow,
    ConfirmationRow,
    DecisionRow,
    EntryRow,
    FindingRow,
    LetterRow,
    MessageRow,
    PollRow,
    TestimonyRow,
    VersionRow,
)
from pipeline.model.campaign import Campaign
from pipeline.model.letter import LetterState
from pipeline.model.message import MessageState
from pipeline.model.standing import Remembered


@dataclass(frozen=True, slots=True)
class Old:
    """What may be forgotten, and what of that age may not yet."""

    before: datetime
    messages: frozenset[str]
    attachments: int
    letters: int
    unfinished: int  # not judged yet, or their answer not sent


def last_deadline(ledger: Ledger, campaign: Campaign) -> datetime:
    """When the campaign is over for every village, extensions counted."""
    with ledger.reading() as session:
        rows = session.exec(select(EntryRow.due_at).where(EntryRow.campaign == campaign.id)).all()
    return max((*rows, *(each.due_at for each in campaign.deliverables)))


def find_old(ledger: Ledger, before: datetime, *, only: Campaign | None) -> Old:
    """All that arrived before a moment; with ``only``, not what belongs to another campaign."""
    open_letters = select(LetterRow.message).where(
        col(LetterRow.message).is_not(None), col(LetterRow.state).in_((LetterState.QUEUED, LetterState.SENDING))
    )
    wanted = select(MessageRow.digest, MessageRow.state).where(
        MessageRow.received_at < before, MessageRow.state != MessageState.FORGOTTEN
    )
    if only is not None:
        others = select(VersionRow.message).where(VersionRow.campaign != only.id)
        wanted = wanted.where(col(MessageRow.digest).not_in(others))
    with ledger.reading() as session:
        waiting = frozenset(session.exec(open_letters))
        rows = session.exec(wanted).all()
        done = frozenset(digest for digest, state in rows if state == MessageState.JUDGED and digest not in waiting)
        return Old(
            before=before,
            messages=done,
            attachments=sum(_count(session, AttachmentRow, some) for some in portions(sorted(done))),
            letters=sum(_count(session, LetterRow, some) for some in portions(sorted(done))),
            unfinished=len(rows) - len(done),
        )


def forget(ledger: Ledger, old: Old) -> None:
    """Take it out for good, in one transaction; then the file is written anew, so that nothing of it is left there."""
    with ledger.writing() as session:
        if ledger.engine.dialect.name == "sqlite":
            session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
        for some in portions(sorted(old.messages)):
            _forget_messages(session, some)
        _forget_letters(session, old.before)
        session.exec(delete(AddressRow).where(col(AddressRow.since) < old.before))
        session.exec(delete(TestimonyRow).where(col(TestimonyRow.received_at) < old.before))
        session.exec(delete(ConfirmationRow).where(col(ConfirmationRow.at) < old.before))
        _forget_acts(session, old.before)
        session.exec(update(PollRow).where(col(PollRow.started_at) < old.before).values(trouble=""))
        session.exec(
            update(DecisionRow)
            .where(col(DecisionRow.effective_at) < old.before, BY_A_PERSON)
            .values(who=FORGOTTEN, why="")
        )
    _write_anew(ledger)


def _forget_messages(session: Session, digests: list[str]) -> None:
    nothing = values.dump_remembered(Remembered())
    session.exec(
        update(MessageRow)
        .where(col(MessageRow.digest).in_(digests))
        .values(
            state=MessageState.FORGOTTEN, message_id=None, sender_name="", sender_address="", subject="",
            fingerprint="", links=[], trouble="",
        )
    )  # fmt: skip
    session.exec(
        update(AttachmentRow).where(col(AttachmentRow.message).in_(digests)).values(path=[FORGOTTEN], evidence=[])
    )
    session.exec(update(FindingRow).where(col(FindingRow.message).in_(digests)).values(text=FORGOTTEN, attachment=None))
    for version in session.exec(select(VersionRow).where(col(VersionRow.message).in_(digests))):
        findings = values.load_findings(version.findings)
        bare = tuple(replace(each, message=FORGOTTEN, attachment=None) for each in findings)
        version.findings, version.remembered = values.dump_findings(bare), nothing
        session.add(version)
    blank = {"octets": b"", "recipient": "", "subject": "", "note": ""}
    session.exec(update(LetterRow).where(col(LetterRow.message).in_(digests)).values(**blank))


def _forget_letters(session: Session, before: datetime) -> None:
    """Those that answer no message. A reminder's key names a village and a day, a report's its reader."""
    old = select(LetterRow).where(
        col(LetterRow.message).is_(None),
        col(LetterRow.created_at) < before,
        col(LetterRow.state).in_((LetterState.SENT, LetterState.HELD)),
    )
    for letter in session.exec(old):
        letter.octets, letter.recipient, letter.subject, letter.note = b"", "", "", ""
        if letter.kind == "report":
            letter.key = f"report:{letter.id}"
        session.add(letter)


def _forget_acts(session: Session, before: datetime) -> None:
    """That somebody decided stays; who, why, and what the act kept of a mail do not. It can be taken back no more."""
    session.exec(update(ActRow).where(col(ActRow.at) < before).values(who=FORGOTTEN, why="", detail={}, message=None))


def _count(session: Session, table: type[AttachmentRow] | type[LetterRow], digests: list[str]) -> int:
    return session.exec(select(func.count()).select_from(table).where(col(table.message).in_(digests))).one()


def _write_anew(ledger: Ledger) -> None:
    commands = (
        ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] if ledger.engine.dialect.name == "sqlite" else ["VACUUM FULL"]
    )
    ledger.engine.dispose()  # pooled connections hold old pages
    connection = ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT", baosong_bare=True)
    try:
        for command in commands:
            connection.exec_driver_sql(command)
    except DBAPIError as error:
        raise AccessError(f"数据已删除，但数据库文件没有整理完：{explain(error)}，请稍后再运行一次") from error
    finally:
        connection.close()
