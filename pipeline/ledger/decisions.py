"""The coordinator's own decisions: kept in the history with who, when and why, and nothing of a village's is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from pipeline.errors import ConfigError
from pipeline.ledger.acts import add_act, last_decision
from pipeline.ledger.addresses import confirm
from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import ActRow, DecisionRow, EntryRow
from pipeline.model.campaign import Campaign
from pipeline.model.ledger import ActKind
from pipeline.model.standing import State
from pipeline.register import Register

KINDS = {State.ACCEPTED: ActKind.ACCEPT, State.RETURNED: ActKind.RETURN, State.WAIVED: ActKind.WAIVE}


def decide(
    ledger: Ledger,
    campaign: Campaign,
    village: str,
    deliverable: str,
    *,
    state: State,
    who: str,
    why: str,
    now: datetime,
) -> int:
    """Set how a deliverable stands: accepted, returned or waived; the act's number, by which it can be undone.

    The same again by the same person, with nothing in between, is a button pressed twice: the act is that of the first.
    ConfigError where there is no such entry.
    """
    with ledger.writing() as session:
        entry = _entry(session, campaign, village, deliverable)
        if state in (State.ACCEPTED, State.RETURNED) and entry.state is None:
            raise ConfigError(f"{village}还没有报送这项材料，不能判为合格或退回；不需要报送的请用 baosong waive")
        last = last_decision(session, entry)
        before = session.get(ActRow, last.act) if last and last.act else None
        if before is not None and _says(before, KINDS[state], who, why):
            return before.id or 0
        act = add_act(
            session, campaign, KINDS[state], who=who, why=why, now=now, village=village, deliverable=deliverable
        )
        entry.state = state
        session.add(entry)
        session.add(
            DecisionRow(
                campaign=campaign.id,
                village=village,
                deliverable=deliverable,
                effective_at=now,
                recorded_at=now,
                state=state,
                late=entry.late,
                received_at=entry.received_at,
                version=entry.version,
                who=who,
                why=why,
                act=act,
            )
        )
        return act


def extend(
    ledger: Ledger,
    campaign: Campaign,
    village: str,
    deliverable: str,
    *,
    due_at: datetime,
    who: str,
    why: str,
    now: datetime,
) -> int:
    """Give one village more time: ``due_at`` is the first moment that is late. The act's number.

    A button pressed twice is one act, as in :func:`decide`: taken back, it must not leave the deadline where it is.
    ConfigError for a day before the campaign's own deadline, as a slip in the year makes it.
    """
    with ledger.writing() as session:
        entry = _entry(session, campaign, village, deliverable)
        if entry.ruled_due_at is not None and due_at < entry.ruled_due_at:
            last_day = (entry.ruled_due_at - timedelta(days=1)).astimezone(campaign.timezone)
            raise ConfigError(f"延期不能早于原定的期限（{last_day:%Y年%m月%d日}），请核对年月日")
        newest = select(ActRow).where(
            ActRow.campaign == campaign.id, ActRow.village == village, ActRow.deliverable == deliverable
        )
        before = session.exec(newest.order_by(col(ActRow.id).desc())).first()
        if before is not None and entry.due_at == due_at and _says(before, ActKind.EXTEND, who, why):
            return before.id or 0
        act = add_act(
            session,
            campaign,
            ActKind.EXTEND,
            who=who,
            why=why,
            now=now,
            village=village,
            deliverable=deliverable,
            detail={"until": due_at.isoformat(), "before": entry.due_at.isoformat()},
        )
        entry.due_at = due_at
        session.add(entry)
        return act


def _says(act: ActRow, kind: ActKind, who: str, why: str) -> bool:
    return (act.kind, act.who, act.why) == (kind, who, why)


def confirm_address(
    ledger: Ledger,
    campaign: Campaign,
    register: Register,
    village: str,
    address: str,
    *,
    who: str,
    why: str,
    now: datetime,
    holds: bool = True,
) -> int:
    """A person's word that an address writes for a village, or (``holds`` False) that it does not; the last word
    counts. The act's number. ConfigError where the village is not of the register, or the address is none.
    """
    with ledger.writing() as session:
        before = confirm(session, address, village, register, who=who, why=why, now=now, holds=holds)
        detail = {"address": address.strip().lower(), "holds": holds, "before": before}
        return add_act(session, campaign, ActKind.CONFIRM, who=who, why=why, now=now, village=village, detail=detail)


def _entry(session: Session, campaign: Campaign, village: str, deliverable: str) -> EntryRow:
    entry = session.get(EntryRow, (campaign.id, village, deliverable))
    if entry is None:
        raise ConfigError(f"台账里没有 {village} 的 {deliverable}，请核对村名和材料代号（baosong rules check 可查）")
    return entry
