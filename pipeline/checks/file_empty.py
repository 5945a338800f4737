"""文件是空的。

查什么
    文件大小是不是零。
为什么
    空文件里什么也没有，多半是没有保存好或没有传完。
不合格
    大小为零的文档、照片或视频。
合格
    有内容的文件。
怎么改
    打开原文件看一看，保存后重新发送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._problem import problem_of
from pipeline.model.facts import File
from pipeline.model.files import Problem
from pipeline.model.finding import Severity


def find(file: File, options: NoOptions) -> Iterator[Hit]:
    if problem_of(file) is Problem.EMPTY:
        yield Hit()


CHECK = Check(
    severity=Severity.ERROR,
    on=File,
    find=find,
    hides=frozenset({"attachment-unrecognised", "file-mislabelled"}),
    message="这个文件是空的，里面没有内容。请检查原文件并保存后，重新发送。",
)
