"""What a notice asks for, by when: materials and deadlines brought together. Pure.

In one sentence they meet by their places (将A于5月5日前、B于6月10日前报送). Elsewhere by the notice's order: a list has
the deadline of the words that lead it, a section that of its 报送时间, 以上材料 what was named before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from pipeline.drafting.deadlines import Deadline
from pipeline.drafting.outline import Line
from pipeline.drafting.plain import NO_LABEL
from pipeline.drafting.things import Thing, is_general, speaks_of_all

_TOGETHER: Final = re.compile(r"(?:随|与|同|和|连同)[^,。;]{2,30}?(?:一并|一同|一起|同时|同步)")
_NAME: Final = 24  # characters; a longer name is a sentence
_LEAST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A material that is asked for by some day, or by several days where it recurs."""

    thing: Thing
    days: tuple[date, ...]
    lines: tuple[int, ...]  # that speak of it, by number
    doubts: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()  # what is finer than a day

    @property
    def name(self) -> str:
        """As the notice calls it."""
        return self.thing.name


@dataclass(frozen=True, slots=True)
class Undated:
    """A material that is asked for without a day."""

    thing: Thing
    line: int


@dataclass(frozen=True, slots=True)
class _Due:
    days: tuple[date, ...]
    doubts: tuple[str, ...] = ()
    clock: str = ""  # as written, where it is finer than a day


def find_asked(lines: Sequence[Line]) -> tuple[tuple[Asked, ...], tuple[Undated, ...]]:
    """What is asked for by a day, in the order of the notice, and what without one."""
    asked: list[Asked] = []
    undated: list[Undated] = []
    for number in range(len(lines)):
        for thing, due in _wanted(lines, number, asked):
            if due.days:
                _add(asked, thing, due, number)
            else:
                undated.append(Undated(thing, number))
    _bind_free(lines, asked, undated)
    left: list[Undated] = []
    for each in undated:
        if known := same_as(each.thing, asked):
            numbers = tuple(sorted({*known.lines, each.line}))
            asked[asked.index(known)] = replace(known, thing=_fuller(known.thing, each.thing), lines=numbers)
        else:
            left.append(each)
    return tuple(sorted(asked, key=lambda each: each.lines[0])), tuple(_first_of_each(left))


def _wanted(lines: Sequence[Line], number: int, asked: Sequence[Asked]) -> Iterator[tuple[Thing, _Due]]:
    """The materials that a sentence asks for, each with its deadline; one without days where there is none."""
    line = lines[number]
    if line.times and line.things and (line.asks or line.reporting):
        yield from ((thing, due) for thing, due in _dues(line) if due.days or not is_general(thing))
    elif line.things and line.asks:
        due, things = _beside(line, asked) or (_carried(lines, number), [t for t in line.things if not t.within])
        yield from ((thing, due or _Due(())) for thing in things if not _generally(thing, line))


def _beside(line: Line, asked: Sequence[Asked]) -> tuple[_Due | None, list[Thing]] | None:
    """照片随总结一并报送: the deadline of what it goes with, and what goes with it."""
    match = _TOGETHER.search(line.text)
    if match is None:
        return None
    with_it = [each for each in line.things if match.start() <= each.start and each.end <= match.end()]
    known = next((found for each in with_it if (found := same_as(each, asked))), None)
    rest = [each for each in line.things if each not in with_it and not each.within]
    return (_Due(known.days, known.doubts), rest) if known and rest else None


def _generally(thing: Thing, line: Line) -> bool:
    """Whether it is too general to be asked for where it stands: 向媒体报送信息."""
    return is_general(thing) and line.list_of is None and not line.labelled


def _dues(line: Line) -> Iterator[tuple[Thing, _Due]]:
    """Each material of a sentence with its deadline."""
    deadlines, things = line.times, [each for each in line.things if not each.within]
    first = deadlines[0]
    if len(deadlines) == 1 and first.separately and not first.each_time and len(things) == len(first.days):
        for thing, day in zip(things, deadlines[0].days, strict=True):
            doubt = "通知用“分别”把几项材料和几个日期对应起来，请看对得对不对"
            yield thing, replace(_as_due(first), days=(day,), doubts=(*first.doubts, doubt))
        return
    first_named = things[0].start < deadlines[0].start if things else False
    for thing in things:
        behind = [each for each in deadlines if each.start >= thing.end]
        before = [each for each in deadlines if each.end <= thing.start]
        chosen = (behind or before[-1:])[0] if first_named else (before[-1:] or behind)[0]
        yield thing, _as_due(chosen)


def _as_due(deadline: Deadline) -> _Due:
    return _Due(deadline.days, deadline.doubts, deadline.quote if deadline.finer else "")


