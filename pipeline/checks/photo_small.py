"""照片太小。

查什么
    照片短边有多少像素。
为什么
    太小的照片印出来不清楚。
不合格
    480×360的缩略图。
合格
    短边不少于640像素；手机直接拍的照片都够。
怎么改
    发送时选“原图”，不要发缩略图或截图。
选项
    short_side  短边最少多少像素
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check import Check, Hit
from pipeline.model.facts import PhotoSet
from pipeline.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Options:
    short_side: int = 640


def find(photos: PhotoSet, options: Options) -> Iterator[Hit]:
    for picture in photos.new:
        if min(picture.width, picture.height) < options.short_side:
            values = {"width": picture.width, "height": picture.height, "short_side": options.short_side}
            yield Hit(attachment=picture.name or None, values=values)


CHECK = Check(
    severity=Severity.WARNING,
    on=PhotoSet,
    options=Options,
    find=find,
    message="这张照片只有{width}×{height}，短边应不少于{short_side}像素，有原图的请补发原图。",
)
