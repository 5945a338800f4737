"""How clerks write a day: functions of the day in a month of 2023. Each names the day itself; none leaves it open."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

Writing = Callable[[date], str]

_SIGNS = "〇一二三四五六七八九"
_WEEK = "一二三四五六日"
# The first day of the lunar month that a civil day falls in, and the month's name: spring and autumn of 2023.
_LUNAR = (
    (date(2023, 4, 20), "三"),
    (date(2023, 5, 20), "四"),
    (date(2023, 9, 15), "八"),
    (date(2023, 10, 15), "九"),
)


def spelled(number: int) -> str:
    """1 to 99 as people say them: 六, 十六, 二十六."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _SIGNS[tens] + "十") + (
        "" if ones == 0 and tens else _SIGNS[ones]
    )


def full_width(number: int) -> str:
    """１６."""
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


def lunar(day: date) -> str:
    """农历三月十七."""
    first, month = max(each for each in _LUNAR if each[0] <= day)
    number = (day - first).days + 1
    return f"农历{month}月{'初' if number <= 10 else ''}{spelled(number)}"


def lunar_short(day: date) -> str:
    """农历三月廿二, as almanacs have it."""
    return re.sub("二十(?=.)", "廿", lunar(day))


def _week(day: date) -> str:
    return _WEEK[day.weekday()]


FIRST: tuple[Writing, ...] = (
    lambda d: f"{d.month}月{d.day}日上午",
    lambda d: f"{d.month}月{d.day}号早上八点半",
    lambda d: f"{spelled(d.month)}月{spelled(d.day)}号下午",
    lambda d: f"2023.{d.month:02d}.{d.day:02d}",
    lambda d: f"{d.month}月{d.day}号下午",
    lambda d: f"{full_width(d.month)}月{full_width(d.day)}日",
    lambda d: f"{d.month}月{d.day}日（周{_week(d)}）",
    lambda d: f"{d.month}/{d.day}上午",
    lambda d: f"2023年{d.month}月{d.day}日晚7:30",
    lambda d: f"{d.month}.{d.day}早饭后",
    lambda d: f"{d.day}日",
    lambda d: f"{d.month}月{d.day}日至{d.day + 1}日",
    lambda d: f"{d.month}-{d.day:02d} 9:00-11:00",
)
SECOND: tuple[Writing, ...] = (
    lambda d: f"2023年{d.month}月{d.day}日",
    lambda d: f"二〇二三年{spelled(d.month)}月{spelled(d.day)}日",
    lambda d: f"2023/{d.month}/{d.day} 星期{_week(d)}",
    lambda d: f"{d.month}.{d.day}—{d.month}.{d.day + 1}",
    lambda d: f"{d.month:02d}月{d.day:02d}日 19:30",
    lambda d: f" {d.month} 月 {d.day} 日傍晚",
    lambda d: f"{spelled(d.month)}月{spelled(d.day)}日晚七点半",
    lambda d: f"{d.day}号上午",
    lambda d: f"{d.month}月{d.day}、{d.day + 1}两日",
    lambda d: f"23年{d.month}月{d.day}日",
    lambda d: f"{lunar(d)}（公历{d.month}月{d.day}日）",
    lambda d: f"星期{_week(d)}（{d.month}月{d.day}日）一早",
    lambda d: f"本月{spelled(d.day)}号",
    lambda d: f"2023-{d.month}-{d.day}下午三时许",
)
THIRD: tuple[Writing, ...] = (
    lambda d: f"{d.month}.{d.day}日",
    lambda d: f"{d.month}月{d.day}日一大早",
    lambda d: f"{d.month:02d}.{d.day:02d}",
    lambda d: f"2023.{d.month}.{d.day}上午10时",
    lambda d: f"{d.month}月{d.day}号晌午",
    lambda d: f"2023年{d.month:02d}月{d.day:02d}日14:30—16:00",
    lambda d: f"公历{d.month}月{d.day}日",
    lunar_short,
    lambda d: f"2023{d.month:02d}{d.day:02d}",
    lambda d: f"{spelled(d.month)}月{d.day}日",
    lambda d: f"（{d.month}.{d.day}）",
    lambda d: f"{d.month}月{d.day - 1}、{d.day}日",
    lambda d: f"{d.month}.{d.day - 1}-{d.month}.{d.day}",
    lambda d: f"{d.month}月{d.day}日（{lunar_short(d)}）",
    lambda d: f"{d.month}月{d.day}日 星期{_week(d)} 晴",
    lambda d: f"周{_week(d)}（{d.day}号）",
)
FOURTH: tuple[Writing, ...] = (
    lambda d: f"{d.month}月{d.day}日上午9点",
    lambda d: f"2023年{d.month}月{d.day}日（星期{_week(d)}）上午9:00",
    lambda d: f"{d.month}月{d.day}日赶场天",
    lambda d: f"{d.month}月{d.day}号擦黑",
    lambda d: f"2023-{d.month:02d}-{d.day:02d}",
    lambda d: f"{d.month:02d}/{d.day:02d}",
    lambda d: f"二0二三年{spelled(d.month)}月{spelled(d.day)}日",
    lambda d: f"{d.month}月{d.day}日9时30分",
    lambda d: f"今年{d.month}月{d.day}日",
    lambda d: f"{spelled(d.month)}月{spelled(d.day)}号早上",
    lambda d: f"{full_width(2023)}年{full_width(d.month)}月{full_width(d.day)}日",
    lambda d: f"{d.month}月{d.day}日下午2点半到4点",
    lambda d: f"{d.month}.{d.day}晚上",
    lambda d: f"{lunar(d)}、阳历{d.month}月{d.day}日",
    lambda d: f"{d.month}月{d.day}日（周{_week(d)}）吃过晌午",
    lambda d: f"{d.month} 月 {d.day} 日 晚饭后",
)
FIFTH: tuple[Writing, ...] = (
    lambda d: f"{d.month}月{d.day}日头晌",
    lambda d: f"{d.month}月{d.day}号过晌",
    lambda d: f"2023年{d.month}月{d.day}日下晚",
    lambda d: f"{full_width(d.month)}．{full_width(d.day)}",
    lambda d: f"{spelled(d.month)}月{spelled(d.day)}日晌午头",
    lambda d: f"23.{d.month}.{d.day}",
    lambda d: f"{d.month}月{d.day}日至{d.day + 1}日",
    lambda d: f"【{d.month}月{d.day}日】",
    lambda d: f"{d.month}月{d.day}日早8点",
    lambda d: f"{d.month}-{d.day}",
    lambda d: f"{full_width(2023)}．{full_width(d.month)}．{full_width(d.day)}",
    lambda d: f"周{_week(d)}（{d.month}月{d.day}日）",
    lambda d: f"{d.month}月{d.day}日集日",
    lambda d: f"{d.month}月{d.day}日9点至11点",
    lambda d: f"{d.month}月{d.day}日—{d.day + 1}日",
    lambda d: f"{d.month}月{d.day}日，星期{_week(d)}",
    lambda d: f"二〇二三年{spelled(d.month)}月{spelled(d.day)}日上午",
    lambda d: f"{d.month}月{d.day}号一清早",
)
