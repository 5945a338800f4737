"""The ledger read: how everything stands, now or at an earlier moment, and what became of each message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import text
from sqlmodel import col, select

from pipeline.ledger import values
from pipeline.ledger.opening import Ledger
from pipeline.ledger.standing import read_standings, select_standings, write_moment
from pipeline.ledger.tables import (
    AttachmentRow,
    DecisionRow,
    FindingRow,
    LetterRow,
    MessageRow,
    QuarantineRow,
    VersionRow,
)
from pipeline.model import (
    Address,
    Audience,
    Blob,
    Campaign,
    Disposition,
    FiledAttachment,
    FiledDelivery,
    Finding,
    JudgedMessage,
    LetterState,
    Reason,
    Remembered,
    Reply,
    Severity,
    Standing,
    State,
)

Row = TypeVar("Row", AttachmentRow, FindingRow, VersionRow)


def standings(ledger: Ledger, campaign: Campaign, as_of: datetime, village: str | None = None) -> list[Standing]:
    """Every village × deliverable as it stood at a moment, in the order of register and campaign; of one village alone
    where it is named.

    What arrived by then counts, even where it was judged later.
    """
    moment = write_moment(as_of, sqlite=ledger.engine.dialect.name == "sqlite")
    with ledger.reading() as session:
        connection = session.connection()
        rows = select_standings(lambda sql, values: connection.execute(text(sql), values), campaign.id, moment, village)
        return list(read_standings(rows, [each.id for each in campaign.deliverables], as_of))


def remembered(ledger: Ledger, campaign: Campaign, as_of: datetime) -> dict[tuple[str, str], tuple[int, Remembered]]:
    """Of each village and deliverable id, the delivery in force at a moment: its number among the village's deliveries
    of it, from 1, and what is remembered of it. Nothing where none is in force.
    """
    decided = (
        select(DecisionRow.village, DecisionRow.deliverable, DecisionRow.version)
        .where(DecisionRow.campaign == campaign.id, DecisionRow.effective_at <= as_of)
        .order_by(col(DecisionRow.effective_at), col(DecisionRow.id))
    )
    with ledger.reading() as session:
        last = {(village, deliverable): version for village, deliverable, version in session.exec(decided)}
        rows = session.exec(
            select(VersionRow).where(VersionRow.campaign == campaign.id).order_by(col(VersionRow.id))
        ).all()
    deliveries: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)  # message -> its number
    found: dict[tuple[str, str], tuple[int, Remembered]] = {}
    for row in rows:
        key = row.village, row.deliverable
        number = deliveries[key].setdefault(row.message, len(deliveries[key]) + 1)
        if last.get(key) == row.id:
            found[key] = number, values.load_remembered(row.remembered)
    return found


def messages(
    ledger: Ledger, *, since: datetime | None = None, until: datetime | None = None, deliveries: bool = False
) -> list[JudgedMessage]:
    """What became of each message that arrived in this time, by arrival; ``deliveries``: what was read in it too."""
    wanted = select(MessageRow).order_by(col(MessageRow.received_at), col(MessageRow.digest))
    if since is not None:
        wanted = wanted.where(MessageRow.received_at > since)
    if until is not None:
        wanted = wanted.where(MessageRow.received_at <= until)
    with ledger.reading() as session:
        rows = session.exec(wanted).all()
        hostile = frozenset(session.exec(select(QuarantineRow.digest)))
        digests = [row.digest for row in rows]
        attachments = _by_message(session.exec(select(AttachmentRow).order_by(col(AttachmentRow.id))), digests)
        findings = _by_message(session.exec(select(FindingRow).order_by(col(FindingRow.id))), digests)
        letters = {
            letter.message: letter
            for letter in session.exec(select(LetterRow).where(LetterRow.kind == "reply").order_by(col(LetterRow.id)))
        }
        versions = session.exec(select(VersionRow).order_by(col(VersionRow.id))) if deliveries else ()
        delivered = _by_message(versions, digests)
    return [
        replace(
            _message(row, attachments[row.digest], findings[row.digest], letters.get(row.digest), hostile),
            deliveries=tuple(map(_delivery, delivered[row.digest])),
        )
        for row in rows
    ]


def _delivery(row: VersionRow) -> FiledDelivery:
    remembered = values.load_remembered(row.remembered)
    return FiledDelivery(row.village, row.deliverable, State(row.state), row.late, row.stands, remembered)


def kept_messages(ledger: Ledger) -> list[tuple[Blob, datetime]]:
    """All messages whose octets are kept, with their arrival."""
    wanted = select(MessageRow).where(MessageRow.state != "forgotten")
    with ledger.reading() as session:
        return [(Blob(row.digest, row.size), row.received_at) for row in session.exec(wanted)]


def _by_message(rows: Iterable[Row], digests: Sequence[str]) -> defaultdict[str, list[Row]]:
    wanted = frozenset(digests)
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.message in wanted:
            found[row.message].append(row)
    return found


def _message(
    row: MessageRow,
    attachments: Iterable[AttachmentRow],
    findings: Iterable[FindingRow],
    letter: LetterRow | None,
    hostile: frozenset[str],
) -> JudgedMessage:
    no_reply = Reason(row.no_reply) if row.no_reply else None
    if letter is None:
        reply = Reply(LetterState.NONE, reason=no_reply)
    else:
        reply = Reply(LetterState(letter.state), letter.recipient, letter.message_id, note=letter.note)
    return JudgedMessage(
        digest=row.digest,
        message_id=row.message_id,
        sender=Address(row.sender_name, row.sender_address),
        subject=row.subject,
        received_at=row.received_at,
        disposition=Disposition(row.disposition) if row.disposition else None,
        reason=Reason(row.reason) if row.reason else None,
        village=row.village,
        attachments=tuple(
            FiledAttachment(
                path=tuple(each.path),
                digest=each.digest,
                size=each.size,
                village=each.village,
                deliverable=each.deliverable,
                evidence=values.load_evidence(each.evidence),
                quarantined=each.digest in hostile,
            )
            for each in attachments
        ),
        links=values.load_links(row.links),
        findings=tuple(
            Finding(
                code=each.code,
                severity=Severity(each.severity),
                audience=Audience(each.audience),
                message=each.text,
                village=each.village,
                deliverable=each.deliverable,
                attachment=each.attachment,
                where=each.place,
            )
            for each in findings
        ),
        reply=reply,
        trouble=row.trouble,
        quarantined=row.state == "quarantined",
    )
