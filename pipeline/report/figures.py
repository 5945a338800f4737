"""Counts how the villages stand: what is due by now, who has delivered, who owes what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.model.campaign import Campaign, Deliverable, Village
from pipeline.model.finding import Finding, Severity
from pipeline.model.standing import Standing, State

NEAR_DAYS = 3  # a deadline so many calendar days ahead already counts

DONE = frozenset({State.ACCEPTED, State.WAIVED, State.NIL})
OPEN = frozenset({State.NOT_DUE, State.MISSING})
RECEIVED = frozenset({State.ACCEPTED, State.NIL, State.RETURNED, State.REVIEW})


class Stage(StrEnum):
    """How far a village is with all that counts; each village is at exactly one."""

    COMPLETE = "complete"
    CHECKING = "checking"  # all is there, and something waits for a person's judgement
    PARTIAL = "partial"  # something came, and something must still be sent or mended
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Square:
    """One deliverable of a village at one moment; where several stand alike, one for all."""

    deliverable: Deliverable
    state: State
    late: bool
    due_at: datetime
    findings: tuple[Finding, ...]

    @property
    def extended(self) -> bool:
        """Whether this village was given another deadline."""
        return self.due_at != self.deliverable.due_at

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be mended, the first being the chief problem."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Row:
    """A village with all its squares, in the campaign's order."""

    village: Village
    squares: tuple[Square, ...]
    counted: tuple[Square, ...]  # those that are due by now
    stage: Stage

    def having(self, *states: State) -> tuple[Square, ...]:
        """The squares that count and are in one of these states."""
        return tuple(square for square in self.counted if square.state in states)

    @property
    def owing(self) -> bool:
        """Whether the village itself must still send or mend something that counts."""
        return self.stage in {Stage.PARTIAL, Stage.NOTHING}


