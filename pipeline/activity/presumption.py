"""Place and people presumed told, where neither known words nor the order of a report tell them.

A careful clerk objects only where a part is plainly absent. So what stands as a place or as people do counts as told,
whatever the words: 上大集摆了个摊, 桃林里160多名客人, 张老师在茶馆说评书, 部分瓜农. What stands behind a deed is its
object and tells nothing (走访流动人口14人, 贴标语40余条). Price: now and then a row that leaves a part out passes.
The whole grammar: :mod:`pipeline.activity.grammar`.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.activity.bare_places import sends_guests
from pipeline.activity.lexicon import DAY_AFTER_AT, DEED, GROUP, NO_PLACE_AFTER_AT, NOUN_AFTER_GROUP, Kind
from pipeline.activity.people import THING
from pipeline.activity.position import PEOPLE_WORD
from pipeline.activity.tokens import BY_HAND, Token

_WHEN: Final = frozenset({Kind.TIME, Kind.VAGUE})
_HELD: Final = re.compile("开展|举[办行]|进行|召开|实施|搞")
# Ground by its last sign, and what follows where the word is another: 馆长, 村民, 店员, 国家, 家庭.
_GROUND: Final = (
    r"(?:(?<![到在当现立])场|[馆厅院园厂室站所店坊房库楼亭棚田坡湾沟岭塘坝渠桥堂庙祠窑窖宫阁廊堤滩屋街路巷寨屯庄社校山湖井岸港泉舍]|(?<!电)池|(?<!拔)河|大集|(?<!家)庭|(?<=[信友员村会])群(?=[，,里内中])"
    r"|(?<![国大专作画商人赢玩行亲全居在农看回搬])家(?=[里中内门院屋头帮给为拆打送做慰看组，,\s]|$)|村(?=[里头口部东西南北中内外])"
    r"|(?<![人户胃进出港])口(?![罩腔号头才述语味岸])|(?<![部专热冷])门(?=[口前外洞旁，,\s]|$)|[小中大]学(?!生|习|者)|[中车田房里外乡民]间|大队|基地|中心|网点|公园|市场|[小社]区(?=[，,给为组举开门]|$))"
    r"(?![长员民人主务友生士师丁坊罩径费规训歌舞戏剧会员织])"
)
_SPOT: Final = (
    r"(?:(?<=[\u3400-\u9fff])(?<![心月年期哪这那])里(?!程|面红)|(?<=[\u3400-\u9fff])(?<![以早晚马加送献网赶喊叫带约搭贴挂换配用同如穿爱跟])(?<!活动|基础|实际|一路|思想|行动|精神|生活)上(?!午|级|门|网|课|台|级|报|传)"
    r"|[旁边两]侧|[门楼院墙屋村桌桥树店坎台][旁边前后下头]|屋头|坝坝|(?<=[\u3400-\u9fff])头(?=[，,\s为给对向]|$)|旁边|跟前|附近|脚下)"
)
_PLACE: Final = re.compile(rf"(?:{_GROUND}|{_SPOT})")
_HOME: Final = (
    r"(?<=[\u3400-\u9fff])(?<![国大专作画])家(?![长属庭人乡具务电常访教风训规族国])"  # behind 到: 赵大娘家|糊窗户
)
_HOUSE: Final = re.compile("家[中里门院]")
_MOST_BEFORE: Final = 12  # signs before the ground
_WALKS: Final = re.compile(
    r"(?:[到去往进赴]|参观|游览|深入|(?<![晚早])上)(?!课|网|报|台|门)(?P<place>[^，,。;；\s]{0,10}?"
    + f"(?:{_GROUND}|{_SPOT}|{_HOME}))"
    r"|[帮给替](?P<home>[^，,。;；\s]{1,8}家)(?=[修拆打收扫洗里做掰干送])"
    r"|上(?P<there>(?:大|早|夜)?(?:集|街|山|坡|船))|(?:进|串|入|走|蹲)(?P<within>村|户|门|组|寨|屯|企业?|校园?|网格)(?!口|长|民)"
)
_SAID_PLACE: Final = re.compile(r"地[点址](?:[在是为设选]+|(?=[\u3400-\u9fff]))(?P<place>[^，,。;；\s]{2,})")
_NO_AT: Final = re.compile(r"^.{0,12}(?:之?时|[之以]?后|[之以]?前|期间|时间|过程中|之余|下|中)(?:$|[，,])")
_HANDS: Final = re.compile(f"[{BY_HAND}]")
_DOES: Final = re.compile(f"(?:[{BY_HAND}陪敬护接救助过])(?!员|师|手|友|客|书|家|队)")
_ALL: Final = frozenset({"部分", "全体", "广大", "所有", "各", "全村", "本村"})
_EACH_TIME: Final = re.compile("[一二两三四五六七八九十]+[^人名位个户]")  # 早晚各|一遍
_ROUND: Final = re.compile(
    r"[一二两三四五六七八九十百千几数\d]+(?:出头|[多余来]|把)(?:[人个号位口]|$)|(?:上|好几|成)[百千](?:[人个号位口]|$)|^人?(?:上|好几|成)[百千]$"
)
_CROWD: Final = re.compile(
    r"[坐挤围站][满拢了](?!意)|^人(?=[都也不上多成]|$)|的人(?=[都也不上多]|$)|全员|人山人海|人头攒动"
)
# Words that no deed opens, and then a deed: 歌师|教, 说书先生|开讲, 钢筋班|听. Not 青春期卫生讲座.
_SUBJECT: Final = re.compile(
    rf"(?![{BY_HAND}陪敬护接救助过诊更印编推入走维建促提引])[\u3400-\u9fff]{{2,7}}?(?:(?<![\u3400-\u9fff]{{7}})[听讲说教唱学帮跳坐围聊开演](?=[\u3400-\u9fff《“]))(?!课|堂|座|习|展|会|放|唱)"
)


def presume_place(clauses: list[list[Token]]) -> list[Token]:
    """One token that stands as a place does; empty where none does. ``clauses``: with time and people, no preamble."""
    for clause in clauses:
        if found := _after_at(clause) or _at_head(clause) or _walked_to(clause) or _at_home(clause):
            return [found]
    return []


def presume_people(clauses: list[list[Token]]) -> list[Token]:
    """One token that stands as those who took part do; empty where none does. ``clauses``: without the place."""
    for clause in clauses:
        if found := _in_clause(clause):
            return [found]
    return []


def _after_at(clause: list[Token]) -> Token | None:
    """What follows 在, whatever it is, unless it is a state or a time: 在为民服务中心."""
    for index, token in enumerate(clause[:-1]):
        rest = clause[index + 1 :]
        text = _text(rest)
        if token.kind is not Kind.AT or len(text) < 2 or rest[0].kind in (*_WHEN, Kind.COUNT, Kind.TALLY):
            continue
        if re.match(NO_PLACE_AFTER_AT, text) or DAY_AFTER_AT.match(text) or _NO_AT.match(text):
            continue
        end = next((i for i, each in enumerate(rest) if i and each.kind in DEED | {Kind.GATHER}), len(rest))
        return _span(rest[:end])
    return None


def _at_head(clause: list[Token]) -> Token | None:
    """Ground at the head of a clause, before anything is done: 小剧场|首演, 桃林里|160多名, 妇女之家|组织."""
    stops = {
        Kind.GATHER,
        Kind.INVITE,
        Kind.JOIN,
        Kind.COUNT,
        Kind.TALLY,
        Kind.QUOTE,
        Kind.CALL_ON,
        Kind.CLEAN,
        Kind.VIA,
    }
    run: list[Token] = []
    for token in clause:
        if token.kind in _WHEN or (not run and token.kind is Kind.LINK):
            continue
        if token.kind in stops or _HELD.match(token.text) or (token.kind is Kind.ACT and not run):
            break
        run.append(token)
    text = _text(run)
    found = [match for match in _PLACE.finditer(text, 1) if match.start() <= _MOST_BEFORE]
    match = found[-1] if found else None
    if match is None or _HANDS.match(text) or run[0].text == "由":  # 由镇司法所讲师主讲: who does it
        return None
    end = run[0].start + match.end()
    if any(token.kind in GROUP and token.start < end <= token.end for token in run):
        return None
    if _counts_its_people(clause, end) or sends_guests(clause, end):
        return None
    return Token(Kind.PLACE, run[0].start, end, text[: match.end()])


def _at_home(clause: list[Token]) -> Token | None:
    """A clause that is whose home it was and does nothing: 住在村西的|会员|刘婶|家中."""
    last = clause[-1]
    does = any(token.kind in DEED | {Kind.GATHER, Kind.FOR, Kind.JOIN} for token in clause)
    return last if not does and len(clause) > 1 and last.kind is Kind.PLACE and _HOUSE.match(last.text) else None


def _counts_its_people(clause: list[Token], end: int) -> bool:
    """Whether the ground only says where those who are counted are from: 孕妇学校|学员16人参加."""
    behind = [token for token in clause if token.start >= end and token.kind is not Kind.JOIN]
    counted = bool(behind) and behind[-1].kind in (Kind.COUNT, Kind.TALLY)
    return counted and not any(token.kind in DEED or token.kind is Kind.FOR for token in behind)


def _walked_to(clause: list[Token]) -> Token | None:
    """Where somebody goes, or what is said to be the place: 上大集, 到李某家中, 地点村小学."""
    text = _text(clause)
    for pattern in (_SAID_PLACE, _WALKS):
        for match in pattern.finditer(text):
            name = next(name for name, value in match.groupdict().items() if value)
            start = clause[0].start + match.start(name)
            return Token(Kind.PLACE, start, start + len(match[name]), match[name])
    return None


def _in_clause(clause: list[Token]) -> Token | None:
    """Who stands in the clause before anything is done."""
    for index, token in enumerate(clause):
        before, after = clause[:index], clause[index + 1 :]
        if token.kind in DEED and not before and (found := _says_which(token, after)):
            return found
        does = token.kind is not Kind.GATHER and _DOES.match(token.text)  # 召集 does nothing yet
        if token.kind in DEED | {Kind.FOR, Kind.VIA, Kind.INVITE} or _HELD.match(token.text) or does:
            return None
        if _is_told(token, before, after):
            return token
    return None


def _says_which(deed: Token, after: list[Token]) -> Token | None:
    """观影|群众|两百出头, 听|的|人上千: a deed that says which people are meant; the word for them."""
    for index, token in enumerate(after):
        if token.text == "的":
            behind = after[index + 1 :]
            return behind[0] if behind and (behind[0].kind in GROUP or _CROWD.search(_text(behind))) else None
    counted = len(after) > 1 and (after[1].kind in (Kind.COUNT, Kind.TALLY) or _ROUND.match(after[1].text))
    return after[0] if deed.kind is Kind.ACT and counted and after[0].kind is Kind.PEOPLE else None


def _is_told(token: Token, before: list[Token], after: list[Token]) -> bool:  # noqa: PLR0911 - one return a rule
    follows = next((each for each in after if each.kind not in (Kind.ADVERB, Kind.LINK)), None)
    if token.kind in (Kind.PEOPLE, Kind.GUEST):
        owned = any(each.kind is Kind.IGNORED for each in before)  # 受到群众好评
        return not owned and (follows is None or not NOUN_AFTER_GROUP.match(follows.text))
    if token.kind is Kind.TALLY:
        noun = before[-1:] if before and before[-1].kind is Kind.TEXT else after[:1]
        return not THING.search(_text(noun))
    if token.kind is not Kind.TEXT:
        return False
    if follows is not None and follows.kind is Kind.JOIN and len(token.text) >= 2:
        return True  # 瓜农|参加
    if follows is not None and follows.kind in (Kind.COUNT, Kind.TALLY):
        return False  # the count itself is looked at
    if before and before[-1].text in _ALL:
        return len(token.text) >= 2 and not _EACH_TIME.match(token.text)
    if match := _ROUND.search(token.text):
        return not THING.search(token.text[: match.start()])
    return bool(
        PEOPLE_WORD.match(token.text) or _CROWD.search(token.text) or (not before and _SUBJECT.match(token.text))
    )


def _text(tokens: list[Token]) -> str:
    """The tokens' words, places kept: a space that stood between them stands there."""
    text = ""
    for token in tokens:
        text += " " * (token.start - tokens[0].start - len(text)) + token.text
    return text


def _span(tokens: list[Token]) -> Token:
    return Token(Kind.PLACE, tokens[0].start, tokens[-1].end, _text(tokens))
