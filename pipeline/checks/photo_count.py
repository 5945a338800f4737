"""照片数量不符。

查什么
    本村历次报送的可用照片合在一起有几张。打不开的、格式不对的不算，同一张只算一次。
为什么
    通知要求报送3至5张精选照片。
不合格
    只有2张（退回补报）；有6张（提醒，请村里选定）。
合格
    合计3至5张，分几次报送都行。
怎么改
    少了的补发缺少的几张，已收到的不必重发；多了的回复说明选用哪几张。
选项
    minimum  最少几张
    maximum  最多几张
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check import Check, Hit
from pipeline.likeness import distinct_pictures
from pipeline.model.facts import PhotoSet
from pipeline.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Options:
    minimum: int = 3
    maximum: int = 5


def find(photos: PhotoSet, options: Options) -> Iterator[Hit]:
    count = len(distinct_pictures((*photos.earlier, *photos.new)))
    values = {"count": count, "minimum": options.minimum, "maximum": options.maximum}
    if count < options.minimum:
        yield Hit(values={**values, "remedy": f"再补发{options.minimum - count}张"})
    elif count > options.maximum:
        remedy = f"回复说明选用哪{options.maximum}张"
        yield Hit(values={**values, "remedy": remedy}, severity=Severity.WARNING)


CHECK = Check(
    severity=Severity.ERROR,
    on=PhotoSet,
    options=Options,
    find=find,
    message="可用的照片共{count}张，应报{minimum}至{maximum}张，请{remedy}。",
)
