"""The text of a cell -> the texts of its activities, and the labelled parts within each.

Villages write one activity a cell, or several: numbered, under labels that come again, or as sentences that each begin
with a date. A list of what was done at one activity stays together: a piece that tells neither place nor people of its
own belongs to the one before (``reading`` sees to that).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from pipeline.activity.dates import match_moment


class Label(Enum):
    """What a label announces."""

    TIME = "time"
    PLACE = "place"
    PEOPLE = "people"
    ACCOUNT = "account"
    OTHER = "other"


_LABELS: Final[dict[Label, str]] = {
    Label.TIME: "时间 日期 开展时间 举办时间 举行时间 具体时间 开展日期 举办日期 举行日期 活动日期 起止时间 何时",
    Label.PLACE: "地点 场所 地址 位置 开展地点 举办地点 举行地点 具体地点 场地 举办地 举行地 开展地 活动地 "
    "所在地 集合地点 开展场所 "
    "何地",
    Label.PEOPLE: "人员 对象 人数 参加人员 参与人员 参会人员 参加人 参加人数 参与人数 参会人数 参加对象 "
    "参与对象 参加群体 参与群体 出席人员 出席人 参训人员 到场人员 到会人员 受众 受众人数 服务对象 宣传对象 "
    "参加群众 参与群众 参与者 参加者 与会人员 受益群众 受益人数 参与人 参加活动人员 人物 "
    "覆盖人数 参加人群 参与人群 服务人群 "
    "活动对象 面向对象 参与情况 参加情况 到场人数 与会人数 何人",
    Label.ACCOUNT: "内容 主题 形式 情况 过程 纪实 概况 开展情况 名称 项目 具体内容 主要内容 写实 简介 "
    "方式 事项 议程 具体情况 做法 概述 过程概述 经过 起因经过 内容概要 内容简述 主要做法 "
    "工作内容 服务内容 宣传内容 事件 何事 "
    "项目名称 题目",
    Label.OTHER: "组织单位 主办单位 承办单位 主办 承办 组织者 主持人 主讲人 负责人 效果 成效 备注 单位 记录人",
}
_LABEL_OF: Final = {word: label for label, words in _LABELS.items() for word in words.split()}
_NAMES: Final = "|".join(r"[ \t]*".join(word) for word in sorted(_LABEL_OF, key=len, reverse=True))
# Words that are labels only with a colon: 参加：会员9人, but 会员9人参加.
_VERBS: Final = {
    "时": Label.TIME,
    "地": Label.PLACE,
    "人": Label.PEOPLE,
    "事": Label.ACCOUNT,
    "参加": Label.PEOPLE,
    "参与": Label.PEOPLE,
    "出席": Label.PEOPLE,
    "到会": Label.PEOPLE,
    "参会": Label.PEOPLE,
    "到场": Label.PEOPLE,
    "列席": Label.PEOPLE,
    "主讲": Label.OTHER,
}
# A label stands at the head of a line or behind a sign; one of four signs may follow anything (9:30活动地点：), and so
# may one in brackets (上午【地点】).
_LABEL: Final = re.compile(
    rf"[\[【(（]\s*(?:本次|具体)?(?:活动|会议|宣传|服务)?(?P<boxed>{_NAMES})\s*[\]】)）]\s*[:：]?\s*|"
    r"(?:(?:(?<=^)|(?<=[\s,，。;；、)）\]】(\d.]))[\[【(（]?\s*(?:本次|具体)?(?:活动|会议|宣传|服务)?的?|(?:活动|会议|参加|参与)(?=..\s*[:：]))"
    rf"(?:(?P<name>{_NAMES})\s*(?:[:：]\s*|[\]】]\s*[:：]?\s*|\n\s*)|(?P<verb>{'|'.join(_VERBS)})\s*[:：]\s*)"
)
# The number of the line that the next label stands in: 地点：\n3、参加人员： leaves the place blank.
_NEXT_MARK: Final = re.compile(
    r"(?:(?<=[\s,，;；。:：])|^)(?:[①-⑳]|[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[、.)）])\s*$"
)
_JOINED: Final = re.compile(rf"(?:{_NAMES})[、/及和与]$")  # 时间、地点：5月8日 村广场 says both, and neither by itself
_MARK: Final = re.compile(
    r"\s*(?:[①-⑳]\s*|[(（]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）]\s*[、.]?\s*|第[一二三四五六七八九十]+(?:次|场|项|是)?(?:活动)?[,，、:：]\s*"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[、)）]\s*|\d{1,2}\s*\.\s*(?=\d{1,2}\s*[月.]|\d{4}|[^\d\s])|活动[一二三四五六七八九十\d]+\s*[、:：,，]?\s*)"
)
# 1.5.4，在村部: the number of the only one of a list. Not 23.5.4, a year.
_ONLY_MARK: Final = re.compile(r"\s*\d\s*\.\s*(?=\d{1,2}\s*\.\s*\d{1,2}(?![\d.]))")
_COMMA: Final = re.compile(r"[,，、]\s*(?=[\d一二三四五六七八九十０-９])")
_OPENING: Final = re.compile(
    r"\s*(?:(?:首先|其次|再次|接着|随后|另外|此外|最后)[,，]?)?\s*(?:我村|本村|村计生协|村委会)?[于在]?\s*"
)
_SAME_DAY: Final = re.compile(r"\s*今[天日]")  # 5月6日，村部大院。今天我们…: goes on to tell of that day
_SENTENCE_END: Final = re.compile(r"[。;；!！\n]\s*|(?<=.)(?=[①-⑳])")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label and its value, as places in the text."""

    label: Label
    start: int  # of the label itself
    value: int
    end: int


