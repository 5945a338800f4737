"""County and province: how many of each office's deliverables stand how. Counts alone leave an office's schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, MetaData, Select, and_, case, func, literal, select, text, union_all
from sqlmodel import SQLModel

from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import EntryRow
from pipeline.model import State

_AT_ONCE = 100  # offices in one query


@dataclass(frozen=True, slots=True)
class Tally:
    """One office's figures in one campaign, for what was due by the moment asked for."""

    office: str
    campaign: str
    villages: int
    due: int
    delivered: int  # accepted, waived, or reported as nil
    late: int  # of those delivered
    review: int
    returned: int
    missing: int


def roll_up(ledger: Ledger, as_of: datetime, *, campaign: str = "") -> list[Tally]:
    """The figures of every office in this PostgreSQL database, by office and campaign, as they stand now.

    ``as_of`` tells what is due. The reader's role needs ``USAGE`` on the offices' schemas and ``SELECT`` on ``entry``.
    """
    with ledger.reading() as session:
        connection = session.connection()
        # One question for all offices; to look into each schema by itself is two for each.
        offices = sorted(
            connection.scalars(text("SELECT schemaname FROM pg_catalog.pg_tables WHERE tablename = 'entry'"))
        )
        found: list[Tally] = []
        for start in range(0, len(offices), _AT_ONCE):
            counts = [_counts(office, as_of, campaign) for office in offices[start : start + _AT_ONCE]]
            found += [Tally(*row) for row in connection.execute(union_all(*counts).order_by("office", "campaign"))]
    return found


def total(tallies: Sequence[Tally], office: str) -> Tally:
    """All of them together, under this name."""

    def added(name: str) -> int:
        return sum(getattr(each, name) for each in tallies)

    names = ("villages", "due", "delivered", "late", "review", "returned", "missing")
    campaigns = {each.campaign for each in tallies}
    return Tally(office, "、".join(sorted(campaigns)), *(added(name) for name in names))


def _counts(office: str, as_of: datetime, campaign: str) -> Select[Any]:
    columns = SQLModel.metadata.tables[str(EntryRow.__tablename__)].to_metadata(MetaData(), schema=office).c
    due = columns.due_at <= as_of
    done = columns.state.in_((State.ACCEPTED, State.WAIVED, State.NIL))

    def count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((and_(due, *conditions), 1), else_=0))

    figures: tuple[ColumnElement[Any], ...] = (
        literal(office).label("office"),
        columns.campaign.label("campaign"),
        func.count(func.distinct(columns.village)),
        count(),
        count(done),
        count(done, columns.late),
        count(columns.state == State.REVIEW),
        count(columns.state == State.RETURNED),
        count(columns.state.is_(None) | (columns.state == State.MISSING)),
    )
    wanted = select(*figures).group_by(columns.campaign)
    return wanted.where(columns.campaign == campaign) if campaign else wanted
