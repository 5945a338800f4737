"""Deadlines in the sentences of a notice. Pure.

A deadline is one day (5月5日前, 截止日期为2020年6月12日), several for what recurs (5月10日、20日、31日分别), or a rule
(每月25日前) that the period of the campaign turns into days. What speaks of a time that nobody can put into the
calendar (演练结束后5日内) has no days, and is handed back as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from pipeline.drafting.days import (
    Anchor,
    Period,
    Written,
    match_day,
    match_range,
    of_every_month,
    of_every_week,
    settle,
    shown,
)
from pipeline.drafting.plain import Sentence, number_of

_NUMERAL: Final = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_WEEKDAY: Final = re.compile(r"\s*\(?\s*[本下这]?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])\s*\)?")
_CLOSED: Final = re.compile(
    r"\s*\)(?=\s*(?:前|之前|以前|截止|[上下中]午|晚|早|\d|[一二三四五六七八九十]{1,2}[时点]|下班))"
)
_CLOCK: Final = re.compile(
    r"\s*(?:的)?(?:上午|下午|晚上?|中午|早上|凌晨)?\s*(?:下午)?"
    rf"(?:{_NUMERAL}\s*(?::\s*\d\d|[时点]\s*(?:{_NUMERAL}\s*分|半|整)?)|(?:上班|下班)|(?<=[午晚上]))"
)
_TAIL: Final = re.compile(
    r"\s*(?:之前|以前|(?:截止|截稿|为止|止)(?:日)?|当[天日](?:前|之前)?|前(?![往来去后夕期段半面言列述提])(?:后)?|\(?含?当[天日]\)?)"
)
_SEPARATOR: Final = re.compile(r"\s*(?:[、,和及与]|以及)\s*")
_SEPARATELY: Final = re.compile(
    r"\s*(?:前|之前|以前)?\s*(?:这?[两三四五六]次)?\s*(?:,\s*)?(?P<how>分别|各|依次|分[两三四五六]次)"
)
_BEFORE_SEPARATELY: Final = re.compile(r"(?:分别|各)(?:应|要|须|需)?(?:于|在)?\s*$")
_WORDS_OF_HANDING_IN: Final = r"(?:报送|上报|提交|递交|征集|征稿|投稿|来稿|收件|收稿|申报|报名|推荐|反馈|送审|交稿)"
_LEAD: Final = re.compile(
    rf"(?:截止(?:日期|时间|时限)?|截稿(?:日期|时间)?|截至|最后期限|(?:{_WORDS_OF_HANDING_IN}(?:截止)?(?:的)?)(?:时间|日期|期限|时限)"
    r"|时限(?:要求)?|(?:完成)?期限|最[迟晚]|不[迟晚]于)\s*(?:为|是|:|于|在)?\s*(?:(?:从|自)?即日起\s*(?:-|至|到)?)?\s*$"
)
_ON: Final = re.compile(r"(?:请|须|应|要|需|务必|统一|定)?(?:于|在)\s*$")
_AFTERWARDS: Final = re.compile(r"\s*[,(]?\s*(?:逾期|过期)")
_FROM_NOW: Final = re.compile(r"(?:从|自)?(?:即日|通知下发之日|发文之日|本通知印发之日)起\s*,?\s*(?:-|至|到)\s*$")

_MONTHLY: Final = re.compile(
    rf"(?:(?P<next>次月|下月|下个月|翌月)|每(?:个)?月)\s*的?(?:\s*{_NUMERAL}\s*[日号]?\s*(?:-|至|到)\s*)?"
    rf"(?:(?P<day>{_NUMERAL})\s*[日号](?P<more>(?:\s*[、,和及]\s*{_NUMERAL}\s*[日号])*)|(?P<end>月?[底末](?=前|之前|以前|,|报|将)))"
)
_MORE_DAYS: Final = re.compile(rf"({_NUMERAL})\s*[日号]")
_WEEKLY: Final = re.compile(r"每(?:周|星期|礼拜)(?P<day>[一二三四五六日天])")
_AFTER: Final = re.compile(
    rf"(?P<of>(?:活动|整治|行动|集中学习|宣传月?|(?<![\u4e00-\u9fff]))(?:全部)?结束)(?:后|之日起)\s*的?(?P<count>{_NUMERAL})\s*"
    r"(?:个)?(?P<unit>天|日|周|星期|工作日)(?:之|以)?内"
)
_NEAR: Final = re.compile(
    r"(?:(?P<day>[今明后][天日])|(?P<week>[本这下])(?:周|星期)(?P<weekday>[一二三四五六日天]))(?!\s*\()"
)
_RECEIVED: Final = re.compile(
    rf"(?:收到|接到|接)(?:本|此)?通知(?:后|之日起|起)?\s*的?(?P<count>{_NUMERAL})\s*(?:个)?(?P<unit>天|日|周|星期|工作日)(?:之|以)?内"
)
# A time that governs what is handed in, and that nobody can put into the calendar.
_UNKNOWN: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{0,6}?(?:结束|完成|开始|开展|发生)[前后](?:[^,。;]{0,10}?内)?|每(?:半月|季度?|旬|半年)(?:[末底])?(?:前|之前)?"
    r"|[^,。;、]{0,8}(?:工作日|小时)内)(?=[^,。;]{0,14}(?:报|送|交|提供))"
)
_VAGUE: Final = re.compile(
    r"每(?:半月|旬|季度?|半年|日|天|年)[^,。;]{0,14}(?:报|送|交)|每月(?:按时|定期)[^,。;]{0,10}|[^,。;、]{0,10}(?:结束|开始|发生|完成)[前后]"
    r"[^,。;]{0,14}(?:报|送|交|提供)|[^,。;]{0,10}(?:工作日|小时)内|(?:及时|尽快|第一时间|适时|定期)(?:报送|上报|提交|反馈)|另行通知"
)

_WEEKDAYS: Final = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due."""

    start: int  # in the sentence
    end: int
    days: tuple[date, ...]  # sorted, without repetition
    separately: bool = False  # 分别: for each of several things its own, or one thing several times
    doubts: tuple[str, ...] = ()
    finer: bool = False  # whether it tells the time of day: 15:00前
    quote: str = ""
    rule: bool = False  # whether its days come of a rule: 每月25日
    each_time: bool = False  # 各报一次: the same things every time


