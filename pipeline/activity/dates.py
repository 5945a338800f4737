"""Days and times of day in free text.

Written as 2023年5月6日, 23年5月6日, 5月6日, 5月6, 五月六日, 9日, 2023.5.6, 23.5.6, 2023-05-06, 5.6, 5/6, 20230506; as
ranges (5月3日-5日) and lists (5月6日、8日), of which the first day counts; as 上周六, 每天, 5月上旬, 母亲节当天,
农历四月初八, 三月三, which tell a time but no day. “5.29” within the name of the campaign is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline.text.numerals import CHINESE, read_number

_NUMBER: Final = rf"(?:\d{{1,2}}|[{CHINESE}]{{1,3}})"
_YEAR: Final = rf"(?:[公阳新]历\s*)?(?:(?P<year>\d{{4}}|\d{{2}}|[{CHINESE}0]{{4}})\s*年\s*|今年\s*)?"
_DAY: Final = re.compile(
    rf"{_YEAR}(?P<month>{_NUMBER})\s*月\s*(?:份\s*的?\s*)?(?P<day>{_NUMBER})\s*(?:[日号](?!常|报|记)|(?![{CHINESE}\d个万]))"
)
_DIGITS: Final = re.compile(
    r"(?<!\d)(?P<year>\d{4}|2\d(?=\s*[./-]\s*\d{1,2}\s*[./-]))\s*(?P<sep>[-–—./年])\s*(?P<month>\d{1,2})\s*[-–—./月]\s*(?P<day>\d{1,2})(?!\d)日?"
)
_RUN: Final = re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)")
_SHORT: Final = re.compile(
    r"(?<![\d.])(?P<month>1[0-2]|0?[1-9])\s*[./·]\s*(?P<day>3[01]|[12]\d|0?[1-9])(?![\d.%])(?!\s*月)(?:\s*[日号])?"
)

_DAY_OF_MONTH: Final = re.compile(
    rf"(?:月初|月中|月末|月底|[上中下]旬)?的?\s*(?<![\d{CHINESE}])(?P<day>3[01]|[12]\d|0?[1-9]|[一二两三四五六七八九十]{{1,3}})"
    r"[日号](?=[上下中早晚凌傍清午全]|一[早大整]|大[清早]|[，,、\s在于)）]|[-~～—至到]|$)"
)

_DAY_OF_THIS_MONTH: Final = re.compile(
    r"(?:本月份?|这个月|当月)的?\s*(?P<day>3[01]|[12]\d|0?[1-9]|[一二两三四五六七八九十]{1,3})[日号]"
)

# 5.6 is a date at the head of a clause unless a name follows (5.29文艺演出); elsewhere only before a boundary.
_NAME_FOLLOWS: Final = re.compile(
    r"[”\"’']?(?: ?会员活动|会员|活动|宣传|文艺|主题|随手|纪念|协会|服务|系列|计生|国际|世界|全国"
    r"|(?:护士|妇女|青年)(?!主任|干部|们|委员|组长|志愿|\d)|晚会"
    r"|汇演|演出|精神"
    r"|公里|千米|米|元|万|斤|亩|折|倍|份|版|[kK㎏㎡])"
)
_BOUNDARY_FOLLOWS: Final = re.compile(r"\s*(?:$|[,，。;；、)）(（~～—-]|[上下中]午|早|晚|全天|[在于到]|\s)")
_HYPHENED: Final = re.compile(
    r"(?<![\d.])(?P<month>1[0-2]|0?[1-9])-(?P<day>3[01]|[12]\d|0?[1-9])(?=[，,\s在于]|[上下中]午|$)"
)
# “5.29”会员活动日当天, 5.15国际家庭日, …
_NAMED_DAY: Final = re.compile(
    r"[“\"]?(?P<month>1[0-2]|0?[1-9])\s*[./·]\s*(?P<day>3[01]|[12]\d|0?[1-9])(?![\d.]|\s*月)[”\"]?\s*[^\s，,。；;]{0,8}?[日节]"
    r"(?:当天|当日|这天|这一天|那天|上午|下午|(?=[，,\s]|$))"
)
# “5.29”当天: no word for the day, but it is quoted and the day is spoken of.
_QUOTED_DAY: Final = re.compile(
    r"[“\"](?P<month>1[0-2]|0?[1-9])\s*[./·]\s*(?P<day>3[01]|[12]\d|0?[1-9])[”\"]\s*(?:当天|当日|这天|这一天|那天)"
)

_CLOCK: Final = r"\d{1,2}\s*(?:[:：]\s*[0-5]\d(?:分)?|[时点](?:\s*(?:\d{1,2}\s*分?|半|整|许|钟|左右))?)"
# Told by its making, for every province has its own: 头晌, 前半晌, 后晌午, 下晚, 上半夜, 晌午头, 晚饭时分.
_PART_OF_DAY: Final = (
    r"(?:(?:[上下中正头前]午|[前后上下头过晚早半歇一]{1,2}晌午?儿?|晌午|早[上晨起]|一?大?清早|一?大早上?|一早|打早|[清凌]晨|午[后前间]|傍晚|傍黑|天?擦黑|天黑[前后]?"
    r"|天刚?亮|黄昏|晚[上间]|夜[间里晚]|[前后上下半大]{1,2}夜|[下后前]晚(?![会餐饭宴辈年报])|全天|一整天|早晚|饭[前后]"
    r"|(?:吃[罢过完]?)?(?:早|午|晌午|中午|晚|夜)饭(?:[前后口点]|(?=时分|光景)))(?:头|时分|光景|的?时候)?"
    r"|[早晚](?=[\s\d，,在于六七八九十]|$))"
)
_HOUR: Final = re.compile(
    rf"{_PART_OF_DAY}\s*(?:{_CLOCK}|[{CHINESE}]{{1,3}}[时点](?:半|整|钟|许)?)?(?:\s*(?:[-~～—至到]+)\s*{_PART_OF_DAY}?\s*{_CLOCK})?"
    rf"|[{CHINESE}]{{1,3}}点(?:来钟|多钟?|钟|半|整)|(?<![\d.:]){_CLOCK}(?:\s*[-~～—至到]+\s*{_CLOCK})?(?![\d]|建议|要求|意见|措施|希望|体会|期|代|装|尚)"
)
_VAGUE_DAY: Final = re.compile(
    rf"[上本这下]?(?:个)?(?:周|星期|礼拜)[一二三四五六日天末](?!年)|{_YEAR}{_NUMBER}\s*月(?:份)?\s*(?:[上中下][、和]?[上中下]?旬|第[一二三四五]周|初(?:[一二三四五六七八九十][日号]?)?|中|底|末)"
    r"|(?:本|上|这个|上个)月(?:上旬|中旬|下旬|初|中|底|末)|[上中下]旬|月初|月末|月底|昨天|昨日|今天|今日|前天|大前天|每天|每日|每个?(?:周|星期|礼拜)[一二三四五六日天末]|每周|每晚|每早"
    rf"|(?:农历|阴历|古历|旧历)\s*(?:[{CHINESE}\d正冬腊闰]{{1,3}}月)?(?:初|廿)?[{CHINESE}\d]{{1,3}}[日号]?"
    r"|每月\d{1,2}[日号]|连续\s*(?:\d+|[两二三四五六七八九十]+)\s*天|逢[集场]日?|赶[集场][日天]|当场天|集日"
)
_WHOLE_MONTH: Final = re.compile(
    rf"(?:整个)?(?:\d{{4}}年|今年)?(?:整个)?{_NUMBER}月份?(?:以来|期间|里|内|间|的一天|整月|全月)?(?=[，,。;；\s在于]|[上下中]午|[早晚]上?|$)"
)
_FESTIVAL: Final = re.compile(
    r"(?:“?[五六]一”?(?:国际)?(?:劳动节|儿童节)?|母亲节|劳动节|青年节|“?五四”?青年节|儿童节|护士节|端午节|端午|父亲节|国际家庭日|会员活动日)"
    r"(?:当天|当日|这天|这一天|那天|期间|前夕|前后|假期|来临之际|到来之际|之际|上午|下午|[前后]?(?=[，,\s在于]|$))"
    r"|(?:(?:立[春夏秋冬]|雨水|惊蛰|春分|清明|谷雨|小满|芒种|夏至|[小大][暑寒雪]|处暑|[白寒]露|秋分|霜降|冬至)节?|[\u3400-\u9fff]{2,8}(?<![当今每假工])[日节])"
    r"(?:当天|当日|这天|这一天|那天|前夕)"
)
# 三月三, 四月八: feasts of the old calendar. 五月十六 may be either, and is read as a day of the campaign.
_OLD_CALENDAR: Final = re.compile(rf"[{CHINESE}]+月[{CHINESE}]+")
_DEADLINE: Final = re.compile(r"\s*(?:之前|以前|前(?!往|后|来|去|夕|半|晌|午|晚)|是|为(?:第|中国))")
_MORE: Final = re.compile(
    rf"\s*(?:[-~～—–至到、和及]+|[，,](?=\s*\d{{1,2}}[日号]))\s*(?:{_NUMBER}\s*月\s*)?{_NUMBER}\s*[日号]"
    r"|\s*[-~～—–至到]+\s*(?:\d{4}[./-])?\d{1,2}[./]\d{1,2}(?![\d.])"
)
_ABOUT: Final = re.compile(
    r"\s*(?:前后|左右|期间|[两二三四五]天|起(?=[，,])|开始(?=[，,]))"
)  # 5月5日、6日两天, 5月10日前后
_FILLING: Final = re.compile(
    rf"\s*[(（][^()（）\n，,]{{1,6}}[)）]|\s*[(（]?\s*(?:[上本]?(?:周|星期|礼拜)[一二三四五六日天末]|农历[{CHINESE}初廿月\d]+)\s*[)）]?"
    r"|\s*[“\"(（]?(?![过举开组召学讲办])[^\s，,。；;“”]{1,8}[日节][”\")）]?(?:当天|当日|这天|(?=[，,\s]|[上下]午|$))"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of text that tells a time."""

    end: int
    day: date | None  # the first day, None where none is named
    day_named: bool  # False for 上午9时 alone


