"""看不出是哪项材料。

查什么
    文件的名称、标题、内容都对不上任何一项应报材料；或是本系统打不开的压缩包（如分卷压缩的一卷）。
为什么
    多发的文件无法登记；也可能是应报材料起错了名字。
不合格
    随信发来的歌曲、低保名单；写实表某一行缺照片，只单独发来一张照片。
合格
    文件名或内容写明是实施方案、写实表、统计表、总结，或是照片、视频。
怎么改
    是应报材料的，在文件名里写明材料名称后重发；补写实表的照片，贴进表里，整份表重发；不是的，不必理会。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.facts import File
from pipeline.model.files import Problem
from pipeline.model.finding import Severity

_OTHERWISE = {"if_so": "如是应报材料", "if_not": "如不是，不必理会"}


def find(file: File, options: NoOptions) -> Iterator[Hit]:
    # An archive that cannot be opened stands for what is in it: its own fault is told, not that it fits nothing.
    if file.deliverable is not None:
        return
    if (place := file.filing.place) is not None:
        yield Hit(
            values={
                "why": f"像是补“{place.title}”{place.rows}的照片",
                "if_so": "这张表要整份报送",
                "remedy": f"把照片贴进{place.rows}，再把整份表",
                "if_not": f"如是“{place.otherwise}”，请写明后再发",
            }
        )
    elif file.filing.attachment.problem is None:
        yield Hit(values={**_OTHERWISE, "why": "看不出是哪一项应报材料", "remedy": "在文件名中写明材料名称后"})
    elif file.filing.attachment.problem is Problem.UNSUPPORTED:
        remedy = "把里面的材料逐个作为附件，或改用zip格式压缩后"
        yield Hit(values={**_OTHERWISE, "why": "本系统打不开", "remedy": remedy})


CHECK = Check(
    severity=Severity.WARNING,
    on=File,
    find=find,
    message="这个文件{why}，没有登记。{if_so}，请{remedy}重新发来；{if_not}。",
)
