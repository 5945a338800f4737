"""内容与本次活动无关。

查什么
    方案、总结里有没有提到这次活动的任何一个关键词。
为什么
    可能拿错了文件，把别的工作的材料发来了。
不合格
    活动总结发成了三夏生产总结。
合格
    提到了活动名称或活动内容。
怎么改
    换成本次活动的材料重新报送；没有拿错的，回复说明即可。
选项
    words  关键词，提到任何一个就行；不写就不查
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check import Check, Hit
from pipeline.model.facts import Prose
from pipeline.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Options:
    words: tuple[str, ...] = ()


def find(prose: Prose, options: Options) -> Iterator[Hit]:
    text = _plain(prose.text)
    if text and options.words and not any(_plain(word) in text for word in options.words):
        yield Hit()


def _plain(text: str) -> str:
    """Full-width forms and blanks make no difference: ５．２９ is 5.29."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


CHECK = Check(
    severity=Severity.WARNING,
    on=Prose,
    options=Options,
    find=find,
    message="文中没有提到本次活动，请核对是否拿错了文件；如拿错了，请换成本次活动的材料重新报送。",
)
