"""Which round of a recurring deliverable is meant: named, asked for, or told by the arrival."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache

from pipeline.matching.evidence import names_inside_out, title_lines
from pipeline.model.campaign import Deliverable
from pipeline.model.content import Content, Document
from pipeline.model.message import Attachment, Message
from pipeline.model.past import Past
from pipeline.model.standing import State
from pipeline.model.submission import Evidence, Source
from pipeline.register import normalise
from pipeline.text.numerals import read_number

_END_OF_FIRST, _END_OF_SECOND = 10, 20  # days of the month: 上旬, 中旬
# 第二次, 第3期; 写实表（二）. Not 附件（二）, and not (2): so a computer names a copy.
_ORDINAL = re.compile(
    r"第(?P<of_times>[一二三四五六七八九十]|\d{1,2})[次轮期批阶回]|(?<!附件)(?<!附表)\((?P<in_brackets>[一二三四五六七八九十])\)"
)
_DATE_IN_WORDS = re.compile(
    r"(?P<month>[一二三四五六七八九十]{1,2})月份?(?P<day>[一二三四五六七八九十]{1,3})(?:[日号]|(?![一二三四五六七八九十个]))"
)
# 二十日 alone; not the day of a month, which is read with it.
_DAY_IN_WORDS = re.compile(r"(?<![月一二三四五六七八九十第\d])(?P<day>[二三]?十[一二三四五六七八九]?)(?=[日号])")
# What a period begins with is no round: 5.11-5.20 and 5月11日至20日 mean the 20th.
_BEGIN_OF_PERIOD = re.compile(
    r"(\d{1,2}[月./])\d{1,2}[日号]?(?:至|到|[~—–-]+)(?=(?P<month>\d{1,2}[月./])?\d{1,2}(?!\d))"
)


def sources_of_round(attachment: Attachment, content: Content, message: Message) -> tuple[tuple[Source, str], ...]:
    """The texts that may name the round, the strongest first."""
    titles = title_lines(content) if isinstance(content, Document) else []
    return (
        *((Source.FILE_NAME, name) for name in names_inside_out(attachment)),
        *((Source.DOCUMENT, line) for line in titles),
        (Source.SUBJECT, message.subject),
    )


def is_named_for_an_old_round(
    attachment: Attachment, rounds: Sequence[Deliverable], message: Message, village: str | None, past: Past
) -> bool:
    """5.10写实表.docx under the subject 5月20日写实表, when the round of the 20th is due: saved under its old name.

    Not where the round of its name is still owed, or another of the mail's files is the subject's.
    """
    meant = rounds_named(message.subject, rounds)
    names = next((found for name in names_inside_out(attachment) if len(found := rounds_named(name, rounds)) == 1), [])
    if len(meant) != 1 or not names or names == meant or not is_settled(past, village, names[0].id):
        return False
    others = [each for each in message.attachments if each is not attachment]
    if any(rounds_named(name, rounds) == meant for other in others for name in names_inside_out(other)):
        return False
    return round_by_arrival(rounds, message.received_at, village, past) == meant[0]


def find_round(
    rounds: Sequence[Deliverable],
    sources: Iterable[tuple[Source, str]],
    received_at: datetime,
    village: str | None,
    past: Past,
) -> tuple[str | None, Evidence | None]:
    """The id of the round that is meant, and what tells it: nothing of a deliverable that does not recur.

    None where there are no ``rounds``: nobody knows which deliverable it is.
    """
    if len(rounds) < 2:
        return (rounds[0].id if rounds else None), None
    for source, text in sources:
        named = rounds_named(text, rounds)
        if len(named) == 1:
            return named[0].id, Evidence(source, named[0].id, text[:80])
    asked = _rounds_asked(rounds, village, past)
    if len(asked) == 1:
        return asked[0].id, Evidence(Source.THREAD, asked[0].id, "回复的信要求补这一次")
    chosen = round_by_arrival(rounds, received_at, village, past)
    arrived = f"{received_at.astimezone(chosen.due_at.tzinfo):%Y-%m-%d %H:%M}"
    return chosen.id, Evidence(Source.ARRIVAL, chosen.id, arrived)


def _rounds_asked(rounds: Sequence[Deliverable], village: str | None, past: Past) -> list[Deliverable]:
    """The rounds that the letter which is answered wants mended, and that still are to be; none, those it asks for."""
    asks = {ask.deliverable: ask for ask in past.thread.asks if ask.village == village} if past.thread else {}
    asked = [each for each in rounds if each.id in asks and not is_settled(past, village, each.id)]
    return [each for each in asked if asks[each.id].returned] or asked


def is_settled(past: Past, village: str | None, deliverable: str) -> bool:
    """Whether nothing more is owed of it."""
    standing = past.standings.get((village, deliverable)) if village else None
    return standing is not None and standing.state in (State.ACCEPTED, State.WAIVED, State.NIL)


def rounds_named(text: str, rounds: Sequence[Deliverable]) -> list[Deliverable]:
    """The rounds named by date (5月20日, 五月二十日, 5.20, 0520), as a period's end (5.11-5.20) or number (第二次)."""
    if not rounds:
        return []
    clean = _DATE_IN_WORDS.sub(_in_figures, re.sub(r"\s", "", normalise(text)))
    clean = _DAY_IN_WORDS.sub(lambda match: str(read_number(match["day"])), clean)
    clean = _BEGIN_OF_PERIOD.sub(lambda match: "" if match["month"] else match[1], clean)
    found = [r for r in rounds if _date_pattern(r.due_on).search(clean)]
    if found:
        return found
    if ordinal := _ORDINAL.search(clean):
        written = ordinal["of_times"] or ordinal["in_brackets"]
        number = "一二三四五六七八九十".find(written) + 1 or int(written)
        return [r for r in rounds if r.round == number]
    if re.search("首[次期轮批]", clean):
        return [r for r in rounds if r.round == 1]
    if re.search("最后一?[次期轮批]|末[次期]", clean):
        return [rounds[-1]]
    return [r for r in rounds if _day_pattern(r.due_on).search(clean)]


