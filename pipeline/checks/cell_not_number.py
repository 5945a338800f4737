"""统计表填的不是数字。

查什么
    本村应填的数字，填的是不是零或正整数。
为什么
    文字、负数无法相加汇总。
不合格
    “许多”、“几十”、“-1”、“/”、“无”、“3.5”。
合格
    12、０、“12场”、“约50人”，都读得出数来。没填的，另见 cell-blank。
怎么改
    改填阿拉伯数字，没有的填0，重新报送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._wording import shorten
from pipeline.model.facts import FigureTable
from pipeline.model.finding import FormCell, Severity


def find(table: FigureTable, options: NoOptions) -> Iterator[Hit]:
    for figure in table.figures:
        if figure.raw.strip() and (figure.value is None or figure.value < 0):
            cells = (FormCell(figure=figure.place.id),)
            yield Hit(where=figure.place.title, cells=cells, values={"raw": shorten(figure.raw, 12)})


CHECK = Check(
    severity=Severity.ERROR,
    on=FigureTable,
    find=find,
    message="统计表的{where}填的是“{raw}”，请改填数字（没有的填0），重新报送。",
)
