"""What one activity tells: when, where, who, what. The grammar, over the tokens of one activity's text::

    text    = clause { BREAK clause }                       BREAK: punctuation, line break, space between fields
    time    = TIME                                          not VAGUE; no deadline; the first day counts
    place   = AT run                                        在村文化广场: the run to its last PLACE; without any PLACE
                                                            the whole run, unless it is a state (在…带领下)
            | TO run-with-PLACE | VIA MEDIUM | CLEAN run-with-PLACE | DOORSTEP; not 县医院 of 县医院专家5名
            | name PLACE  at the head of a clause           村卫生室; name: nothing, or a few signs that name a place
            | a short clause that ends as a spot does       河堤上, 乡道两侧, 婚姻登记处
            | TO households | MEDIUM 内                     到七户独生子女家庭, 微信群内
            | a short name without a deed, between time and people, an act behind       5月8日 避灾点 会员8人 学急救
            | ORGAN | MEDIUM  alone in a clause             村委会 followed by an act is the organiser
    people  = [group] COUNT [group]                         群众40人, 40余名育龄妇女, 共45人
            | group TALLY | TALLY [… 的] group              婆婆十来个, 五户家庭代表, 六个带孙子的奶奶
            | [noun] TALLY  as a clause                     戏迷百余, 二十七八个, 来了11组; noun: no thing
            | office  before an act                         计生小组长逐户发, 村医入户
            | FOR group SPEAK                               向赶早市的居民宣讲
            | group  alone in a clause                      全体会员
            | group JOIN | GATHER group                     …参加, 组织…
            | group  at the head of a clause                志愿者为…, 妇女主任走访…; not as its matter (妇女健康知识)
    group   = (PEOPLE | NEEDY | GUEST) { LINK … }
    account = what is left, if it holds an act, or four signs; neither praise (场面热烈) nor what people were there for
              anyhow (缴费客户六十余人)

Where these words tell no place or no people, :mod:`pipeline.activity.position` goes by the order of a report alone,
and :mod:`pipeline.activity.presumption` by whatever stands as a place or as people do.

People behind CALL_ON (走访流动人口14人) are acted upon and do not take part; nor do NEEDY behind FOR
(为留守老人12人理发), invited GUESTs, and 人次 without any group. Where the words leave it open whether a part is told,
it is told: a village must not be asked for what it wrote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pipeline.activity.idle import find_idle
from pipeline.activity.lexicon import DEED, GROUP, Kind
from pipeline.activity.people import find_people
from pipeline.activity.places import ends_open, find_place, find_place_field
from pipeline.activity.position import people_by_position, place_by_position
from pipeline.activity.presumption import presume_people, presume_place
from pipeline.activity.tokens import Token, clauses

_NO_CONTENT: Final = frozenset(
    {
        Kind.TIME, Kind.VAGUE, Kind.LINK, Kind.ROUTINE, Kind.ORGAN, Kind.GATHER, Kind.INVITE, Kind.JOIN, Kind.ADVERB,
        Kind.AT, Kind.TO, Kind.VIA, Kind.FOR, Kind.COUNT, Kind.BREAK, Kind.PREAMBLE,
    }
)  # fmt: skip
_HELD: Final = frozenset({"举行", "举办", "开展", "进行", "召开"})  # what follows is an event: 举行饺子宴
_SERVED: Final = GROUP | {Kind.COUNT, Kind.TALLY}
_WATCHED: Final = frozenset({"观看", "收看", "收听", "聆听", "听取", "观摩", "观看了"})  # 收看专题片
_HAND: Final = re.compile(
    "[贴挂刷扫摆栽种喂缝洗剪修搬铺拉喊唱跳演做包煮量查聊读写画拆晒缝擦送发]"
)  # opens 贴标语, 晒被褥
_MOST_BETWEEN: Final = 4  # signs: （公历
_SIGN: Final = re.compile(r"[\u3400-\u9fffA-Za-z]")


@dataclass
class Parts:
    """The tokens that tell each part; what is in none of them is the account."""

    time: list[Token] = field(default_factory=list)
    place: list[Token] = field(default_factory=list)
    people: list[Token] = field(default_factory=list)
    spent: set[int] = field(default_factory=set)  # starts of tokens that belong to no account

    def spend(self, tokens: list[Token]) -> list[Token]:
        """Mark these tokens as no part of the account; the same tokens."""
        self.spent.update(token.start for token in tokens)
        return tokens


def find_parts(tokens: list[Token]) -> Parts:
    """Where each part is told; an empty list where it is not."""
    parts = Parts()
    parts.time = parts.spend(_find_time(tokens))
    for clause in clauses(tokens):
        if clause[0].kind is Kind.PREAMBLE:
            parts.spend(clause)
            continue
        place, spent = find_place(clause)
        if not (parts.place and all(token.kind is Kind.QUOTE for token in spent)):  # 村书屋，“四点半课堂”: what it was
            parts.spend(spent)
        parts.place = parts.place or place
    if not parts.place:
        parts.place = parts.spend(find_place_field(list(clauses(tokens))))
    for clause in clauses(tokens):
        people, spent = find_people([token for token in clause if token.start not in parts.spent])
        parts.people += people
        parts.spend(spent)
    if not parts.place:
        parts.place = parts.spend(place_by_position(_unspent(tokens, parts, but=parts.time + parts.people)))
    if not parts.people:
        parts.people = people_by_position(_unspent(tokens, parts, but=[]))
        parts.spend([token for token in parts.people if token in tokens])  # of a word cut in two the rest is account
    if not parts.place:
        parts.place = presume_place([clause for clause in clauses(tokens) if clause[0].kind is not Kind.PREAMBLE])
    if not parts.people:
        parts.people = presume_people(_unspent(tokens, parts, but=[]))
    return parts


def _unspent(tokens: list[Token], parts: Parts, *, but: list[Token]) -> list[list[Token]]:
    """The clauses without the words that are spent, ``but`` for these."""
    kept = parts.spent - {token.start for token in but}
    free = [[token for token in clause if token.start not in kept] for clause in clauses(tokens)]
    return [clause for clause in free if clause]


def find_held_on(tokens: list[Token]) -> date | None:
    """The first day that is named."""
    return next((token.day for token in tokens if token.day), None)


def _find_time(tokens: list[Token]) -> list[Token]:
    times = [token for token in tokens if token.kind is Kind.TIME]
    named = next((index for index, token in enumerate(times) if token.day_named), None)
    if named is None:  # 近日上午 tells no time; 上午9时 may
        return [] if any(token.kind is Kind.VAGUE for token in tokens) else times[:1]
    first = times[named]
    if first.day is None:  # 周六（5月6日）, 农历三月十七（公历5月6日）: the day stands behind
        behind = [each for each in times[named + 1 :] if each.day and each.start - first.end <= _MOST_BETWEEN]
        if behind:
            return [first, behind[0]]
    later = [each for each in times[named + 1 :] if not each.day_named and each.start - first.end <= 2]
    return [first, *later[:1]]


def tells_what(tokens: list[Token], parts: Parts) -> bool:
    """Whether what is left, time, place, people and organiser taken away, tells what was done."""
    idle = {token.start for clause in clauses(tokens) for token in find_idle(clause, parts.spent)}
    met = {token.start for clause in clauses(tokens) for token in _meeting(clause)}
    left = [
        token
        for index, token in enumerate(tokens)
        if token.start not in parts.spent | idle
        and (token.start in met or not _says_who(token, tokens[index + 1 : index + 2]))
    ]
    signs = len(_SIGN.findall("".join(token.text for token in left)))
    telling = any(token.kind in DEED or token.kind is Kind.QUOTE or re.search(r"\d", token.text) for token in left)
    telling = telling or any(token.text in _HELD or token.text in _WATCHED for token in tokens)
    telling = telling or any(token.kind is Kind.TEXT and _HAND.match(token.text) for token in left)
    # 在水库管理房学心肺复苏: of an unknown run this long, not all is the place
    # 采茶 alone at the end: two signs that are nothing else are what was done
    last = next(reversed(list(clauses(tokens))), [])
    telling = telling or (len(last) == 1 and last[0] in left and last[0].kind is Kind.TEXT)
    telling = telling or any(_done_for(clause) in left for clause in clauses(tokens))
    return (bool(parts.place) and ends_open(parts.place)) or signs >= 3 or (signs >= 2 and telling)


def _says_who(token: Token, behind: list[Token]) -> bool:
    """Whether a word tells no deed by its class, or is an organ's name."""
    named = token.kind is Kind.TEXT and bool(behind) and behind[0].kind is Kind.ORGAN
    return token.kind in _NO_CONTENT or named


def _meeting(clause: list[Token]) -> list[Token]:
    """召开|五届二次|理事会: a body whose meeting was held. Not 召开 behind it: the body holds one."""
    opened = next((index for index, token in enumerate(clause) if token.text in _HELD), len(clause))
    held = clause[opened + 1 :]
    return held if held and held[-1].kind is Kind.ORGAN and held[-1].text.endswith("会") else []


def _done_for(clause: list[Token]) -> Token | None:
    """给二十位老人|推头: the word behind those whom something is done for, unknown as it may be."""
    last = clause[-1]
    served = any(token.kind is Kind.FOR for token in clause) and len(clause) > 1 and clause[-2].kind in _SERVED
    return last if served and last.kind is Kind.TEXT else None