def find_labels(text: str) -> list[Labelled]:
    """The labelled parts, in order; each reaches to the next label."""
    matches = [
        match for match in _LABEL.finditer(text) if not _JOINED.search(text[max(match.start() - 9, 0) : match.start()])
    ]
    found = [(_label_of(match), match.start(), match.end()) for match in matches]
    starts = [start for _, start, _ in found][1:]
    ends = [*(_without_mark(text, value, end) for (_, _, value), end in zip(found, starts, strict=False)), len(text)]
    return [Labelled(label, start, value, end) for (label, start, value), end in zip(found, ends, strict=False)]


def _without_mark(text: str, value: int, end: int) -> int:
    """Where a value ends that another label follows, the mark of that one left out."""
    mark = _NEXT_MARK.search(text, max(value - 1, 0), end)
    return max(mark.start(), value) if mark else end


def _label_of(match: re.Match[str]) -> Label:
    return _VERBS[match["verb"]] if match["verb"] else _LABEL_OF[re.sub(r"\s", "", match["boxed"] or match["name"])]


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a sentence starts."""

    start: int
    body: int  # behind its mark (1.) and behind 我村, 于
    marked: bool


def split_activities(text: str, *, opens_on: date, closes_on: date) -> list[tuple[int, int]]:
    """Start and end of each candidate for an activity, marks (``1.``) left out."""
    labels = find_labels(text)
    if labels and not _MARK.sub("", text[: labels[0].start], count=1).strip():
        return _pieces(text, [_with_mark(text, each.start) for each in labels if _comes_again(text, labels[0], each)])
    heads = _sentence_heads(text)
    dated = [head.start for head in heads if _is_dated(text, head, opens_on, closes_on)]
    dated = [start for start in dated if start == dated[0] or not _SAME_DAY.match(text, start)]
    marked = [head.start for head in heads if head.marked]
    if len(marked) > 1 and not text[: marked[0]].strip() and (set(dated) & set(marked) or not dated):
        return _pieces(text, marked)
    return _pieces(text, dated)


def find_dated_commas(text: str, start: int, end: int, *, opens_on: date, closes_on: date) -> list[int]:
    """Where a comma is followed by a day: …，5月6日在村卫生室… may begin the next activity, or may not."""
    found = []
    for comma in _COMMA.finditer(text, start, end):
        moment = match_moment(text, comma.end(), heads_clause=True, opens_on=opens_on, closes_on=closes_on)
        if moment is not None and moment.day is not None:
            found.append(comma.end())
    return found


def _comes_again(text: str, first: Labelled, other: Labelled) -> bool:
    """Whether a label opens the next activity as this one opened the first. 主题 and 内容 both tell of one."""
    if first.label is not other.label:
        return False
    return first.label is not Label.ACCOUNT or text[first.start : first.value] == text[other.start : other.value]


def _with_mark(text: str, start: int) -> int:
    """Where the mark before a label starts: the ``2.`` of ``2.活动时间``."""
    line = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start)), default=0)
    mark = _MARK.match(text, line, start)
    return line if mark and mark.end() == start else start


def _is_dated(text: str, head: _Head, opens_on: date, closes_on: date) -> bool:
    moment = match_moment(text, head.body, heads_clause=True, opens_on=opens_on, closes_on=closes_on)
    return moment is not None and moment.day_named


def _sentence_heads(text: str) -> list[_Head]:
    heads = []
    for start in (0, *(match.end() for match in _SENTENCE_END.finditer(text))):
        mark = _MARK.match(text, start)
        body = mark.end() if mark else start
        opening = _OPENING.match(text, body)
        heads.append(_Head(start, opening.end() if opening else body, marked=mark is not None))
    return heads


def _pieces(text: str, starts: list[int]) -> list[tuple[int, int]]:
    """The text cut at these places; what stands before the first belongs to the first."""
    starts = [0, *starts[1:]]
    pieces = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        mark = (_MARK if len(starts) > 1 else _ONLY_MARK).match(text, start, end)
        pieces.append((mark.end() if mark else start, end))
    return [(start, end) for start, end in pieces if text[start:end].strip()]
