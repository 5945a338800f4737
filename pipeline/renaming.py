"""Villages that have another name in the register than in the ledger, or have left it. Pure.

A name that was put right in mid-month, the old one kept as an alias, may also mean that two villages became one: that
a person must know, and :mod:`pipeline.recheck` moves what was delivered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model.standing import Standing, State

if TYPE_CHECKING:  # long to load, and status needs none
    from pipeline.model.campaign import Village

_NOTHING = (State.MISSING, State.NOT_DUE)


@dataclass(frozen=True, slots=True)
class Renamed:
    """A village whose deliveries still stand under a name that the register lists as another name of it only."""

    village: str
    former: str

    @property
    def said(self) -> str:
        """What the operator does about it."""
        return f"村名改过，已报的材料还记在“{self.former}”名下，请先运行 baosong recheck --apply 转过来"


def find_renamed(villages: Iterable[Village], standings: Sequence[Standing]) -> tuple[Renamed, ...]:
    """What a village delivered under the one name must not be asked for under the other."""
    delivered: dict[str, set[str]] = {}
    for each in standings:
        if each.received_at is not None:
            delivered.setdefault(each.village, set()).add(each.deliverable)
    villages = tuple(villages)
    former = gone_names([village.name for village in villages], standings)
    return tuple(
        Renamed(village.name, name)
        for village in villages
        if former
        for name in village.aliases
        if name in former and delivered[name] - delivered.get(village.name, set())
    )


def gone_names(names: Iterable[str], standings: Sequence[Standing]) -> tuple[str, ...]:
    """The names under which something was delivered and that are none of these, the register's, now."""
    known = set(names)
    return tuple(
        dict.fromkeys(each.village for each in standings if each.received_at is not None and each.village not in known)
    )


def without_empty(names: Collection[str], standings: Sequence[Standing]) -> Sequence[Standing]:
    """The standings without those villages that are none of these and of which there is nothing to tell."""
    known = set(names)
    told = {each.village for each in standings if each.village not in known and each.state not in _NOTHING}
    return [each for each in standings if each.village in known or each.village in told]
