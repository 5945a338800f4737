"""Who took part in an activity, by the tokens of one clause. The whole grammar: :mod:`pipeline.activity.grammar`."""

from __future__ import annotations

import re
from typing import Final

from pipeline.activity.lexicon import DEED, GROUP, NAME_OF_PLACE, NOUN_AFTER_GROUP, Kind
from pipeline.activity.tokens import BY_HAND, Token

# What says which of a group: 返乡农民工, 65岁以上老人, 老年协会成员.
_MODIFIED_BY: Final = re.compile(
    r"(?:返乡|务工|在村|在家|本地|外地|外来|外出|退役|退休|离退休|待业|失业|下岗|年轻|中年|老年|青年|中老年|年满|年长|低龄|热心|优秀|新婚|已婚|未婚|在外|全镇|全街道|农村|留守"
    r"|\d{1,2}\s*周?岁?(?:[-~至到—]\s*\d{1,2}\s*)?周?岁(?:及?以[上下])?)的?"
)
_WHOLE: Final = ("全体", "全村", "所有", "广大")
_COUNTS: Final = frozenset({Kind.COUNT, Kind.TALLY})
# Who acts by office: stands before the act even behind a word that is no place's name (计生小组长, 包片干部).
_OFFICE: Final = re.compile(
    r"(?:长|员|医|医生|医师|大夫|护士|律师|专家|讲师|教练|教官|技师|咨询师|育婴师|月嫂|法官|中医|主席|主任|书记|支书|责任人|志愿者|干部|教师|老师|专干|会计|文书|骨干|社工|义工|民警)们?$"
)
_ACTS: Final = DEED | {Kind.DOORSTEP, Kind.FOR, Kind.TO, Kind.AT, Kind.VIA, Kind.GATHER, Kind.INVITE, Kind.JOIN}
_HELD: Final = frozenset({"开展", "举办", "举行", "进行", "实施", "开展了", "举办了", "举行了", "进行了"})
_SPEAKS: Final = re.compile(r"宣讲|讲|解读|播讲|授课|唠|摆谈|说")  # 向群众宣讲: who is spoken to is there
_FETCHED: Final = re.compile(r"喊|叫|召|招呼|聚|集中|请|邀|拢")  # 把妇女们喊到村部
_GROUP_OF: Final = re.compile("小?[组队团]$")
_BY_DUTY: Final = re.compile("(?:小?[组队团]|小分队|专班)员?|队员|责任人|联系人|工作人员|专员|干部|人员$")
# What is counted and is no person: 横幅五个, 展板六个.
_PERSON: Final = re.compile(r"[\u4e00-\u9fff]{0,3}?(?:人(?![口民物次家工流均])|[员嫂婆娃孩汉匠翁]|[工农牧渔]民|师傅)")
_MOST_OF_A_PERSONS_NAME: Final = 3
THING: Final = re.compile(
    r"(?:[品料板栏幅册单页卡箱袋点处包药画盆桶台套具组目奖项题型患线号站所室栋池本书衣鞋伞米油奶蛋花树苗旗灯车机椅桌凳碗杯巾皂盒瓶罐堆坑位区牌架次场期条件]|横幅|礼物|隐患|典型)$"
)


def find_people(free: list[Token]) -> tuple[list[Token], list[Token]]:
    """The groups that take part, and the words spent on them. ``free``: a clause without the words of its place."""
    found: list[Token] = []
    spent: list[Token] = []
    index = 0
    while index < len(free):
        end = _phrase_end(free, index)
        if end > index and _takes_part(free, index, end):
            found += free[index:end]
            spent += [*_name_before(free, index, end), *free[index:end]]
        index = max(end, index + 1)
    return found, spent


def _phrase_end(free: list[Token], start: int) -> int:
    """Where the groups and counts that begin here end; ``start`` where none begins. 党员、群众共20人."""
    end = start
    for index in range(start, len(free)):
        token = free[index]
        if token.kind in GROUP or token.kind is Kind.COUNT or _tallies(free, start, index, end):
            end = index + 1
        elif end == start or not (token.kind in (Kind.LINK, Kind.ORGAN) or _joins_group(free, index)):
            break
    return end


