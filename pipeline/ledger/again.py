"""A mail judged again because a person said so: what it had done before is stepped back from, and what it does now is
recorded beside it. The earlier judgement stays, in the act and as a version that counts no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, select

from pipeline.ledger import values
from pipeline.ledger.acts import add_act, dump_rule, last_decision, rules_for, step_entry
from pipeline.ledger.encounters import keep_pictures
from pipeline.ledger.letters import add_letter
from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import (
    AttachmentRow,
    DecisionRow,
    EntryRow,
    FindingRow,
    LetterRow,
    MessageRow,
    PictureRow,
    VersionRow,
)
from pipeline.ledger.verdicts import add_results, add_version, message_values
from pipeline.model.campaign import Campaign
from pipeline.model.ledger import ActKind, Rule
from pipeline.model.letter import RenderedLetter
from pipeline.model.message import Blob
from pipeline.model.past import Past
from pipeline.model.standing import Standing, State
from pipeline.model.verdict import Verdict

Key = tuple[str, str]  # village, deliverable id


def find_message(ledger: Ledger, digest: str) -> tuple[Blob, datetime] | None:
    """A stored message's octets and arrival; None where there is none of this digest."""
    with ledger.reading() as session:
        row = session.get(MessageRow, digest)
        return (Blob(row.digest, row.size), row.received_at) if row else None


def standing_rules(ledger: Ledger, campaign: Campaign, digest: str) -> tuple[Rule, ...]:
    """What people said of a mail's files and did not take back."""
    with ledger.reading() as session:
        return rules_for(session, campaign.id, digest)


def may_answer_again(ledger: Ledger, digest: str) -> str | None:
    """The key for a letter to the sender of a mail that is judged again: once as its answer, once after; then None."""
    keys = f"reply:{digest}", f"again:{digest}"
    with ledger.reading() as session:
        known = set(session.exec(select(LetterRow.key).where(col(LetterRow.key).in_(keys))))
    return next((key for key in keys if key not in known), None)


# --- the past without a mail ------------------------------------------------------------------------------------------


def forget(ledger: Ledger, campaign: Campaign, past: Past, digest: str) -> Past:
    """The past as though this mail had never been judged."""
    with ledger.reading() as session:
        keys = _keys_of(session, campaign.id, digest)
        standings, texts, seen = dict(past.standings), dict(past.texts), dict(past.seen)
        for village, deliverable in keys:
            entry = session.get_one(EntryRow, (campaign.id, village, deliverable))
            if not _is_in_force(session, entry, digest):
                continue
            before = _before(session, entry, digest)
            standing = _as_standing(session, entry, before)
            standings[village, deliverable] = standing
            others = [each for each in texts.get(deliverable, ()) if each.village != village]
            texts[deliverable] = tuple(others)
        elsewhere = {key: _digests(session, campaign.id, key, without=digest) for key in keys}
    for picture, places in seen.items():
        seen[picture] = tuple(
            place
            for place in places
            if place.campaign != campaign.id
            or (place.village, place.deliverable) not in elsewhere
            or not place.exact
            or picture in elsewhere[place.village, place.deliverable]
        )
    return replace(past, standings=standings, texts=texts, seen=seen)


def _keys_of(session: Session, campaign: str, digest: str) -> list[Key]:
    wanted = select(VersionRow.village, VersionRow.deliverable).where(
        VersionRow.campaign == campaign, VersionRow.message == digest, col(VersionRow.void_by).is_(None)
    )
    return sorted(set(session.exec(wanted)))


def _is_in_force(session: Session, entry: EntryRow, digest: str) -> bool:
    version = session.get(VersionRow, entry.version) if entry.version is not None else None
    return version is not None and version.message == digest


def _before(session: Session, entry: EntryRow, digest: str) -> DecisionRow | None:
    """How the entry was decided before this mail came to it."""
    row = last_decision(session, entry)
    while row is not None:
        version = session.get(VersionRow, row.version) if row.version is not None else None
        if version is None or (version.message != digest and version.void_by is None):
            return row
        row = last_decision(session, entry, below=row.id)
    return None


def _as_standing(session: Session, entry: EntryRow, row: DecisionRow | None) -> Standing:
    if row is None:
        return Standing(entry.village, entry.deliverable, State.MISSING, due_at=entry.due_at)
    version = session.get(VersionRow, row.version) if row.version is not None else None
    standing = Standing(
        entry.village, entry.deliverable, State(row.state), row.late, received_at=row.received_at, due_at=entry.due_at
    )
    if version is None:
        return standing
    return replace(
        standing,
        attachments=tuple(version.attachments),
        remembered=values.load_remembered(version.remembered),
        findings=values.load_findings(version.findings),
    )


def _digests(session: Session, campaign: str, key: Key, *, without: str) -> frozenset[str]:
    """The pictures that other mails brought for a village's deliverable."""
    wanted = select(VersionRow).where(
        VersionRow.campaign == campaign,
        VersionRow.village == key[0],
        VersionRow.deliverable == key[1],
        VersionRow.message != without,
        col(VersionRow.void_by).is_(None),
    )
    return frozenset(
        picture.digest for row in session.exec(wanted) for picture in values.load_remembered(row.remembered).pictures
    )


