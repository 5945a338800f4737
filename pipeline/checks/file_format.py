"""文件格式不对。

查什么
    文件的实际格式是不是这项材料允许的。照片不是规定格式的，另见 photo-format。
为什么
    格式不对就读不出表格和文字，无法汇总。
不合格
    写实表发成了PDF或拍的照片；照片贴在Word文档里发来；视频位置发来的是图片。
合格
    通知要求的格式。旧版Word、WPS文字与新版Word同样看待。
怎么改
    用原来的软件打开，另存为要求的格式后重新发送；照片请逐张作为附件发送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._problem import is_faulty
from pipeline.checks._wording import kind_words
from pipeline.model.campaign import Kind
from pipeline.model.facts import File
from pipeline.model.files import PICTURE_KINDS
from pipeline.model.finding import Severity


def find(file: File, options: NoOptions) -> Iterator[Hit]:
    deliverable, kind = file.deliverable, file.filing.attachment.sniffed_kind
    if deliverable is None or kind in deliverable.formats:
        return
    # What cannot be read is told as such; an archive that we cannot open may hold the right files.
    if is_faulty(file) or file.filing.attachment.problem is not None:
        return
    if deliverable.kind is Kind.PHOTOS and kind in PICTURE_KINDS:
        return
    yield Hit(values={"found": kind_words(kind), "formats": deliverable.format_words})


CHECK = Check(
    severity=Severity.ERROR,
    on=File,
    blank_form=True,
    find=find,
    message="收到的是{found}，这项材料应为{formats}，请按要求的格式重新报送。",
)
