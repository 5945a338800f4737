"""The ledger read: how everything stands, now or at an earlier moment, and what became of each message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Select, func, text
from sqlalchemy import select as rows_of
from sqlalchemy.orm import defer
from sqlmodel import Session, SQLModel, col, select

from pipeline.ledger import values
from pipeline.ledger.opening import Ledger
from pipeline.ledger.plain import portions
from pipeline.ledger.standing import earlier_standings, read_standings, select_standings, write_moment
from pipeline.ledger.tables import (
    AttachmentRow,
    DecisionRow,
    FindingRow,
    LetterRow,
    MessageRow,
    QuarantineRow,
    VersionRow,
)
from pipeline.model.campaign import Campaign
from pipeline.model.finding import Audience, Finding, Severity
from pipeline.model.ledger import FiledAttachment, FiledDelivery, JudgedMessage
from pipeline.model.letter import LetterState, Reply
from pipeline.model.message import Address, Blob, MessageState, Reason
from pipeline.model.standing import Remembered, Standing, State
from pipeline.model.verdict import Disposition

_WITHOUT_OCTETS = defer(LetterRow.octets)  # type: ignore[arg-type]  # a mapped attribute, to SQLModel a value

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


def standings_before(
    ledger: Ledger, campaign: Campaign, standings: Sequence[Standing], now: datetime, as_of: datetime
) -> list[Standing]:
    """As these standings of now stood at an earlier moment: what :func:`standings` tells of it, at the cost of what was
    decided since."""
    sqlite = ledger.engine.dialect.name == "sqlite"
    moments = {"now": write_moment(now, sqlite=sqlite), "as_of": write_moment(as_of, sqlite=sqlite)}
    with ledger.reading() as session:
        connection = session.connection()
        return earlier_standings(
            lambda sql, values: connection.execute(text(sql), values), campaign.id, standings, moments, as_of
        )


def remembered(ledger: Ledger, campaign: Campaign, as_of: datetime) -> dict[tuple[str, str], tuple[int, Remembered]]:
    """Of each village and deliverable id, the delivery in force at a moment: its number among the village's deliveries
    of it, from 1, and what is remembered of it. Nothing where none is in force.
    """
    found = in_force(ledger, campaign, as_of)
    kept = recollections(ledger, [id_ for _, id_ in found.values()])
    return {key: (number, kept[id_]) for key, (number, id_) in found.items()}


def in_force(ledger: Ledger, campaign: Campaign, as_of: datetime) -> dict[tuple[str, str], tuple[int, int]]:
    """As :func:`remembered`, with the delivery's id in place of what is remembered of it."""
    decided = (
        select(
            col(DecisionRow.version),
            func.row_number()
            .over(
                partition_by=(col(DecisionRow.village), col(DecisionRow.deliverable)),
                order_by=(col(DecisionRow.effective_at).desc(), col(DecisionRow.id).desc()),
            )
            .label("place"),
        )
        .where(DecisionRow.campaign == campaign.id, DecisionRow.effective_at <= as_of)
        .subquery()
    )
    chosen = select(decided.c.version).where(decided.c.place == 1)
    all_of_them = (
        select(VersionRow.id, VersionRow.village, VersionRow.deliverable, VersionRow.message)
        .where(VersionRow.campaign == campaign.id)
        .order_by(col(VersionRow.id))
    )
    deliveries: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)  # message -> its number
    found: dict[tuple[str, str], tuple[int, int]] = {}
    with ledger.reading() as session:
        kept = frozenset(session.exec(chosen))
        for id_, village, deliverable, message in session.exec(all_of_them):
            key = village, deliverable
            number = deliveries[key].setdefault(message, len(deliveries[key]) + 1)
            if id_ in kept:
                found[key] = number, id_ or 0
    return found


