"""A place named without any preposition before it. The whole grammar: :mod:`pipeline.activity.grammar`."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from pipeline.activity.lexicon import (
    DEED,
    GROUP,
    NAME_OF_PLACE,
    PLACE_ENDINGS,
    SPOT_ENDINGS,
    STRONG_PLACE_ENDINGS,
    WORDS,
    Kind,
)
from pipeline.activity.phrases import COUNTED, HAND, MOST_OF_A_NAME, MOVES, NOT_IN_A_NAME, RUN, length_of, take_rest
from pipeline.activity.tokens import Token

_OPENS_NO_PLACE: Final = WORDS[Kind.ROUTINE] - {"我村", "本村", "全村", "该村"}
# 布置会场, 参观基地: these do something to the place; others name it (种植基地, 培训中心).
_WORKS_ON: Final = re.compile(
    r"布置|完善|建[设成立]|打造|改造|参观|[开摆]设|开办|设[立置]|[新兴]建|开辟|启动|搭[建起]|布设|更新|落实"
)
_NAMED_BY_DEED: Final = ("基地", "中心", *"室馆站点所厅园场")
_SENDS_PEOPLE: Final = re.compile(r"(?:社区|小区|企业|工厂|车间|学校|小学|中学|大学|幼儿园|中心校|合作社|医院|卫生院)$")
_FROM_ABOVE: Final = re.compile("[省市县区旗乡镇]")
_WHOLE_VILLAGE: Final = re.compile(r"(?:全|本|我)?村(?:范围)?内?|全村(?:上下|各处|各组)?|村里|村中|村内外")
_ON_LINE: Final = re.compile(r"[群号]$|公众号|朋友圈|直播间|平台|村村响|喇叭$|会议$|线上|云端")
_CHAT: Final = re.compile(r"(?:微信|QQ|qq|钉钉).{0,6}群")  # 微信工作群
_NAMED_ROOMS: Final = ("课堂", "学堂", "讲堂", "之家", "家园", "基地", "中心", "广场", "工坊", *"室站屋院园吧")
_MOST_OF_A_SPOT: Final = 10
_SHORT_SPOT: Final = 5


def find_bare_place(clause: list[Token]) -> list[Token]:
    """``村文化广场`` at the head of a clause; ``村委会`` and ``微信群`` only where nothing follows."""
    start = next((i for i, t in enumerate(clause) if t.kind not in (Kind.TIME, Kind.VAGUE, Kind.LINK)), len(clause))
    field = clause[start:]
    if named := field if _is_named_by_deed(field) else _named_by_preposition(field):
        return named
    if [token.kind for token in clause[start : start + 2]] == [Kind.ACT, Kind.PEOPLE]:
        start += 1  # 剪纸|能手苗大娘家
    opener = clause[start : start + 1]
    opens = any(token.kind not in DEED and token.text not in _OPENS_NO_PLACE for token in opener)
    if opens and (whole := take_rest(clause, start)):
        return whole
    run = list(takewhile(lambda token: token.kind in RUN and token.kind is not Kind.COUNT, clause[start:]))
    first = next((index for index, token in enumerate(run) if token.kind is Kind.PLACE), None)
    if first is None:
        behind = clause[start + len(run) :]
        return run if (_is_ground(run) and behind[0].kind in DEED if behind else _is_place_alone(run)) else []
    behind = clause[start + len(run) :]
    acted = bool(behind) and behind[0].kind is Kind.ACT and run[-1].kind is Kind.PLACE
    if _is_long_name(run[:first]) and not (acted and 1 <= length_of(run[:first]) <= 4 and not HAND.match(run[0].text)):
        return []  # 幸福里中庭|办百家宴 is one
    if _names_a_group(clause[start:], run, first):
        return []
    last = first
    for index in range(first + 1, len(run)):
        if run[index].kind is Kind.PLACE:
            last = index
        elif run[index].kind not in (Kind.LINK, Kind.TEXT):
            break
    return run[: last + 1]


def find_bare_spot(clause: list[Token]) -> list[Token]:
    """A short clause that is a place by its ending, no word of it known: 河堤上, 乡道两侧, 婚姻登记处; or 全村."""
    rest = [token for token in clause if token.kind not in (Kind.TIME, Kind.VAGUE)]
    text = "".join(token.text for token in rest)
    if _WHOLE_VILLAGE.fullmatch(text):
        return rest
    if not 2 <= len(text) <= _MOST_OF_A_SPOT or not SPOT_ENDINGS.search(text):
        return []
    counted = COUNTED.search(text) and not text.endswith(("两侧", "两旁"))
    beside = len(text) <= _SHORT_SPOT and rest[0].kind is Kind.ACT and text.endswith(("旁", "边", "前"))  # 打麦机旁
    if counted or any(token.kind in NOT_IN_A_NAME for token in rest) or (rest[0].kind in DEED and not beside):
        return []
    if beside:
        return rest
    plain = not any(token.kind in DEED for token in rest) or text.endswith(("会上", "处"))
    return rest if plain else []


def find_bare_medium(clause: list[Token]) -> list[Token]:
    """村民微信群内发起接龙, 抖音号直播: the medium at the head of a clause, no preposition before it."""
    for index, token in enumerate(clause):
        if token.kind is Kind.MEDIUM and _CHAT.fullmatch("".join(token.text for token in clause[index:])):
            return clause[index:]
        if token.kind is Kind.MEDIUM and _ON_LINE.search(token.text):
            behind = clause[index + 1 : index + 3]
            if len(behind) == 2 and behind[0].kind is Kind.TEXT and behind[1].kind in (Kind.MEDIUM, Kind.ACT):
                behind = behind[1:]  # 大喇叭早中晚三次广播
            follows = behind[0] if behind else None
            inside = follows is not None and follows.text[0] in "内里上中"
            goes_on = follows is None or follows.kind in (
                Kind.MEDIUM, Kind.ACT, Kind.GATHER, Kind.ROUTINE, Kind.COUNT
            )  # fmt: skip
            return [token] if inside or goes_on else []
        if token.kind not in (Kind.TIME, Kind.VAGUE, Kind.TEXT, Kind.LINK, Kind.ORGAN, Kind.ROUTINE, *GROUP):
            return []
    return []


def sends_guests(clause: list[Token], end: int) -> bool:
    """县医院专家5名为…: who is of a house of the county's and teaches or treats has come from there."""
    name = "".join(token.text for token in clause if token.end <= end and token.kind not in (Kind.TIME, Kind.VAGUE))
    guests = next((token for token in clause if token.start >= end), None)
    return bool(_FROM_ABOVE.match(name)) and guests is not None and guests.kind is Kind.GUEST