@dataclass(frozen=True, slots=True)
class Column:
    """A deliverable over all villages."""

    deliverable: Deliverable
    counts: bool
    past: bool  # its deadline has passed
    days_left: int  # calendar days, of no meaning once it has passed
    tally: Mapping[State, int]

    @property
    def done(self) -> int:
        """How many villages need do nothing more."""
        return sum(self.tally.get(state, 0) for state in DONE)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the report counts."""

    campaign: Campaign
    now: datetime  # in the campaign's time zone
    rows: tuple[Row, ...]  # in the register's order
    columns: tuple[Column, ...]  # in the campaign's order
    stages: Mapping[Stage, int]
    complete_change: int  # against the day before, by what counts today
    pieces: int  # villages times deliverables that count
    pieces_done: int
    pieces_change: int
    before: tuple[Row, ...]  # as the rows stood 24 hours earlier
    places: Mapping[str, int]  # of the villages among the rows

    @property
    def counted(self) -> tuple[Deliverable, ...]:
        """The deliverables that count today."""
        return tuple(column.deliverable for column in self.columns if column.counts)

    @property
    def uncounted(self) -> tuple[Deliverable, ...]:
        """The deliverables whose deadline is still far."""
        return tuple(column.deliverable for column in self.columns if not column.counts)

    def square(self, village: str | None, deliverable: str | None) -> Square | None:
        """The square of this village and deliverable id; None where there is none."""
        return self._find(self.rows, village, deliverable)

    def square_before(self, village: str, deliverable: str) -> Square | None:
        """The same as it stood 24 hours earlier."""
        return self._find(self.before, village, deliverable)

    def _find(self, rows: Sequence[Row], village: str | None, deliverable: str | None) -> Square | None:
        place = self.places.get(village or "")
        squares = rows[place].squares if place is not None else ()
        return next((each for each in squares if each.deliverable.id == deliverable), None)


def count_figures(
    campaign: Campaign,
    register: Sequence[Village],
    now: datetime,
    standings: Sequence[Standing],
    yesterday: Sequence[Standing],
) -> Figures:
    """Count how all villages stand at ``now``, against how they stood 24 hours before.

    A village without a standing has sent nothing. Both days are measured by the deliverables that count today, so that
    a new deadline coming near does not look like a step back.
    """
    due = {deliverable.id for deliverable in find_counted(campaign, now)}
    rows = lay_rows(campaign, register, now, standings, due)
    before = lay_rows(campaign, register, now - timedelta(hours=24), yesterday, due)
    stages = Counter(row.stage for row in rows)
    local = now.astimezone(campaign.timezone)
    columns = tuple(
        Column(
            deliverable=deliverable,
            counts=deliverable.id in due,
            past=deliverable.due_at <= now,
            days_left=(deliverable.due_on - local.date()).days,
            tally=Counter(row.squares[place].state for row in rows),
        )
        for place, deliverable in enumerate(campaign.deliverables)
    )
    pieces_done = count_done(rows)
    return Figures(
        campaign=campaign,
        now=local,
        rows=rows,
        columns=columns,
        stages=stages,
        complete_change=stages[Stage.COMPLETE] - sum(row.stage is Stage.COMPLETE for row in before),
        pieces=len(rows) * len(due),
        pieces_done=pieces_done,
        pieces_change=pieces_done - count_done(before),
        before=before,
        places={village.name: place for place, village in enumerate(register)},
    )


def find_counted(campaign: Campaign, now: datetime) -> tuple[Deliverable, ...]:
    """The deliverables that villages are measured by: past their deadline, or near it; before all, the next one due."""
    today = now.astimezone(campaign.timezone).date()
    counted = tuple(
        each for each in campaign.deliverables if each.due_at <= now or (each.due_on - today).days <= NEAR_DAYS
    )
    if counted or not campaign.deliverables:
        return counted
    first = min(each.due_at for each in campaign.deliverables)
    return tuple(each for each in campaign.deliverables if each.due_at == first)


def lay_rows(
    campaign: Campaign, register: Sequence[Village], moment: datetime, standings: Sequence[Standing], due: set[str]
) -> tuple[Row, ...]:
    """Every village of the register with every deliverable as it stood at that moment.

    Most of a province's villages stand alike: their rows share one tuple of squares.
    """
    known: defaultdict[str, list[Standing]] = defaultdict(list)
    for standing in standings:
        known[standing.village].append(standing)
    squares: dict[tuple[object, ...], Square] = {}
    lines: dict[tuple[int, ...], tuple[tuple[Square, ...], tuple[Square, ...], Stage]] = {}
    rows = []
    for village in register:
        own = {each.deliverable: each for each in known.get(village.name, ())}
        line = []
        for deliverable in campaign.deliverables:
            square = lay_square(deliverable, moment, own.get(deliverable.id))
            if not square.findings:
                square = squares.setdefault((deliverable.id, square.state, square.late, square.due_at), square)
            line.append(square)
        key = tuple(map(id, line))
        if key not in lines:
            counted = tuple(square for square in line if square.deliverable.id in due)
            lines[key] = tuple(line), counted, find_stage(counted)
        rows.append(Row(village, *lines[key]))
    return tuple(rows)


def lay_square(deliverable: Deliverable, moment: datetime, standing: Standing | None) -> Square:
    """How it stood; where nothing came, the deadline alone tells between not due and missing."""
    due_at = (standing and standing.due_at) or deliverable.due_at
    if standing is None or standing.state in OPEN:
        state = State.MISSING if due_at <= moment else State.NOT_DUE
        return Square(deliverable, state, late=False, due_at=due_at, findings=())
    return Square(deliverable, standing.state, standing.late, due_at, standing.findings)


def find_stage(counted: Sequence[Square]) -> Stage:
    """How far a village is with what counts."""
    states = {square.state for square in counted}
    if states <= DONE:
        return Stage.COMPLETE
    if states <= DONE | {State.REVIEW}:
        return Stage.CHECKING
    return Stage.PARTIAL if states & RECEIVED else Stage.NOTHING


def count_done(rows: Sequence[Row]) -> int:
    """How many squares that count need nothing more."""
    return sum(square.state in DONE for row in rows for square in row.counted)
