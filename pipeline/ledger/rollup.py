"""County and province: how many of each office's deliverables stand how. Counts alone leave an office's schema.

They are counted each time from the entries themselves: half a million of them cost PostgreSQL a third of a second.
Figures kept beside them would be a second truth, and a row for which the workers wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.ledger.driver import reading
from pipeline.ledger.revision import LEFT
from pipeline.ledger.standing import Rows

_AT_ONCE: Final = 100  # offices in one query
# One question for all offices; to look into each schema by itself is two for each. Their names are plain ones.
_OFFICES: Final = """
    SELECT schemaname FROM pg_catalog.pg_tables
     WHERE tablename = 'entry' AND schemaname ~ '^[a-z][a-z0-9_]*$' ORDER BY schemaname"""
_COUNTS: Final = """
    SELECT '{office}', campaign, count(DISTINCT village),
           count(*) FILTER (WHERE due),
           count(*) FILTER (WHERE due AND done),
           count(*) FILTER (WHERE due AND done AND late),
           count(*) FILTER (WHERE due AND state = 'review'),
           count(*) FILTER (WHERE due AND state = 'returned'),
           count(*) FILTER (WHERE due AND (state IS NULL OR state = 'missing'))
      FROM (SELECT campaign, village, state, late, due_at <= :as_of AS due,
                   state IN ('accepted', 'waived', 'nil') AS done FROM {office}.entry
             WHERE (ordinal < {left} OR state IS NOT NULL){ours}) AS entry
     GROUP BY campaign"""


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


def roll_up(database: str, as_of: datetime, *, campaign: str = "") -> list[Tally]:
    """The figures of every office in this PostgreSQL database, by office and campaign, as they stand now. AccessError.

    ``as_of`` tells what is due. The reader's role needs ``USAGE`` on the offices' schemas and ``SELECT`` on ``entry``.
    """
    found: list[Tally] = []
    with reading(database) as rows:
        offices = _offices(rows)
        for start in range(0, len(offices), _AT_ONCE):
            counts = [_counts(office, campaign) for office in offices[start : start + _AT_ONCE]]
            found += (Tally(*row) for row in rows(" UNION ALL ".join(counts), {"as_of": as_of, "campaign": campaign}))
    return sorted(found, key=lambda tally: (tally.office, tally.campaign))


def offices_in(database: str) -> list[str]:
    """The offices that this PostgreSQL database holds. AccessError."""
    with reading(database) as rows:
        return _offices(rows)


def _offices(rows: Rows) -> list[str]:
    return [row[0] for row in rows(_OFFICES, {})]


def _counts(office: str, campaign: str) -> str:
    # Of a village that has left the register, or changed its name, what did not come is owed by nobody.
    return _COUNTS.format(office=office, left=LEFT, ours=" AND campaign = :campaign" if campaign else "")


def total(tallies: Sequence[Tally], office: str) -> Tally:
    """All of them together, under this name."""

    def added(name: str) -> int:
        return sum(getattr(each, name) for each in tallies)

    names = ("villages", "due", "delivered", "late", "review", "returned", "missing")
    campaigns = {each.campaign for each in tallies}
    return Tally(office, "、".join(sorted(campaigns)), *(added(name) for name in names))