def _is_ground(name: list[Token]) -> bool:
    """Whether a name of unknown words is a place by its ending: 二组晒谷场; not 现场."""
    text = "".join(token.text for token in name)
    unknown = bool(name) and name[-1].kind is Kind.TEXT and all(t.kind in (Kind.TEXT, Kind.TALLY) for t in name)
    return (
        unknown
        and 3 <= len(text) <= MOST_OF_A_NAME
        and text.endswith(STRONG_PLACE_ENDINGS)
        and not COUNTED.search(text)
    )


def _is_named_by_deed(field: list[Token]) -> bool:
    """种植基地, 培训中心: a deed and a place that are one name, alone in a clause."""
    if len(field) != 2 or field[0].kind is not Kind.ACT or field[1].kind is not Kind.PLACE:
        return False
    return field[1].text.endswith(_NAMED_BY_DEED) and not _WORKS_ON.match(field[0].text)


def _named_by_preposition(clause: list[Token]) -> list[Token]:
    """向阳小学门口, 为民超市: a name whose first sign looks forward elsewhere, and nobody follows for it to look to."""
    if not clause or clause[0].kind is not Kind.FOR or len(clause[0].text) > 1:
        return []
    name = list(takewhile(lambda token: token.kind in (Kind.TEXT, Kind.PLACE), clause[1:]))
    while name and name[-1].kind is not Kind.PLACE:
        name.pop()
    behind = clause[1 + len(name) :]
    own = list(takewhile(lambda token: token.kind is Kind.TEXT, name))
    if not name or any(token.kind in GROUP for token in behind) or _is_long_name(own):
        return []
    return clause[: 1 + len(name)] if own or not behind else []  # 给水站; not 给敬老院送水


def _names_a_group(clause: list[Token], run: list[Token], first: int) -> bool:
    """小学师生60人, 社区居民120人: where the people are from, counted, and no act beside; not where they met."""
    if sends_guests(clause, run[first].end):
        return True
    if any(token.kind in DEED or token.kind is Kind.ROUTINE for token in clause):
        return False
    follows = next((token for token in run[first + 1 :] if token.kind is not Kind.TEXT), None)
    counted = any(token.kind in (Kind.COUNT, Kind.TALLY) for token in clause)
    return bool(_SENDS_PEOPLE.search(run[first].text)) and follows is not None and follows.kind in GROUP and counted


def _is_place_alone(run: list[Token]) -> bool:
    """Whether a clause without any PLACE is one: 后屯村委会, 村民微信群, 张某家."""
    if not run:
        return False
    last = run[-1]
    if last.kind is Kind.TEXT:
        named = last.text.endswith(PLACE_ENDINGS) and not COUNTED.search(last.text) and not MOVES.search(last.text)
        return named and length_of(run) <= MOST_OF_A_NAME
    if last.kind is Kind.QUOTE:  # 张庄村“妈妈课堂”
        return (
            last.text.rstrip('”"」').endswith((*_NAMED_ROOMS, *WORDS[Kind.PLACE]))
            and length_of(run[:-1]) <= MOST_OF_A_NAME
        )
    rooms = last.kind is Kind.MEDIUM or (last.kind is Kind.ORGAN and re.search("委会?$|街道$", last.text))
    return bool(rooms) and not _is_long_name(run)


def _is_long_name(name: list[Token]) -> bool:
    """Whether the words before a place word are more than a name: 开设青春健康课堂 names no place."""
    text = "".join(token.text for token in name)
    plain = all(token.kind is not Kind.TEXT for token in name)
    return len(text) > MOST_OF_A_NAME or not (plain or len(text) <= 2 or NAME_OF_PLACE & set(text))
