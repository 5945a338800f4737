"""The calendar of offices in China, as published and beyond."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.workdays import is_workday, workday_not_after, workday_not_before


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2023, 4, 28), True),
        (date(2023, 4, 29), False),  # Saturday, of the holiday
        (date(2023, 5, 3), False),  # Wednesday, of the holiday
        (date(2023, 5, 6), True),  # Saturday, worked for it
        (date(2023, 6, 10), False),  # an ordinary Saturday
        (date(2023, 6, 23), False),  # Friday after the Dragon Boat Festival
        (date(2040, 10, 1), False),  # no notice has been published: the law's own holidays
        (date(2040, 2, 12), False),  # the lunar new year of 2040
        (date(2040, 3, 1), True),
    ],
    ids=str,
)
def test_days_of_work(day: date, works: bool) -> None:
    """Weekends, holidays, days exchanged for them, and years whose notice is not known."""
    assert is_workday(day) is works


def test_a_day_without_work_moves() -> None:
    """Over a long holiday it moves by more than a weekend."""
    assert workday_not_after(date(2023, 5, 2)) == date(2023, 4, 28)
    assert workday_not_before(date(2023, 4, 30)) == date(2023, 5, 4)
    assert workday_not_after(date(2023, 5, 6)) == workday_not_before(date(2023, 5, 6)) == date(2023, 5, 6)
