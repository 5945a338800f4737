"""Days in a notice: 5月10日, 5月10日、20日、31日, 2023-05-10, 5月底, 6月上旬, 每月25日. Pure.

A day is read as it is written (:class:`Written`) and then put into a year: a notice says neither the year nor, in a
list, the month again.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipeline.drafting.plain import number_of

_NUMERAL: Final = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR: Final = (
    r"(?:(?P<year>20\d\d|二[〇零][一二三四五六七八九〇零]{2})\s*年\s*|(?P<near>今年|本年度?|明年|次年|翌年)\s*)?"
)
_DAY: Final = re.compile(
    rf"{_YEAR}(?P<month>{_NUMERAL})\s*月\s*(?:份\s*)?(?P<day>{_NUMERAL})\s*(?:[日号]|(?=\s*(?:前|之前|以前|截止|-|至)))"
)
_ISO: Final = re.compile(r"(?<!\d)(?P<year>20\d\d)\s*[-./]\s*(?P<month>\d{1,2})\s*[-./]\s*(?P<day>\d{1,2})(?!\d)日?")
_SHORT: Final = re.compile(
    r"(?<![\d.])(?P<month>1[0-2]|0?[1-9])[./](?P<day>3[01]|[12]\d|0?[1-9])(?=\s*(?:日|号)?(?:前|之前|以前|截止))[日号]?"
)
_LATE: Final = re.compile(
    rf"{_YEAR}(?:(?P<month>{_NUMERAL})\s*月份?|(?P<this>本月|当月|这个月|月(?=底|末)))\s*(?:月?[底末])"
)
_THIRD: Final = re.compile(rf"{_YEAR}(?P<month>{_NUMERAL})\s*月份?\s*(?P<third>上旬|中旬|下旬|初|中(?=前|之前))")
_THIS: Final = re.compile(rf"(?P<this>本月|当月|这个月)\s*(?P<day>{_NUMERAL})\s*[日号]")
_YEAR_END: Final = re.compile(r"(?:(?P<year>20\d\d)年|(?P<near>今年|本年度?))?年?[底末](?=前|之前|以前)")
_ELIDED: Final = re.compile(rf"(?P<day>{_NUMERAL})\s*[日号]")
_TO: Final = re.compile(r"\s*(?:日)?\s*(?:起)?\s*(?:-+|至|到)\s*")
_THIRDS: Final = {"初": 5, "上旬": 10, "中": 15, "中旬": 20, "下旬": 0}
_DIGITS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_FAR: Final = 270  # days: what lies farther behind a notice is no deadline of the next year but a slip


@dataclass(frozen=True, slots=True)
class Written:
    """A day as it is written; a day of 0 is the month's last."""

    end: int  # where it ends in the text
    month: int | None  # None: the month that was named before
    day: int
    year: int | None = None
    next_year: bool = False
    vague: bool = False  # 上旬, 初


@dataclass(frozen=True, slots=True)
class Anchor:
    """What days without a year are read by."""

    day: date  # on which the notice was signed, or what comes nearest to that
    sure: bool = True  # whether the notice says so


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when the campaign goes."""

    opens_on: date
    closes_on: date
    quote: str
    sure: bool = True  # whether the notice says that this is the campaign's time


def match_day(text: str, start: int, *, month_known: bool = False) -> Written | None:
    """The day that begins here; with ``month_known`` also 20日 alone, in a list of days."""
    for pattern in (_ISO, _DAY, _SHORT, _LATE, _THIRD, _THIS, _YEAR_END):
        if match := pattern.match(text, start):
            return _read(match)
    if month_known and (match := _ELIDED.match(text, start)):
        return Written(match.end(), None, number_of(match["day"]) or 0)
    return None


def _read(match: re.Match[str]) -> Written | None:
    parts = match.groupdict()
    month = 12 if match.re is _YEAR_END else number_of(parts["month"]) if parts.get("month") else None
    third = parts.get("third")
    day = _THIRDS[third] if third else number_of(parts["day"]) if parts.get("day") else 0
    if (month is not None and not 1 <= month <= 12) or day is None or not 0 <= day <= 31:
        return None
    year = parts.get("year")
    return Written(
        match.end(),
        month,
        day,
        int(year.translate(_DIGITS)) if year else None,
        next_year=parts.get("near") in ("明年", "次年", "翌年"),
        vague=bool(third),
    )


def resolve(written: Written, anchor: Anchor, after: date | None = None) -> tuple[date | None, str]:
    """The day itself, and what is doubtful about it (empty where nothing is); None where there is no such day.

    Without a year it lies in the notice's own, or in the next where it would else lie before the notice: 1月10日 in a
    notice of December. In a list of days (``after``: the one before) years and months only go on.
    """
    month = written.month or (after or anchor.day).month
    if written.year is not None:
        return _day(written.year, month, written.day), ""
    first = after or anchor.day
    if written.next_year:
        return _day(anchor.day.year + 1, month, written.day), ""
    here = _day(first.year, month, written.day)
    if here is None or here >= first or (after is None and here.month == first.month and here.day == first.day):
        return here, _unsure(anchor)
    there = _day(first.year + 1, month, written.day)
    if there is not None and (there - first).days <= _FAR:
        return there, f"通知没有写年份，按跨年理解为{there.year}年"
    return here, f"这一天早于通知的日期（{shown(anchor.day)}），请看是不是写错了" if anchor.sure else _unsure(anchor)


def settle(written: Sequence[Written], anchor: Anchor) -> tuple[tuple[date, ...], tuple[str, ...]]:
    """The days themselves, in the order in which they stand, and what is doubtful; none where one does not exist."""
    days: list[date] = []
    doubts: dict[str, None] = {}
    for each in written:
        day, doubt = resolve(each, anchor, days[-1] if days else None)
        if day is None:
            return (), ()
        days.append(day)
        doubts |= {doubt: None} if doubt else {}
    return tuple(days), tuple(doubts)


def match_range(text: str, start: int) -> tuple[Written, Written, int] | None:
    """A range of days that begins here: its ends, and the place behind it."""
    first = match_day(text, start)
    to = _TO.match(text, first.end) if first else None
    last = match_day(text, to.end(), month_known=True) if to else None
    return (first, last, last.end) if first and last else None


def _unsure(anchor: Anchor) -> str:
    return "" if anchor.sure else f"通知没有写年份，暂按{anchor.day.year}年"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:  # 6月31日
        return None


def of_every_month(day: int, opens_on: date, closes_on: date, *, next_month: bool = False) -> tuple[date, ...]:
    """This day of every month within the period (0: the last); of the next month each, where a month is told then.

    A month too short for it has its last day.
    """
    found = []
    year, month = opens_on.year, opens_on.month
    while (year, month) <= (closes_on.year, closes_on.month):
        of_year, of_month = (year + month // 12, month % 12 + 1) if next_month else (year, month)
        last = calendar.monthrange(of_year, of_month)[1]
        found.append(date(of_year, of_month, min(day or last, last)))
        year, month = year + month // 12, month % 12 + 1
    return tuple(
        each
        for each in found
        if each >= opens_on and (next_month or each <= closes_on or each.month == closes_on.month)
    )


def of_every_week(weekday: int, opens_on: date, closes_on: date) -> tuple[date, ...]:
    """This day of every week within the period; Monday is 0."""
    first = opens_on + timedelta(days=(weekday - opens_on.weekday()) % 7)
    return tuple(first + timedelta(days=days) for days in range(0, (closes_on - first).days + 1, 7))


def shown(day: date) -> str:
    """2023年5月10日."""
    return f"{day.year}年{day.month}月{day.day}日"
