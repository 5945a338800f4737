"""What one village is told in an answer: what is to be mended and how, what stands, what is still owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.letter.telling import tell_findings, write_last_moment
from pipeline.model.campaign import Campaign, Deliverable
from pipeline.model.finding import Audience
from pipeline.model.past import Ask, Past
from pipeline.model.standing import State
from pipeline.model.verdict import Outcome

_HEADINGS = ("returned", "noted", "accepted", "nil", "review", "kept", "unchanged")
_DONE = (State.ACCEPTED, State.WAIVED, State.NIL)
_OLDER = "这一份是早先的，仍以后来登记的为准；如确要改用这一份，请回复说明。"


@dataclass(frozen=True, slots=True)
class Point:
    """One deliverable in a letter, with what is said of it."""

    title: str
    sentences: tuple[str, ...] = ()
    deadline: str = ""  # 请于6月10日（星期六）24:00前报来


@dataclass(frozen=True, slots=True)
class Owed:
    """What has not come yet, by deadline."""

    deadline: str  # 6月10日（星期六）24:00
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What one village is told."""

    village: str
    accepted: tuple[Point, ...] = ()
    noted: tuple[Point, ...] = ()  # accepted too, with something to look at again
    returned: tuple[Point, ...] = ()
    nil: tuple[Point, ...] = ()
    review: tuple[Point, ...] = ()
    kept: tuple[Point, ...] = ()  # an earlier accepted version stays in force
    unchanged: tuple[Point, ...] = ()
    overdue: tuple[str, ...] = ()  # titles of what has not come in time
    coming: tuple[Owed, ...] = ()  # not received yet, and not due
    required: int = 0
    done: int = 0
    asks: tuple[Ask, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is owed any more."""
        return self.done == self.required


def write_section(village: str, outcomes: Sequence[Outcome], past: Past, campaign: Campaign, now: datetime) -> Section:
    """Where each of its deliverables stands after these outcomes of one mail, and what is asked of it."""
    states = {d.id: _state_before(village, d, past) for d in campaign.deliverables}
    states |= {outcome.deliverable: outcome.state for outcome in outcomes if outcome.stands}
    points: dict[str, list[Point]] = {heading: [] for heading in _HEADINGS}
    for outcome in outcomes:
        rules = campaign.deliverable(outcome.deliverable)
        heading = _heading(outcome, tell_findings(outcome.findings))
        # What must be mended has its deadline beside it: that it came late need not be said as well.
        findings = [each for each in outcome.findings if heading != "returned" or each.code != "late"]
        sentences = tell_findings(findings, several=len(outcome.attachments) > 1)
        if heading == "unchanged" and _is_an_older_version(outcome, past):
            sentences = (*sentences, _OLDER)
        deadline = _deadline(_due_at(rules, past, village), campaign, now) if heading == "returned" else ""
        points[heading].append(Point(rules.title, sentences, deadline))
    touched = {outcome.deliverable for outcome in outcomes}
    open_ones = [d for d in campaign.deliverables if states[d.id] not in (*_DONE, State.REVIEW)]
    overdue: list[str] = []
    coming: dict[str, list[str]] = {}
    for rules in open_ones:
        if rules.id in touched:
            continue
        title = rules.title + ("（此前来件需补正）" if states[rules.id] is State.RETURNED else "")
        due_at = _due_at(rules, past, village)
        if due_at <= now:
            overdue.append(title)
        else:
            coming.setdefault(write_last_moment(due_at, campaign), []).append(title)
    return Section(
        village=village,
        **{heading: tuple(found) for heading, found in points.items()},
        overdue=tuple(overdue),
        coming=tuple(Owed(deadline, tuple(titles)) for deadline, titles in coming.items()),
        required=len(campaign.deliverables),
        done=sum(state in _DONE for state in states.values()),
        asks=tuple(Ask(village, d.id, states[d.id] is State.RETURNED) for d in open_ones),
    )


def _heading(outcome: Outcome, sentences: Sequence[str]) -> str:
    """Under which heading of the letter an outcome stands."""
    match outcome.state:
        case State.RETURNED if outcome.stands or outcome.unchanged:
            # Nothing that a village could mend (a file that only we may look at): it is not asked to.
            return "returned" if sentences else "review"
        case _ if outcome.unchanged:
            return "unchanged"
        case _ if not outcome.stands:
            return "kept"
        case State.REVIEW:
            return "review"
        case State.NIL:
            return "nil"
        case _:
            # That it came late is no more to be looked at again.
            told = [each for each in outcome.findings if each.audience is Audience.VILLAGE and each.code != "late"]
            return "noted" if told else "accepted"


def _is_an_older_version(outcome: Outcome, past: Past) -> bool:
    """Whether what came again is not what is in force, but what that took the place of."""
    standing = past.standings.get((outcome.village, outcome.deliverable))
    return standing is not None and not set(outcome.attachments) <= set(standing.attachments)


def _state_before(village: str, rules: Deliverable, past: Past) -> State:
    standing = past.standings.get((village, rules.id))
    return standing.state if standing else State.MISSING


def _due_at(rules: Deliverable, past: Past, village: str) -> datetime:
    """The first moment that is late, for this village."""
    standing = past.standings.get((village, rules.id))
    return (standing and standing.due_at) or rules.due_at


def _deadline(due_at: datetime, campaign: Campaign, now: datetime) -> str:
    if now >= due_at:
        return "时限已过，请尽快报来"
    return f"请于{write_last_moment(due_at, campaign)}前报来"
