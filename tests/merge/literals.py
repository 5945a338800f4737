"""How villages stand, as literals: by the project's own campaign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.campaign import load_campaign
from pipeline.merge.gathering import Delivered, Gathered, Source
from pipeline.model.standing import Remembered, Standing, State

CAMPAIGN = load_campaign(Path(__file__).parent.parent.parent / "rules" / "2023-529.toml")

NOTHING = Remembered()


def at(month: int, day: int) -> datetime:
    """Nine o'clock of a day in 2023."""
    return datetime(2023, month, day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def source(name: str, digest: str = "a" * 64) -> Source:
    """A file that came on 1 June."""
    return Source(digest, name, name, at(6, 1), "a@village.test", "材料")


def delivered(
    village: str, deliverable: str, remembered: Remembered = NOTHING, sources: Iterable[Source] = ()
) -> Delivered:
    """What a village handed in, accepted."""
    rules = CAMPAIGN.deliverable(deliverable)
    return Delivered(village, rules, False, at(6, 1), 1, tuple(sources), lambda: remembered)


def gathered(
    *standings: Standing, taken: Iterable[Delivered] = (), as_of: datetime | None = None, villages: Iterable[str] = ()
) -> Gathered:
    """These standings, and what is accepted, of these villages; by default those that have a standing."""
    accepted = {(each.village, each.deliverable.id): each for each in taken}
    known = {(each.village, each.deliverable): each for each in standings}
    for village, deliverable in accepted:
        known.setdefault((village, deliverable), Standing(village, deliverable, State.ACCEPTED))
    names = tuple(villages) or tuple(dict.fromkeys(village for village, _ in known))
    return Gathered(CAMPAIGN, names, as_of or at(6, 20), known, accepted)
