"""视频多于要求。

查什么
    一次报送了几段视频。
为什么
    通知要求报1段，多了不知道用哪一段。
不合格
    一封邮件里有2段视频。
合格
    1段视频。
怎么改
    回复说明以哪一段为准，不必重发。
选项
    maximum  最多几段
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check import Check, Hit
from pipeline.model.facts import VideoSet
from pipeline.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Options:
    maximum: int = 1


def find(videos: VideoSet, options: Options) -> Iterator[Hit]:
    count = len(videos.videos)
    if count > options.maximum:
        yield Hit(values={"count": count, "maximum": options.maximum})


CHECK = Check(
    severity=Severity.WARNING,
    on=VideoSet,
    options=Options,
    find=find,
    message="收到{count}段视频，应报{maximum}段，请回复说明选用哪一段。",
)
