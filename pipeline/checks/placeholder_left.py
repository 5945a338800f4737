"""示例文字没有删掉。

查什么
    已填写的行里，是否还留着表样自带的示例文字。
为什么
    示例文字会混进汇总材料。
不合格
    写了活动的一行里，单位仍是“ＸＸ村委”，或照片栏仍写着“2-3张活动照片”。
合格
    示例文字已删去或改成了实际内容；没有用到的空行保留原样也可以。
怎么改
    删去或改填后再报送；本次已照常核对。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.facts import ActivityTable
from pipeline.model.finding import FormCell, Severity


def find(table: ActivityTable, options: NoOptions) -> Iterator[Hit]:
    for row in table.rows:
        if row.samples:
            samples = "、".join(f"“{sample}”" for sample in dict.fromkeys(row.samples))
            yield Hit(where=f"第{row.number}行", cells=(FormCell(row.number),), values={"samples": samples})


CHECK = Check(
    severity=Severity.WARNING,
    on=ActivityTable,
    find=find,
    message="{where}还留有表样的示例文字{samples}，请删去或改填实际内容。",
)
