"""与别的村雷同。

查什么
    方案、总结与别的村同一项材料的文字是否基本相同。村名、数字、标点不计，太短的不比。
为什么
    照抄别村的材料，不能反映本村的实际。
不合格
    全文只改了村名和数字。
合格
    各写各的；开头引用通知的套话相同，不算雷同。
怎么改
    工作人员向两村核实，酌情退回重写。
选项
    similarity  相同到几成才提，0到1之间
    minimum     少于多少个汉字的不比
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.check import Check, Hit
from pipeline.model import Audience, Prose, Severity

_NO_HAN = re.compile(r"[^\u3400-\u9fff\U00020000-\U000323af]")


@dataclass(frozen=True, slots=True)
class Options:
    similarity: float = 0.8  # seen: honest texts on one theme reach 0.52, copies 0.98
    minimum: int = 100


def find(prose: Prose, options: Options) -> Iterator[Hit]:
    own = _bare(prose.text, prose.village_names)
    if len(own) < options.minimum:
        return
    alike: dict[str, int] = {}
    for other in prose.others:
        text = _bare(other.text, (other.village, *prose.village_names))
        score = fuzz.ratio(own, text, score_cutoff=options.similarity * 100)
        if len(text) >= options.minimum and score > 0:
            alike[other.village] = max(round(score), alike.get(other.village, 0))
    if alike:
        yield Hit(values={"villages": "、".join(alike), "percent": max(alike.values())})


def _bare(text: str, names: Sequence[str]) -> str:
    """Its Han characters without the villages' names, the longest name first for one may hold another."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, "")
    return _NO_HAN.sub("", text)


CHECK = Check(
    severity=Severity.WARNING,
    audience=Audience.COORDINATOR,
    on=Prose,
    options=Options,
    find=find,
    message="与{villages}的同一项材料有{percent}%的文字相同，请核实是否照抄。",
)
