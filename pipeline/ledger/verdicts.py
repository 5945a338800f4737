"""What a judge may know of the past, and a verdict recorded: ledger, history and answer in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, delete, func, select

from pipeline.ledger import addresses, encounters, letters, quarantine, values
from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import (
    AttachmentRow,
    DecisionRow,
    EntryRow,
    FindingRow,
    LetterRow,
    MessageRow,
    VersionRow,
)
from pipeline.model import (
    Bounce,
    Campaign,
    Message,
    Outcome,
    Past,
    Picture,
    Reason,
    RenderedLetter,
    Standing,
    State,
    Thread,
    Verdict,
)


def recall(
    ledger: Ledger,
    campaign: Campaign,
    villages: Iterable[str],
    pictures: Sequence[Picture],
    texts: Iterable[str] = (),
    *,
    thread: Thread | None = None,
    ours: frozenset[str] = frozenset(),
) -> Past:
    """All that a judge may know of earlier mails, for these villages, and of what these pictures and texts resemble."""
    with ledger.reading() as session:
        return Past(
            standings=_standings(session, campaign.id, frozenset(villages)),
            texts=encounters.find_texts(session, campaign.id, texts),
            seen={picture.digest: encounters.find_pictures(session, picture) for picture in pictures},
            thread=thread,
            ours=ours,
        )


def _standings(session: Session, campaign: str, villages: frozenset[str]) -> dict[tuple[str, str], Standing]:
    wanted = (
        select(EntryRow, VersionRow)
        .join(VersionRow, col(EntryRow.version) == col(VersionRow.id), isouter=True)
        .where(EntryRow.campaign == campaign, col(EntryRow.village).in_(villages))
    )
    older: dict[tuple[str, str], set[str]] = {}
    versions = select(VersionRow.village, VersionRow.deliverable, VersionRow.attachments)
    for village, deliverable, files in session.exec(
        versions.where(VersionRow.campaign == campaign, col(VersionRow.village).in_(villages), col(VersionRow.stands))
    ):
        older.setdefault((village, deliverable), set()).update(files)
    found: dict[tuple[str, str], Standing] = {}
    for entry, version in session.exec(wanted):
        standing = Standing(
            village=entry.village,
            deliverable=entry.deliverable,
            state=State(entry.state or State.MISSING),
            late=entry.late,
            received_at=entry.received_at,
            due_at=entry.due_at,
        )
        if version is not None:
            standing = replace(
                standing,
                attachments=tuple(version.attachments),
                remembered=values.load_remembered(version.remembered),
                findings=values.load_findings(version.findings),
                superseded=frozenset(older.get((entry.village, entry.deliverable), ())) - {*version.attachments},
            )
        found[entry.village, entry.deliverable] = standing
    return found


def is_copy(ledger: Ledger, message: Message) -> bool:
    """Whether an identical mail was judged before: the same words and files under the same Message-ID.

    A Message-ID alone proves nothing (seen: two mails with one), nor does equal content: a village that sends again
    because it got no answer writes a new mail and wants one.
    """
    wanted = select(MessageRow.digest).where(
        MessageRow.state == "judged",
        MessageRow.digest != message.blob.digest,
        MessageRow.fingerprint == message.fingerprint,
        MessageRow.message_id == message.message_id,
    )
    with ledger.reading() as session:
        return session.exec(wanted).first() is not None


def answers_within_a_day(ledger: Ledger, address: str, now: datetime) -> int:
    """How many answers and reminders to this address were written in the last 24 hours."""
    wanted = (
        select(func.count())
        .select_from(LetterRow)
        .where(
            col(LetterRow.kind).in_(("reply", "reminder")),
            LetterRow.recipient == address,
            LetterRow.created_at > now - timedelta(hours=24),
            LetterRow.created_at <= now,
        )
    )
    with ledger.reading() as session:
        return session.exec(wanted).one()


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
        row = session.get_one(MessageRow, verdict.message.blob.digest)
        if row.state == "judged":
            return
        set_message(row, verdict, no_reply, now)
        row.edition = edition
        session.add(row)
        letters.confirm(session, {*verdict.message.in_reply_to, *verdict.message.references, *_returned(bounce)})
        addresses.revive(session, verdict.message.sender.address, verdict.message.received_at)
        addresses.add_testimony(session, verdict)
        if bounce is not None:
            addresses.add_bounce(session, bounce, row.digest, verdict.message.received_at)
        add_results(session, row.digest, verdict)
        quarantine.add_hostile(session, verdict, now)
        if settled is not None:
            _settle(session, settled, campaign, now, verdict.message.received_at)
        for outcome in verdict.outcomes:
            if not outcome.unchanged:
                add_version(session, outcome, verdict.message, campaign, now)
        if letter is not None:
            letters.add_letter(session, letter, row.digest, now, cause_at=verdict.message.received_at)


def _returned(bounce: Bounce | None) -> tuple[str, ...]:
    return bounce.letters if bounce is not None else ()


def set_message(row: MessageRow, verdict: Verdict, no_reply: str | None, now: datetime) -> None:
    """The message's row as the verdict has it."""
    message = verdict.message
    row.state, row.judged_at, row.trouble = "judged", now, ""
    row.message_id = message.message_id
    row.sender_name, row.sender_address = message.sender.name, message.sender.address
    row.subject, row.fingerprint = message.subject, message.fingerprint
    row.disposition, row.reason = verdict.disposition, verdict.reason
    row.no_reply, row.village = no_reply, verdict.village
    row.links = values.dump_links(verdict.links)