def _in_figures(date: re.Match[str]) -> str:
    month, day = (read_number(date[which]) for which in ("month", "day"))
    return f"{month}月{day}日" if month and day else date[0]


@cache
def _date_pattern(due_on: date) -> re.Pattern[str]:
    year, month, day = due_on.year, due_on.month, due_on.day
    apart = rf"(?<![\d.])0?{month}[月./\-·_、。]0?{day}(?!\d)|(?<=\d\d[./\-_])0?{month}[./\-_]0?{day}(?!\d)"
    together = rf"(?<!\d)(?:{year}-?|{year % 100})?{month:02d}{day:02d}(?!\d)"
    return re.compile(rf"{apart}|{together}|(?<!\d){month}{day:02d}(?![\d人名份元次个张])")


@cache
def _day_pattern(due_on: date) -> re.Pattern[str]:
    """A day without its month (20日, 10号), or the part of the month that ends with it (5月上旬, 月底)."""
    month, day = due_on.month, due_on.day
    part = "上旬" if day <= _END_OF_FIRST else "中旬" if day <= _END_OF_SECOND else "(?:下旬|月?[底末])"
    return re.compile(rf"(?<![\d月./]){day}[日号]|(?<!\d){month}月份?{part}|(?<![\d月]){part}")


def round_by_arrival(
    rounds: Sequence[Deliverable], received_at: datetime, village: str | None, past: Past
) -> Deliverable:
    """The contract's rule: the first round not yet due, or the one before where that is nearer and not accepted."""
    following = next((number for number, each in enumerate(rounds) if received_at < each.due_at), None)
    if following is None:
        return rounds[-1]
    if following == 0:
        return rounds[0]
    before, after = rounds[following - 1], rounds[following]
    accepted = is_settled(past, village, before.id)
    nearer = received_at - before.due_at < after.due_at - received_at
    return before if nearer and not accepted else after
