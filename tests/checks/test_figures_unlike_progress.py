"""The check `figures-unlike-progress`."""

from datetime import date

import pytest

from pipeline.model.facts import FigureTable
from tests.checks.facts import activity, figure, figures, find

OPTIONS = {"events": ("publicity", "visits", "services")}


def written(publicity: int | None, visits: int, services: int, *, activities: int = 4) -> FigureTable:
    """Figures beside an accepted progress table with so many activities, each on its own day."""
    progress = tuple(activity(date(2023, 5, day)) for day in range(1, activities + 1))
    return figures(
        figure("publicity", "宣传场次", publicity),
        figure("visits", "慰问场次", visits),
        figure("services", "服务场次", services),
        progress=progress,
    )


FAULTY = (written(25, 9, 6), OPTIONS)


@pytest.mark.parametrize(
    ("publicity", "visits", "services", "activities"), [(25, 9, 6, 4), (9, 0, 0, 4), (0, 0, 0, 4), (1, 1, 0, 6)]
)
def test_every_count_disagrees(publicity: int, visits: int, services: int, activities: int) -> None:
    """Far more events than activities under one heading, or far fewer in all."""
    table = written(publicity, visits, services, activities=activities)
    (finding,) = find("figures-unlike-progress", table, **OPTIONS)
    assert f"{activities}项" in finding.message


@pytest.mark.parametrize(
    ("publicity", "visits", "services"), [(4, 0, 0), (2, 1, 1), (4, 4, 4), (3, 2, 0), (8, 0, 0), (6, 3, 1), (3, 0, 0)]
)
def test_some_fair_count_agrees(publicity: int, visits: int, services: int) -> None:
    """An activity may be counted under one heading or under each; a little more or less is nobody's fault."""
    assert not find("figures-unlike-progress", written(publicity, visits, services), **OPTIONS)


def test_activities_of_one_day_may_count_as_one() -> None:
    """Six activities on two days are two events to some."""
    progress = tuple(activity(date(2023, 5, 1 + n % 2)) for n in range(12))
    table = figures(figure("publicity", "宣传场次", 2), progress=progress)
    assert not find("figures-unlike-progress", table, events=("publicity",))


def test_nothing_to_compare() -> None:
    """No accepted table, a figure unknown, no figures named by the campaign."""
    assert not find("figures-unlike-progress", figures(figure("publicity", "宣传场次", 40)), events=("publicity",))
    assert not find("figures-unlike-progress", written(None, 9, 6), **OPTIONS)
    assert not find("figures-unlike-progress", written(25, 9, 6))
