"""Progress against the deadlines, as coordinates that a template draws. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pipeline.model.campaign import Campaign
from pipeline.model.ledger import Change
from pipeline.report.figures import DONE

WIDTH, HEIGHT = 900, 240
LEFT, RIGHT, TOP, BOTTOM = 46, 18, 16, 44


@dataclass(frozen=True, slots=True)
class Mark:
    """A word beneath or beside the chart, at its place."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A line of what is accepted, a stair of what is due."""

    done: str  # points of a polyline
    due: str
    area: str  # beneath the line of what is accepted
    today: float | None
    days: tuple[Mark, ...]
    levels: tuple[Mark, ...]
    summary: str


def draw_chart(campaign: Campaign, villages: int, changes: Sequence[Change], now: datetime) -> Chart:
    """How many pieces were accepted by the end of each day, against how many were due by then."""
    zone = campaign.timezone
    total = villages * len(campaign.deliverables)
    days = _days(campaign, now)
    done = _count_done(campaign, changes, days, now)
    across = (WIDTH - LEFT - RIGHT) / max(len(days) - 1, 1)
    upwards = (HEIGHT - TOP - BOTTOM) / max(total, 1)

    def _x(day: date) -> float:
        return round(LEFT + across * (day - days[0]).days, 1)

    def _y(count: int) -> float:
        return round(HEIGHT - BOTTOM - upwards * count, 1)

    line = [(_x(day), _y(count)) for day, count in done]
    stairs: list[tuple[float, float]] = [(_x(days[0]), _y(0))]
    reached = 0
    for due_on in sorted({each.due_on for each in campaign.deliverables}):
        stairs.append((_x(due_on), _y(reached)))
        reached += villages * sum(each.due_on == due_on for each in campaign.deliverables)
        stairs.append((_x(due_on), _y(reached)))
    stairs.append((_x(days[-1]), _y(reached)))
    today = now.astimezone(zone).date()
    marks = _spread([Mark(_x(day), HEIGHT - 20, f"{day.month}/{day.day}") for day in _named_days(campaign, days)])
    due_now = villages * sum(each.due_at <= now for each in campaign.deliverables)
    accepted = done[-1][1] if done else 0
    return Chart(
        done=_points(line),
        due=_points(stairs),
        area=_points([(line[0][0], _y(0)), *line, (line[-1][0], _y(0))]) if line else "",
        today=_x(today) if days[0] <= today <= days[-1] else None,
        days=tuple(marks),
        levels=tuple(Mark(LEFT - 8, _y(count), str(count)) for count in dict.fromkeys((0, total // 2, total))),
        summary=f"应报共{total}份，截止日期已过的{due_now}份，已合格{accepted}份。",
    )


def _days(campaign: Campaign, now: datetime) -> list[date]:
    last_due = max((each.due_on for each in campaign.deliverables), default=campaign.closes_on)
    first_due = min((each.due_on for each in campaign.deliverables), default=campaign.opens_on)
    first = min(campaign.opens_on, first_due)
    last = max(campaign.closes_on, last_due) + timedelta(days=2)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _count_done(
    campaign: Campaign, changes: Sequence[Change], days: Sequence[date], now: datetime
) -> list[tuple[date, int]]:
    known = {each.id for each in campaign.deliverables}
    states: dict[tuple[str, str], bool] = {}
    found: list[tuple[date, int]] = []
    place = 0
    for day in days:
        begins = datetime.combine(day, time.min, campaign.timezone)
        if begins > now:
            break
        ends = begins + timedelta(days=1)
        while place < len(changes) and changes[place].at < ends and changes[place].at <= now:
            change = changes[place]
            if change.deliverable in known:
                states[change.village, change.deliverable] = change.state in DONE
            place += 1
        found.append((day, sum(states.values())))
    return found


def _named_days(campaign: Campaign, days: Sequence[date]) -> list[date]:
    return sorted({days[0], *(each.due_on for each in campaign.deliverables)})


def _spread(marks: Sequence[Mark]) -> list[Mark]:
    """Without those that would be written over each other."""
    kept: list[Mark] = []
    for mark in marks:
        if not kept or mark.x - kept[-1].x >= 36:
            kept.append(mark)
    return kept


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)
