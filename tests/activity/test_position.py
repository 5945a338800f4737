"""Place and people by where they stand: words that no list holds, and what is no place wherever it stands."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.activity import parse_activities
from pipeline.model.reading import Activity


def read(text: str) -> Activity:
    """The one activity of a cell."""
    (activity,) = parse_activities(text, opens_on=date(2023, 5, 1), closes_on=date(2023, 5, 31))
    return activity


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("5月6日，老郑家过道，嫂子们三十人，纳鞋垫", "老郑家过道"),
        ("碾盘子，5月6日，会员九人贴春联", "碾盘子"),
        ("5月6日，铁匠铺子旧址给十名青年讲家风", "铁匠铺子旧址"),
        ("5月6日，骡马大店举行剪纸比赛，会员二十人参加", "骡马大店"),
        ("5月6日，会员九人参观老农具馆", "老农具馆"),
        ("5月6日夜里，放映队来村幼儿园放电影，观众九十人", "幼儿园"),
        ("5月6日，家风故事会，会员三十人听讲", ""),
        ("5月6日，更年期保健，妇女三十人听讲", ""),
        ("5月6日，会员九人，活动上，宣传优生政策", ""),
        ("5月6日，全体会员，唱歌", ""),
    ],
)
def test_place(text: str, place: str) -> None:
    """A short clause next to the day, what stands at the head of an act, what is visited; no event, topic or person."""
    assert read(text).place == place


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("5月6日，村卫生室，31人次领取叶酸", True),
        ("5月6日，村卫生室，九户养蚕户听政策", True),
        ("5月6日，村卫生室，测血压66人次", False),
        ("5月6日，村卫生室，与留守儿童5人谈心", False),
        ("5月6日，村卫生室，评出一等奖1名", False),
    ],
)
def test_people(text: str, told: bool) -> None:
    """Who is counted at the head of a clause took part; who is helped, or is but a number of services, did not."""
    assert bool(read(text).people) == told


@pytest.mark.parametrize(
    ("text", "held_on"),
    [
        ("周六（5月6日），村卫生室，会员九人听课", date(2023, 5, 6)),
        ("农历三月十七（公历5月6日），村卫生室，会员九人听课", date(2023, 5, 6)),
        ("五一期间（5月2日），村卫生室，会员九人听课", date(2023, 5, 2)),
        ("农历三月十七，村卫生室，会员九人听课", None),
        ("五月份的6号，村卫生室，会员九人听课", date(2023, 5, 6)),
    ],
)
def test_the_day_behind_another_name_of_it(text: str, held_on: date | None) -> None:
    """The day in brackets is the day; a lunar one is none of ours."""
    activity = read(text)
    assert activity.time
    assert activity.held_on == held_on


@pytest.mark.parametrize("time", ["晌午", "吃过晚饭后", "晚7:30"])
def test_a_time_of_day_belongs_to_the_time(time: str) -> None:
    """It is no content."""
    activity = read(f"5月6日{time}，村卫生室，会员九人")
    assert time in activity.time
    assert not activity.account
