"""文件设了密码。

查什么
    文档或压缩包是否要密码才能打开。
为什么
    没有密码看不到内容，无法核对和汇总。
不合格
    设了打开密码的文档、表格、压缩包。
合格
    不用密码就能打开的文件。
怎么改
    取消密码，另存后重新发送；密码不要写在邮件里。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._problem import problem_of
from pipeline.model.facts import File
from pipeline.model.files import Problem
from pipeline.model.finding import Severity


def find(file: File, options: NoOptions) -> Iterator[Hit]:
    if problem_of(file) is Problem.ENCRYPTED:
        yield Hit()


CHECK = Check(
    severity=Severity.ERROR,
    on=File,
    find=find,
    hides=frozenset({"attachment-unrecognised", "file-mislabelled"}),
    message="这个文件设了密码，打不开。请取消密码后重新发送。",
)
