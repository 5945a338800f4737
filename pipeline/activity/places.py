"""Where an activity took place, by the tokens of one clause. The whole grammar: :mod:`pipeline.activity.grammar`."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from pipeline.activity.lexicon import (
    DAY_AFTER_AT,
    DEED,
    GROUND_ENDINGS,
    GROUP,
    LOCATIVE_ENDINGS,
    NAME_OF_PLACE,
    NO_FIELD_ENDINGS,
    NO_PLACE_AFTER_AT,
    NO_PLACE_ENDINGS,
    PLACE_ENDINGS,
    SPOT_ENDINGS,
    STRONG_PLACE_ENDINGS,
    WORDS,
    Kind,
)
from pipeline.activity.tokens import Token

_RUN: Final = GROUP | {
    Kind.TEXT, Kind.PLACE, Kind.ORGAN, Kind.MEDIUM, Kind.QUOTE, Kind.LINK, Kind.DOORSTEP, Kind.ROUTINE, Kind.IGNORED,
    Kind.COUNT, Kind.TALLY,
}  # fmt: skip
_SPOT: Final = frozenset({Kind.PLACE, Kind.MEDIUM, Kind.DOORSTEP})
_NOT_IN_A_NAME: Final = frozenset(
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
_NAME: Final = frozenset({Kind.TEXT, Kind.PEOPLE, Kind.NEEDY, Kind.ORGAN, Kind.PLACE, Kind.MEDIUM, Kind.IGNORED})
_COUNTED_GROUP: Final = GROUP | {Kind.COUNT, Kind.TALLY}
_HAND: Final = re.compile(
    "[贴挂刷扫摆栽种喂缝洗剪修搬铺拉喊唱跳演做包煮量查聊读写画拆晒擦送发学听看办开讲教评比拍给为把向对]"
)
_OPENS_NO_PLACE: Final = WORDS[Kind.ROUTINE] - {"我村", "本村", "全村", "该村"}
# 布置会场, 参观基地: these do something to the place; others name it (种植基地, 培训中心).
_WORKS_ON: Final = re.compile(
    r"布置|完善|建[设成立]|打造|改造|参观|[开摆]设|开办|设[立置]|[新兴]建|开辟|启动|搭[建起]|布设|更新|落实"
)
_NAMED_BY_DEED: Final = ("基地", "中心", *"室馆站点所厅园场")
_HOLDS: Final = re.compile(r"(?:开展|举办|举行|进行|召开|组织)了?|实施|搞")  # an event follows: a name ends here
_SENDS_PEOPLE: Final = re.compile(r"(?:社区|小区|企业|工厂|车间|学校|小学|中学|大学|幼儿园|中心校|合作社|医院|卫生院)$")
_FROM_ABOVE: Final = re.compile("[省市县区旗乡镇]")
_COUNTED: Final = re.compile(  # 讲座1场, 分成三组, 走五公里, 两百出头
    r"[\d一两二三四五六七八九十百千余多数几]\s*(?:.|[公华]里|平?[方千]?米|小时)$|出头$"
)
_MOVES: Final = re.compile(r"(?:[进入到出回下]|全|我|本|该|各)[村庄街]$")  # 服务车开进村: no name of a place
_WHOLE_VILLAGE: Final = re.compile(r"(?:全|本|我)?村(?:范围)?内?|全村(?:上下|各处|各组)?|村里|村中|村内外")
_HOUSEHOLD: Final = re.compile(r"(?:户|家庭|家)$")
_ON_LINE: Final = re.compile(r"[群号]$|公众号|朋友圈|直播间|平台|村村响|喇叭$|会议$|线上|云端")
_CHAT: Final = re.compile(r"(?:微信|QQ|qq|钉钉).{0,6}群")  # 微信工作群
_MOST_OF_A_FIELD: Final = 14  # signs
_MOST_BEHIND_A_PLACE: Final = 5
_MOST_OF_A_NAME: Final = 8
_NAMED_ROOMS: Final = ("课堂", "学堂", "讲堂", "之家", "家园", "基地", "中心", "广场", "工坊", *"室站屋院园吧")
_MOST_OF_A_SPOT: Final = 10
_SHORT_SPOT: Final = 5


def find_place(clause: list[Token]) -> tuple[list[Token], list[Token]]:
    """The first place of a clause, and the words spent on it, its preposition too; both empty where it has none."""
    for index, token in enumerate(clause):
        rest = index + 1
        if token.kind is Kind.AT and (run := _after_at(clause, rest)):
            # 在茶山上分享育儿经验: of unknown words nobody can say where the place ends and the account begins.
            return run, [token] if ends_open(run) else [token, *run]
        if token.kind is Kind.TO and (
            run := _place_run(clause, rest)
            or _household_run(clause, index)
            or _place_by_position(clause, rest, GROUND_ENDINGS)
        ):
            return run, [token, *run]
        if token.kind is Kind.CLEAN and (run := _place_run(clause, rest)):
            return run, []  # 清理村主干道: the place is the object as well
        if token.kind is Kind.VIA and (run := _medium_run(clause, rest)):
            return run, []
        if token.kind is Kind.DOORSTEP:
            return [token], []
    place = _bare_place(clause) or _bare_spot(clause) or _bare_medium(clause)
    return place, place


def ends_open(run: list[Token]) -> bool:
    """Whether of a long run nobody can say where the place ends: 消防站学儿童烫伤处理."""
    last = run[-1]
    return (
        last.kind is Kind.TEXT
        and _length(run) > _MOST_OF_A_NAME
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
    known = any(token.kind is Kind.TEXT for token in field) or bool(_HOUSEHOLD.search(text))
    named = known and all(token.kind in _NAME for token in field)
    peopled = next((i for i, clause in enumerate(behind) if any(t.kind in _COUNTED_GROUP for t in clause)), None)
    if not named or peopled is None or len(behind) < 2 or not 2 <= len(text) <= _MOST_OF_A_NAME:
        return []
    return [] if text.endswith(NO_FIELD_ENDINGS) or _HAND.match(text) or _COUNTED.search(text) else field


def _rest(clause: list[Token]) -> list[Token]:
    """The clause without the time at its head."""
    start = next((i for i, t in enumerate(clause) if t.kind not in (Kind.TIME, Kind.VAGUE, Kind.LINK)), len(clause))
    return clause[start:]


def _household_run(clause: list[Token], index: int) -> list[Token]:
    """到七户独生子女家庭: from door to door; not 把慰问品送困难户."""
    if clause[index].text in ("把", "将"):
        return []
    run = _run(clause, index + 1)
    last = next((i for i, token in enumerate(run) if token.kind in GROUP and _HOUSEHOLD.search(token.text)), -1)
    return run[: last + 1]


def _bare_spot(clause: list[Token]) -> list[Token]:
    """A short clause that is a place by its ending, no word of it known: 河堤上, 乡道两侧, 婚姻登记处; or 全村."""
    rest = [token for token in clause if token.kind not in (Kind.TIME, Kind.VAGUE)]
    text = "".join(token.text for token in rest)
    if _WHOLE_VILLAGE.fullmatch(text):
        return rest
    if not 2 <= len(text) <= _MOST_OF_A_SPOT or not SPOT_ENDINGS.search(text):
        return []
    counted = _COUNTED.search(text) and not text.endswith(("两侧", "两旁"))
    beside = len(text) <= _SHORT_SPOT and rest[0].kind is Kind.ACT and text.endswith(("旁", "边", "前"))  # 打麦机旁
    if counted or any(token.kind in _NOT_IN_A_NAME for token in rest) or (rest[0].kind in DEED and not beside):
        return []
    if beside:
        return rest
    plain = not any(token.kind in DEED for token in rest) or text.endswith(("会上", "处"))
    return rest if plain else []


def _bare_medium(clause: list[Token]) -> list[Token]:
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


def _run(clause: list[Token], start: int) -> list[Token]:
    """The noun phrase that begins here; a deed belongs to it where it names the place: 健康教育活动室, 村史展览室."""
    run: list[Token] = []
    for index in range(start, len(clause)):
        token = clause[index]
        follows = clause[index + 1] if index + 1 < len(clause) else None
        placed = any(each.kind in _SPOT for each in run)
        if token.kind in _RUN or (follows and _names_place(token, follows, placed=placed)):
            run.append(token)
        else:
            break
    return run


def _names_place(deed: Token, follows: Token, *, placed: bool) -> bool:
    """Whether a deed and what follows it are the name of a place."""
    if follows.kind is Kind.PLACE:
        return deed.kind is Kind.ACT or (deed.kind in DEED and not placed)
    room = follows.kind is Kind.TEXT and len(follows.text) <= 2 and follows.text.endswith(STRONG_PLACE_ENDINGS)
    return deed.kind is Kind.ACT and room and not _COUNTED.search(follows.text)


def _place_run(clause: list[Token], start: int) -> list[Token]:
    """The run as far as its last PLACE, else as far as its first ORGAN that has rooms; empty where it has neither."""
    run = _run(clause, start)
    last = max((index for index, token in enumerate(run) if token.kind in _SPOT), default=-1)
    rooms = max((index for index, token in enumerate(run) if token.kind is Kind.PLACE), default=-1)
    if 0 <= rooms < last and any(token.kind is Kind.TEXT for token in run[rooms + 1 : last]):
        last = rooms  # 幼儿园门厅|关注公众号
    if last < 0:
        last = next((index for index, token in enumerate(run) if token.kind is Kind.ORGAN), -1)
    elif run[last + 1 :] and run[last + 1].kind is Kind.TEXT and run[last + 1].text.endswith(PLACE_ENDINGS):
        last += not _COUNTED.search(run[last + 1].text)  # 村南打谷场; not 刷标语6处
    return run[: last + 1]


def _medium_run(clause: list[Token], start: int) -> list[Token]:
    run = _run(clause, start)
    last = max((index for index, token in enumerate(run) if token.kind is Kind.MEDIUM), default=-1)
    return run[: last + 1]


def _after_at(clause: list[Token], start: int) -> list[Token]:
    rest = "".join(token.text for token in clause[start:])
    if re.match(NO_PLACE_AFTER_AT, rest) and not re.match(r"^.{0,12}(?:树|桥|楼|檐|棚)下", rest):
        return []
    if DAY_AFTER_AT.match(rest):
        return []
    return (
        _rest_as_place(clause, start)
        or _place_run(clause, start)
        or _place_by_position(clause, start, ())
        or _household_run(clause, start - 1)
    )


def _rest_as_place(clause: list[Token], start: int) -> list[Token]:
    """The rest of the clause, where it is short and ends as a place does: 在大棚种植基地, 服装加工厂."""
    rest = clause[start:]
    if not 2 <= _length(rest) <= _MOST_OF_A_FIELD or any(token.kind in _NOT_IN_A_NAME for token in rest):
        return []
    last = rest[-1]
    if _MOVES.search("".join(token.text for token in rest)):
        return []
    named = last.kind is Kind.TEXT and last.text.endswith(STRONG_PLACE_ENDINGS)
    if (
        last.kind is Kind.TEXT
        and len(rest) > 1
        and rest[-2].kind is Kind.PLACE
        and len(last.text) <= _MOST_BEHIND_A_PLACE
    ):
        named = named or last.text.endswith(LOCATIVE_ENDINGS)
    return rest if last.kind is Kind.PLACE or (named and not _COUNTED.search(last.text)) else []


def _place_by_position(clause: list[Token], start: int, endings: tuple[str, ...]) -> list[Token]:
    """A run that is a place by its position, no word of it known: 在老槐树那儿. ``endings``: it must end so."""
    run = list(takewhile(lambda token: not _HOLDS.fullmatch(token.text), _run(clause, start)))
    while run and run[-1].kind in (Kind.LINK, Kind.COUNT):
        run.pop()
    text = "".join(token.text for token in run)
    if not 2 <= len(text) <= 14 or not any(token.kind in (Kind.TEXT, Kind.ROUTINE) for token in run):
        return []
    if endings:
        return run if text.endswith(endings) else []
    return [] if text.endswith(NO_PLACE_ENDINGS) and not SPOT_ENDINGS.search(text) else run


def _bare_place(clause: list[Token]) -> list[Token]:
    """``村文化广场`` at the head of a clause; ``村委会`` and ``微信群`` only where nothing follows."""
    start = next((i for i, t in enumerate(clause) if t.kind not in (Kind.TIME, Kind.VAGUE, Kind.LINK)), len(clause))
    if _is_named_by_deed(clause[start:]):
        return clause[start:]
    if [token.kind for token in clause[start : start + 2]] == [Kind.ACT, Kind.PEOPLE]:
        start += 1  # 剪纸|能手苗大娘家
    opener = clause[start : start + 1]
    opens = any(token.kind not in DEED and token.text not in _OPENS_NO_PLACE for token in opener)
    if opens and (whole := _rest_as_place(clause, start)):
        return whole
    run = list(takewhile(lambda token: token.kind in _RUN and token.kind is not Kind.COUNT, clause[start:]))
    first = next((index for index, token in enumerate(run) if token.kind is Kind.PLACE), None)
    if first is None:
        behind = clause[start + len(run) :]
        return run if (_is_ground(run) and behind[0].kind in DEED if behind else _is_place_alone(run)) else []
    behind = clause[start + len(run) :]
    acted = bool(behind) and behind[0].kind is Kind.ACT and run[-1].kind is Kind.PLACE
    if _is_long_name(run[:first]) and not (acted and 1 <= _length(run[:first]) <= 4 and not _HAND.match(run[0].text)):
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


def _is_ground(name: list[Token]) -> bool:
    """Whether a name of unknown words is a place by its ending: 二组晒谷场; not 现场."""
    text = "".join(token.text for token in name)
    unknown = bool(name) and name[-1].kind is Kind.TEXT and all(t.kind in (Kind.TEXT, Kind.TALLY) for t in name)
    return (
        unknown
        and 3 <= len(text) <= _MOST_OF_A_NAME
        and text.endswith(STRONG_PLACE_ENDINGS)
        and not _COUNTED.search(text)
    )


def _is_named_by_deed(field: list[Token]) -> bool:
    """种植基地, 培训中心: a deed and a place that are one name, alone in a clause."""
    if len(field) != 2 or field[0].kind is not Kind.ACT or field[1].kind is not Kind.PLACE:
        return False
    return field[1].text.endswith(_NAMED_BY_DEED) and not _WORKS_ON.match(field[0].text)


def _names_a_group(clause: list[Token], run: list[Token], first: int) -> bool:
    """小学师生60人, 社区居民120人: where the people are from, counted, and no act beside; not where they met."""
    if sends_guests(clause, run[first].end):
        return True
    if any(token.kind in DEED or token.kind is Kind.ROUTINE for token in clause):
        return False
    follows = next((token for token in run[first + 1 :] if token.kind is not Kind.TEXT), None)
    counted = any(token.kind in (Kind.COUNT, Kind.TALLY) for token in clause)
    return bool(_SENDS_PEOPLE.search(run[first].text)) and follows is not None and follows.kind in GROUP and counted


def sends_guests(clause: list[Token], end: int) -> bool:
    """县医院专家5名为…: who is of a house of the county's and teaches or treats has come from there."""
    name = "".join(token.text for token in clause if token.end <= end and token.kind not in (Kind.TIME, Kind.VAGUE))
    guests = next((token for token in clause if token.start >= end), None)
    return bool(_FROM_ABOVE.match(name)) and guests is not None and guests.kind is Kind.GUEST


