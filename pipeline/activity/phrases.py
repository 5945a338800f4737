"""How far the name of a place reaches, by the tokens of one clause: the noun phrase that begins at one of them."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from pipeline.activity.lexicon import (
    DEED,
    GROUP,
    LOCATIVE_ENDINGS,
    NO_PLACE_ENDINGS,
    PLACE_ENDINGS,
    SPOT_ENDINGS,
    STRONG_PLACE_ENDINGS,
    Kind,
)
from pipeline.activity.tokens import Token

RUN: Final = GROUP | {
    Kind.TEXT, Kind.PLACE, Kind.ORGAN, Kind.MEDIUM, Kind.QUOTE, Kind.LINK, Kind.DOORSTEP, Kind.ROUTINE, Kind.IGNORED,
    Kind.COUNT, Kind.TALLY,
}  # fmt: skip
_SPOT: Final = frozenset({Kind.PLACE, Kind.MEDIUM, Kind.DOORSTEP})
NOT_IN_A_NAME: Final = frozenset(
    {
        Kind.COUNT,
        Kind.TALLY,
        Kind.GATHER,
        Kind.JOIN,
        Kind.INVITE,
        Kind.FOR,
        Kind.TO,
        Kind.VIA,
        Kind.TIME,
        Kind.CLEAN,
        Kind.AT,
    }
)
# What a hand does, at the head of a text: 贴标语 is no name.
HAND: Final = re.compile(
    "[贴挂刷扫摆栽种喂缝洗剪修搬铺拉喊唱跳演做包煮量查聊读写画拆晒擦送发学听看办开讲教评比拍给为把向对]"
)
_HOLDS: Final = re.compile(r"(?:开展|举办|举行|进行|召开|组织)了?|实施|搞")  # an event follows: a name ends here
COUNTED: Final = re.compile(  # 讲座1场, 分成三组, 走五公里, 两百出头
    r"[\d一两二三四五六七八九十百千余多数几]\s*(?:.|[公华]里|平?[方千]?米|小时)$|出头$"
)
MOVES: Final = re.compile(r"(?:[进入到出回下]|全|我|本|该|各)[村庄街]$")  # 服务车开进村: no name of a place
HOUSEHOLD: Final = re.compile(r"(?:户|家庭|家)$")
_MOST_OF_A_FIELD: Final = 14  # signs
_MOST_BEHIND_A_PLACE: Final = 5
MOST_OF_A_NAME: Final = 8


def find_phrase(clause: list[Token], start: int) -> list[Token]:
    """The noun phrase that begins here; a deed belongs to it where it names the place: 健康教育活动室, 村史展览室."""
    run: list[Token] = []
    for index in range(start, len(clause)):
        token = clause[index]
        follows = clause[index + 1] if index + 1 < len(clause) else None
        placed = any(each.kind in _SPOT for each in run)
        if token.kind in RUN or (follows and _names_place(token, follows, placed=placed)):
            run.append(token)
        else:
            break
    return run


def _names_place(deed: Token, follows: Token, *, placed: bool) -> bool:
    """Whether a deed and what follows it are the name of a place."""
    if follows.kind is Kind.PLACE:
        return deed.kind is Kind.ACT or (deed.kind in DEED and not placed)
    room = follows.kind is Kind.TEXT and len(follows.text) <= 2 and follows.text.endswith(STRONG_PLACE_ENDINGS)
    return deed.kind is Kind.ACT and room and not COUNTED.search(follows.text)


def find_place_name(clause: list[Token], start: int) -> list[Token]:
    """The run as far as its last PLACE, else as far as its first ORGAN that has rooms; empty where it has neither."""
    run = find_phrase(clause, start)
    last = max((index for index, token in enumerate(run) if token.kind in _SPOT), default=-1)
    rooms = max((index for index, token in enumerate(run) if token.kind is Kind.PLACE), default=-1)
    if 0 <= rooms < last and any(token.kind is Kind.TEXT for token in run[rooms + 1 : last]):
        last = rooms  # 幼儿园门厅|关注公众号
    if last < 0:
        last = next((index for index, token in enumerate(run) if token.kind is Kind.ORGAN), -1)
    elif run[last + 1 :] and run[last + 1].kind is Kind.TEXT and run[last + 1].text.endswith(PLACE_ENDINGS):
        last += not COUNTED.search(run[last + 1].text)  # 村南打谷场; not 刷标语6处
    return run[: last + 1]


def find_medium(clause: list[Token], start: int) -> list[Token]:
    """The phrase that begins here as far as its last MEDIUM; empty where it has none."""
    run = find_phrase(clause, start)
    last = max((index for index, token in enumerate(run) if token.kind is Kind.MEDIUM), default=-1)
    return run[: last + 1]


def find_household(clause: list[Token], index: int) -> list[Token]:
    """到七户独生子女家庭: from door to door; not 把慰问品送困难户."""
    if clause[index].text in ("把", "将"):
        return []
    run = find_phrase(clause, index + 1)
    last = next((i for i, token in enumerate(run) if token.kind in GROUP and HOUSEHOLD.search(token.text)), -1)
    return run[: last + 1]


def take_rest(clause: list[Token], start: int) -> list[Token]:
    """The rest of the clause, where it is short and ends as a place does: 在大棚种植基地, 服装加工厂."""
    rest = clause[start:]
    if not 2 <= length_of(rest) <= _MOST_OF_A_FIELD or any(token.kind in NOT_IN_A_NAME for token in rest):
        return []
    last = rest[-1]
    if MOVES.search("".join(token.text for token in rest)):
        return []
    named = last.kind is Kind.TEXT and last.text.endswith(STRONG_PLACE_ENDINGS)
    if (
        last.kind is Kind.TEXT
        and len(rest) > 1
        and rest[-2].kind is Kind.PLACE
        and len(last.text) <= _MOST_BEHIND_A_PLACE
    ):
        named = named or last.text.endswith(LOCATIVE_ENDINGS)
    return rest if last.kind is Kind.PLACE or (named and not COUNTED.search(last.text)) else []


def find_by_position(clause: list[Token], start: int, endings: tuple[str, ...]) -> list[Token]:
    """A run that is a place by its position, no word of it known: 在老槐树那儿. ``endings``: it must end so."""
    run = list(takewhile(lambda token: not _HOLDS.fullmatch(token.text), find_phrase(clause, start)))
    while run and run[-1].kind in (Kind.LINK, Kind.COUNT):
        run.pop()
    text = "".join(token.text for token in run)
    if not 2 <= len(text) <= 14 or not any(token.kind in (Kind.TEXT, Kind.ROUTINE) for token in run):
        return []
    if endings:
        return run if text.endswith(endings) else []
    return [] if text.endswith(NO_PLACE_ENDINGS) and not SPOT_ENDINGS.search(text) else run


def length_of(tokens: list[Token]) -> int:
    """How many signs they are."""
    return sum(len(token.text) for token in tokens)
