"""与别的村雷同。

查什么
    方案、总结与别的村同一项材料的文字是否基本相同。村名、数字、标点、段落先后不计，引用通知的话不计，太短的不比。
为什么
    照抄别村的材料，不能反映本村的实际。
不合格
    全文只改了村名和数字，或者调换了段落。
合格
    各写各的；开头的套话、大段引用的通知原文相同，不算雷同。
怎么改
    工作人员向两村核实，酌情退回重写。
选项
    similarity  相同到几成才提，0到1之间
    minimum     少于多少个汉字的不比
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.check import Check, Hit
from pipeline.model.facts import Prose
from pipeline.model.finding import Audience, Severity

_NO_HAN = re.compile(r"[^\u3400-\u9fff\U00020000-\U000323af]")
_SENTENCE = re.compile(r"[。！？!?；;\n]")
_QUOTED = 8  # Han characters in a row that stand in the notice too


@dataclass(frozen=True, slots=True)
class Options:
    similarity: float = 0.8  # seen: honest texts on one theme reach 0.52, copies 0.98
    minimum: int = 100


def find(prose: Prose, options: Options) -> Iterator[Hit]:
    own = _bare(prose.text, prose.village_names, prose.notice)
    if _length(own) < options.minimum:
        return
    alike: dict[str, int] = {}
    for other in prose.others:
        text = _bare(other.text, (other.village, *prose.village_names), prose.notice)
        score = _similarity(own, text, options.similarity * 100)
        if _length(text) >= options.minimum and score > 0:
            alike[other.village] = max(round(score), alike.get(other.village, 0))
    if alike:
        yield Hit(values={"villages": "、".join(alike), "percent": max(alike.values())})


def _similarity(own: Sequence[str], other: Sequence[str], least: float) -> float:
    """0 to 100, in the order of the sentences or in any; 0 below ``least``."""
    from rapidfuzz import fuzz  # noqa: PLC0415 (long to load; this module is, with the campaign)

    straight = fuzz.ratio("".join(own), "".join(other), score_cutoff=least)
    return max(straight, fuzz.ratio("".join(sorted(own)), "".join(sorted(other)), score_cutoff=least))


def _length(sentences: Sequence[str]) -> int:
    return sum(map(len, sentences))


def _bare(text: str, names: Sequence[str], notice: str) -> list[str]:
    """Its sentences, Han characters alone, without what the notice says and without the villages' names, the longest
    name first for one may hold another.
    """
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, "")
    said = _runs(notice)
    sentences = (_unquoted(_NO_HAN.sub("", sentence), said) for sentence in _SENTENCE.split(text))
    return [sentence for sentence in sentences if sentence]


@lru_cache(maxsize=4)
def _runs(notice: str) -> frozenset[str]:
    han = _NO_HAN.sub("", notice)
    return frozenset(han[start : start + _QUOTED] for start in range(len(han) - _QUOTED + 1))


def _unquoted(sentence: str, said: frozenset[str]) -> str:
    """The sentence without the characters that belong to a run of the notice."""
    quoted: set[int] = set()
    for start in range(len(sentence) - _QUOTED + 1):
        if sentence[start : start + _QUOTED] in said:
            quoted.update(range(start, start + _QUOTED))
    return "".join(sign for place, sign in enumerate(sentence) if place not in quoted)


CHECK = Check(
    severity=Severity.WARNING,
    audience=Audience.COORDINATOR,
    on=Prose,
    options=Options,
    find=find,
    message="与{villages}的同一项材料有{percent}%的文字相同，请核实是否照抄。",
)