def _joins_group(free: list[Token], index: int) -> bool:
    """Whether a word stands within a phrase: 群众共计 40人, 70名中小 学生, 会员们."""
    token = free[index]
    if token.text in ("们", "的"):
        return True
    if token.kind is not Kind.TEXT or len(token.text) > 2 or index + 1 == len(free):
        return False
    if token.text[0] in BY_HAND:  # 二十六名|学|月嫂技能
        return False
    before, after = free[index - 1].kind, free[index + 1].kind
    return after in _COUNTS or (before in _COUNTS and after in GROUP)


def _tallies(free: list[Token], start: int, index: int, end: int) -> bool:  # noqa: PLR0911 - one return a rule
    """Whether a tally counts persons: beside a group (五户家庭代表), or what its clause is about (戏迷百余)."""
    if free[index].kind is not Kind.TALLY:
        return False
    if end > start:
        return True
    after = free[index + 1 : index + 2]
    if after and after[0].kind is Kind.TEXT and _PERSON.match(after[0].text) and free[index].text[-1] in "个口位":
        return True  # 二十来个庄稼人歇气时
    if after and after[0].kind is Kind.TEXT and len(after[0].text) <= 4:  # 十几个返乡青年
        after = free[index + 2 : index + 3]
    if after and (after[0].kind in GROUP or _modified(free, index)):
        return True
    before = [token for token in free[:index] if token.kind not in (Kind.LINK, Kind.ADVERB)]
    name = "".join(token.text for token in before)
    if any(token.kind not in (Kind.TEXT, Kind.ROUTINE) for token in before):
        return False
    if index + 1 < len(free):  # 侨眷七户座谈, 养羊户十一家来听: who is counted, and what they did
        acts = free[index + 1].kind in DEED | {Kind.TO, Kind.AT, Kind.JOIN, Kind.ADVERB}
        return acts and free[index].text[-1] in "户家对组" and 0 < len(name) <= 8 and not THING.search(name)
    if not name:
        return free[index].text[-1] in "个口俩仨" and index == 0
    return bool(re.fullmatch(r"共?[来到]了?", name)) or (len(name) <= 6 and not THING.search(name))


def _modified(free: list[Token], index: int) -> bool:
    """六个带孙子的奶奶: a count, some words and 的, a group."""
    for place in range(index + 1, min(index + 6, len(free) - 1)):
        if free[place].text.endswith("的"):
            noun = free[place + 1 : place + 3]
            return noun[0].kind in GROUP or (len(noun[0].text) == 1 and noun[-1].kind in GROUP)  # 的|老|嫂子
    return False


def _takes_part(free: list[Token], start: int, end: int) -> bool:  # noqa: PLR0911 - one return a rule
    """Whether the phrase from ``start`` to ``end`` names those who took part rather than those it was done for."""
    kinds = {token.kind for token in free[start:end]}
    after = next((t for t in free[end:] if t.kind not in (Kind.ADVERB, Kind.LINK) and t.text not in ("们", "的")), None)
    matter = after is not None and bool(NOUN_AFTER_GROUP.match(after.text))
    if (after and after.kind is Kind.JOIN) or (not matter and _is_next_to(free, start, (Kind.JOIN,))):
        return True  # …参加; 参加活动的有…; not 听取群众诉求
    if _is_acted_upon(free, start, kinds):
        return False
    if kinds & _COUNTS:
        return _count_takes_part(free, start, end)
    governor = _governor(free, start)
    if Kind.PEOPLE in kinds and after and _is_present(free[:start], after):
        return True
    if governor is Kind.FOR:
        return Kind.PEOPLE in kinds and after is None and free[0].text == "面向"
    if _acts_by_office(free, start, end, after):
        return True
    if not kinds & {Kind.PEOPLE, Kind.NEEDY}:
        return False
    does = after is not None and (after.kind in _ACTS or (after.kind is Kind.TEXT and after.text[0] in _BY_HAND))
    topic = after is not None and start > 0 and free[start - 1].text in _HELD  # 开展青少年禁毒宣传
    acts = _heads(free, start, alone=after is None, does=does) and not matter and not topic
    return acts or _is_next_to(free, start, (Kind.GATHER, Kind.INVITE))