def match_moment(text: str, start: int, *, heads_clause: bool, opens_on: date, closes_on: date) -> Moment | None:
    """The time that begins exactly here, as far as it reaches; None where none does.

    ``heads_clause``: nothing but a mark stands before it in its clause. A deadline (5月10日前) is none.
    """
    named = _match_day(text, start, heads_clause=heads_clause)
    if named:
        end = named.end()
        while more := _MORE.match(text, end):
            end = more.end()
        if _DEADLINE.match(text, end):
            return None
        for pattern in (_ABOUT, _FILLING):
            if filling := pattern.match(text, end):
                end = filling.end()
        day = _to_date(named, opens_on, closes_on)
        if day and not opens_on <= day <= closes_on and _OLD_CALENDAR.fullmatch(named[0]):
            day = None
        return Moment(end, day, day_named=True)
    patterns = [_VAGUE_DAY, *([_FESTIVAL, _WHOLE_MONTH] if heads_clause else [])]
    for pattern in patterns:
        if (match := pattern.match(text, start)) and not _DEADLINE.match(text, match.end()):
            return Moment(match.end(), None, day_named=True)
    if match := _HOUR.match(text, start):
        return Moment(match.end(), None, day_named=False)
    return None


def _match_day(text: str, start: int, *, heads_clause: bool) -> re.Match[str] | None:
    if heads_clause and (match := _match_first((_NAMED_DAY, _QUOTED_DAY, _DAY_OF_MONTH), text, start)):
        return match
    for pattern in (_DIGITS, _DAY, _RUN, _DAY_OF_THIS_MONTH):
        if match := pattern.match(text, start):
            return match
    if heads_clause and (match := _HYPHENED.match(text, start)):
        return match
    match = _SHORT.match(text, start)
    if (
        match
        and not _NAME_FOLLOWS.match(text, match.end())
        and (heads_clause or _BOUNDARY_FOLLOWS.match(text, match.end()))
    ):
        return match
    return None


