"""文件带有宏。

查什么
    Word或Excel文件里有没有宏或嵌入的程序。
为什么
    宏病毒借此传播，打开时要小心。
不合格
    带宏的文档（docm、xlsm），或者夹带了宏的旧版文档。
合格
    普通文档、表格。
怎么改
    材料照常核对登记。工作人员打开时不要点“启用内容”，可提醒村里另存为普通文档。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.content import Document
from pipeline.model.facts import File
from pipeline.model.files import FileKind
from pipeline.model.finding import Audience, Severity


def find(file: File, options: NoOptions) -> Iterator[Hit]:
    content, kind = file.filing.content, file.filing.attachment.sniffed_kind
    if kind in (FileKind.DOCM, FileKind.XLSM) or (isinstance(content, Document) and content.macros):
        yield Hit()


CHECK = Check(
    severity=Severity.WARNING,
    audience=Audience.COORDINATOR,
    on=File,
    find=find,
    message="文件带有宏或嵌入的程序，打开时请勿点“启用内容”，可请村里另存为普通文档。",
)
