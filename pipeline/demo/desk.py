"""A village's desk: what its clerk has at hand, and the files made there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from pipeline.demo.activities import Event, describe
from pipeline.demo.forms import Row, fill_progress, fill_statistics, type_statistics, write_text
from pipeline.demo.mail import Client, Draft, Enclosure, write_mail
from pipeline.demo.pictures import TABLE_SIZE, render_photo
from pipeline.demo.prose import Writer
from pipeline.demo.videos import render_video
from pipeline.model.campaign import Village

ZONE = ZoneInfo("Asia/Shanghai")
ROUNDS = (2, 4, 6)  # how many activities there are to tell of by each round

_HOURS = {"上": 9, "下": 15, "晚": 19}  # 上午, 下午, 晚上


def at(moment: str) -> datetime:
    """``05-09 16:20`` in the year and at the place of the campaign."""
    return datetime.strptime(f"2023-{moment}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@dataclass(frozen=True, slots=True)
class Posting:
    """A mail on its way, with what a test may expect of it."""

    arrived_at: datetime
    octets: bytes
    story: str
    village: Village | None
    deliverables: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()
    fair_codes: frozenset[str] = frozenset()
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Desk:
    """One village, its month and its habits."""

    village: Village
    events: tuple[Event, ...]
    writer: Writer
    rng: Random
    blank_progress: Path
    blank_statistics: Path
    client: Client
    name: str  # the sender's display name
    address: str
    labelled: bool = False  # writes 活动时间：… in lines, not a sentence

    @property
    def unit(self) -> str:
        """How the village signs: 万张村委会."""
        return f"{self.village.name}委会"

    # --- files --------------------------------------------------------------------------------------------------------

    def plan(self, name: str, moment: datetime) -> Enclosure:
        """The plan in Word."""
        return Enclosure(name, write_text(moment, self.writer.plan(self.village.name), author=self.unit))

    def summary(self, name: str, moment: datetime) -> Enclosure:
        """The summary in Word."""
        lines = self.writer.summary(self.village.name, self.events)
        return Enclosure(name, write_text(moment, lines, author=self.unit))

    def row(self, event: Event) -> Row:
        """The activity as a row that lacks nothing."""
        return Row(
            unit=f"{self.village.name}委",
            account=describe(event, labelled=self.labelled),
            pictures=tuple(table_picture(scene) for scene in event.scenes),
        )

    def rows(self, count: int) -> list[Row]:
        """The first activities of the month, as rows."""
        return [self.row(event) for event in self.events[:count]]

    def progress(
        self, name: str, moment: datetime, rows: Sequence[Row], *, unused_kept: bool = False, added_column: str = ""
    ) -> Enclosure:
        """The progress table in Word, signed."""
        octets = fill_progress(
            self.blank_progress, moment, rows, unit=self.unit, unused_kept=unused_kept, added_column=added_column
        )
        return Enclosure(name, octets)

    def figures(self) -> dict[str, int]:
        """The six figures, as the activities give them."""
        figures: dict[str, int] = {}
        for sort in ("publicity", "visit", "service"):  # a campaign's figure ids begin with these words
            events = [event for event in self.events if event.sort == sort]
            figures[f"{sort}-events"] = len(events)
            figures[f"{sort}-people"] = sum(event.people for event in events)
        return figures

    def statistics(self, name: str, moment: datetime, *, without: str = "") -> Enclosure:
        """The statistics table, in Word or by the name's ending in Excel; one figure may be left out."""
        figures = {id_: figure for id_, figure in self.figures().items() if id_ != without}
        fill = type_statistics if name.endswith(".xlsx") else fill_statistics
        return Enclosure(name, fill(self.blank_statistics, moment, figures, unit=self.unit))

    def photos(self, names: Sequence[str], *, first: int = 0, dated: bool = False) -> tuple[Enclosure, ...]:
        """Originals of what stands in the table, one for each activity from ``first`` on."""
        events = self.events[first : first + len(names)]
        return tuple(
            Enclosure(name, render_photo(event.scenes[0], taken_at=_taken_at(event) if dated else None))
            for name, event in zip(names, events, strict=True)
        )

    def video(self, name: str) -> Enclosure:
        """A film of the last activity."""
        return Enclosure(name, render_video(self.events[-1].scenes[-1], seconds=self.rng.choice((6, 7, 8))))

    # --- mails --------------------------------------------------------------------------------------------------------

    def draft(
        self,
        subject: str | None,
        files: Sequence[Enclosure],
        *,
        text: str | None = None,
        called: str = "材料",
        quoted: str = "",
    ) -> Draft:
        """A mail of this clerk; where no text is given, the usual words for files so called."""
        return Draft(
            client=self.client,
            name=self.name,
            address=self.address,
            subject=subject,
            text=self.writer.covering(self.village.name, called) if text is None else text,
            files=tuple(files),
            quoted=quoted,
        )

    def post(
        self,
        moment: datetime,
        draft: Draft,
        story: str,
        deliverables: Sequence[str],
        codes: Sequence[str] = (),
        fair_codes: Sequence[str] = (),
    ) -> Posting:
        """The draft as it arrives at that moment."""
        octets = write_mail(draft, moment, self.rng)
        return Posting(
            moment, octets, story, self.village, tuple(deliverables), frozenset(codes), frozenset(fair_codes)
        )


@cache
def table_picture(scene: int) -> bytes:
    """The scene as it is put into a Word table; every round shows it again."""
    return render_photo(scene, size=TABLE_SIZE)


def _taken_at(event: Event) -> datetime:
    return datetime.combine(event.held_on, time(_HOURS[event.hour[0]])) + timedelta(minutes=12, seconds=37)
