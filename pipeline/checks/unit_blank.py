"""单位没有填写。

查什么
    表格上方“单位”一行和表中“单位”一栏是否都空着。
为什么
    表格离开邮件以后，只有靠单位才知道是哪个村的。
不合格
    “单位：　　　　村委会”原样未填，单位栏也空着或还是“ＸＸ村委”。
合格
    两处中有一处写明了村名。
怎么改
    在“单位”处填上村名后重新报送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.filled import FilledForm
from pipeline.model.finding import FormCell, Severity


def find(form: FilledForm, options: NoOptions) -> Iterator[Hit]:
    if not form.unit_line.strip() and not any(each.strip() for each in form.unit_column):
        yield Hit(cells=(FormCell(column="unit"),))


CHECK = Check(
    severity=Severity.ERROR,
    on=FilledForm,
    find=find,
    message="表格中的“单位”没有填写，请填上村名后重新报送。",
)