def find_deadlines(
    sentence: Sentence, anchor: Anchor, period: Period | None, *, handed_in: bool
) -> tuple[Deadline, ...]:
    """The deadlines of a sentence, in order; those that no day can be given have none.

    ``handed_in``: whether the sentence speaks of handing in. A bare day (于6月10日报送) is a deadline only there.
    """
    text = sentence.folded
    found: list[Deadline] = []
    position = 0
    while position < len(text):
        deadline = (
            _match_rule(text, position, anchor, period)
            or _match_relative(text, position, anchor, period)
            or _match_near(text, position, anchor)
            or _match_unknown(text, position)
            or _match_days(text, position, anchor, handed_in=handed_in)
        )
        if deadline is None:
            step = match_day(text, position)
            position = step.end if step else position + 1
            continue
        quote = sentence.text[deadline.start : deadline.end].strip()
        if quote.count("）") > quote.count("（"):
            quote = quote.replace("）", "", 1)
        found.append(replace(deadline, quote=quote))
        position = deadline.end
    return tuple(found)


def _match_unknown(text: str, start: int) -> Deadline | None:
    match = _UNKNOWN.match(text, start)
    return Deadline(start, match.end(), ()) if match else None


def find_vague(sentence: Sentence, deadlines: Sequence[Deadline]) -> tuple[str, ...]:
    """Times for handing in that no rule can hold, as written."""
    known = [range(each.start, each.end) for each in deadlines if each.days]
    found = (
        m
        for m in _VAGUE.finditer(sentence.folded)
        if not any(m.start() < place.stop and place.start < m.end() for place in known)
    )
    return tuple(sentence.text[match.start() : match.end()].strip() for match in found)


def _match_days(text: str, start: int, anchor: Anchor, *, handed_in: bool) -> Deadline | None:
    ranged = match_range(text, start)
    if ranged:
        _, last, end = ranged
        written, doubts = [last], list[str]()
    else:
        written, end, doubts = _match_list(text, start, anchor)
    if not written:
        return None
    end, more, clock = _read_fine(text, end, written, anchor)
    doubts += more
    several = len(written) > 1
    behind = _SEPARATELY.match(text, end)
    separately = several and bool(behind or _BEFORE_SEPARATELY.search(text[:start]))
    tail = _TAIL.match(text, end)
    told = separately or is_due(text, start, end, ranged=bool(ranged))
    if not told:
        if ranged or not handed_in or not _ON.search(text[:start]):
            return None
        doubts.append("通知没有写“前”，按当天截止理解")
    days, unsure = settle(written if not ranged else ranged[:2], anchor)
    if not days:
        return None
    if ranged:
        days = days[-1:]
    if written[-1].vague:
        doubts.append(f"日期写得不具体，暂按{shown(days[-1])}")
    clock_end = tail.end() if tail else end
    return Deadline(
        start,
        clock_end,
        tuple(sorted(set(days))),
        separately,
        tuple(dict.fromkeys([*doubts, *unsure])),
        clock,
        each_time=behind is not None and behind["how"] not in ("分别", "依次"),
    )


def _match_list(text: str, start: int, anchor: Anchor) -> tuple[list[Written], int, list[str]]:
    """Days one after another: 5月10日(周三)、20日和31日."""
    written: list[Written] = []
    doubts: list[str] = []
    end = start
    while day := match_day(text, end, month_known=bool(written)):
        written.append(day)
        end = day.end
        if weekday := _WEEKDAY.match(text, end):
            doubts += _compare(weekday["day"], written, anchor)
            end = weekday.end()
        before = _TAIL.match(text, end)  # 5月10日前、5月20日前
        separator = _SEPARATOR.match(text, before.end() if before else end)
        if not separator or not match_day(text, separator.end(), month_known=True):
            break
        end = separator.end()
    return written, end, doubts


