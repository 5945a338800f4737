"""What moved since yesterday, and who has long been silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.model.campaign import Deliverable
from pipeline.model.ledger import JudgedMessage
from pipeline.model.standing import State
from pipeline.model.verdict import Disposition
from pipeline.report.figures import DONE, OPEN, RECEIVED, Figures
from pipeline.report.words import join_titles

SILENT_DAYS = 3  # an owing village that wrote within so many days is at it


@dataclass(frozen=True, slots=True)
class Move:
    """One sort of change, with the villages and deliverables that made it."""

    heading: str
    state: State  # for the colour
    pieces: tuple[tuple[str, tuple[Deliverable, ...]], ...]  # by village

    @property
    def count(self) -> int:
        """How many deliverables."""
        return sum(len(deliverables) for _, deliverables in self.pieces)

    def tell(self, most: int) -> str:
        """石桥村（活动照片、活动视频）、青禾村（活动总结）, of so many villages at most."""
        shown = "、".join(f"{village}（{join_titles(those)}）" for village, those in self.pieces[:most])
        rest = len(self.pieces) - most
        return f"{shown}，另有{rest}个村，见附件“较昨日变化”" if rest > 0 else shown


@dataclass(frozen=True, slots=True)
class Silence:
    """A village that owes something and has not written for some time."""

    village: str
    contact: str
    last_at: datetime | None  # None: it never wrote
    days: int  # since then


_SORTS = (
    ("新合格", State.ACCEPTED),
    ("新退回待补正", State.RETURNED),
    ("新到待审核", State.REVIEW),
    ("改为免报", State.WAIVED),
    ("刚过截止还没有报", State.MISSING),
    ("由合格改为其他", State.MISSING),
    ("其他变化", State.NOT_DUE),
)
_NEWS = {
    State.ACCEPTED: "新合格",
    State.NIL: "新合格",
    State.RETURNED: "新退回待补正",
    State.REVIEW: "新到待审核",
    State.WAIVED: "改为免报",
}


def find_moves(figures: Figures) -> tuple[Move, ...]:
    """How the squares differ from those of the day before, the good news first."""
    found: dict[str, dict[str, list[Deliverable]]] = {}
    for row, earlier in zip(figures.rows, figures.before, strict=True):
        for square, before in zip(row.squares, earlier.squares, strict=True):
            if sort := _sort(before.state, square.state):
                found.setdefault(sort, {}).setdefault(row.village.name, []).append(square.deliverable)
    return tuple(
        Move(heading, state, tuple((village, tuple(those)) for village, those in found[heading].items()))
        for heading, state in _SORTS
        if heading in found
    )


def _sort(before: State, now: State) -> str:
    if before is now:
        return ""
    if before in DONE and now not in DONE:
        return "由合格改为其他"
    if now is State.MISSING and before in OPEN:
        return "刚过截止还没有报"
    return _NEWS.get(now, "其他变化")


def find_silent(figures: Figures, messages: Sequence[JudgedMessage]) -> tuple[Silence, ...]:
    """The villages that owe something and have been silent longest, those that never wrote first."""
    last: dict[str, datetime] = {}
    for message in messages:
        if message.disposition is Disposition.IGNORED:
            continue
        villages = {message.village, *(each.village for each in message.attachments)}
        villages |= {each.village for each in message.links}
        for village in villages - {None}:
            assert village is not None
            last[village] = max(last.get(village, message.received_at), message.received_at)
    found = []
    for row in figures.rows:
        # A village that delivered by a mail that is no longer told of did write once.
        wrote_once = any(square.state in RECEIVED for square in row.squares)
        last_at = last.get(row.village.name)
        if not row.owing or (last_at is None and wrote_once):
            continue
        zone = figures.campaign.timezone
        days = (figures.now.date() - last_at.astimezone(zone).date()).days if last_at else 0
        if last_at is None or days >= SILENT_DAYS:
            found.append(Silence(row.village.name, row.village.contact, last_at, days))
    return tuple(sorted(found, key=lambda each: (each.last_at is not None, -each.days)))
