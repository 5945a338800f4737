"""Figures of a form: how letters call them, and their ids. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_TOPICS: Final[Mapping[str, str]] = {
    "宣传": "publicity",
    "慰问": "visit",
    "走访": "visit",
    "培训": "training",
    "讲座": "lecture",
    "演练": "drill",
    "排查": "inspection",
    "检查": "inspection",
    "巡查": "patrol",
    "隐患": "hazard",
    "整改": "repair",
    "整治": "cleanup",
    "清理": "cleanup",
    "劝导": "persuasion",
    "服务": "service",
    "志愿": "volunteer",
    "发放": "handout",
    "入库": "storage",
    "收割": "harvest",
    "学习": "study",
    "会议": "meeting",
    "投入": "spending",
    "资金": "spending",
    "投稿": "articles",
}
_MEASURES: Final[tuple[tuple[str, str], ...]] = (
    ("人次", "people"),
    ("人数", "people"),
    ("场次", "events"),
    ("场数", "events"),
    ("次数", "times"),
    ("户数", "households"),
    ("份数", "copies"),
    ("件数", "cases"),
    ("起数", "cases"),
    ("处数", "places"),
    ("面积", "area"),
    ("金额", "amount"),
    ("资金", "amount"),
    ("产量", "yield"),
    ("数量", "number"),
)


@dataclass(frozen=True, slots=True)
class BlankFigure:
    """A place of a form where a number belongs."""

    id: str
    title: str
    headings: tuple[str, ...]  # outermost first


def name_figures(places: Sequence[tuple[str, ...]]) -> list[BlankFigure]:
    """A figure for each place, told by its headings, the outermost first."""
    inner = [headings[-1] for headings in places]
    figures: list[BlankFigure] = []
    for number, headings in enumerate(places, 1):
        section = headings[0] if len(headings) > 1 else ""
        own = headings[-1]
        plain = re.sub(r"\(.*?\)|（.*?）", "", own)
        alike = inner.count(own) > 1 or not _topic(own)
        title = (
            f"{re.sub(r'[(（].*?[)）]', '', section)}的{plain}"
            if section and alike and _topic(section) != _topic(own)
            else plain
        )
        topic, measure = _topic(own) or _topic(section), measure_of(own)
        id_ = f"{topic}-{measure}" if topic and measure else ""
        taken = {each.id for each in figures}
        figures.append(BlankFigure(id_ if id_ and id_ not in taken else f"figure-{number}", title, headings))
    return figures


def _topic(text: str) -> str:
    found = [(text.find(word), id_) for word, id_ in _TOPICS.items() if word in text]
    return min(found)[1] if found else ""


def measure_of(text: str) -> str:
    """What a heading counts, as an English word: events, people; empty where that is not known."""
    plain = unicodedata.normalize("NFKC", text)
    if id_ := next((id_ for word, id_ in _MEASURES if word in plain), ""):
        return id_
    units = {
        "(场": "events",
        "(人": "people",
        "(次": "times",
        "(户": "households",
        "(份": "copies",
        "(处": "places",
        "(亩": "area",
    }
    return next((id_ for unit, id_ in units.items() if unit in plain), "")
