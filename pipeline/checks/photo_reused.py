"""照片在别处用过。

查什么
    照片（包括写实表里的）是否与别的村报过的，或以前别的活动报过的相同。
为什么
    借用别村的、往年的照片，不能证明本村这次开展了活动。
不合格
    与别的村的照片完全相同；或者缩小、转存、调亮、四边裁去不到一成后基本相同。
合格
    本村这次活动自己拍的照片。本村前几次写实表里用过的，不算；同一场活动拍的两张，也不算。
怎么改
    工作人员向村里核实，可能是几个村联合开展的活动。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.facts import Pictures
from pipeline.model.finding import Audience, Severity


def find(pictures: Pictures, options: NoOptions) -> Iterator[Hit]:
    for number, (picture, seen) in enumerate(pictures.pictures, 1):
        if seen:
            values = {
                "villages": "、".join(dict.fromkeys(each.village for each in seen)),
                "likeness": "完全相同" if any(each.exact for each in seen) else "基本相同",
            }
            yield Hit(where=f"第{number}张", attachment=picture.name or None, values=values)


CHECK = Check(
    severity=Severity.WARNING,
    audience=Audience.COORDINATOR,
    on=Pictures,
    find=find,
    message="{where}图片与{villages}以前报送的{likeness}，请核实。",
)
