"""What counts today, and at which stage a village is."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.model.campaign import Village
from pipeline.model.standing import Standing, State
from pipeline.report.figures import Stage, count_figures, find_counted, find_stage, lay_square
from tests.report.sample import CAMPAIGN, IDS, NOW, REGISTER, STANDINGS, YESTERDAY, at

PLAN, VIDEO = CAMPAIGN.deliverable("plan"), CAMPAIGN.deliverable("video")


@pytest.mark.parametrize(
    ("now", "count"),
    [
        (at(28, 9, month=4), 1),  # before all: the next one due
        (at(5, 9, month=5), 1),
        (at(6, 9, month=5), 1),  # the next is four days off
        (at(7, 9, month=5), 2),
        (at(11, 9, month=5), 2),
        (at(7, 0), 8),
        (at(30, 9), 8),
    ],
)
def test_deadlines_that_count(now: datetime, count: int) -> None:
    """Those passed and those within three calendar days; before all of them, the first."""
    assert [each.id for each in find_counted(CAMPAIGN, now)] == list(IDS[:count])


def test_nothing_came() -> None:
    """Without a standing the deadline alone tells; its last day is still in time, an extension replaces it."""
    assert lay_square(PLAN, at(5, 23, 59, month=5), None).state is State.NOT_DUE
    assert lay_square(PLAN, at(6, 0, month=5), None).state is State.MISSING
    extended = Standing("某村", "plan", State.MISSING, due_at=at(20, 0))
    assert lay_square(PLAN, NOW, extended).state is State.NOT_DUE
    assert lay_square(PLAN, NOW, extended).extended


@pytest.mark.parametrize(
    ("states", "stage"),
    [
        ([], Stage.COMPLETE),
        ([State.ACCEPTED, State.WAIVED, State.NIL], Stage.COMPLETE),
        ([State.ACCEPTED, State.REVIEW], Stage.CHECKING),
        ([State.REVIEW, State.MISSING], Stage.PARTIAL),
        ([State.RETURNED, State.ACCEPTED], Stage.PARTIAL),
        ([State.ACCEPTED, State.NOT_DUE], Stage.PARTIAL),
        ([State.MISSING, State.NOT_DUE], Stage.NOTHING),
        ([State.WAIVED, State.MISSING], Stage.NOTHING),  # spared one, and sent nothing
    ],
)
def test_stage(states: list[State], stage: Stage) -> None:
    """Each village is at exactly one stage."""
    squares = [lay_square(VIDEO, NOW, Standing("某村", "video", state)) for state in states]
    assert find_stage(squares) is stage


def test_stages_add_up_to_the_register() -> None:
    """Every village of the register is counted once, in its order; a standing of another village is not."""
    stray = Standing("外村", "plan", State.ACCEPTED)
    figures = count_figures(CAMPAIGN, REGISTER, NOW, [*STANDINGS, stray], YESTERDAY)
    assert sum(figures.stages.values()) == len(REGISTER) == len(figures.rows)
    assert [row.village for row in figures.rows] == list(REGISTER)
    assert figures.pieces == 22 * 8


def test_change_is_measured_by_what_counts_today() -> None:
    """A deadline that comes near between two reports is no step back."""
    done = [Standing("某村", "plan", State.ACCEPTED)]
    figures = count_figures(CAMPAIGN, [Village("某村")], at(7, 9, month=5), done, done)
    assert (figures.complete_change, figures.pieces_change) == (0, 0)
    figures = count_figures(CAMPAIGN, [Village("某村")], at(5, 9, month=5), done, [])
    assert (figures.complete_change, figures.pieces_change) == (1, 1)
