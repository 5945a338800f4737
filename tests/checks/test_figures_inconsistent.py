"""The check `figures-inconsistent`."""

import pytest

from pipeline.model.facts import FigureTable
from tests.checks.facts import figure, figures, find

OPTIONS = {"pairs": (("events", "people"),)}


def written(events: int | None, people: int | None) -> FigureTable:
    """A table with one pair."""
    return figures(figure("events", "活动场次", events, ""), figure("people", "宣传人数", people, ""))


FAULTY = (written(0, 176), OPTIONS)


@pytest.mark.parametrize(("events", "people"), [(0, 176), (4, 0)])
def test_one_without_the_other(events: int, people: int) -> None:
    """People without an event, an event without people: both figures are told."""
    (finding,) = find("figures-inconsistent", written(events, people), **OPTIONS)
    assert str(events) in finding.message
    assert str(people) in finding.message


@pytest.mark.parametrize(("events", "people"), [(0, 0), (4, 1), (1, 500)])
def test_both_or_neither(events: int, people: int) -> None:
    """How many people an event had is the village's own affair."""
    assert not find("figures-inconsistent", written(events, people), **OPTIONS)


@pytest.mark.parametrize(("events", "people"), [(None, 176), (4, None), (None, None)])
def test_an_unknown_figure_contradicts_nothing(events: int | None, people: int | None) -> None:
    """It is told as blank or as no number."""
    assert not find("figures-inconsistent", written(events, people), **OPTIONS)


def test_without_pairs_nothing_is_compared() -> None:
    """Nor is a pair that the form does not hold."""
    assert not find("figures-inconsistent", written(0, 176))
    assert not find("figures-inconsistent", written(0, 176), pairs=(("x", "people"),))
