"""Where an activity took place, by the tokens of one clause. The whole grammar: :mod:`pipeline.activity.grammar`."""

from __future__ import annotations

import re
from typing import Final

from pipeline.activity.bare_places import find_bare_medium, find_bare_place, find_bare_spot
from pipeline.activity.lexicon import (
    DAY_AFTER_AT,
    GROUND_ENDINGS,
    GROUP,
    LOCATIVE_ENDINGS,
    NO_FIELD_ENDINGS,
    NO_PLACE_AFTER_AT,
    PLACE_ENDINGS,
    STRONG_PLACE_ENDINGS,
    Kind,
)
from pipeline.activity.phrases import (
    COUNTED,
    HAND,
    HOUSEHOLD,
    MOST_OF_A_NAME,
    find_by_position,
    find_household,
    find_medium,
    find_place_name,
    length_of,
    take_rest,
)
from pipeline.activity.tokens import Token

_NAME: Final = frozenset({Kind.TEXT, Kind.PEOPLE, Kind.NEEDY, Kind.ORGAN, Kind.PLACE, Kind.MEDIUM, Kind.IGNORED})
_COUNTED_GROUP: Final = GROUP | {Kind.COUNT, Kind.TALLY}


def find_place(clause: list[Token]) -> tuple[list[Token], list[Token]]:
    """The first place of a clause, and the words spent on it, its preposition too; both empty where it has none."""
    for index, token in enumerate(clause):
        rest = index + 1
        if token.kind is Kind.AT and (run := _after_at(clause, rest)):
            # 在茶山上分享育儿经验: of unknown words nobody can say where the place ends and the account begins.
            return run, [token] if ends_open(run) else [token, *run]
        if token.kind is Kind.TO and (
            run := find_place_name(clause, rest)
            or find_household(clause, index)
            or find_by_position(clause, rest, GROUND_ENDINGS)
        ):
            return run, [token, *run]
        if token.kind is Kind.CLEAN and (run := find_place_name(clause, rest)):
            return run, []  # 清理村主干道: the place is the object as well
        if token.kind is Kind.VIA and (run := find_medium(clause, rest)):
            return run, []
        if token.kind is Kind.DOORSTEP:
            return [token], []
    done_by = [token.text for token in _rest(clause)[:1]] == ["由"]  # 由村妇联牵头: who does it
    place = [] if done_by else find_bare_place(clause) or find_bare_spot(clause) or find_bare_medium(clause)
    return place, place


def ends_open(run: list[Token]) -> bool:
    """Whether of a long run nobody can say where the place ends: 消防站学儿童烫伤处理."""
    last = run[-1]
    return (
        last.kind is Kind.TEXT
        and length_of(run) > MOST_OF_A_NAME
        and (len(run) == 1 or not last.text.endswith((*PLACE_ENDINGS, *STRONG_PLACE_ENDINGS, *LOCATIVE_ENDINGS)))
    )


def find_place_field(told: list[list[Token]]) -> list[Token]:
    """A short name without any deed between the time and those who took part: 5月8日 避灾点 会员8人 学急救.

    No word of it is known; it is a place by where it stands, and only where what was done follows as well.
    """
    first = next((index for index, clause in enumerate(told) if _rest(clause)), len(told))
    if first == len(told) or not (first or len(_rest(told[0])) < len(told[0])):
        return []  # nothing tells a time before it
    field, behind = _rest(told[first]), told[first + 1 :]
    text = "".join(token.text for token in field)
    known = any(token.kind is Kind.TEXT for token in field) or bool(HOUSEHOLD.search(text))
    named = known and all(token.kind in _NAME for token in field)
    peopled = next((i for i, clause in enumerate(behind) if any(t.kind in _COUNTED_GROUP for t in clause)), None)
    if not named or peopled is None or len(behind) < 2 or not 2 <= len(text) <= MOST_OF_A_NAME:
        return []
    return [] if text.endswith(NO_FIELD_ENDINGS) or HAND.match(text) or COUNTED.search(text) else field


def _rest(clause: list[Token]) -> list[Token]:
    """The clause without the time at its head."""
    start = next((i for i, t in enumerate(clause) if t.kind not in (Kind.TIME, Kind.VAGUE, Kind.LINK)), len(clause))
    return clause[start:]


def _after_at(clause: list[Token], start: int) -> list[Token]:
    """The place that 在 announces; empty where it announces a state (在…带领下) or a day."""
    rest = "".join(token.text for token in clause[start:])
    if re.match(NO_PLACE_AFTER_AT, rest) and not re.match(r"^.{0,12}(?:树|桥|楼|檐|棚)下", rest):
        return []
    if DAY_AFTER_AT.match(rest):
        return []
    return (
        take_rest(clause, start)
        or find_place_name(clause, start)
        or find_by_position(clause, start, ())
        or find_household(clause, start - 1)
    )
