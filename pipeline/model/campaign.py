"""The rules of a campaign: who must hand in what, by when, on which form, checked how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.model.content import Table
from pipeline.model.files import FileKind
from pipeline.model.reading import FigurePlace

if TYPE_CHECKING:
    from pipeline.check import Setting


@dataclass(frozen=True, slots=True)
class Village:
    """One of those who must hand in; a row of the register."""

    name: str
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    contact: str = ""


class Kind(StrEnum):
    """What a deliverable consists of, and so by which facts it is judged."""

    ACTIVITIES = "activities"  # a form with one activity a row
    FIGURES = "figures"  # a form with figures at fixed places
    PROSE = "prose"  # running text
    PHOTOS = "photos"
    VIDEOS = "videos"


@dataclass(frozen=True, slots=True)
class Form:
    """A blank form of the campaign. Its hash leaves out what is long: much that is found of it is kept under it."""

    file: Path
    title: str
    blank: Table = field(hash=False)  # as the reader sees the blank form
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)  # activities: role (unit, …) -> heading
    figures: tuple[FigurePlace, ...] = field(default=(), hash=False)
    # The blank form's own sample text: ＸＸ村委, ……, 2-3张活动照片.
    samples: tuple[str, ...] = field(default=(), hash=False)
    digest: str = ""  # of the file


@dataclass(frozen=True, slots=True)
class Forms:
    """The blank forms of a campaign by their deliverables' names, and the days between which its activities lie."""

    blank: Mapping[str, Form]
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One thing due by one deadline."""

    id: str  # progress@2023-05-10
    name: str  # progress: shared by the rounds of one that recurs
    title: str  # 工作进展情况写实表（5月10日）
    kind: Kind
    due_on: date
    due_at: datetime  # the first moment that is late
    formats: frozenset[FileKind]
    format_words: str  # as a letter says it: Word 文档
    keywords: tuple[str, ...]
    form: Form | None = None
    set: bool = False  # all that a village sent counts together
    round: int = 0  # from 1; 0 where it does not recur
    nil_allowed: bool = False
    checks: Mapping[str, Setting] = field(default_factory=dict)  # code -> how this deliverable is checked


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """When a village that owes something is reminded. A day without work moves: before a deadline to an earlier one."""

    before: tuple[int, ...] = (3, 1)  # days before a deadline
    on_day: bool = True
    after: tuple[int, ...] = (1, 3, 7)  # days after it
    hour: int = 9  # not earlier on such a day


@dataclass(frozen=True, slots=True)
class Campaign:
    """One notice's collection: who must hand in what, by when, checked how."""

    id: str
    title: str
    short_title: str  # for subjects of letters: 5·29会员活动月材料
    issuer: str
    contact: str
    timezone: ZoneInfo
    opens_on: date
    closes_on: date
    deliverables: tuple[Deliverable, ...]
    place_words: tuple[str, ...]  # name no village and no deliverable: the town's own names, 计划生育
    checks: Mapping[str, Setting]  # checks of mails and files that belong to no deliverable
    letters: Path  # the folder of the letters' wording
    rules_digest: str  # of all files the campaign was read from
    reminders: ReminderPlan = ReminderPlan()
    notice: str = ""  # what the notice says, where its file is named: whoever quotes it copies from no village
    notice_file: Path | None = None
    notice_digest: str = ""  # of that file

    def deliverable(self, id: str) -> Deliverable:  # noqa: A002 (the contract's word)
        """The deliverable of this id; KeyError if there is none."""
        for deliverable in self.deliverables:
            if deliverable.id == id:
                return deliverable
        raise KeyError(id)

    @property
    def forms(self) -> Forms:
        """Its blank forms; all rounds of one that recurs have the same."""
        blank = {each.name: each.form for each in reversed(self.deliverables) if each.form}
        return Forms(blank, self.opens_on, self.closes_on)

    def rounds(self, name: str) -> tuple[Deliverable, ...]:
        """All rounds of a recurring deliverable, by deadline."""
        return tuple(sorted((d for d in self.deliverables if d.name == name), key=lambda d: d.due_at))
