"""An act taken back by a further act: what it changed stands again as before it, and both stay in the history."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from pipeline.errors import ConfigError
from pipeline.ledger.acts import add_act, last_decision, standing_acts, step_entry
from pipeline.ledger.addresses import take_back_word
from pipeline.ledger.again import remember_anew, restore
from pipeline.ledger.opening import Ledger
from pipeline.ledger.resending import hold_again
from pipeline.ledger.tables import FORGOTTEN, ActRow, DecisionRow, EntryRow, VersionRow
from pipeline.model.campaign import Campaign
from pipeline.model.ledger import ActKind

_ON_MAILS = (ActKind.ASSIGN, ActKind.REREAD)


def undo(ledger: Ledger, campaign: Campaign, number: int, *, who: str, why: str, now: datetime) -> int:
    """Take back the act of this number; the number of the act that does so.

    ConfigError where there is none, it is undone already, or something later builds upon it.
    """
    with ledger.writing() as session:
        row = session.get(ActRow, number) if number < 2**31 else None  # more the column does not hold
        if row is None or row.campaign != campaign.id:
            raise ConfigError(f"没有编号为 {number} 的决定，请用 baosong undo 查看编号")
        if row.who == FORGOTTEN:
            raise ConfigError("这个决定所涉的个人信息已经删除，不能再撤销；请按需要重新登记")
        if row.kind == ActKind.UNDO:
            raise ConfigError("这是一次撤销，不能再撤销；请按需要重新登记")
        if session.exec(select(ActRow.id).where(ActRow.undoes == number)).first() is not None:
            raise ConfigError("这个决定已经撤销过了")
        act = add_act(
            session,
            campaign,
            ActKind.UNDO,
            who=who,
            why=why,
            now=now,
            village=row.village,
            deliverable=row.deliverable,
            message=row.message,
            undoes=number,
        )
        if row.kind in _ON_MAILS and row.message is not None:
            _refuse_if_built_upon(session, row)
        _restore_entries(session, campaign, number, act, who, why, now)
        if row.kind == ActKind.EXTEND:
            _restore_deadline(session, row)
        elif row.kind == ActKind.CONFIRM:
            _refuse_if_said_again(session, row)
            take_back_word(session, row.detail["address"], row.village or "", row.detail["before"])
        elif row.kind == ActKind.RESEND:
            hold_again(session, row)
        elif row.kind in _ON_MAILS and row.message is not None:
            _restore_versions(session, campaign, number, act)
            restore(session, row.message, row.detail["before"])
        return act


def _refuse_if_built_upon(session: Session, row: ActRow) -> None:
    assert row.message is not None
    later = [each for each in standing_acts(session, row.campaign, row.message) if (each.id or 0) > (row.id or 0)]
    if any(each.kind in _ON_MAILS for each in later):
        raise ConfigError("这封邮件后来又改认过，请先撤销后一次")


def _refuse_if_said_again(session: Session, row: ActRow) -> None:
    wanted = select(ActRow).where(ActRow.kind == ActKind.CONFIRM, ActRow.village == row.village)
    same = [each for each in session.exec(wanted) if each.detail.get("address") == row.detail["address"]]
    undone = set(session.exec(select(ActRow.undoes).where(col(ActRow.undoes).is_not(None))))
    if any((each.id or 0) > (row.id or 0) and each.id not in undone for each in same):
        raise ConfigError("这个邮箱后来又登记过，请先撤销后一次")


def _restore_entries(
    session: Session, campaign: Campaign, number: int, act: int, who: str, why: str, now: datetime
) -> None:
    wanted = select(DecisionRow).where(DecisionRow.act == number).order_by(col(DecisionRow.id))
    firsts: dict[tuple[str, str], DecisionRow] = {}
    for decision in session.exec(wanted):
        firsts.setdefault((decision.village, decision.deliverable), decision)
    for (village, deliverable), first in firsts.items():
        entry = session.get_one(EntryRow, (campaign.id, village, deliverable))
        last = last_decision(session, entry)
        if last is None or last.act != number:
            raise ConfigError(f"{village}的这项材料后来又有来件或新的决定，不能撤销；请按现在的情况重新登记")
        before = last_decision(session, entry, below=first.id)
        step_entry(session, entry, before, act=act, who=who, why=why, now=now)


def _restore_deadline(session: Session, row: ActRow) -> None:
    entry = session.get_one(EntryRow, (row.campaign, row.village, row.deliverable))
    if entry.due_at != datetime.fromisoformat(row.detail["until"]):
        raise ConfigError("这项材料的期限后来又改过，请先撤销后一次")
    entry.due_at = datetime.fromisoformat(row.detail["before"])
    session.add(entry)


def _restore_versions(session: Session, campaign: Campaign, number: int, act: int) -> None:
    """The versions that it made count no more, those that it stepped back from count again."""
    touched = session.exec(select(VersionRow).where((VersionRow.act == number) | (VersionRow.void_by == number))).all()
    for version in touched:
        version.void_by = act if version.act == number else None
        session.add(version)
    session.flush()
    remember_anew(session, campaign.id, sorted({(each.village, each.deliverable) for each in touched}))
