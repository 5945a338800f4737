"""The materials that a sentence names: 3-5张精选活动照片（jpg格式）, 信息统计表, 活动总结. Pure.

A name is a noun of the lexicon that ends a phrase, with what stands before it up to the last word that is no part of a
name: a mark, a verb, a number of pieces, the deadline, the material before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.drafting.lexicon import FAMILY_OF, Family, Sort
from pipeline.drafting.plain import Sentence

HANDING_IN: Final = re.compile(
    r"报送|上报|呈报|申报(?!表)|报[至到给回]|提交|递交|上交|交[至到给回]|发送|发[至到往给]|上传|传[至到]|反馈(?!表)|投稿|投[至送]|寄[至送到]|送[至到交]|推荐报"
    r"|报(?=[\u4e00-\u9fff]{0,14}(?:办公室|办事处|[办局处镇乡站所委部会科组联协县市]|街道|中心|邮箱|政府|学校)(?!表))|报(?=[,。;)]|$)|(?<=前)报(?!名|告|道|纸)|邮箱"
)
_HEAD: Final = re.compile("|".join(sorted(map(re.escape, FAMILY_OF), key=len, reverse=True)))
# What may stand behind a name; anything else goes on with the noun: 总结|会, 计划|生育, 照片|墙.
_FOLLOWS: Final = re.compile(
    r"$|[\s,。、;:!?()\[\]\"”’》/+]|[和及与并或等]|以及|连同|电子|纸质|扫描|原件|复印|[a-zA-Z]|\d|[一二两三四五六七八九十]{1,2}\s*[份张段篇个部条幅]"
    r"|[上呈申]?报|提交|递交|[上]?交|[发传寄送投]|各|的?(?:电子|扫描|纸质|word|Word|WORD)|[由经按于在以请须需应要均至到限每为共自从]|通过|统一|盖章|签字|加盖|分别|依次|随|连同|一并|一同|一起|同时|同步"
    r"|不[少超多得低]|字数|格式|时长|控制|必须|大小|像素|分辨率|文件|命名|截止|反馈|填[写报]|材料|打包|压缩|汇总后|[两三]项|原图|内容|题目|要求|作品"
)
_BREAK: Final = re.compile(
    r"[,。;:()]|将|把|报送|上报|呈报|提交|递交|上交|上传|反馈|推荐|填写|填报|填好|填制|撰写|形成|制定|制订|编制|拟定|修订|完善|修改|完成|做好|包括|包含|附上?|收集|整理|汇总(?!表|数据)|反映|体现|介绍|围绕|针对|结合|拍摄|录制|选送|征集|发送"
    r"|以及|连同|及时|认真|如实|分别|每[村人个单位支部项次场]{1,3}(?:至少|不少于)?|(?:各|本)(?:村|社区|单位|支部|村居|学校|企业)+(?:的|要|需|须|应|请)?|要求|的是|为(?=《)"
)
# At the head of a name what is none of it.
_FLUFF: Final = re.compile(
    r"(?:请|须|需|应|要|各|[一两二三]次|[单每][张幅篇个段]|及其?|和|与|并|或|也|的|好|填好的|本(?:村|单位|支部|社区)?的?|相关|有关|相应|书面|电子版?|纸质版?|下列|以下|上述|以上|关于|其他|其它|该|此次|本次|含|(?:可(?:以|另|再)?)?[附配]|报(?!告|名|道|纸)"
    r"|自己的|一[份篇张段个]|附件\s*[\d一二三四五六七八九十]*|(?:加盖|盖有)?公?章的?|盖章的?|签字的?|年度(?=活动)|后|前|于|在|了|情况(?=照片|图片|视频)|优秀的?)+"
)
_BOOK_BEFORE: Final = re.compile(
    r"(?:按照?|根据|依据|落实|贯彻|参照|遵照|宣传|学习|下发|印发|转发|依照|执行|对照|结合|实施)(?:好)?的?$"
)
_REFERRED: Final = re.compile(r"附件\s*(?P<number>\d{1,2}|[一二三四五六七八九十])(?!\d)")
_ANAPHORA: Final = re.compile(
    r"(?:以上|上述|前述|所有|全部|有关|相关|各项|各类|报送|活动)(?:各项|[两三四五六]项|所有)?的?(?:活动)?(?:材料|资料|表格|文件)"
)
_COUNT_BEFORE: Final = re.compile(
    r"(?:(?:不少于|不低于|不超过|不多于|至少|最多|各|共|约|精选|选送|限报?)\s*)?(?:\d+|[一二两三四五六七八九十]{1,3})\s*(?:[-至到~]\s*(?:\d+|[一二两三四五六七八九十]{1,3})\s*)?"
    r"(?:张|幅|段|部|条|个|份|篇|件|则|例|组|字)(?:以上|以内|左右|及以上)?(?:的)?\s*$"
)
_MARK: Final = re.compile("、|的(?![士确])")
_NO_PAPER: Final = re.compile(r"零报告$|(?:[代发手仪图外列填电水造制]|[^\u4e00-\u9fff]|^)表$")
_TOLD: Final = re.compile(r"\s*(?:\(|上?报|每|[于按]|反馈|汇总)")  # what follows where 情况 is a paper to be handed in
_LONGEST: Final = 30
_TOO_GENERAL: Final = frozenset(
    {
        "信息",
        "记录",
        "情况",
        "有关情况",
        "相关情况",
        "实际情况",
        "文章",
        "计划",
        "活动情况",
        "工作情况",
        "进展情况",
        "完成情况",
        "落实情况",
        "开展情况",
        "影像",
        "报告",
        "体会",
        "稿件",
    }
)


@dataclass(frozen=True, slots=True)
class Thing:
    """A material named in a sentence."""

    start: int  # of the number of pieces before it, else of the name
    named_at: int  # of the name
    end: int
    name: str  # 精选活动照片
    head: str  # 照片; empty where the sentence says 附件1 alone
    reach: int = 0  # up to where words may speak of it: the next material, or the sentence's end
    within: bool = False  # in brackets behind another: 信息2篇（附图片）
    appendix: int | None = None  # the number of the form that the words around name

    @property
    def family(self) -> Family | None:
        """Its kind; None for a form that is named by its number alone."""
        return FAMILY_OF.get(self.head)

    @property
    def sort(self) -> Sort:
        """What it is by its name."""
        family = self.family
        return family.sort if family else Sort.TABLE


def find_things(sentence: Sentence, taken: Sequence[tuple[int, int]] = ()) -> tuple[Thing, ...]:
    """The materials of a sentence, in order. ``taken``: places that are something else, the deadlines."""
    text = sentence.folded
    found: list[Thing] = []
    position = 0
    while match := _HEAD.search(text, position):
        thing = _read_name(sentence, match, found, taken)
        if thing is None:
            position = match.start() + 1
            continue
        found.append(thing)
        position = match.end()
    found = _with_numbered(sentence, found)
    return tuple(_reach(text, found))


def is_general(thing: Thing) -> bool:
    """Whether its bare name says too little to be asked for outright: 信息, 情况."""
    return thing.name in _TOO_GENERAL


def speaks_of_all(sentence: Sentence) -> bool:
    """Whether it speaks of materials named elsewhere: 以上材料."""
    return bool(_ANAPHORA.search(sentence.folded))


def _read_name(
    sentence: Sentence, match: re.Match[str], before: Sequence[Thing], taken: Sequence[tuple[int, int]]
) -> Thing | None:
    text = sentence.folded
    start, end = match.span()
    if not _ends_a_name(text, match) or any(first <= start < last for first, last in taken):
        return None
    book = _book_around(text, start, end)
    if book is not None and (text[end : end + 1] != "》" or _BOOK_BEFORE.search(text[:book])):
        return None
    floor = max([0, *(each.end for each in before), *(last for _, last in taken if last <= start)])
    if book is not None:
        name = sentence.text[book + 1 : end]
        return Thing(book, book + 1, end, _tidy(name), match[0])
    left = max(floor, end - _LONGEST)
    left = max([left, *(m.end() for m in _breaks(text, left, start))])
    count = re.search(
        r"(?:张|幅|段|部|份|篇|件|则|组|个|字)(?:以上|以内|左右|及以上)?的?\s*(?=[^张幅段部份篇件则组字]*$)",
        text[left:start],
    )
    if count and _COUNT_BEFORE.search(text[: left + count.end()]):
        left += count.end()
    if fluff := _FLUFF.match(text, left, start):
        left = fluff.end()
    while left < start and text[left] in " ":
        left += 1
    name = _tidy(sentence.text[left:end])
    if not name:
        return None
    number = _COUNT_BEFORE.search(text[max(floor, left - 20) : left])
    first = max(floor, left - 20) + number.start() if number else left
    return Thing(first, left, end, name, match[0])


def _ends_a_name(text: str, match: re.Match[str]) -> bool:
    """Whether the noun stands at a name's end, and is a paper there."""
    if not _FOLLOWS.match(text, match.end()) or _NO_PAPER.search(text[: match.end()]):
        return False
    return match[0] != "情况" or bool(_TOLD.match(text, match.end()))


