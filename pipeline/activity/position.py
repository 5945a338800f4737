"""Place and people by where they stand, no word of them known. The whole grammar: :mod:`pipeline.activity.grammar`.

A lexicon never holds the last 戏园子 or 散养户. Reports keep an order, though: the day, the place, who came, what was
done. So a short clause next to the day that does nothing, counts nothing and is no event's name is the place; and who
is counted at the head of a clause took part. Used only where the known words told nothing.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from pipeline.activity.lexicon import DEED, GROUP, STRONG_PLACE_ENDINGS, Kind
from pipeline.activity.tokens import Token

_WHEN: Final = frozenset({Kind.TIME, Kind.VAGUE})
_DOES: Final = DEED | {
    Kind.GATHER, Kind.INVITE, Kind.JOIN, Kind.FOR, Kind.TO, Kind.VIA, Kind.AT, Kind.COUNT, Kind.TALLY, Kind.DOORSTEP,
    Kind.QUOTE, Kind.PREAMBLE, Kind.ADVERB, Kind.IGNORED, Kind.MEDIUM,
}  # fmt: skip
# Opens what happens in the place before it: 老供销社院|举行…, 训练场|给…讲.
_OPENS: Final = frozenset(
    {Kind.FOR, Kind.GATHER, Kind.INVITE, Kind.ROUTINE, Kind.AT, Kind.COUNT, Kind.TALLY, *GROUP, *DEED}
)
# 趣味运动会, 更年期保健课: what was held; 劳动节: when; 家庭医生: who; 健康知识: about what.
_NO_PLACE: Final = re.compile(
    r"(?:[会课赛节日周月季年戏歌操]|讲座|培训|活动|宣传|演出|展演|义诊|仪式|行动|工作|知识|健康|教育|精神|政策|文化|优育|养生|保健|卫生|安全|法律"
    r"|(?:活动|会议?|基础|过程)上|中|间|前|后|时|时分|期间|时间|时候|之际|[员长们者人民众户]|代表|主任|书记|一行|带队|[0-9个名位次场份张条幅块])$"
)
_AT_LEISURE: Final = re.compile(r"(?:午休|课间|饭前|饭后|收工|下班|放学|赶集|逢集)(?:时间|时候|时|后|前)?$")
_GROUND: Final = (*STRONG_PLACE_ENDINGS, *"屋厦舍棚洞场院地架巷摊崖岭坡湾沟渡口港棚坛窖井厝坪埂垄")
_VISITS: Final = frozenset({"参观", "游览", "观摩", "打卡", "进", "走进", "到", "去", "逛", "进驻", "进了", "走访"})
_COMES: Final = re.compile(r"[来去到进往赴](?:[我本]?[村社])?$")
# Ends of words for people that end hardly anything else: not 动员, 卫生, 入户, 手工, 成长, 排队.
_PEOPLE: Final = (
    r"(?:[剧诗书画曲]社|(?<!排)(?<!组)队|[剧乐社师舞歌讲宣]团|(?<![动全人成委])员|[老教厨技讲药医律牧]师|[歌鼓机能水选好旗骑猎船]手|[村居渔牧山边移侨市农乡]民"
    r"|[茶果菜烟药棉花蜂蚕粮桑老]农|[女民职员技帮短雇义社护矿瓦木油电]工|[大婶嫂姨姑]?[婶嫂姨姑婆娘妹]|叔|伯|[爷老]爷|哥|娃|孩|[儿学]童"
    r"|[学女男考新师医门]生|[网戏歌舞球书票驴战校农工]友|[游旅乘顾访香]客|[家眷亲军烈]属|[队组班站所社园会楼片村校院团连排]长|[老新民骑哨]兵"
    r"|(?<!或)者|夫妇|夫妻|姐妹|姊妹|乡亲|头人|青年|老年人|中年人|年轻人)们?"
)
_PEOPLE_END: Final = re.compile(_PEOPLE + "$")
# 护林队|清捡垃圾; not 居民|楼, 教师|节.
PEOPLE_WORD: Final = re.compile(
    rf"[\u4e00-\u9fff]{{1,5}}?{_PEOPLE}(?![的之节日楼院家房服证法权病间部村])(?=[\u4e00-\u9fff《]{{2}}|.$)"
)
_CALLED_UPON: Final = frozenset({Kind.CALL_ON, Kind.CLEAN})
_MOST_OF_A_FIELD: Final = 8  # signs
_MOST_OF_A_SIGHT: Final = 12


def place_by_position(clauses: list[list[Token]]) -> list[Token]:
    """The tokens of the place; empty where no clause stands as one does."""
    return _field(clauses) or _head(clauses) or _sight(clauses)


def people_by_position(clauses: list[list[Token]]) -> list[Token]:
    """Who is counted and took part: 27人次兑换, 21户拍全家福, 给八户散养户讲. Not 测血糖66人次: who came is not told.

    A phrase of one token, or empty.
    """
    for clause in clauses:
        rest = [token for token in clause if token.kind not in _WHEN]
        for index, token in enumerate(rest):
            before = {each.kind for each in rest[:index]}
            if before & _CALLED_UPON or Kind.NEEDY in before or (index and rest[index - 1].text.endswith("奖")):
                break
            households = token.kind is Kind.TALLY and token.text[-1] in "户家组对"
            persons = token.kind is Kind.COUNT and (index == 0 or not token.text.endswith("人次"))
            if persons or (households and (index == 0 or rest[index - 1].kind in (Kind.FOR, Kind.LINK))):
                return [token]
    return _by_trade(clauses)


def _by_trade(clauses: list[list[Token]]) -> list[Token]:
    """Who is named by a word nobody knows that ends as people's do: 龙灯队|舞龙, 文艺轻骑兵 alone in a clause."""
    for clause in clauses:
        rest = [token for token in clause if token.kind not in (*_WHEN, Kind.ADVERB)]
        if not rest or rest[0].kind is not Kind.TEXT:
            continue
        follows = rest[1] if len(rest) > 1 else None
        acts = follows is None or follows.kind in DEED | {Kind.TO, Kind.AT, Kind.JOIN, Kind.QUOTE, Kind.FOR}
        named = acts and len(rest[0].text) <= _MOST_OF_A_FIELD and _PEOPLE_END.search(rest[0].text)
        if named or PEOPLE_WORD.match(rest[0].text):
            return [_cut(rest[0])] if not named else rest[:1]
    return []