def _match_first(patterns: Iterable[re.Pattern[str]], text: str, start: int) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.match(text, start))), None)


def _to_date(match: re.Match[str], opens_on: date, closes_on: date) -> date | None:
    """The day, in the year that is written, else in the year that puts it nearest to the campaign."""
    parts = match.groupdict()
    month, day = read_number(parts.get("month") or str(opens_on.month)), read_number(parts["day"])
    if month is None or day is None:
        return None
    written = parts.get("year")
    if written:
        year = _read_year(written)
        return _date(year, month, day) if year else None
    candidates = [_date(year, month, day) for year in range(opens_on.year - 1, closes_on.year + 2)]
    days = [each for each in candidates if each]
    return min(days, key=lambda each: _distance(each, opens_on, closes_on), default=None)


def _distance(day: date, opens_on: date, closes_on: date) -> tuple[int, int]:
    """How far a day lies outside the campaign; the years of the campaign come first."""
    outside = max((opens_on - day).days, (day - closes_on).days, 0)
    return (0 if opens_on.year <= day.year <= closes_on.year else 1, outside)


def _read_year(written: str) -> int | None:
    if not written.isdecimal():
        value = read_number(written)
        return value if value and value > 1900 else None
    return int(written) + (2000 if len(written) == 2 else 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 5月32日
        return None
