"""When something is due, in the words of notices."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.drafting.days import Anchor, Period
from pipeline.drafting.deadlines import Deadline, find_deadlines
from pipeline.drafting.period import find_period
from pipeline.drafting.plain import split_sentences

SIGNED = Anchor(date(2023, 4, 28))
SPRING = Period(date(2023, 5, 1), date(2023, 7, 31), "", sure=True)


def deadlines(text: str, anchor: Anchor = SIGNED, period: Period | None = None) -> tuple[Deadline, ...]:
    sentences = split_sentences([text])
    found = (d for each in sentences for d in find_deadlines(each, anchor, period, handed_in=True))
    return tuple(found)


def days(text: str, anchor: Anchor = SIGNED, period: Period | None = None) -> list[str]:
    return [f"{day:%m-%d}" for each in deadlines(text, anchor, period) for day in each.days]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("各村要于5月5日前将方案报送街道", ["05-05"]),
        ("请于５月１６日之前报送", ["05-16"]),
        ("5月15日截止", ["05-15"]),
        ("截止日期为2023年6月12日", ["06-12"]),
        ("截止时间：即日起至2023年10月31日", ["10-31"]),
        ("2023年5月1日-2023年5月14日，逾期不再受理", ["05-14"]),
        ("报送时间：2023年5月1日至5月14日", ["05-14"]),
        ("最迟不晚于6月30日报送", ["06-30"]),
        ("7月31日18时前报送", ["07-31"]),
        ("5月24日上午12时前报送", ["05-24"]),
        ("6月7日（本周三）下午三点前报送", ["06-07"]),
        ("5月8日下班前报送", ["05-08"]),
        ("五月二十日之前报送", ["05-20"]),
        ("二〇二三年六月一日前报送", ["06-01"]),
        ("6.10前报送", ["06-10"]),
        ("5月底前报送", ["05-31"]),
        ("年底前报送", ["12-31"]),
        ("于5月10日、5月20日、5月31日分别报送写实表", ["05-10", "05-20", "05-31"]),
        ("5月10日、20日、31日前报送写实表", ["05-10", "05-20", "05-31"]),
        ("于5月10日前、6月10日前各报一次", ["05-10", "06-10"]),
        ("活动时间：5月1日至5月31日", []),
        ("6月份市里将进行验收", []),
        ("5月29日前后开展活动", []),
        ("6月31日前报送", []),
    ],
)
def test_days(text: str, expected: list[str]) -> None:
    """Each way of writing a last day, and what is none."""
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每月25日前报送", ["05-25", "06-25", "07-25"]),
        ("每月底前报送", ["05-31", "06-30", "07-31"]),
        ("次月5日前报送", ["06-05", "07-05", "08-05"]),
        ("活动结束后一周内报送", ["08-07"]),
        ("活动结束后3个工作日内报送", ["08-03"]),
    ],
)
def test_rules_of_the_period(text: str, expected: list[str]) -> None:
    """What recurs, and what follows the campaign's end, by its period; each is marked as doubtful."""
    found = deadlines(text, period=SPRING)
    assert [f"{day:%m-%d}" for each in found for day in each.days] == expected
    assert all(each.doubts for each in found)


def test_every_week() -> None:
    """Each Friday of the period."""
    found = [day for each in deadlines("每周五16时前报送", period=SPRING) for day in each.days]
    assert found == [date(2023, 5, 5) + timedelta(days=7 * week) for week in range(13)]


@pytest.mark.parametrize("text", ["演练结束后5日内报送总结", "每季度末报送", "事件发生24小时内报送"])
def test_what_nobody_can_put_into_the_calendar(text: str) -> None:
    """It governs the sentence, and has no day: none is made up."""
    assert [each.days for each in deadlines(text, period=SPRING)] == [()]


def test_the_days_of_the_week_are_compared() -> None:
    """One that does not fit its day is a doubt; one that fits is none."""
    wrong, right = deadlines("6月6日（星期三）15:00前报送"), deadlines("6月6日（星期二）15:00前报送")
    assert "星期三" in wrong[0].doubts[0]
    assert not right[0].doubts
    assert wrong[0].finer
    assert wrong[0].quote == "6月6日（星期三）15:00前"


