"""What people did: every act kept with who, when and why, told, and taken back by a further act. Nothing is deleted."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from pipeline.cache.journal import ActNote
from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import FORGOTTEN, ActRow, DecisionRow, EntryRow
from pipeline.model.campaign import Campaign
from pipeline.model.ledger import Act, ActKind, Rule
from pipeline.model.standing import State

# Of the detail a reader may see; the rest is only what taking it back needs.
_TOLD = ("until", "address", "matter", "files")


def add_act(
    session: Session,
    campaign: Campaign,
    kind: ActKind,
    *,
    who: str,
    why: str,
    now: datetime,
    village: str | None = None,
    deliverable: str | None = None,
    message: str | None = None,
    undoes: int | None = None,
    detail: dict[str, Any] | None = None,
) -> int:
    """Keep an act within the transaction of what it does; its number."""
    row = ActRow(
        campaign=campaign.id,
        at=now,
        who=who,
        kind=kind,
        why=why,
        village=village,
        deliverable=deliverable,
        message=message,
        undoes=undoes,
        detail=detail or {},
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def all_acts(ledger: Ledger, campaign: Campaign, *, village: str | None = None) -> list[Act]:
    """Every act, the newest first; of one village where it is named."""
    wanted = select(ActRow).where(ActRow.campaign == campaign.id).order_by(col(ActRow.id).desc())
    with ledger.reading() as session:
        rows = session.exec(wanted).all()
        touched = select(DecisionRow.act, DecisionRow.village).where(col(DecisionRow.act).is_not(None)).distinct()
        villages = set(session.exec(touched)) if village is not None else set()
    undone = {row.undoes for row in rows if row.undoes is not None}
    return [
        Act(
            id=row.id or 0,
            at=row.at,
            who=row.who,
            kind=ActKind(row.kind),
            why=row.why,
            village=row.village,
            deliverable=row.deliverable,
            message=row.message,
            undoes=row.undoes,
            undone=row.id in undone,
            detail={key: str(row.detail[key]) for key in _TOLD if row.detail.get(key)},
        )
        for row in rows
        if village is None or row.village == village or (row.id, village) in villages
    ]


def act_notes(ledger: Ledger) -> list[ActNote]:
    """The acts with what it takes to do them again, in their order; not those of which that is forgotten.

    Nor what need not be done again: a ledger made anew is judged by today's rules anyhow, and a letter that was sent
    after all is known to have gone out.
    """
    wanted = (
        select(ActRow)
        .where(ActRow.who != FORGOTTEN, col(ActRow.kind).not_in((ActKind.REREAD, ActKind.RESEND)))
        .order_by(col(ActRow.id))
    )
    with ledger.reading() as session:
        return [
            ActNote(
                campaign=row.campaign,
                number=row.id or 0,
                at=row.at,
                who=row.who,
                act=ActKind(row.kind),
                why=row.why,
                village=row.village,
                deliverable=row.deliverable,
                message=row.message,
                undoes=row.undoes,
                until=datetime.fromisoformat(row.detail["until"]) if "until" in row.detail else None,
                address=row.detail.get("address", ""),
                holds=row.detail.get("holds", True),
                matter=row.detail.get("matter", ""),
                rule=load_rule(row.detail["rule"]) if "rule" in row.detail else None,
            )
            for row in session.exec(wanted)
        ]


def rules_for(session: Session, campaign: str, message: str) -> tuple[Rule, ...]:
    """What people said of a mail's files and did not take back, in the order of their saying."""
    return tuple(
        load_rule(row.detail["rule"]) for row in standing_acts(session, campaign, message) if row.kind == ActKind.ASSIGN
    )


def dump_rule(rule: Rule) -> dict[str, Any]:
    """As JSON values."""
    return asdict(rule)


def load_rule(dumped: dict[str, Any]) -> Rule:
    """The rule that was dumped."""
    files = dumped["files"]
    return Rule(**{**dumped, "files": None if files is None else tuple(files)})


def standing_acts(session: Session, campaign: str, message: str) -> list[ActRow]:
    """The acts on a mail that nobody took back, the oldest first."""
    wanted = select(ActRow).where(ActRow.campaign == campaign, ActRow.message == message).order_by(col(ActRow.id))
    rows = session.exec(wanted).all()
    undone = {row.undoes for row in rows}
    return [row for row in rows if row.id not in undone and row.kind != ActKind.UNDO]


def settled_matters(ledger: Ledger, campaign: Campaign) -> frozenset[str]:
    """The matters that a person is done with."""
    return frozenset(
        act.detail["matter"]
        for act in all_acts(ledger, campaign)
        if act.kind is ActKind.SETTLE and not act.undone and "matter" in act.detail
    )


def settle(ledger: Ledger, campaign: Campaign, matter: str, *, who: str, why: str, now: datetime) -> int:
    """A matter that waited for a person is done with; it is shown no more. The act's number."""
    with ledger.writing() as session:
        return add_act(session, campaign, ActKind.SETTLE, who=who, why=why, now=now, detail={"matter": matter})


def step_entry(
    session: Session, entry: EntryRow, before: DecisionRow | None, *, act: int, who: str, why: str, now: datetime
) -> None:
    """Let an entry stand as after an earlier decision, or as when nothing had come: one more row of its history."""
    entry.state = before.state if before and before.state not in (State.MISSING, State.NOT_DUE) else None
    entry.late = bool(before and before.late)
    entry.received_at = before.received_at if before else None
    entry.version = before.version if before else None
    session.add(entry)
    session.add(
        DecisionRow(
            campaign=entry.campaign,
            village=entry.village,
            deliverable=entry.deliverable,
            effective_at=now,
            recorded_at=now,
            state=entry.state or State.MISSING,
            late=entry.late,
            received_at=entry.received_at,
            version=entry.version,
            who=who,
            why=why,
            act=act,
        )
    )


def last_decision(session: Session, entry: EntryRow, *, below: int | None = None) -> DecisionRow | None:
    """The newest row of an entry's history; of those ``below`` a number where one is given."""
    wanted = select(DecisionRow).where(
        DecisionRow.campaign == entry.campaign,
        DecisionRow.village == entry.village,
        DecisionRow.deliverable == entry.deliverable,
    )
    if below is not None:
        wanted = wanted.where(col(DecisionRow.id) < below)
    return session.exec(wanted.order_by(col(DecisionRow.id).desc())).first()
