"""文件打不开。

查什么
    文件损坏、不完整，或者内容根本不是这种文件。
为什么
    打不开就无法核对和汇总。
不合格
    没有传完的文档、照片、压缩包；只发来一部分的分卷压缩包；把别的东西改名成了文档。
合格
    能正常打开的文件。视频打不开的，另见 video-unreadable；本系统暂不认识的旧格式，由工作人员人工核对，不算村里的问题。
怎么改
    在自己电脑上打开看一看，正常的再重新发送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._problem import is_broken_video, problem_of
from pipeline.model.facts import File
from pipeline.model.files import Problem
from pipeline.model.finding import Severity


def find(file: File, options: NoOptions) -> Iterator[Hit]:
    problem = problem_of(file)
    if problem is Problem.PARTIAL:
        yield Hit(
            values={
                "fault": "是分卷压缩包的一部分，缺少其他部分",
                "mend": "把全部分卷放在同一封邮件里重新发送，或者不压缩，把文件直接作为附件分几封邮件发送",
            }
        )
    elif problem is Problem.DAMAGED and not is_broken_video(file):
        yield Hit(values={"fault": "已损坏或没有传完整", "mend": "在电脑上确认能正常打开后，重新发送"})


CHECK = Check(
    severity=Severity.ERROR,
    on=File,
    find=find,
    hides=frozenset({"attachment-unrecognised", "file-mislabelled"}),
    message="这个文件{fault}，打不开。请{mend}。",
)
