"""视频放不出来。

查什么
    视频能不能解出画面，有没有缺一截。
为什么
    放不出来的视频无法使用。
不合格
    没有传完的视频；把别的文件改名成了视频。
合格
    能正常播放的视频，什么格式都行。
怎么改
    先在手机或电脑上试播，正常的再重新发送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._problem import is_broken_video
from pipeline.model.facts import File
from pipeline.model.finding import Severity


def find(file: File, options: NoOptions) -> Iterator[Hit]:
    if is_broken_video(file):
        yield Hit()


CHECK = Check(
    severity=Severity.ERROR,
    on=File,
    find=find,
    hides=frozenset({"file-unreadable", "video-short"}),
    message="这段视频已损坏或没有传完整，放不出来。请试播正常后，重新发送。",
)