def _is_place_alone(run: list[Token]) -> bool:
    """Whether a clause without any PLACE is one: 后屯村委会, 村民微信群, 张某家."""
    if not run:
        return False
    last = run[-1]
    if last.kind is Kind.TEXT:
        named = last.text.endswith(PLACE_ENDINGS) and not _COUNTED.search(last.text) and not _MOVES.search(last.text)
        return named and _length(run) <= _MOST_OF_A_NAME
    if last.kind is Kind.QUOTE:  # 张庄村“妈妈课堂”
        return (
            last.text.rstrip('”"」').endswith((*_NAMED_ROOMS, *WORDS[Kind.PLACE]))
            and _length(run[:-1]) <= _MOST_OF_A_NAME
        )
    rooms = last.kind is Kind.MEDIUM or (last.kind is Kind.ORGAN and re.search("委会?$|街道$", last.text))
    return bool(rooms) and not _is_long_name(run)


def _is_long_name(name: list[Token]) -> bool:
    """Whether the words before a place word are more than a name: 开设青春健康课堂 names no place."""
    text = "".join(token.text for token in name)
    plain = all(token.kind is not Kind.TEXT for token in name)
    return len(text) > _MOST_OF_A_NAME or not (plain or len(text) <= 2 or NAME_OF_PLACE & set(text))


def _length(tokens: list[Token]) -> int:
    return sum(len(token.text) for token in tokens)
