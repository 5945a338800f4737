"""A verdict recorded: ledger, history and answer in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, func, select, update

from pipeline.ledger import addresses, encounters, letters, quarantine, values
from pipeline.ledger.opening import Ledger
from pipeline.ledger.plain import change, put, put_one, run
from pipeline.ledger.tables import (
    PROGRAM,
    AttachmentRow,
    DecisionRow,
    EntryRow,
    FindingRow,
    MessageRow,
    VersionRow,
)
from pipeline.model.campaign import Campaign
from pipeline.model.letter import Bounce, RenderedLetter
from pipeline.model.message import Message, MessageState, Reason
from pipeline.model.verdict import Outcome, Verdict


def record(
    ledger: Ledger,
    verdict: Verdict,
    letter: RenderedLetter | None,
    no_reply: Reason | None,
    campaign: Campaign,
    now: datetime,
    bounce: Bounce | None = None,
    settled: Verdict | None = None,
    *,
    edition: str = "",
) -> None:
    """The verdict, the ledger's change and the answer, in one transaction; once for each message, ever.

    ``bounce``: what the message says of our own letters, where it is one. ``settled``: the verdict on an earlier mail
    that this one tells us whose it is; it takes the place of what was thought of that mail. ``edition``: of the rules
    it was judged by.
    """
    with ledger.writing() as session:
        digest = verdict.message.blob.digest
        if not change(session, _UPDATE_MESSAGE, of=digest, edition=edition, **message_values(verdict, no_reply, now)):
            return
        letters.confirm(session, {*verdict.message.in_reply_to, *verdict.message.references, *_returned(bounce)})
        addresses.revive(session, verdict.message.sender.address, verdict.message.received_at)
        addresses.add_testimony(session, verdict)
        if bounce is not None:
            addresses.add_bounce(session, bounce, digest, verdict.message.received_at)
        add_results(session, digest, verdict)
        quarantine.add_hostile(session, verdict, now)
        if settled is not None:
            _settle(session, settled, campaign, now, verdict.message.received_at)
        for outcome in verdict.outcomes:
            if not outcome.unchanged:
                add_version(session, outcome, verdict.message, campaign, now)
        if letter is not None:
            letters.add_letter(session, letter, digest, now, cause_at=verdict.message.received_at)


def _returned(bounce: Bounce | None) -> tuple[str, ...]:
    return bounce.letters if bounce is not None else ()


_UPDATE_MESSAGE = update(MessageRow).where(
    col(MessageRow.digest) == bindparam("of"), col(MessageRow.state) != MessageState.JUDGED
)


def message_values(verdict: Verdict, no_reply: str | None, now: datetime) -> dict[str, Any]:
    """The message's row as the verdict has it, by column."""
    message = verdict.message
    return {
        "state": MessageState.JUDGED,
        "judged_at": now,
        "trouble": "",
        "message_id": message.message_id,
        "sender_name": message.sender.name,
        "sender_address": message.sender.address,
        "subject": message.subject,
        "fingerprint": message.fingerprint,
        "disposition": verdict.disposition,
        "reason": verdict.reason,
        "no_reply": no_reply,
        "village": verdict.village,
        "links": values.dump_links(verdict.links),
    }


def add_results(session: Session, digest: str, verdict: Verdict) -> None:
    """The message's files, each with where it belongs, and all findings."""
    files = [
        {
            "message": digest,
            "ordinal": ordinal,
            "path": list(filing.attachment.path),
            "digest": filing.attachment.blob.digest,
            "size": filing.attachment.blob.size,
            "village": filing.village,
            "deliverable": filing.deliverable,
            "evidence": values.dump_evidence(filing.evidence),
        }
        for ordinal, filing in enumerate(verdict.filings)
    ]
    findings = [
        {
            "message": digest,
            "code": finding.code,
            "severity": finding.severity,
            "audience": finding.audience,
            "village": finding.village,
            "deliverable": finding.deliverable,
            "attachment": finding.attachment,
            "place": finding.where,
            "text": finding.message,
        }
        for finding in verdict.findings
    ]
    put(session, AttachmentRow, files)
    put(session, FindingRow, findings)


def _settle(session: Session, verdict: Verdict, campaign: Campaign, now: datetime, decided_at: datetime) -> None:
    """An earlier mail whose village is known by now. It keeps its own moment of arrival, and its answer."""
    row = session.get_one(MessageRow, verdict.message.blob.digest)
    row.disposition, row.village = verdict.disposition, verdict.village
    row.links = values.dump_links(verdict.links)
    session.add(row)
    for table in (AttachmentRow, FindingRow):
        session.exec(delete(table).where(col(table.message) == row.digest))
    add_results(session, row.digest, verdict)
    for outcome in verdict.outcomes:
        if not outcome.unchanged:
            add_version(session, outcome, verdict.message, campaign, now, decided_at=decided_at)


def add_version(
    session: Session,
    outcome: Outcome,
    message: Message,
    campaign: Campaign,
    now: datetime,
    *,
    act: int | None = None,
    who: str = PROGRAM,
    why: str = "",
    decided_at: datetime | None = None,
) -> None:
    """What the mail brought, and where it stands the entry's new state.

    It counts from the mail's arrival, or ``decided_at`` where a later mail told whose it is; where a person had it
    judged again, or decided in between, from that moment.
    """
    number = put_one(
        session,
        VersionRow,
        campaign=campaign.id,
        village=outcome.village,
        deliverable=outcome.deliverable,
        message=message.blob.digest,
        received_at=message.received_at,
        state=outcome.state,
        late=outcome.late,
        stands=outcome.stands,
        attachments=list(outcome.attachments),
        findings=values.dump_findings(outcome.findings),
        remembered=values.dump_remembered(outcome.remembered),
        act=act,
    )
    encounters.keep_pictures(session, outcome.remembered.pictures, campaign.id, outcome.village, outcome.deliverable)
    if not outcome.stands:
        return
    encounters.keep_text(session, outcome, campaign.id)
    change(
        session,
        _UPDATE_ENTRY,
        **{"in": campaign.id, "of": outcome.village, "what": outcome.deliverable},
        state=outcome.state,
        late=outcome.late,
        received_at=message.received_at,
        version=number,
    )
    since = decided_at or message.received_at
    put_one(
        session,
        DecisionRow,
        campaign=campaign.id,
        village=outcome.village,
        deliverable=outcome.deliverable,
        effective_at=max(since, _last_act_at(session, campaign.id, outcome)) if act is None else now,
        recorded_at=now,
        state=outcome.state,
        late=outcome.late,
        received_at=message.received_at,
        version=number,
        who=who,
        why=why,
        act=act,
    )


_UPDATE_ENTRY = update(EntryRow).where(
    col(EntryRow.campaign) == bindparam("in"),
    col(EntryRow.village) == bindparam("of"),
    col(EntryRow.deliverable) == bindparam("what"),
)
_LAST_ACT = select(func.max(DecisionRow.effective_at)).where(
    DecisionRow.campaign == bindparam("campaign"),
    DecisionRow.village == bindparam("village"),
    DecisionRow.deliverable == bindparam("deliverable"),
    col(DecisionRow.act).is_not(None),
)


def _last_act_at(session: Session, campaign: str, outcome: Outcome) -> datetime:
    """When a person decided last of an entry: what is judged after that counts after it, though it arrived before."""
    ((moment,),) = run(session, _LAST_ACT, campaign=campaign, village=outcome.village, deliverable=outcome.deliverable)
    return moment or datetime.min.replace(tzinfo=UTC)
