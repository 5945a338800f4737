"""The ledger and the cache -> what the office's documents are made of, as frozen values.

Only what is accepted goes into a document. Everything else is a :class:`Gap`: named, and never counted as nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from pipeline.ledger import views
from pipeline.ledger.opening import Ledger
from pipeline.ledger.quarantine import quarantined_files
from pipeline.ledger.views import Brought
from pipeline.model.campaign import Campaign, Deliverable, Kind
from pipeline.model.message import own_name
from pipeline.model.standing import Remembered, Standing, State
from pipeline.register import Register
from pipeline.report.words import STATES, clean_line

_AT_ONCE: Final = 200  # deliveries whose contents are in memory


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a village that is in force, and the mail that brought it."""

    digest: str
    name: str  # the file's own, on one line
    shown_name: str  # with the archives that it lay in
    received_at: datetime | None  # None where the ledger no longer knows the mail
    sender: str
    subject: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """An accepted deliverable of one village."""

    village: str
    deliverable: Deliverable
    late: bool
    received_at: datetime | None
    version: int  # its number among the village's deliveries of this deliverable; 0 where none came
    sources: tuple[Source, ...]
    recall: Callable[[], Remembered]

    @property
    def remembered(self) -> Remembered:
        """What was read in it; from the ledger, where it is not at hand."""
        return self.recall()


@dataclass(frozen=True, slots=True)
class Gap:
    """What a document does without, and why."""

    village: str
    title: str
    why: str
    waits: bool = True  # False where nobody is expected to send anything: waived, nothing to report


def group_gaps(gaps: Iterable[tuple[str, str]], most: int = 0) -> list[str]:
    """Villages with why each is wanting, one group for each reason: 青禾村、柳堤村（2个村，未报）.

    No more than ``most`` are named, where that is told.
    """
    groups: dict[str, list[str]] = {}
    for village, why in gaps:
        groups.setdefault(why, []).append(village)
    return [
        f"{'、'.join(villages[: most or None])}{'等' if most and len(villages) > most else ''}"
        f"（{f'{len(villages)}个村，' if len(villages) > 1 else ''}{why}）"
        for why, villages in groups.items()
    ]


@dataclass(frozen=True, slots=True)
class Gathered:
    """How everything stands at one moment."""

    campaign: Campaign
    villages: tuple[str, ...]  # in the register's order
    as_of: datetime  # in the campaign's time zone
    standings: Mapping[tuple[str, str], Standing]
    delivered: Mapping[tuple[str, str], Delivered]  # by village and deliverable id, accepted ones alone

    def of_kind(self, kind: Kind) -> tuple[Deliverable, ...]:
        """The campaign's deliverables of this kind."""
        return tuple(each for each in self.campaign.deliverables if each.kind is kind)

    def take(self, deliverable: Deliverable) -> tuple[list[Delivered], list[Gap]]:
        """What is accepted of a deliverable, and a gap for each other village; both in the register's order."""
        found = [self.delivered.get((village, deliverable.id)) for village in self.villages]
        gaps = [
            self.gap(village, deliverable) for village, each in zip(self.villages, found, strict=True) if each is None
        ]
        return [each for each in found if each is not None], gaps

    def gap(self, village: str, deliverable: Deliverable) -> Gap:
        """Why a village's deliverable is not there."""
        standing = self.standings.get((village, deliverable.id))
        state = standing.state if standing else State.MISSING
        return Gap(village, deliverable.title, STATES[state], waits=state not in (State.WAIVED, State.NIL))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the index: what stands where, and whence it came."""

    document: str  # of the package: 写实表汇总.docx
    village: str
    title: str
    place: str  # the file within the package that this one became, or where it was put
    source: Source | None
    version: int = 0
    remark: str = ""


@dataclass(slots=True)
class Account:
    """What the makers of documents write down as they go: the index, the gaps, and what needs a person."""

    lines: list[Line] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def trouble(self, village: str, title: str, words: str) -> None:
        """Something of a village's could not be put in; the rest goes on."""
        self.gaps.append(Gap(village, title, words))
        self.troubles.append(f"{village}的{title}：{words}")


def gather(
    ledger: Ledger,
    campaign: Campaign,
    register: Register,
    as_of: datetime,
    step: Callable[[int, int], None] = lambda _done, _total: None,
) -> Gathered:
    """How everything stood at ``as_of``, for the villages that the register has today.

    What was read in the deliveries stays in the ledger until it is asked for: the texts of a province are gigabytes.
    ``step`` is told how much of it is done, and of how much.
    """
    steps = len(campaign.deliverables) + 3
    step(0, steps)
    standings = {(each.village, each.deliverable): each for each in views.standings(ledger, campaign, as_of)}
    accepted = {key: each for key, each in standings.items() if each.state is State.ACCEPTED}
    step(1, steps)
    in_force = views.in_force(ledger, campaign, as_of)
    step(2, steps)
    mails = views.brought(ledger, as_of)
    hostile = quarantined_files(ledger)
    delivered: dict[tuple[str, str], Delivered] = {}
    for done, deliverable in enumerate(campaign.deliverables, 3):
        step(done, steps)
        keys = [key for key in accepted if key[1] == deliverable.id]
        memory = _Memory(ledger, [in_force[key][1] for key in keys if key in in_force])
        for key in keys:
            number, id_ = in_force.get(key, (0, None))
            delivered[key] = _delivered(accepted[key], deliverable, number, partial(memory.recall, id_), mails, hostile)
    step(steps, steps)
    return Gathered(campaign, register.names, as_of.astimezone(campaign.timezone), standings, delivered)


class _Memory:
    """What is remembered of deliveries, of a few at a time: they are asked for in about this order."""

    def __init__(self, ledger: Ledger, order: Sequence[int]) -> None:
        self._ledger = ledger
        self._order = order
        self._places = {id_: place for place, id_ in enumerate(order)}
        self._kept: Mapping[int, Remembered] = {}

    def recall(self, id_: int | None) -> Remembered:
        """Of this delivery."""
        if id_ is None:
            return Remembered()
        if id_ not in self._kept:
            start = self._places[id_]
            self._kept = views.recollections(self._ledger, self._order[start : start + _AT_ONCE])
        return self._kept[id_]


def _delivered(
    standing: Standing,
    deliverable: Deliverable,
    version: int,
    recall: Callable[[], Remembered],
    mails: Mapping[str, Sequence[Brought]],
    hostile: frozenset[str],
) -> Delivered:
    return Delivered(
        village=standing.village,
        deliverable=deliverable,
        late=standing.late,
        received_at=standing.received_at,
        version=version,
        sources=tuple(
            _source(digest, standing, mails.get(digest, ())) for digest in standing.attachments if digest not in hostile
        ),
        recall=recall,
    )


def _source(digest: str, standing: Standing, mails: Sequence[Brought]) -> Source:
    """The mail that made this version; of a set, whose files came by several, the first that brought the file."""
    own = [mail for mail in mails if mail.village == standing.village]
    exact = [mail for mail in own if mail.received_at == standing.received_at]
    chosen = next(iter([*exact, *own, *mails]), None)
    if chosen is None:
        return Source(digest, "", "", None, "", "")
    path = chosen.path
    return Source(
        digest=digest,
        name=clean_line(own_name(path[-1])),
        shown_name=clean_line(" / ".join(path)),
        received_at=chosen.received_at,
        sender=chosen.sender,
        subject=clean_line(chosen.subject),
    )