@pytest.mark.parametrize(
    ("signed", "text", "expected"),
    [
        (date(2023, 12, 10), "1月10日前报送", date(2024, 1, 10)),
        (date(2023, 12, 10), "12月20日前报送", date(2023, 12, 20)),
        (date(2023, 12, 10), "次年3月1日前报送", date(2024, 3, 1)),
        (date(2023, 5, 8), "5月5日前报送", date(2023, 5, 5)),
    ],
)
def test_the_year(signed: date, text: str, expected: date) -> None:
    """It is the notice's own, or the next; a day just gone by is a slip, and not next year's."""
    (found,) = deadlines(text, Anchor(signed))
    assert found.days == (expected,)
    guessed = expected.year != signed.year and "次年" not in text
    assert bool(found.doubts) == (guessed or expected < signed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天下午5点前报送", date(2023, 4, 28)),
        ("明天（4月29日）上午10点前报送", date(2023, 4, 29)),
        ("后天前报送", date(2023, 4, 30)),
        ("本周五前报送", date(2023, 4, 28)),
        ("下周三下班前报送", date(2023, 5, 3)),
    ],
)
def test_days_counted_from_the_notice(text: str, expected: date) -> None:
    """A message of the day; where the notice has no day of its own, nothing is counted."""
    (found,) = deadlines(text)
    assert found.days == (expected,)
    assert "（" in text or not deadlines(text, Anchor(date(2023, 1, 1), sure=False))


def test_a_list_goes_on_over_the_year() -> None:
    """11月, 12月, 1月."""
    (found,) = deadlines("11月25日、12月25日、1月25日前报送", Anchor(date(2023, 11, 1)))
    assert found.days == (date(2023, 11, 25), date(2023, 12, 25), date(2024, 1, 25))


@settings(deadline=None)
@given(
    day=st.dates(date(2023, 4, 28), date(2023, 12, 31)),
    write=st.sampled_from(
        [
            lambda d: f"{d.month}月{d.day}日",
            lambda d: f"{d.month}月{d.day}号",
            lambda d: f"{d.year}年{d.month}月{d.day}日",
            lambda d: f"{d.year}-{d.month:02}-{d.day:02} ",
            lambda d: f"{d.year}.{d.month}.{d.day} ",
            lambda d: f"{d.month} 月 {d.day} 日",
            lambda d: f"{d.month}月{d.day}日（星期{'一二三四五六日'[d.weekday()]}）",
        ]
    ),
    clock=st.sampled_from(["", "18时", "15:00", "下午5点", "下班", "17时30分"]),
    tail=st.sampled_from(["前", "之前", "以前", "截止"]),
    before=st.sampled_from(["请于", "各村要在", "务必于", "报送截止时间为", ""]),
)
def test_any_day_in_any_words(day: date, write: object, clock: str, tail: str, before: str) -> None:
    """Whatever the day, its spelling, the hour and the words around: that one day, and no doubt."""
    assert callable(write)
    (found,) = deadlines(f"{before}{write(day)}{clock}{tail}将总结报送街道")
    assert found.days == (day,)
    assert not found.doubts
    assert found.finer == bool(clock)


@settings(deadline=None)
@given(st.lists(st.dates(date(2023, 5, 1), date(2023, 12, 31)), min_size=2, max_size=6, unique=True))
def test_any_list_of_days(several: list[date]) -> None:
    """The month is written where it changes."""
    several.sort()
    parts = [
        f"{day.day}日" if place and day.month == several[place - 1].month else f"{day.month}月{day.day}日"
        for place, day in enumerate(several)
    ]
    (found,) = deadlines(f"于{'、'.join(parts)}前将写实表报送街道")
    assert list(found.days) == several


@settings(deadline=None)
@given(st.text(alphabet="5月10日前每次分别于至截止时间2023年-、.（）()周五底报送 一二十", max_size=60))
def test_any_text(text: str) -> None:
    """Nothing makes it stumble, and every deadline lies in the text."""
    for found in deadlines(text, period=SPRING):
        assert 0 <= found.start < found.end <= len(text)
        assert list(found.days) == sorted(set(found.days))


@pytest.mark.parametrize(
    ("text", "opens", "closes", "sure"),
    [
        ("利用整个5月份开展宣传服务活动", date(2023, 5, 1), date(2023, 5, 31), True),
        ("活动时间：5月1日至31日", date(2023, 5, 1), date(2023, 5, 31), True),
        ("整治时间为2023年4月—8月", date(2023, 4, 1), date(2023, 8, 31), True),
        ("自11月起至次年3月", date(2023, 11, 1), date(2024, 3, 31), True),
        ("自即日起至6月30日在全镇开展排查", date(2023, 4, 28), date(2023, 6, 30), True),
        ("第一阶段（5月1日至5月10日）动员部署", date(2023, 5, 1), date(2023, 5, 10), True),
        ("其间（5月1日至5月10日）由各村值班", date(2023, 5, 1), date(2023, 5, 10), False),
    ],
)
def test_the_period(text: str, opens: date, closes: date, sure: bool) -> None:
    """The campaign's time, and whether the notice says that it is that."""
    period = find_period(split_sentences([text]), SIGNED)
    assert period is not None
    assert (period.opens_on, period.closes_on, period.sure) == (opens, closes, sure)
