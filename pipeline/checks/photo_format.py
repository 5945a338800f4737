"""照片格式不对。

查什么
    照片的实际格式是不是规定的jpg，不看文件名的结尾。
为什么
    通知要求jpg格式，别的格式排版、印刷时常常打不开。
不合格
    手机截图（png）、苹果手机的heic照片，或者只把文件名改成jpg的。
合格
    jpg、jpeg照片。
怎么改
    在手机或电脑上打开照片，另存为jpg后补发。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._problem import is_faulty
from pipeline.model.campaign import Kind
from pipeline.model.facts import File
from pipeline.model.files import PICTURE_KINDS
from pipeline.model.finding import Severity


def find(file: File, options: NoOptions) -> Iterator[Hit]:
    kind = file.filing.attachment.sniffed_kind
    if file.deliverable is None or file.deliverable.kind is not Kind.PHOTOS or is_faulty(file):
        return
    if kind in PICTURE_KINDS and kind not in file.deliverable.formats:
        yield Hit(values={"found": str(kind), "formats": file.deliverable.format_words})


CHECK = Check(
    severity=Severity.ERROR,
    on=File,
    find=find,
    message="这张照片实际是{found}格式，应为{formats}，请打开后另存为要求的格式补发。",
)