def _breaks(text: str, start: int, end: int) -> list[re.Match[str]]:
    """Words that are no part of a name; within quotation marks they are, and a listing mark ends one outside."""
    quoted = [range(m.start(), m.end()) for m in re.finditer(r"[“\"‘][^”\"’]*[”\"’]", text)]
    inside = [m for pattern in (_BREAK, _MARK) for m in pattern.finditer(text, start, end)]
    return [m for m in inside if not any(m.start() in each for each in quoted)]


def _book_around(text: str, start: int, end: int) -> int | None:
    """Where the title mark stands that opens before this word and closes behind it."""
    opened = text.rfind("《", 0, start)
    return opened if opened >= 0 and "》" not in text[opened:end] and "》" in text[end:] else None


def _tidy(name: str) -> str:
    plain = re.sub(r"\s+", "", name).strip("《》·-的‘’'")
    if plain.startswith("“") and plain.find("”") in (-1, len(plain) - 1):
        plain = plain.strip("“”")
    return plain if plain.count("“") == plain.count("”") else plain.replace("“", "").replace("”", "")


def _with_numbered(sentence: Sentence, found: list[Thing]) -> list[Thing]:
    """The same with the forms that the sentence names by number: beside a name (见附件1) or alone (将附件1、2报送)."""
    text = sentence.folded
    things = list(found)
    for match in _REFERRED.finditer(text):
        number = _number(match["number"])
        near = [
            each
            for each in things
            if 0 <= match.start() - each.end <= 12 and not re.search(r"[、;。]", text[each.end : match.start()])
        ] or [each for each in things if 0 <= each.named_at - match.end() <= 2]
        if near:
            nearest = min(near, key=lambda each: abs(match.start() - each.end))
            if nearest.appendix is None:
                things[things.index(nearest)] = replace(nearest, appendix=number)
        elif HANDING_IN.search(text):
            things.append(
                Thing(match.start(), match.start(), match.end(), match[0].replace(" ", ""), "", appendix=number)
            )
    return sorted(things, key=lambda each: each.start)


def _number(written: str) -> int | None:
    return int(written) if written.isdecimal() else "一二三四五六七八九十".find(written) + 1 or None


def _reach(text: str, found: Sequence[Thing]) -> list[Thing]:
    ends = [*(each.start for each in found[1:]), len(text)]
    return [
        replace(
            each,
            reach=end,
            within=each is not found[0] and text[: each.start].count("(") > text[: each.start].count(")"),
        )
        for each, end in zip(found, ends, strict=False)
    ]