def _is_present(before: list[Token], after: Token) -> bool:
    """向赶早市的居民宣讲, 把妇女们喊到村部: who is spoken to or fetched is there."""
    opener = next((token for token in reversed(before) if token.kind in (Kind.FOR, Kind.TO)), None)
    if opener is None:
        return False
    if opener.text in ("把", "将"):
        return bool(_FETCHED.match(after.text))
    return opener.text in ("向", "面向", "给", "对") and bool(_SPEAKS.match(after.text))


def _acts_by_office(free: list[Token], start: int, end: int, after: Token | None) -> bool:
    """计生小组长逐户发, 村医入户: an office at the head of a clause, an act behind it."""
    if after is not None and after.kind is Kind.TEXT and len(after.text) <= _MOST_OF_A_PERSONS_NAME:
        after = next((token for token in free[end + 1 :] if token is not after), None)  # 村医买买提为…
    if after is None or after.kind not in _ACTS or not _OFFICE.search(free[end - 1].text):
        return False
    before = free[:start]
    name = "".join(token.text for token in before if token.kind is Kind.TEXT)
    allowed = (Kind.TEXT, Kind.LINK, Kind.ORGAN, Kind.ROUTINE, Kind.TIME, Kind.VAGUE, Kind.PLACE)
    return len(name) <= 4 and all(token.kind in allowed for token in before)


def _is_acted_upon(free: list[Token], start: int, kinds: set[Kind]) -> bool:
    """走访流动人口14人; 与留守儿童5人谈心; 邀请专家2名."""
    governor = _governor(free, start)
    with_them = start > 0 and free[start - 1].text in ("与", "和", "同", "跟")
    return (
        governor is Kind.CALL_ON
        or (Kind.NEEDY in kinds and with_them)
        or (governor is Kind.INVITE and kinds <= {Kind.GUEST, Kind.COUNT, Kind.TALLY, Kind.LINK, Kind.ORGAN})
    )


def _count_takes_part(free: list[Token], start: int, end: int) -> bool:
    """Whether persons that are counted took part: not the needy that are helped, nor prizes, nor bare 人次."""
    phrase, before = free[start:end], free[:start]
    needy = any(token.kind is Kind.NEEDY for token in [*before, *phrase])
    if _governor(free, start) is Kind.FOR and needy and not any(token.kind is Kind.PEOPLE for token in phrase):
        return False
    if any(token.kind in GROUP for token in phrase):
        return True
    if any(token.text.endswith("人次") for token in phrase) and not any(token.kind in GROUP for token in free):
        return bool(before) and before[-1].kind is Kind.GATHER  # 组织60人次观看
    return not (before and before[-1].text.endswith("奖"))  # 一等奖1名


def _governor(free: list[Token], start: int) -> Kind | None:
    """The nearest word before that says what happens to these people; 活动 ends its reach (走访慰问活动党员19人)."""
    for index in reversed(range(start)):
        token = free[index]
        if _GROUP_OF.match(free[index + 1].text):
            continue  # 慰问组, 帮扶小组: those who do it
        if token.kind is Kind.CALL_ON and (_is_in_title(free, index) or _is_relative(free, index)):
            continue
        if token.kind in (Kind.CALL_ON, Kind.INVITE, Kind.GATHER, Kind.FOR, Kind.JOIN):
            return token.kind
        if token.text.endswith("活动"):
            return None
    return None


def _is_in_title(free: list[Token], index: int) -> bool:
    """帮扶队员五人, 慰问小组三人: what those do that are counted."""
    return bool(_BY_DUTY.match(free[index + 1].text)) if index + 1 < len(free) else False


