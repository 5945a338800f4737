"""活动照片张数不符。

查什么
    写实表每一行的照片张数。同一张贴了两次只算一张。
为什么
    表样要求每项活动配2至3张照片。
不合格
    一行只有1张，或没有照片；一行贴了4张以上。
合格
    每行2张或3张；一行写了几项活动的，可以按项数多贴。
怎么改
    补上或删去照片后重新报送。
选项
    minimum  每行最少几张
    maximum  每行最多几张
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.check import Check, Hit
from pipeline.model.facts import ActivityTable
from pipeline.model.finding import FormCell, Severity


@dataclass(frozen=True, slots=True)
class Options:
    minimum: int = 2
    maximum: int = 3


def find(table: ActivityTable, options: Options) -> Iterator[Hit]:
    for row in table.rows:
        count = len({picture.digest for picture in row.pictures})
        most = options.maximum * max(len(row.activities), 1)  # two activities told in one row may have twice as many
        if options.minimum <= count <= most:
            continue
        values = {
            "count": count,
            "minimum": options.minimum,
            "maximum": most,
            "of": "每项活动" if len(row.activities) < 2 else "这一行",
            "remedy": "补上" if count < options.minimum else "选用其中几张",
        }
        yield Hit(where=f"第{row.number}行", cells=(FormCell(row.number, "photos"),), values=values)


CHECK = Check(
    severity=Severity.ERROR,
    on=ActivityTable,
    options=Options,
    find=find,
    message="{where}有{count}张照片，{of}应有{minimum}至{maximum}张，请{remedy}后重新报送。",
)
