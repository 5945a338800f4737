"""视频太短。

查什么
    视频的时长。
为什么
    几秒钟的视频看不出活动情况，多半是误拍或没有截好。
不合格
    3秒的视频。
合格
    不少于5秒。
怎么改
    换一段完整的视频补发。
选项
    seconds  最少几秒
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check import Check, Hit
from pipeline.model.facts import VideoSet
from pipeline.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Options:
    seconds: float = 5


def find(videos: VideoSet, options: Options) -> Iterator[Hit]:
    for name, video in videos.videos:
        # A broken one is told as such; 0 is a length that the file does not tell.
        if video.whole and 0 < video.seconds < options.seconds:
            length = round(video.seconds, 1)
            yield Hit(attachment=name, values={"length": f"{length:g}", "seconds": f"{options.seconds:g}"})


CHECK = Check(
    severity=Severity.WARNING,
    on=VideoSet,
    options=Options,
    find=find,
    message="这段视频只有{length}秒，应不少于{seconds}秒，请换一段完整的视频补发。",
)
