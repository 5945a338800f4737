"""内容太少。

查什么
    方案、总结的汉字总数。
为什么
    只有标题和一两句话的，没有实际内容。
不合格
    标题下面只有“按照街道通知执行。”
合格
    写了具体安排、做法的，一般都有三百字以上。
怎么改
    补充具体内容后重新报送。扫描件读不出文字，请改报Word文档。
选项
    minimum  最少多少个汉字
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check import Check, Hit
from pipeline.model.facts import Prose
from pipeline.model.finding import Severity

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")


@dataclass(frozen=True, slots=True)
class Options:
    minimum: int = 120  # title, signature and two sentences come to about 50; the shortest honest text seen has 280


def find(prose: Prose, options: Options) -> Iterator[Hit]:
    count = len(_HAN.findall(prose.text))
    if count < options.minimum:
        yield Hit(values={"count": count, "minimum": options.minimum})


CHECK = Check(
    severity=Severity.ERROR,
    on=Prose,
    options=Options,
    find=find,
    hides=frozenset({"text-copied", "text-off-topic"}),
    message="全文只读到{count}个字（一般不少于{minimum}个字），请补充具体内容后重新报送；如是扫描件，请改报Word文档。",
)