def recollections(ledger: Ledger, ids: Sequence[int]) -> dict[int, Remembered]:
    """What is remembered of these deliveries, by their ids."""
    found: dict[int, Remembered] = {}
    with ledger.reading() as session:
        for some in portions(ids):
            wanted = rows_of(col(VersionRow.id), col(VersionRow.remembered)).where(col(VersionRow.id).in_(some))
            found.update((id_, values.load_remembered(kept)) for id_, kept in session.connection().execute(wanted))
    return found


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as a mail brought it."""

    village: str | None
    path: tuple[str, ...]
    received_at: datetime
    sender: str
    subject: str


def brought(ledger: Ledger, until: datetime) -> dict[str, list[Brought]]:
    """File digest -> the mails that arrived by then and brought it, by arrival."""
    columns: tuple[Any, ...] = (AttachmentRow.digest, AttachmentRow.village, AttachmentRow.path)
    columns += (MessageRow.received_at, MessageRow.sender_address, MessageRow.subject)
    wanted = (
        rows_of(*columns)
        .join_from(AttachmentRow, MessageRow, col(AttachmentRow.message) == col(MessageRow.digest))
        .where(col(MessageRow.received_at) <= until)
        .order_by(col(MessageRow.received_at), col(MessageRow.digest), col(AttachmentRow.id))
    )
    found: defaultdict[str, list[Brought]] = defaultdict(list)
    with ledger.reading() as session:
        for digest, village, path, *rest in session.connection().execute(wanted):
            found[digest].append(Brought(village, tuple(path), *rest))
    return found


def messages(
    ledger: Ledger, *, since: datetime | None = None, until: datetime | None = None, deliveries: bool = False
) -> list[JudgedMessage]:
    """What became of each message that arrived in this time, by arrival; ``deliveries``: what was read in it too."""
    span: list[Any] = [MessageRow.received_at > since] if since is not None else []
    span += [MessageRow.received_at <= until] if until is not None else []
    wanted = _columns(MessageRow).where(*span).order_by(col(MessageRow.received_at), col(MessageRow.digest))
    with ledger.reading() as session:
        rows = [cast(MessageRow, row) for row in session.connection().execute(wanted)]
        hostile = frozenset(session.exec(select(QuarantineRow.digest)))
        attachments = _by_message(session, AttachmentRow, span)
        findings = _by_message(session, FindingRow, span)
        replies = (
            select(LetterRow)
            .options(_WITHOUT_OCTETS)  # which may be more than all the rest of the ledger
            .join(MessageRow, col(LetterRow.message) == col(MessageRow.digest))
            .where(LetterRow.kind == "reply", *span)
            .order_by(col(LetterRow.id))
        )
        letters = {
            each.message: Reply(LetterState(each.state), each.recipient, each.message_id, note=each.note)
            for each in session.exec(replies)
        }
        delivered = _by_message(session, VersionRow, span) if deliveries else {}
    return [
        _message(
            row,
            attachments.get(row.digest, ()),
            findings.get(row.digest, ()),
            letters.get(row.digest),
            tuple(map(_delivery, delivered.get(row.digest, ()))),
            hostile,
        )
        for row in rows
    ]


def _delivery(row: VersionRow) -> FiledDelivery:
    remembered = values.load_remembered(row.remembered)
    return FiledDelivery(row.village, row.deliverable, State(row.state), row.late, row.stands, remembered)


def kept_messages(ledger: Ledger) -> list[tuple[Blob, datetime]]:
    """All messages whose octets are kept, each with its moment of arrival."""
    wanted = select(MessageRow).where(MessageRow.state != MessageState.FORGOTTEN)
    with ledger.reading() as session:
        return [(Blob(row.digest, row.size), row.received_at) for row in session.exec(wanted)]


def _by_message(session: Session, table: type[Row], span: Sequence[Any]) -> defaultdict[str, list[Row]]:
    """The rows of the messages that arrived in this time, in their order."""
    wanted = _columns(table)
    if span:
        wanted = wanted.join(MessageRow, col(table.message) == col(MessageRow.digest)).where(*span)
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in session.connection().execute(wanted.order_by(col(table.id))):
        found[row.message].append(cast(Row, row))
    return found


def _columns(table: type[SQLModel]) -> Select[Any]:
    """A row's columns by their names: to make an object of each takes longer than to read them."""
    return rows_of(*SQLModel.metadata.tables[str(table.__tablename__)].c)


def _message(
    row: MessageRow,
    attachments: Iterable[AttachmentRow],
    findings: Iterable[FindingRow],
    reply: Reply | None,
    deliveries: tuple[FiledDelivery, ...],
    hostile: frozenset[str],
) -> JudgedMessage:
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
        deliveries=deliveries,
        reply=reply or Reply(LetterState.NONE, reason=Reason(row.no_reply) if row.no_reply else None),
        trouble=row.trouble,
        quarantined=row.state == MessageState.QUARANTINED,
    )
