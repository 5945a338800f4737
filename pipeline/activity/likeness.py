"""Whether two texts tell of the same activity: the later progress table must hold those of the earlier ones again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from pipeline.activity.tokens import plain_text
from pipeline.model.reading import Activity
from pipeline.text.numerals import CHINESE, read_number

_NUMBER: Final = re.compile(rf"\d+(?:[.:]\d+)?|[{CHINESE}]{{2,}}")
_SIGNS: Final = re.compile(r"[^\w]+|_")
# Said of every activity: tells none from another.
_COMMON: Final = re.compile(
    r"开展|组织|举办|举行|进行|活动|现场|村民委员会|村委会|村计生协会?|计生协会?|参加|人员|时间|地点|内容"
)

# A figure with what it counts; and words that many an activity shares with others of its day.
_COUNTED: Final = re.compile(
    rf"(?:\d+(?:[.:]\d+)?|[{CHINESE}]+)[余多来几]*\s*"
    r"(?:余|人次|[人名位个份户条期处张盒本场次幅套]|(?=\W|$))"
)
# The end of several days: 5月2日至8日, 5.28-6.2, 5月16、17日. Not of hours (9时至11时).
_N: Final = rf"(?:\d{{1,2}}|[{CHINESE}]{{1,3}})"
_UNTIL: Final = re.compile(rf"[-~—–至到、和及]\s*(?:(?P<month>{_N})[月./](?P<of_month>{_N})(?!\d)|(?P<day>{_N})[日号])")
_LONGEST: Final = 31  # days that one activity takes
_OFTEN: Final = re.compile(r"发放|宣传|讲解|知识|政策|群众|村民|会员|我村|全体|积极")

_ALIKE_ON_ONE_DAY: Final = 60.0
_ALIKE: Final = 75.0
_IDENTICAL: Final = 95.0
_RETOLD: Final = 0.33  # of the shorter telling's pieces; retellings measured 0.38 and more, strangers near 0
_SHORT: Final = 6  # signs; a shorter account is weighed with the whole text


def same_activity(one: Activity, other: Activity) -> bool:
    """Whether both tell of one activity, perhaps reworded, under labels, or with a figure mended.

    On the same day, or within the days that one of them names (5月2日至8日), alike accounts, or a shorter telling that
    the longer one holds, are enough. Where one names no day
    of the calendar (周三, 农历三月廿八), or the days are neighbours (5月16、17日, then 5月17日), they must be more
    alike, or as many people at the same place. On other days only texts that agree in all but the day are one activity,
    whose day was mended.
    """
    apart = _apart(one, other)
    if apart == 0:
        return _likeness(one, other) >= _ALIKE_ON_ONE_DAY or _is_retold(one, other)
    if apart is not None and fuzz.ratio(_without_time(one), _without_time(other)) >= _IDENTICAL:
        return True
    if apart is None and _likeness(one, other) >= _ALIKE:
        return True
    return apart in (None, 1) and _is_retold(one, other) and _same_frame(one, other)


def find_untold(
    earlier: Sequence[Activity], later: Sequence[Activity], *, told_on: date | None = None
) -> list[Activity]:
    """The earlier activities, told up to ``told_on``, that none of the later ones tells again.

    A day is taken for mended only where the later activity is not another earlier one on its own day, and not held
    after the earlier ones were told: who does the same each week must tell each time of it.

    One that no telling is like enough to is still told where, of its day, an activity is left that tells none of the
    others and has a word, or the number of people, in common with it: who writes anew seldom keeps the words.
    """
    on_its_day = [
        other for other in later if any(_apart(each, other) == 0 and same_activity(each, other) for each in earlier)
    ]

    def tells(other: Activity, each: Activity) -> bool:
        if not same_activity(each, other):
            return False
        after = bool(told_on and other.held_on and other.held_on > told_on)
        return not _apart(each, other) or not (other in on_its_day or after)

    missing = [each for each in earlier if not any(tells(other, each) for other in later)]
    spare = [other for other in later if not any(same_activity(each, other) for each in earlier)]
    untold = []
    for each in missing:
        found = next((other for other in spare if _may_be(each, other)), None)
        if found is None:
            untold.append(each)
        else:
            spare.remove(found)
    return untold


def _apart(one: Activity, other: Activity) -> int | None:
    """How many days lie between them, 0 where they share one; None where one names no day of the calendar."""
    mine, theirs = _days(one), _days(other)
    if mine is None or theirs is None:
        return None
    return max((theirs[0] - mine[1]).days, (mine[0] - theirs[1]).days, 0)


@lru_cache(maxsize=1024)  # each is held against each
def _days(activity: Activity) -> tuple[date, date] | None:
    """The first and the last day."""
    first = activity.held_on
    if first is None:
        return None
    last = first
    for until in _UNTIL.finditer(plain_text(activity.time)):
        month, day = read_number(until["month"] or str(first.month)), read_number(until["of_month"] or until["day"])
        with suppress(ValueError):
            last = max(last, first.replace(month=month or 0, day=day or 0))
    return first, last if (last - first).days <= _LONGEST else first


def _may_be(one: Activity, other: Activity) -> bool:
    if one.held_on is None or one.held_on != other.held_on:
        return False
    mine, theirs = _pieces(one.place, one.people, one.account), _pieces(other.place, other.people, other.account)
    shared = {piece for piece in mine & theirs if not _OFTEN.fullmatch(piece)}
    counts = _counts(one.people)
    return bool(shared) or (bool(counts) and counts == _counts(other.people))


def _same_frame(one: Activity, other: Activity) -> bool:
    """As many people at the same place, however either is written."""
    mine, theirs = _counts(one.people), _counts(other.people)
    places = _pieces(one.place), _pieces(other.place)
    return bool(mine) and mine == theirs and bool(places[0] & places[1])


def _counts(people: str) -> list[int]:
    """The figures in it, sorted: 会员九人、家属 -> 9."""
    figures = map(read_number, re.findall(rf"\d+|[{CHINESE}]+", plain_text(people)))
    return sorted(figure for figure in figures if figure is not None)


def _likeness(one: Activity, other: Activity) -> float:
    """0 to 100: how alike the accounts are, figures aside, whatever the order of their clauses."""
    mine, theirs = _clauses(one.account), _clauses(other.account)
    if min(len("".join(mine)), len("".join(theirs))) < _SHORT:
        mine, theirs = _clauses(one.text), _clauses(other.text)
    straight = fuzz.ratio("".join(mine), "".join(theirs))
    ordered = fuzz.ratio("".join(sorted(mine)), "".join(sorted(theirs)))
    within = (
        fuzz.partial_ratio("".join(mine), "".join(theirs))
        if min(len("".join(mine)), len("".join(theirs))) >= 10
        else 0.0
    )
    return max(straight, ordered, within)


def _is_retold(one: Activity, other: Activity) -> bool:
    """Whether the shorter of two tellings of one day is found again in the longer: 免费两癌筛查 in 给妇女做两癌筛查.

    The same place and the same people alone are not enough: two activities of one day may share both.
    """
    mine, theirs = _pieces(one.place, one.people, one.account), _pieces(other.place, other.people, other.account)
    shared = mine & theirs
    frame = _pieces(one.place, one.people) & _pieces(other.place, other.people)
    told = {piece for piece in shared - frame if not _OFTEN.fullmatch(piece)}
    return bool(told) and len(shared) >= _RETOLD * min(len(mine), len(theirs))


def _pieces(*texts: str) -> set[str]:
    """Every two signs that stand side by side, common words and counts left out."""
    bare = _COMMON.sub(" ", _COUNTED.sub(" ", plain_text("，".join(texts))))
    return {run[index : index + 2] for run in re.findall(r"\w+", bare) for index in range(len(run) - 1)}


def _clauses(text: str) -> list[str]:
    bare = _COMMON.sub("", _NUMBER.sub("", plain_text(text)))
    return [clause for part in re.split(r"[，,。；;：:、\n]", bare) if (clause := _SIGNS.sub("", part))]


def _without_time(activity: Activity) -> str:
    return _SIGNS.sub("", plain_text(f"{activity.place}{activity.people}{activity.account}"))
