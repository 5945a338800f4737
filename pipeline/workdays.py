"""Days on which offices in China work: the State Council's calendar, with the weekends that are worked for it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


@lru_cache(maxsize=1)
def _calendar() -> HolidayBase:
    from holidays import country_holidays  # noqa: PLC0415 (its import takes longer than most commands)

    return country_holidays("CN")


@lru_cache(maxsize=1024)  # asked for every deadline of every village
def is_workday(day: date) -> bool:
    """Whether an office works on this day.

    The year's own notice is known up to the last one that was published when the library was; of later years the
    holidays that the law names are known, without the days exchanged for them.
    """
    return _calendar().is_working_day(day)


def workday_not_after(day: date) -> date:
    """This day, or the last day of work before it."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def workday_not_before(day: date) -> date:
    """This day, or the next day of work."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day
