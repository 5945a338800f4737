"""写实表没有填写活动。

查什么
    写实表里有没有填写过的行。
为什么
    空表等于没有报送。
不合格
    发来的是空白表，或只填了单位。
合格
    至少写了一项活动。
怎么改
    写上已开展的活动和照片后重新报送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.facts import ActivityTable
from pipeline.model.finding import FormCell, Severity


def find(table: ActivityTable, options: NoOptions) -> Iterator[Hit]:
    if not table.rows:
        yield Hit(cells=(FormCell(column="account"),))


CHECK = Check(
    severity=Severity.ERROR,
    on=ActivityTable,
    find=find,
    message="写实表中没有填写活动，请写上已开展的活动和照片后重新报送。",
)
