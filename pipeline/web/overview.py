"""The first page: village × deliverable, with state, lateness and the day's changes; the chart; what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from starlette.responses import Response

from pipeline.ledger import histories, views
from pipeline.model.ledger import Change
from pipeline.model.standing import State
from pipeline.office import Office
from pipeline.report.figures import Figures, Row, Square, count_figures
from pipeline.report.page import list_tiles, write_column_due
from pipeline.report.words import STATES
from pipeline.run import poll
from pipeline.web.chart import draw_chart
from pipeline.web.errands import Errand, Outcome, when_free
from pipeline.web.inbox import list_needs
from pipeline.web.visit import Visit, render

_LATE, _TODAY = "late", "today"
_BARS = (
    ("accepted", "合格", (State.ACCEPTED, State.WAIVED, State.NIL)),
    ("review", "待审核", (State.REVIEW,)),
    ("returned", "待补正", (State.RETURNED,)),
    ("missing", "未报", (State.MISSING,)),
    ("not-due", "未到期", (State.NOT_DUE,)),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter, with how many squares it shows."""

    key: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A deliverable's progress: parts with their class, word and count, where they begin and how wide they are (%)."""

    title: str
    due: str
    done: int
    parts: tuple[tuple[str, str, int, float, float], ...]


def read_figures(office: Office) -> Figures:
    """How everything stands now, against a day before."""
    now = office.now()
    standings = views.standings(office.ledger, office.campaign, now)
    yesterday = views.standings_before(office.ledger, office.campaign, standings, now, now - timedelta(days=1))
    return count_figures(office.campaign, office.register.villages, now, standings, yesterday)


def show(visit: Visit) -> Response:
    """The matrix."""
    office = visit.office
    figures = read_figures(office)
    changes = [each for each in histories.changes(office.ledger, office.campaign) if each.at <= figures.now]
    today = find_todays(changes, figures.now)
    chosen = visit.query.get("state", "")
    squares = [(row, square) for row in figures.rows for square in row.squares]
    choices = [
        Choice("", "全部", len(squares)),
        *(
            Choice(state.value, words, count)
            for state, words in STATES.items()
            if (count := sum(square.state is state for _, square in squares))
        ),
        Choice(_LATE, "迟报", sum(square.late for _, square in squares)),
        Choice(_TODAY, "今日有变化", sum(_fits(row, square, _TODAY, today) for row, square in squares)),
    ]
    rows = [row for row in figures.rows if not chosen or any(_fits(row, s, chosen, today) for s in row.squares)]
    return render(
        visit,
        "overview.html.j2",
        figures=figures,
        tiles=list_tiles(figures),
        rows=rows,
        choices=choices,
        chosen=chosen,
        fits=lambda row, square: not chosen or _fits(row, square, chosen, today),
        today=today,
        changes=_tell_changes(figures, changes),
        chart=draw_chart(office.campaign, len(office.register.villages), changes, figures.now),
        bars=draw_bars(figures),
        needs=list_needs(visit),
        last_poll=histories.last_poll(office.ledger),
    )


def find_todays(changes: Sequence[Change], now: datetime) -> frozenset[tuple[str, str]]:
    """The village and deliverable of every change of today."""
    midnight = datetime.combine(now.date(), time.min, now.tzinfo)
    return frozenset((each.village, each.deliverable) for each in changes if each.at >= midnight)


def _fits(row: Row, square: Square, chosen: str, today: frozenset[tuple[str, str]]) -> bool:
    if chosen == _LATE:
        return square.late
    if chosen == _TODAY:
        return (row.village.name, square.deliverable.id) in today
    return square.state == chosen


def _tell_changes(figures: Figures, changes: Sequence[Change]) -> list[tuple[Change, str]]:
    """Today's, the newest first, each with the deliverable's title."""
    titles = {each.id: each.title for each in figures.campaign.deliverables}
    midnight = datetime.combine(figures.now.date(), time.min, figures.now.tzinfo)
    found = [(each, titles[each.deliverable]) for each in changes if each.at >= midnight and each.deliverable in titles]
    return found[::-1]


def draw_bars(figures: Figures) -> list[Bar]:
    """Each deliverable over all villages."""
    whole = max(len(figures.rows), 1)
    bars: list[Bar] = []
    for column in figures.columns:
        parts: list[tuple[str, str, int, float, float]] = []
        reached = 0
        for name, words, states in _BARS:
            count = sum(column.tally.get(state, 0) for state in states)
            if count:
                parts.append((name, words, count, round(reached * 100 / whole, 2), round(count * 100 / whole, 2)))
            reached += count
        bars.append(Bar(column.deliverable.title, write_column_due(figures, column), column.done, tuple(parts)))
    return bars


def poll_now(visit: Visit) -> Response:
    """Fetch, judge and answer once, as ``baosong poll`` does."""

    def _poll(errand: Errand) -> Outcome:
        with when_free(visit.office, errand):
            pass
        result = poll(visit.office)
        words = f"收信完成：新收{result.fetched}封，核对{result.judged}封，寄出{result.sending.sent}封。"
        return Outcome(not result.troubles, words + "".join(f"需要处理：{each}。" for each in result.troubles))

    return visit.start("正在收信、核对和答复", "/", _poll)