def _cut(token: Token) -> Token:
    """The people at the head of a word that goes on to tell what they did."""
    match = PEOPLE_WORD.match(token.text)
    assert match is not None
    return Token(Kind.PEOPLE, token.start, token.start + match.end(), match[0])


def _field(clauses: list[list[Token]]) -> list[Token]:
    """A clause of its own, next to the day: 5月6日，老宋家门洞，…  or  老宋家门洞，5月6日，…"""
    for index, clause in enumerate(clauses[:-1]):
        dated = index == 0 and any(token.kind in _WHEN for token in clause)
        beside = index > 0 and all(token.kind in _WHEN for token in clauses[index - 1])
        leads = index == 0 and all(token.kind in _WHEN for token in clauses[1])
        if not (dated or beside or leads):
            continue
        rest = [token for token in clause if token.kind not in _WHEN]
        text = _AT_LEISURE.sub("", "".join(token.text for token in rest))
        if (
            not rest
            or rest[0].text == "由"
            or any(token.kind in _DOES for token in rest)
            or rest[-1].kind in (Kind.ORGAN, *GROUP)
        ):
            continue
        if 2 <= len(text) <= _MOST_OF_A_FIELD and not _NO_PLACE.search(text):
            return rest
    return []


def _head(clauses: list[list[Token]]) -> list[Token]:
    """Unknown words that end as ground does, and then what happens there: 民兵训练场给17名青年讲…"""
    for clause in clauses:
        rest = [token for token in clause if token.kind not in _WHEN]
        run: list[Token] = []
        for token in rest:
            if token.kind in _OPENS and run and run[-1].kind is Kind.TEXT and run[-1].text.endswith(_GROUND):
                return run
            if token.kind not in (Kind.TEXT, Kind.ORGAN, Kind.PLACE, Kind.ROUTINE) and not (
                token.kind in DEED and not run
            ):
                break
            run.append(token)
            if sum(len(each.text) for each in run) > _MOST_OF_A_FIELD:
                break
    return []


def _sight(clauses: list[list[Token]]) -> list[Token]:
    """What is gone to: 参观乡村记忆馆, 进了五户流动人口的出租屋, 放映队来村小学操场放电影."""
    for clause in clauses:
        for token, follows in pairwise(clause):
            if token.kind is Kind.TEXT and _COMES.search(token.text) and follows.kind is Kind.PLACE:
                return [follows]
        verb = next((index for index, token in enumerate(clause) if token.text in _VISITS), None)
        if verb is None:
            continue
        rest = [token for token in clause[verb + 1 :] if token.text != "了"]
        text = "".join(token.text for token in rest)
        if 2 <= len(text) <= _MOST_OF_A_SIGHT and text.endswith(_GROUND) and not any(t.kind in DEED for t in rest):
            return rest
    return []
