"""The time of the campaign, in the sentences of a notice. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from pipeline.drafting.days import Anchor, Period, Written, match_day, match_range, resolve, settle
from pipeline.drafting.deadlines import is_due, is_led
from pipeline.drafting.plain import Sentence, number_of
from pipeline.drafting.things import HANDING_IN

# How surely words name the campaign's time.
_BY_NAME, _AT_LENGTH, _BY_THE_WAY = 3, 2, 1
_MONTHS: Final = re.compile(
    r"(?:(?P<year>20\d\d)年)?\s*(?P<first>1[0-2]|0?[1-9]|[一二三四五六七八九十]{1,2})\s*月?(?:份|初)?\s*(?:起)?\s*(?:-|至|到)\s*"
    r"(?:(?P<other>20\d\d)年|次年|明年)?\s*(?P<last>1[0-2]|0?[1-9]|[一二三四五六七八九十]{1,2})\s*月(?:份)?(?:[底末])?(?!\s*[\d初上中下])"
)
_STAGE: Final = re.compile(r"阶段\s*[(:]?\s*$")
_NOW: Final = re.compile(r"(?:从|自)?即日起\s*,?\s*(?:-|至|到)\s*")
_UNTIL: Final = re.compile(r"(?:活动|行动|整治|排查|检查|宣传|工作)(?:从现在起|一直)?(?:持续|开展|进行)?[到至]\s*")
_ENDS: Final = re.compile(r"\s*(?:全部|全面|基本)?(?:结束|为?止)")
_WHOLE: Final = re.compile(
    r"(?P<whole>整个|全|利用)?(?:(?P<year>20\d\d)年)?(?:今年)?(?P<month>1[0-2]|[1-9]|[一二三四五六七八九十]{1,2})月份?"
    r"(?=[^,。;\d]{0,6}(?:开展|组织|集中|进行|全月|期间|为第)|的时间|是(?:第\d+个|我国|全国|全省)?[^,。;]{0,8}“?[^,。;]{0,12}月)"
)
_OF_PERIOD: Final = re.compile(
    r"(?:活动|整治|行动|宣传|学习|开展|排查|培训|实施|工作|起止|统计)(?:的)?(?:时间|期间|日期|周期|时限)(?:安排)?\s*(?:为|是|:)?\s*(?:从|自|于|在)?\s*$"
    r"|时间(?:安排)?\s*(?:为|是|:)\s*(?:从|自)?\s*$|(?:从|自)\s*$"
)


def find_period(sentences: Sequence[Sentence], anchor: Anchor) -> Period | None:
    """The time of the campaign: what the surest words give, taken together; None where the notice names none."""
    found = [(rank, period) for sentence in sentences for rank, period in _periods(sentence, anchor)]
    best = max((rank for rank, _ in found), default=0)
    periods = [period for rank, period in found if rank == best]
    if not periods:
        return None
    return Period(
        min(each.opens_on for each in periods),
        max(each.closes_on for each in periods),
        periods[0].quote,
        sure=best > _BY_THE_WAY,
    )


def _periods(sentence: Sentence, anchor: Anchor) -> Iterator[tuple[int, Period]]:
    """The times that a sentence names, each with how surely it is the campaign's."""
    yield from _between_days(sentence, anchor)
    yield from _from_now(sentence, anchor)
    yield from _until(sentence, anchor)
    yield from _between_months(sentence, anchor)
    yield from _whole_month(sentence, anchor)


def _is_named(text: str) -> bool:
    return bool(_OF_PERIOD.search(text))


def _between_days(sentence: Sentence, anchor: Anchor) -> Iterator[tuple[int, Period]]:
    text, position = sentence.folded, 0
    while position < len(text):
        told = match_range(text, position)
        if told is None:
            position += 1
            continue
        first, last, end = told
        opens_on, closes_on = settle([first, last], anchor)[0] or (None, None)
        if opens_on and closes_on and not is_due(text, position, end, ranged=True):
            staged = _AT_LENGTH if _STAGE.search(text[:position]) else _BY_THE_WAY
            rank = _BY_NAME if _is_named(text[:position]) else staged
            yield rank, Period(opens_on, closes_on, sentence.quoted)
        position = end


def _from_now(sentence: Sentence, anchor: Anchor) -> Iterator[tuple[int, Period]]:
    text = sentence.folded
    for match in _NOW.finditer(text):
        written = match_day(text, match.end())
        closes_on = resolve(written, anchor)[0] if written else None
        if closes_on and closes_on >= anchor.day and not is_led(text[: match.end()]):
            rank = _BY_THE_WAY if HANDING_IN.search(text) else _AT_LENGTH
            yield rank, Period(anchor.day, closes_on, sentence.quoted)


def _until(sentence: Sentence, anchor: Anchor) -> Iterator[tuple[int, Period]]:
    """行动至6月底结束: from the notice's own day."""
    for match in _UNTIL.finditer(sentence.folded):
        written = match_day(sentence.folded, match.end())
        closes_on = resolve(written, anchor)[0] if written else None
        if written and closes_on and closes_on >= anchor.day and _ENDS.match(sentence.folded, written.end):
            yield _AT_LENGTH, Period(anchor.day, closes_on, sentence.quoted)


def _between_months(sentence: Sentence, anchor: Anchor) -> Iterator[tuple[int, Period]]:
    for match in _MONTHS.finditer(sentence.folded):
        first, last = number_of(match["first"]), number_of(match["last"])
        if not (first and last and max(first, last) <= 12):
            continue
        year = int(match["year"] or anchor.day.year)
        closes_on, _ = resolve(Written(0, last, 0, int(match["other"] or year + (last < first))), anchor)
        if closes_on:
            rank = _BY_NAME if _is_named(sentence.folded[: match.start()]) else _AT_LENGTH
            yield rank, Period(date(year, first, 1), closes_on, sentence.quoted)


def _whole_month(sentence: Sentence, anchor: Anchor) -> Iterator[tuple[int, Period]]:
    for match in _WHOLE.finditer(sentence.folded):
        month, year = number_of(match["month"]), int(match["year"] or anchor.day.year)
        if month and month <= 12:
            opens_on, _ = resolve(Written(0, month, 1, year), anchor)
            closes_on, _ = resolve(Written(0, month, 0, year), anchor)
            if opens_on and closes_on:
                whole = match["whole"] or sentence.folded[match.end() :].startswith("是")
                yield _AT_LENGTH if whole else _BY_THE_WAY, Period(opens_on, closes_on, sentence.quoted)