def add_results(session: Session, digest: str, verdict: Verdict) -> None:
    """The message's files, each with where it belongs, and all findings."""
    for ordinal, filing in enumerate(verdict.filings):
        session.add(
            AttachmentRow(
                message=digest,
                ordinal=ordinal,
                path=list(filing.attachment.path),
                digest=filing.attachment.blob.digest,
                size=filing.attachment.blob.size,
                village=filing.village,
                deliverable=filing.deliverable,
                evidence=values.dump_evidence(filing.evidence),
            )
        )
    for finding in verdict.findings:
        session.add(
            FindingRow(
                message=digest,
                code=finding.code,
                severity=finding.severity,
                audience=finding.audience,
                village=finding.village,
                deliverable=finding.deliverable,
                attachment=finding.attachment,
                place=finding.where,
                text=finding.message,
            )
        )


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
    who: str = "baosong",
    why: str = "",
    decided_at: datetime | None = None,
) -> None:
    """What the mail brought, and where it stands the entry's new state.

    It counts from the mail's arrival, or ``decided_at`` where a later mail told whose it is; where a person had it
    judged again, or decided in between, from that moment.
    """
    version = VersionRow(
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
    session.add(version)
    session.flush()
    for picture in outcome.remembered.pictures:
        encounters.keep_picture(session, picture, campaign.id, outcome.village, outcome.deliverable)
    if not outcome.stands:
        return
    encounters.keep_text(session, outcome, campaign.id)
    entry = session.get_one(EntryRow, (campaign.id, outcome.village, outcome.deliverable))
    entry.state, entry.late = outcome.state, outcome.late
    entry.received_at, entry.version = message.received_at, version.id
    session.add(entry)
    session.add(
        DecisionRow(
            campaign=campaign.id,
            village=outcome.village,
            deliverable=outcome.deliverable,
            effective_at=max(decided_at or message.received_at, _last_act_at(session, entry)) if act is None else now,
            recorded_at=now,
            state=outcome.state,
            late=outcome.late,
            received_at=message.received_at,
            version=version.id,
            who=who,
            why=why,
            act=act,
        )
    )


def _last_act_at(session: Session, entry: EntryRow) -> datetime:
    """When a person decided last of an entry: what is judged after that counts after it, though it arrived before."""
    wanted = select(func.max(DecisionRow.effective_at)).where(
        DecisionRow.campaign == entry.campaign,
        DecisionRow.village == entry.village,
        DecisionRow.deliverable == entry.deliverable,
        col(DecisionRow.act).is_not(None),
    )
    return session.exec(wanted).one() or datetime.min.replace(tzinfo=UTC)