def _is_relative(free: list[Token], index: int) -> bool:
    """给接送娃娃的家长讲: the verb within 给…的 says which of them."""
    spoken_to = any(token.kind is Kind.FOR for token in free[:index])
    pairs = zip(free[index + 1 :], free[index + 2 :], strict=False)
    return spoken_to and any(one.text.endswith("的") and other.kind in GROUP for one, other in pairs)


def _is_next_to(free: list[Token], start: int, kinds: tuple[Kind, ...]) -> bool:
    """Whether such a word stands before, with nothing but a name, 全体 or an organ between."""
    for token in reversed(free[:start]):
        if token.kind in kinds:
            return True
        if token.kind is Kind.PLACE and token is free[start - 1] and kinds == (Kind.GATHER, Kind.INVITE):
            continue  # 组织车间工人
        if token.text in ("的", "们") or (token.kind is Kind.ACT and kinds == (Kind.JOIN,)):
            continue  # 前来观影的群众
        if token.kind is Kind.TEXT and not (
            len(_MODIFIED_BY.sub("", token.text)) <= 2 or NAME_OF_PLACE & set(token.text)
        ):
            return False
        if token.kind not in (Kind.LINK, Kind.ROUTINE, Kind.ORGAN, Kind.TEXT, Kind.ADVERB, *GROUP):
            return False
    return False


def _heads(free: list[Token], start: int, *, alone: bool, does: bool) -> bool:
    """Whether nothing but a name, an organ, 由 or 全体 stands before in the clause."""
    before = free[:start]
    name = _MODIFIED_BY.sub("", "".join(token.text for token in before if token.kind is Kind.TEXT))
    whole = alone or any(token.text in _WHOLE for token in before[:1])
    named = NAME_OF_PLACE & set(name) or (does and len(name) <= 3 and not _WORKS_ON.match(name))
    if name and not (whole or named):  # 传授家庭急救技能; but 大班小朋友画《我的家》
        return False
    allowed = (Kind.TEXT, Kind.LINK, Kind.ORGAN, Kind.ROUTINE, Kind.ADVERB, Kind.TIME, Kind.VAGUE, Kind.PLACE)
    return all(token.kind in allowed for token in before) and len(name) <= 4


# What is done to people rather than said of them: 提高群众参与意识.
_WORKS_ON: Final = re.compile(
    "[提增激促推加强][高升强发进动]|[丰充][富实]|[保维][障护]|[满][足]|[鼓激][励]|[号感][召]|[倡引开教][导育会]|呼吁|传授|培[育养训]|增[加进]|教|让|使|带动|吸引|覆盖"
    "|针对|围绕|关于|解决|拓展|优化|改善|普及|落实|做好|抓好|强化|深化|完善|建[立设]|打造|编[写印排]|评选|[发散]放"
)
_BY_HAND: Final = "学听看画写读唱跳讲拍排做包打扫种摘采剪缝绣织喂洗挂贴发送献诵练踢拔跑走下赏尝领签填测量"
_WORKPLACE: Final = re.compile(".[厂店坊馆院园场室站库棚堂]$")  # 挂面厂23名女工: where, as well as who

_INTRODUCING: Final = frozenset({Kind.LINK, Kind.ROUTINE, Kind.GATHER, Kind.ADVERB})


def _name_before(free: list[Token], start: int, end: int) -> list[Token]:
    """后屯村 in 后屯村群众40人, 低龄 in 低龄老人18名: part of the group's name, no part of the account."""
    before = free[start - 1 : start] if start else []
    heads = all(token.kind in _INTRODUCING for token in free[: max(start - 1, 0)])
    ends = end == len(free) or free[end].kind is Kind.JOIN
    most = 6 if heads else 3 if ends else 0
    return [
        token
        for token in before
        if token.kind is Kind.TEXT
        and not _WORKPLACE.search(token.text)
        and (len(token.text) <= most or token.text.endswith(("以上", "以下")))
    ]