def _carried(lines: Sequence[Line], number: int) -> _Due | None:
    """The deadline of the words before in the same paragraph, else of those that lead the list, outwards."""
    line = lines[number]
    for before in range(number - 1, -1, -1):
        if lines[before].sentence.paragraph != line.sentence.paragraph:
            break
        if lines[before].deadlines and (lines[before].asks or lines[before].leads):
            return _as_due(lines[before].deadlines[-1])
    leader = line.list_of
    while leader is not None:
        if lines[leader].deadlines:
            return _as_due(lines[leader].deadlines[-1])
        leader = lines[leader].list_of
    return None


def _bind_free(lines: Sequence[Line], asked: list[Asked], undated: Sequence[Undated]) -> None:
    """Give the deadlines that name no material to the materials that have none."""
    free = [
        (number, line)
        for number, line in enumerate(lines)
        if line.deadlines and not line.things and (line.handed_in or line.timed or line.reporting) and not line.leads
    ]
    for number, line in free:
        waiting = [each for each in undated if _same_point(lines, each.line, number)] or [
            each for each in undated if _within_reach(lines, each, number, alone=len(free) == 1)
        ]
        for each in waiting:
            if same_as(each.thing, asked) is None:
                _add(asked, each.thing, _as_due(line.deadlines[-1]), each.line, number)


def _same_point(lines: Sequence[Line], captioned: int, number: int) -> bool:
    """Whether a line stands beneath a captioned one: 照片：每村3张。 … 6月28日前报送。"""
    between = lines[captioned + 1 : number + 1]
    return (
        captioned < number
        and lines[captioned].sentence.captioned
        and all(not each.sentence.opens or each.sentence.rank == NO_LABEL for each in between)
    )


def _within_reach(lines: Sequence[Line], undated: Undated, number: int, *, alone: bool) -> bool:
    """Whether a deadline speaks of this material: in the same section, or the notice's only one, or 以上材料."""
    line, other = lines[number], lines[undated.line]
    if not (other.reporting or other.list_of is not None or other.labelled or other.section == line.section):
        return False
    behind = speaks_of_all(line.sentence) and undated.line < number
    return behind or other.section == line.section or alone


def _add(asked: list[Asked], thing: Thing, due: _Due, *numbers: int) -> None:
    """Note it, or what is new of one that was asked for before."""
    if len(thing.name) > _NAME or (is_general(thing) and not due.days) or len(thing.name) < _LEAST_NAME:
        if len(thing.name) <= _NAME:
            return
        thing = replace(thing, name=thing.name[-_NAME:])
    known = same_as(thing, asked)
    clocks = (due.clock,) if due.clock else ()
    if known is None:
        asked.append(Asked(thing, due.days, numbers, due.doubts, clocks))
        return
    place = asked.index(known)
    doubts = dict.fromkeys([*known.doubts, *due.doubts])
    days = known.days
    if due.days != known.days:
        days = tuple(sorted({*known.days, *due.days}))
        if not set(due.days) <= set(known.days):
            doubts |= {"通知里它的期限出现了两处，按多次报送理解，请看对不对": None}
    asked[place] = replace(
        known,
        thing=_fuller(known.thing, thing),
        days=days,
        lines=tuple(dict.fromkeys([*known.lines, *numbers])),
        doubts=tuple(doubts),
        clocks=tuple(dict.fromkeys([*known.clocks, *clocks])),
    )


def _fuller(known: Thing, other: Thing) -> Thing:
    """The one of two mentions whose name says more, with the form that either names."""
    better = other if len(known.name) < len(other.name) <= _NAME and other.name.endswith(known.name) else known
    return replace(better, appendix=known.appendix or other.appendix)


def same_as(thing: Thing, asked: Sequence[Asked]) -> Asked | None:
    """The material that this mention means: one name is the other, or its end; or the only one of its kind."""
    for each in asked:
        if each.name == thing.name or (thing.appendix and thing.appendix == each.thing.appendix and not thing.head):
            return each
    ends = [each for each in asked if _ends(each.name, thing.name) and each.thing.family is thing.family]
    if len(ends) == 1:
        return ends[0]
    kin = [each for each in asked if each.thing.family is thing.family and thing.family is not None]
    bare = thing.name == thing.head or re.fullmatch(r"(?:工作|活动|本次活动|书面)?" + re.escape(thing.head), thing.name)
    return kin[0] if len(kin) == 1 and bare and _ends(kin[0].thing.head, thing.head) else None


def _ends(name: str, other: str) -> bool:
    return name.endswith(other) or other.endswith(name)


def _first_of_each(undated: Sequence[Undated]) -> Iterator[Undated]:
    seen: set[str] = set()
    for each in undated:
        if each.thing.name not in seen:
            seen.add(each.thing.name)
            yield each