# --- recorded ---------------------------------------------------------------------------------------------------------


def record_again(
    ledger: Ledger,
    verdict: Verdict,
    campaign: Campaign,
    *,
    rule: Rule | None,
    who: str,
    why: str,
    letter: RenderedLetter | None,
    now: datetime,
) -> int:
    """The new verdict in place of the old, and the letter where one is to go, in one transaction. The act's number."""
    digest = verdict.message.blob.digest
    with ledger.writing() as session:
        message = session.get_one(MessageRow, digest)
        detail: dict[str, Any] = {"before": _dump(session, message)}
        if rule is not None:
            detail["rule"] = dump_rule(rule)
        act = add_act(
            session,
            campaign,
            ActKind.REREAD if rule is None else ActKind.ASSIGN,
            who=who,
            why=why,
            now=now,
            village=rule.village if rule else verdict.village,
            deliverable=rule.deliverable if rule else None,
            message=digest,
            detail=detail,
        )
        _step_back(session, campaign, digest, act, who, why, now)
        _clear(session, digest)
        for name, value in message_values(verdict, message.no_reply, now).items():
            setattr(message, name, value)
        session.add(message)
        add_results(session, digest, verdict)
        for outcome in verdict.outcomes:
            if not outcome.unchanged:
                add_version(session, outcome, verdict.message, campaign, now, act=act, who=who, why=why)
        if letter is not None:
            add_letter(session, letter, digest, now, cause_at=now)
        return act


def _step_back(session: Session, campaign: Campaign, digest: str, act: int, who: str, why: str, now: datetime) -> None:
    """The mail's versions count no more, and the entries stand as before it."""
    keys = _keys_of(session, campaign.id, digest)
    for village, deliverable in keys:
        entry = session.get_one(EntryRow, (campaign.id, village, deliverable))
        if _is_in_force(session, entry, digest):
            step_entry(session, entry, _before(session, entry, digest), act=act, who=who, why=why, now=now)
    wanted = select(VersionRow).where(
        VersionRow.campaign == campaign.id, VersionRow.message == digest, col(VersionRow.void_by).is_(None)
    )
    for version in session.exec(wanted).all():
        version.void_by = act
        session.add(version)
    session.flush()
    remember_anew(session, campaign.id, keys)


def remember_anew(session: Session, campaign: str, keys: Sequence[Key]) -> None:
    """The pictures of these deliverables, from the versions that count."""
    for village, deliverable in keys:
        session.exec(
            delete(PictureRow).where(
                col(PictureRow.campaign) == campaign,
                col(PictureRow.village) == village,
                col(PictureRow.deliverable) == deliverable,
            )
        )
        wanted = select(VersionRow).where(
            VersionRow.campaign == campaign,
            VersionRow.village == village,
            VersionRow.deliverable == deliverable,
            col(VersionRow.void_by).is_(None),
        )
        for version in session.exec(wanted.order_by(col(VersionRow.id))).all():
            keep_pictures(session, values.load_remembered(version.remembered).pictures, campaign, village, deliverable)


# --- a message's rows, as JSON and back -------------------------------------------------------------------------------

_KEPT = ("state", "trouble", "disposition", "reason", "no_reply", "village", "links")
_OF_ATTACHMENT = ("ordinal", "path", "digest", "size", "village", "deliverable", "evidence")
_OF_FINDING = ("code", "severity", "audience", "village", "deliverable", "attachment", "place", "text")


def _dump(session: Session, message: MessageRow) -> dict[str, Any]:
    attachments = session.exec(
        select(AttachmentRow).where(AttachmentRow.message == message.digest).order_by(col(AttachmentRow.id))
    )
    findings = session.exec(select(FindingRow).where(FindingRow.message == message.digest).order_by(col(FindingRow.id)))
    return {
        "message": {name: getattr(message, name) for name in _KEPT},
        "attachments": [{name: getattr(row, name) for name in _OF_ATTACHMENT} for row in attachments],
        "findings": [{name: getattr(row, name) for name in _OF_FINDING} for row in findings],
    }


def _clear(session: Session, digest: str) -> None:
    """Its rows out of the way of the new ones; the act keeps them."""
    session.exec(delete(AttachmentRow).where(col(AttachmentRow.message) == digest))
    session.exec(delete(FindingRow).where(col(FindingRow.message) == digest))


def restore(session: Session, digest: str, dumped: dict[str, Any]) -> None:
    """A message's rows as an act kept them."""
    message = session.get_one(MessageRow, digest)
    for name, value in dumped["message"].items():
        setattr(message, name, value)
    session.add(message)
    _clear(session, digest)
    session.add_all(AttachmentRow(message=digest, **row) for row in dumped["attachments"])
    session.add_all(FindingRow(message=digest, **row) for row in dumped["findings"])
