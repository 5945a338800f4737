"""Submission -> facts: what the checks look at, for one village's delivery of one deliverable.

Pure. A table or text gives one reading each, so that twins (a .doc beside its .docx) can be judged apart; all photos,
and all videos, of a delivery give one reading together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.forms import read_form
from pipeline.forms.headings import plain_heading
from pipeline.likeness import is_same_picture
from pipeline.model.campaign import Campaign, Deliverable, Form, Kind
from pipeline.model.content import Document, Video
from pipeline.model.facts import (
    ActivityTable,
    Delivery,
    Fact,
    FigureTable,
    File,
    Link,
    PhotoSet,
    Pictures,
    Prose,
    Seen,
    VideoSet,
)
from pipeline.model.filled import ActivityRow, FilledForm, FormDifference
from pipeline.model.past import Past
from pipeline.model.reading import Figure, Picture
from pipeline.model.standing import Remembered, Standing, State
from pipeline.model.submission import Filing, LinkFiling
from pipeline.register import Register


@dataclass(frozen=True, slots=True)
class Case:
    """All that is looked at when one delivery is judged."""

    village: str
    rules: Deliverable
    filings: tuple[Filing, ...]
    links: tuple[LinkFiling, ...]
    received_at: datetime
    past: Past
    campaign: Campaign
    register: Register

    @property
    def standing(self) -> Standing:
        """How the deliverable stood before; state ``missing`` where nothing had come."""
        nothing = Standing(self.village, self.rules.id, State.MISSING)
        return self.past.standings.get((self.village, self.rules.id), nothing)

    @property
    def due_at(self) -> datetime:
        """The first moment that is late, an extension counted; in the campaign's zone, for a letter names it."""
        return (self.standing.due_at or self.rules.due_at).astimezone(self.campaign.timezone)


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of one delivery, each with the name of the file that it speaks of, and what is to be kept of it."""

    facts: tuple[tuple[Fact, str | None], ...]
    remembered: Remembered = field(default_factory=Remembered)


def read_facts(case: Case) -> list[Reading]:
    """At least one reading; where a deliverable has twins, one for each."""
    standing = case.standing
    delivery = Delivery(
        village=case.village,
        deliverable=replace(case.rules, due_at=case.due_at),
        received_at=case.received_at,
        standing=standing.state if standing.received_at else None,
        standing_late=standing.late,
    )
    common: list[tuple[Fact, str | None]] = [(delivery, None)]
    common += [(Link(link, case.rules, case.received_at), link.link.name) for link in case.links]
    match case.rules.kind:
        case Kind.PHOTOS:
            readings = [_read_photos(case)]
        case Kind.VIDEOS:
            readings = [_read_videos(case)]
        case Kind.ACTIVITIES | Kind.FIGURES | Kind.PROSE:
            readings = [_read_document(case, filing) for filing in case.filings] or [Reading(())]
    return [Reading((*common, *reading.facts), reading.remembered) for reading in readings]


def _files(case: Case) -> list[tuple[Fact, str | None]]:
    return [(File(filing, case.rules), filing.attachment.name) for filing in case.filings]


def _read_photos(case: Case) -> Reading:
    """All photos of a village count together: the good ones of this mail, and those that came before."""
    new = tuple(
        replace(filing.content, name=filing.attachment.name)
        for filing in case.filings
        if isinstance(filing.content, Picture) and filing.content.kind in case.rules.formats
    )
    earlier = case.standing.remembered.pictures
    facts = _files(case)
    if new:
        facts.append((PhotoSet(new, earlier, case.campaign.opens_on, case.campaign.closes_on), None))
        facts.append((_pictures(case, new), None))
    known = {picture.digest for picture in earlier}
    kept = {picture.digest: picture for picture in new if picture.digest not in known}
    return Reading(tuple(facts), Remembered(pictures=(*earlier, *kept.values())))


def _pictures(case: Case, pictures: tuple[Picture, ...]) -> Pictures:
    """Where else each was met. A village's own use within the campaign is no second one: rounds are cumulative.

    Who sent a picture first reused nothing: of this campaign only those count that were met before the village's own.
    """
    own = (case.village, case.campaign.id)

    def seen_elsewhere(picture: Picture) -> tuple[Seen, ...]:
        here = [
            replace(seen, exact=other.digest == picture.digest)
            for other, seen in case.past.pictures
            if is_same_picture(picture, other)
        ]
        met = list(dict.fromkeys((*case.past.seen.get(picture.digest, ()), *here)))
        mine = next((place for place, seen in enumerate(met) if (seen.village, seen.campaign) == own), len(met))
        return tuple(
            seen
            for place, seen in enumerate(met)
            if seen.campaign != own[1] or (place < mine and seen.village != own[0])
        )

    return Pictures(tuple((picture, seen_elsewhere(picture)) for picture in pictures))


def _read_videos(case: Case) -> Reading:
    videos = tuple((f.attachment.name, f.content) for f in case.filings if isinstance(f.content, Video))
    return Reading((*_files(case), *([(VideoSet(videos), None)] if videos else [])))


def _read_document(case: Case, filing: Filing) -> Reading:
    document, name, rules = filing.content, filing.attachment.name, case.rules
    file: tuple[Fact, str | None] = (File(filing, rules), name)
    if not isinstance(document, Document) or document.kind not in rules.formats:
        return Reading((file,))
    if rules.kind is Kind.PROSE:
        village = case.register[case.village]
        others = tuple(other for other in case.past.texts.get(rules.id, ()) if other.village != case.village)
        prose = Prose(document.text, (village.name, *village.aliases), others, case.campaign.notice)
        return Reading((file, (prose, name)), Remembered(text=document.text))
    assert rules.form is not None  # the loader gives every table its form
    read = read_form(document, rules.name, case.campaign.forms)
    filled = read.filled
    if filled is None:
        return Reading((file, (_another_table(document, rules.form, case.village), name)))
    if rules.kind is Kind.FIGURES:
        table = _tell_figures(case, read.figures)
    else:
        table = _tell_activities(case, read.rows)
        if not table.remembered.activities and _lost_account(filled, rules.form):
            table = _Filled((), Remembered())  # told by form-changed alone: it is not empty, it cannot be read
    return Reading((file, (filled, name), *((fact, name) for fact in table.facts)), table.remembered)


@dataclass(frozen=True, slots=True)
class _Filled:
    facts: tuple[Fact, ...]
    remembered: Remembered


def _tell_activities(case: Case, rows: tuple[ActivityRow, ...]) -> _Filled:
    campaign = case.campaign
    activities = tuple(activity for row in rows for activity in row.activities)
    pictures = tuple(picture for row in rows for picture in row.pictures)
    received_on = case.received_at.astimezone(campaign.timezone).date()
    before = next(_accepted_rounds(case, before=case.rules.due_at), None)
    told_on = before.received_at.astimezone(campaign.timezone).date() if before and before.received_at else None
    earlier = before.remembered.activities if before else ()
    table = ActivityTable(rows, earlier, campaign.opens_on, campaign.closes_on, received_on, told_on)
    return _Filled((table, _pictures(case, pictures)), Remembered(activities=activities, pictures=pictures))


def _lost_account(filled: FilledForm, form: Form) -> bool:
    lost = {difference.heading for difference in filled.differences if difference.change == "missing"}
    return "".join(form.columns.get("account", "").split()) in lost


def _tell_figures(case: Case, figures: tuple[Figure, ...]) -> _Filled:
    progress = next(_accepted_rounds(case, before=None), None)
    return _Filled(
        (FigureTable(figures, progress.remembered.activities if progress else None),), Remembered(figures=figures)
    )


def _accepted_rounds(case: Case, *, before: datetime | None) -> Iterator[Standing]:
    """The village's accepted progress tables, the latest round first."""
    tables = [d for d in case.campaign.deliverables if d.kind is Kind.ACTIVITIES]
    for rules in sorted(tables, key=lambda each: each.due_at, reverse=True):
        standing = case.past.standings.get((case.village, rules.id))
        if standing and standing.state is State.ACCEPTED and (before is None or rules.due_at < before):
            yield standing


def _another_table(document: Document, form: Form, village: str) -> FilledForm:
    """A document that is not the campaign's form at all. Whose it is was found elsewhere."""
    headings = form.columns.values() or dict.fromkeys(figure.headings[0] for figure in form.figures)
    there = {plain_heading(cell.text) for table in document.tables for cell in table.cells}
    lost = [f"“{heading}”" for heading in headings if plain_heading(heading) not in there]
    return FilledForm(form.title, (FormDifference("foreign", "、".join(lost)),), unit_line=village, unit_column=())
