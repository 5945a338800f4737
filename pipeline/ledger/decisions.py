"""The coordinator's own decisions: kept in the history with who, when and why, and nothing of a village's is lost."""

from __future__ import annotations

from datetime import datetime

from pipeline.errors import ConfigError
from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import DecisionRow, EntryRow
from pipeline.model import Campaign, State


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
) -> None:
    """Set how a deliverable stands: accepted, returned or waived. ConfigError where there is no such entry."""
    with ledger.writing() as session:
        entry = session.get(EntryRow, (campaign.id, village, deliverable))
        if entry is None:
            raise ConfigError(
                f"台账里没有 {village} 的 {deliverable}，请核对村名和材料代号（baosong rules check 可查）"
            )
        if state in (State.ACCEPTED, State.RETURNED) and entry.state is None:
            raise ConfigError(f"{village}还没有报送这项材料，不能判为合格或退回；不需要报送的请用 baosong waive")
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
            )
        )


def extend(ledger: Ledger, campaign: Campaign, village: str, deliverable: str, *, due_at: datetime) -> None:
    """Give one village more time: ``due_at`` is the first moment that is late."""
    with ledger.writing() as session:
        entry = session.get(EntryRow, (campaign.id, village, deliverable))
        if entry is None:
            raise ConfigError(
                f"台账里没有 {village} 的 {deliverable}，请核对村名和材料代号（baosong rules check 可查）"
            )
        entry.due_at = due_at
        session.add(entry)
