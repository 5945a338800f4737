"""Free text -> tokens: times and counts by their own patterns, all else by the longest word of the lexicon."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline.activity.dates import match_moment
from pipeline.activity.lexicon import DEED, WORDS, Kind
from pipeline.text.numerals import CHINESE


@dataclass(frozen=True, slots=True)
class Token:
    """A word and where it stands."""

    kind: Kind
    start: int
    end: int
    text: str
    day: date | None = None  # of a TIME
    day_named: bool = False  # of a TIME: False for 上午9时 alone


_KIND_OF: Final = {word: kind for kind, words in WORDS.items() for word in words}
_LONGEST: Final = max(map(len, _KIND_OF))
_SIDES: Final = "里内前外旁边"  # 大棚里: part of the place's name
_QUOTE: Final = re.compile(r"《[^》\n]{1,60}》|“[^”\n。]{1,40}”|\"[^\"\n。]{1,40}\"|「[^」\n。]{1,40}」")
_STOP_FOR_DOT: Final = re.compile(r"(?<=\b[1-9])。(?=[0-3]?\d[^\w.。])")  # 5。6: a point typed by a Chinese keyboard
_SPACE: Final = re.compile(r"\s+")
# A number and what counts persons. 第一人民医院, 14人口, 一名单 count none.
_COUNT: Final = re.compile(
    rf"(?:约莫|大概|约|近|上)?(?<!第)(?:[俩仨](?=人)|\d[\d,]{{0,9}}|[{CHINESE}数几多]{{1,9}}|若干)\s*[余多来几]*\s*"
    r"(?:人次|人(?!口|民|物|士|生|家|工|均|流|气|际|身|转(?![院到入])|大(?=代|常|主|$)|社)|个人|号人|口人|名(?!单|誉|称|字|额|师|优|牌)|位(?!于|置|数)|对(?!象|照|比|面|待|应|于|方|手|接|口|联))"
)
# 参与人数26, 到会人数约60; 应到30实到28 and 男12女20 alone in their clause: count persons by the word before it.
_HEADCOUNT: Final = re.compile(
    r"(?:参[加与会训]|到[场会])(?:总?人数|人次)\s*(?:达到?|共计?|为|约|有|近)*\s*\d{1,5}余?人?"
    r"|(?:应到\s*\d{1,4}人?[\s,、/]*)?(?:[实签]到|到[场会])\s*(?:共|约|近)?\s*\d{1,4}余?(?=[\s，,。；;、)）]|$)"
    rf"|男[女性]?\s*(?:共|各|约)?\s*(?:\d{{1,4}}|[{CHINESE}]{{1,4}})(?:[\s,、/]*女性?\s*(?:\d{{1,4}}|[{CHINESE}]{{1,4}}))?"
    r"(?=[\s，,。；;、)）]|$)"
)
# 0至3岁, 60周岁以上, 三至六岁: 至 leads nowhere.
_AGE: Final = re.compile(
    rf"(?:\d{{1,2}}|[{CHINESE}]{{1,3}})\s*(?:周?岁|个?月)?\s*[-~～—至到]+\s*(?:\d{{1,2}}|[{CHINESE}]{{1,3}})\s*(?:周?岁|个月|年级)(?:及?以[上下])?的?"
)
# 二组, 第三村民小组: a part of the village, at the head of a clause or behind 到. Not 亲子家庭二组.
_PART_OF_VILLAGE: Final = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}|第?\d)(?:村民)?(?:小组|组|生产队|小队)(?=\s*(?:[，,。;；、]|\s|$|[组织开举召走访慰入]))"
)
_TALLY: Final = re.compile(
    rf"(?:约莫|大概|约|近|上)?(?<![第.\d])(?:俩|仨|(?!一[个户组口对家])(?:\d[\d,]{{0,9}}|[{CHINESE}数几]{{1,9}})[余多来几]*\s*"
    r"(?:个(?!小?组|村|点|自然|体|性|别|案|月|小时|工作|方面|环节|部分|问题|典型|节目|项目|步骤)|(?<=[余多来几])号(?![码称线楼院门人])|口(?!号|径|头)子?|户(?!外|型)|家(?!庭|教|园|具|访)|组(?!织|长)"
    r"|(?<=[余多来])(?=[\s，,。；;、]|$)))"
    rf"|(?:(?:约莫|大概|约|近)[{CHINESE}\d]{{2,6}}|(?:好几|上|成)[十百千])(?=[\s，,。；;、]|$)"
)
# 广播员, 护林员: who does a thing for a living, at the head of a clause. Not 全员, 动员, 会员活动.
_BY_TRADE: Final = re.compile(r"[\u3400-\u9fff]{1,4}(?<![动委人全成职会党团队组演])员(?![会工额级警外动活作身权])")
# A place and what was done there, written as one: 打谷场|演皮影, 大娘家|包粽子. Not 重点|讲, 热情地|讲, 国家|发: signs
# that end other words too count only behind 在 and 到. What ends as a place again is its name: 排练室, 演播厅.
_ENDS: Final = "场馆厅院园厂室站所店坊房库楼亭棚田坡湾沟岭林塘坝渠桥堂庙祠窑窖摊庭宫阁廊部堤滩"
_LOOSE_ENDS: Final = _ENDS + "家前后上下里内外旁边头口处地点村路街巷组区山河湖井底"
BY_HAND: Final = (
    "贴挂刷扫摆栽种喂缝洗剪修搬铺拉喊唱跳演包煮查聊读写拆晒擦送发评签拍排练学听看教磨捐领采割装扶劝编绣炒蒸炸做办开商议谈论讲给为向打检"
    "测关咨宣观义清慰捡赛比举召传普展播放参交帮替搭登填品植收掰锄浇扎录画"
)
_BEGINS: Final = rf"(?=[{BY_HAND}][\w《“])"
_DONE_THERE: Final = re.compile(rf"(?P<place>.{{0,10}}?[{_ENDS}]|.{{2,10}}(?<![国大专作画业])家){_BEGINS}")
_DONE_THERE_LOOSE: Final = re.compile(rf"(?P<place>.{{0,10}}?[{_LOOSE_ENDS}]){_BEGINS}")
_NO_PERSON: Final = frozenset("他她它咱你俺我人")  # before 们
# Before these a space does not part two fields: 在 村委会.
_HOLDS_ON: Final = frozenset({Kind.AT, Kind.TO, Kind.FOR, Kind.GATHER, Kind.INVITE, Kind.VIA})
_SLASH: Final = re.compile(r"[\u4e00-\u9fff]\s*/\s*(?=\w)|\d\s*/\s*(?=[\u4e00-\u9fff])")
_LEAST_SLASHES: Final = 3
_LEADS: Final = frozenset({Kind.AT, Kind.TO})
_OPENERS: Final = frozenset({Kind.AT, Kind.ROUTINE, Kind.ORGAN, Kind.LINK, Kind.TIME})
_LONGEST_MARK: Final = 8
_MARK: Final = re.compile(r"^[\s\d.、()（）①-⑳一二三四五六七八九十:：]*$")


def plain_text(text: str) -> str:
    """The text in half-width form (NFKC sign by sign), of the same length: its places are those of the original."""
    return _STOP_FOR_DOT.sub(".", "".join(_plain_sign(sign) for sign in text))


def _plain_sign(sign: str) -> str:
    if unicodedata.category(sign) == "No":  # ① stays: it is no 1
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 else sign


def read_tokens(text: str, *, opens_on: date, closes_on: date) -> list[Token]:
    """The tokens of a plain text, without gaps. A space is a BREAK, save where a word looks for its object."""
    found: list[Token] = []
    position = pending = clause = 0  # `pending` starts the unknown text before `position`
    slashed = len(_SLASH.findall(text)) >= _LEAST_SLASHES  # 5月23日/村卫生站/孕产妇6人/听课
    led = False  # 在 or 到 stands before in this clause, and nothing is done yet
    opening = True  # nothing but a mark, 于, 我村 or an organiser stands in this clause so far

    while position < len(text):
        head = (opening and pending == position) or (
            position - clause <= _LONGEST_MARK and bool(_MARK.match(text[clause:position]))
        )
        token = _match(text, position, head=head, led=led, opens_on=opens_on, closes_on=closes_on)
        if token is not None and token.text == "/" and slashed:
            token = Token(Kind.BREAK, token.start, token.end, token.text)
        if token is None:
            position += 1
            continue
        if token.text == "们" and 0 < position - pending <= 4 and text[position - 1] not in _NO_PERSON:
            token = Token(Kind.PEOPLE, pending, token.end, text[pending : token.end])  # 婶子们
        elif pending < position:
            found += _unknown(text, pending, position, found[-1] if found else None, led=led)
            opening = head
        space = token.kind is Kind.BREAK and "\n" not in token.text and not token.text.strip()
        if not (space and found and found[-1].kind in _HOLDS_ON):
            found.append(token)
            opening = token.kind is Kind.BREAK or (opening and token.kind in _OPENERS)
            clause = token.end if token.kind is Kind.BREAK else clause
            led = token.kind in _LEADS or (led and token.kind is not Kind.BREAK and token.kind not in DEED)
        position = pending = token.end
    if pending < position:
        found += _unknown(text, pending, position, found[-1] if found else None, led=led)
    return found


def _unknown(text: str, start: int, end: int, before: Token | None, *, led: bool) -> list[Token]:
    """Words of no class; where they hold a place and what was done there, the second is an ACT of its own.

    ``led``: 在 or 到 stands before them in their clause.
    """
    words = text[start:end]
    whole = [Token(Kind.TEXT, start, end, words)]
    if words[-1] in _ENDS:
        return whole
    behind = before.kind if before is not None else Kind.BREAK
    goes_on = len(words) > 1 or text[end : end + 1].isalnum()
    if behind is Kind.PLACE and goes_on and words[0] in BY_HAND:
        return [Token(Kind.ACT, start, end, words)]
    split = (_DONE_THERE_LOOSE if led else _DONE_THERE).match(words + text[end : end + 1])
    if split is None or (len(split["place"]) < 2 and not (led or behind in (Kind.PEOPLE, Kind.NEEDY, Kind.PLACE))):
        return whole
    cut = start + split.end()
    return [Token(Kind.TEXT, start, cut, text[start:cut]), Token(Kind.ACT, cut, end, text[cut:end])]


def _match(text: str, at: int, *, head: bool, led: bool, opens_on: date, closes_on: date) -> Token | None:  # noqa: PLR0911 - one return a pattern
    if match := _SPACE.match(text, at):
        return Token(Kind.BREAK, at, match.end(), match[0])
    if moment := match_moment(text, at, heads_clause=head, opens_on=opens_on, closes_on=closes_on):
        return Token(Kind.TIME, at, moment.end, text[at : moment.end], moment.day, moment.day_named)
    if match := _AGE.match(text, at):
        return Token(Kind.TEXT, at, match.end(), match[0])
    if match := _HEADCOUNT.match(text, at):
        return Token(Kind.COUNT, at, match.end(), match[0])
    if (head or led) and (match := _PART_OF_VILLAGE.match(text, at)):
        return Token(Kind.PLACE, at, match.end(), match[0])
    if match := _COUNT.match(text, at):
        return Token(Kind.COUNT, at, match.end(), match[0])
    if match := _TALLY.match(text, at):
        return Token(Kind.TALLY, at, match.end(), match[0])
    word = next((text[at:end] for end in range(at + _LONGEST, at, -1) if text[at:end] in _KIND_OF), "")
    quote = _QUOTE.match(text, at)
    if quote and at + len(word) <= quote.end():
        return Token(Kind.QUOTE, at, quote.end(), quote[0])
    trade = _BY_TRADE.match(text, at) if head else None
    if trade and len(trade[0]) > len(word) and (not word or _KIND_OF[word] is Kind.MEDIUM):
        return Token(Kind.PEOPLE, at, trade.end(), trade[0])
    if not word:
        return None
    end = at + len(word)
    if _KIND_OF[word] is Kind.PLACE and text[end : end + 1] in _SIDES:
        end = min(end + 1, len(text))
    return Token(_KIND_OF[word], at, end, text[at:end])


def clauses(tokens: list[Token]) -> Iterator[list[Token]]:
    """The runs of tokens between breaks."""
    clause: list[Token] = []
    for token in tokens:
        if token.kind is not Kind.BREAK:
            clause.append(token)
        elif clause:
            yield clause
            clause = []
    if clause:
        yield clause
