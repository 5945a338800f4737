"""照片模糊。

查什么
    照片的清晰程度，数值越小越模糊。
为什么
    模糊的照片不能用于展示和存档。
不合格
    没有对上焦、拍摄时手抖的照片。
合格
    画面清楚的照片。
怎么改
    换一张清楚的补发；没有更清楚的，不必理会。
选项
    sharpness  清晰度低于多少算模糊
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check import Check, Hit
from pipeline.model.facts import PhotoSet
from pipeline.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Options:
    sharpness: float = 20.0  # as pipeline.content.picture measures it: in focus 37 and more


def find(photos: PhotoSet, options: Options) -> Iterator[Hit]:
    for picture in photos.new:
        if picture.sharpness < options.sharpness:
            yield Hit(attachment=picture.name or None)


CHECK = Check(
    severity=Severity.WARNING,
    on=PhotoSet,
    options=Options,
    find=find,
    message="这张照片比较模糊，如有更清楚的，请换一张补发。",
)