def _compare(named: str, written: Sequence[Written], anchor: Anchor) -> list[str]:
    """What is wrong with the day of the week that stands beside the day."""
    days, _ = settle(written, anchor)
    if not days:
        return []
    own = _WEEKDAYS[days[-1].weekday()]
    named = named.replace("天", "日")
    return [] if own == named else [f"{shown(days[-1])}是星期{own}，通知写的是星期{named}，请问清以哪个为准"]


def _read_fine(text: str, end: int, written: Sequence[Written], anchor: Anchor) -> tuple[int, list[str], bool]:
    """The end behind weekday and time of day, what is doubtful about the former, whether there is the latter."""
    doubts: list[str] = []
    if text[:end].count("(") > text[:end].count(")") and (closed := _CLOSED.match(text, end)):
        end = closed.end()  # 明天(3月12日)上午10点前
    if weekday := _WEEKDAY.match(text, end):
        doubts += _compare(weekday["day"], written, anchor)
        end = weekday.end()
    clock = _CLOCK.match(text, end)
    return (clock.end() if clock else end), doubts, clock is not None and clock.end() > end


def is_led(text: str) -> bool:
    """Whether these words lead a last day: 报送时间：."""
    return bool(_LEAD.search(text))


def is_due(text: str, start: int, end: int, *, ranged: bool) -> bool:
    """Whether the words around make the day the last one."""
    if _LEAD.search(text[:start]) or _FROM_NOW.search(text[:start]):
        return True
    if ranged and _AFTERWARDS.match(text, end):
        return True
    clock = _CLOCK.match(text, end)
    tail = _TAIL.match(text, clock.end() if clock else end)
    return tail is not None and not (ranged and tail[0].strip().startswith("当"))


def _match_rule(text: str, start: int, anchor: Anchor, period: Period | None) -> Deadline | None:
    """每月25日前, 次月5日前, 每周五前: the days of it within the period."""
    match = _MONTHLY.match(text, start) or _WEEKLY.match(text, start)
    if match is None:
        return None
    opens_on, closes_on = (period.opens_on, period.closes_on) if period else (anchor.day, date(anchor.day.year, 12, 31))
    if match.re is _WEEKLY:
        days = of_every_week(_WEEKDAYS.index(match["day"].replace("天", "日")), opens_on, closes_on)
    else:
        day = number_of(match["day"]) if match["day"] else 0
        if day is None or not 0 <= day <= 31:
            return None
        later = [number_of(each) or 0 for each in _MORE_DAYS.findall(match["more"] or "")]
        several = [of_every_month(each, opens_on, closes_on, next_month=bool(match["next"])) for each in (day, *later)]
        days = tuple(sorted({each for some in several for each in some}))
    days = tuple(each for each in days if not anchor.sure or each >= anchor.day)
    if not days:
        return None
    clock = _CLOCK.match(text, match.end())
    end = clock.end() if clock else match.end()
    tail = _TAIL.match(text, end)
    until = "活动期" if period else "到年底"
    doubt = f"“{match[0]}”按{shown(opens_on)}至{shown(closes_on)}（{until}）逐次列出，请看起止对不对"
    end = tail.end() if tail else end
    return Deadline(start, end, days, doubts=(doubt,), finer=clock is not None, rule=True)


def _match_near(text: str, start: int, anchor: Anchor) -> Deadline | None:
    """今天下午5点前, 本周五前: counted from the day of the notice."""
    match = _NEAR.match(text, start)
    if match is None or not anchor.sure:
        return None
    clock = _CLOCK.match(text, match.end())
    tail = _TAIL.match(text, clock.end() if clock else match.end())
    if tail is None:
        return None
    if match["day"]:
        due_on = anchor.day + timedelta(days="今明后".index(match["day"][0]))
    else:
        weekday = _WEEKDAYS.index(match["weekday"].replace("天", "日"))
        weeks = 1 if match["week"] == "下" else 0
        due_on = anchor.day + timedelta(days=weekday - anchor.day.weekday() + 7 * weeks)
    doubt = f"“{match[0]}”从通知的日期算起，按{shown(due_on)}截止"
    return Deadline(start, tail.end(), (due_on,), doubts=(doubt,), finer=clock is not None)


def _match_relative(text: str, start: int, anchor: Anchor, period: Period | None) -> Deadline | None:
    """活动结束后一周内, 收到通知后3个工作日内."""
    match = _AFTER.match(text, start)
    first = period.closes_on if match and period and period.sure else None
    if match is None and (match := _RECEIVED.match(text, start)) and anchor.sure:
        first = anchor.day
    if match is None or first is None or not (count := number_of(match["count"])):
        return None
    days = count * 7 if match["unit"] in ("周", "星期") else count
    if match["unit"] == "工作日":
        days += days // 5 * 2 + 2 * (first.weekday() + days % 5 > 4)
    due_on = first + timedelta(days=days)
    return Deadline(start, match.end(), (due_on,), doubts=(f"“{match[0]}”从{shown(first)}算起，按{shown(due_on)}截止",))
