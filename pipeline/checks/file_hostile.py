"""文件可疑，已隔离。

查什么
    压缩炸弹、指向压缩包以外的路径，以及其他攻击电脑的手法。
为什么
    打开这样的文件会损害办公电脑。
不合格
    只有几十KB、解开却有几十GB的压缩包；成员名为“../../”之类的压缩包。
合格
    普通文件、压缩包。
怎么改
    工作人员不要打开，电话联系村里，查杀病毒后重新报送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._problem import problem_of
from pipeline.model import Audience, File, Problem, Severity


def find(file: File, options: NoOptions) -> Iterator[Hit]:
    if problem_of(file) is Problem.HOSTILE:
        yield Hit()


CHECK = Check(
    severity=Severity.ERROR,
    audience=Audience.COORDINATOR,
    on=File,
    find=find,
    hides=frozenset({"attachment-unrecognised", "file-mislabelled"}),
    message="文件疑似带有攻击内容，已隔离未打开。请电话联系该村查杀病毒后重新报送。",
)
