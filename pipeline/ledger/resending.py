"""A letter that was held for a person is sent after all, by that person's word; and that word taken back."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from pipeline.errors import ConfigError
from pipeline.ledger.acts import add_act
from pipeline.ledger.jobs import later
from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import ActRow, LetterRow
from pipeline.model.campaign import Campaign
from pipeline.model.ledger import ActKind
from pipeline.model.letter import LetterState
from pipeline.model.work import Unit


def send_again(ledger: Ledger, campaign: Campaign, letter: int, *, who: str, why: str, now: datetime) -> int:
    """Put a held letter back into the queue, the very same octets under the same Message-ID; the act's number.

    ConfigError where there is no such letter, or it is not held.
    """
    with ledger.writing() as session:
        row = session.get(LetterRow, letter)
        if row is None or row.state != LetterState.HELD:
            raise ConfigError("这封信没有在等您过问，可能已经发出，请刷新页面再看")
        before = {"letter": letter, "note": row.note, "in_doubt": row.in_doubt}
        row.state, row.next_at, row.note, row.in_doubt = LetterState.QUEUED, now, "", False
        session.add(row)
        later(session, Unit.SEND, now)
        detail = before | {"address": row.recipient}
        return add_act(session, campaign, ActKind.RESEND, who=who, why=why, now=now, detail=detail)


def hold_again(session: Session, act: ActRow) -> None:
    """Within the transaction that takes the act back. ConfigError where the letter has gone out meanwhile."""
    row = session.get(LetterRow, act.detail["letter"])
    if row is None or row.state != LetterState.QUEUED:
        raise ConfigError("这封信已经发出，不能撤销")
    row.state, row.note, row.in_doubt = LetterState.HELD, act.detail["note"], act.detail["in_doubt"]
    session.add(row)
