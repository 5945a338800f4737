"""文件可疑，已隔离。

查什么
    压缩炸弹、指向压缩包以外的路径，以及其他攻击电脑的手法。
为什么
    打开这样的文件会损害办公电脑。
不合格
    只有几十KB、解开却有几十GB的压缩包；成员名为“../../”之类的压缩包；会无限展开的文档。
合格
    普通文件、压缩包。
怎么改
    隔离的文件按内容认：同样的文件再来，不打开也认得，不会发给任何人。工作人员不要打开，电话联系村里，查杀病毒后重新报送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._problem import problem_of
from pipeline.model.facts import File
from pipeline.model.files import Problem
from pipeline.model.finding import Audience, Severity


def find(file: File, options: NoOptions) -> Iterator[Hit]:
    if problem_of(file) is Problem.HOSTILE:
        yield Hit(values={"number": file.filing.attachment.blob.digest[:12]})


CHECK = Check(
    severity=Severity.ERROR,
    audience=Audience.COORDINATOR,
    on=File,
    find=find,
    hides=frozenset({"attachment-unrecognised", "file-mislabelled"}),
    message="文件疑似带有攻击内容，已隔离（编号{number}），今后不再打开。请勿打开原邮件里的这个文件，电话联系该村查杀病毒后重新报送。",
)
