"""统计表有空格没填。

查什么
    本村应填的数字有没有空着的。县级、乡镇等其他栏不查。
为什么
    空着分不清是没有开展还是漏填，无法汇总。
不合格
    “村居社区计生协”的活动场次空着。
合格
    每格都填了数，没有开展的填0。表里整栏被删掉的，另见 form-changed。
怎么改
    补填后重新报送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.facts import FigureTable
from pipeline.model.finding import FormCell, Severity


def find(table: FigureTable, options: NoOptions) -> Iterator[Hit]:
    blank = [figure.place for figure in table.figures if figure.there and not figure.raw.strip()]
    if blank:
        cells = tuple(FormCell(figure=place.id) for place in blank)
        yield Hit(where="、".join(place.title for place in blank), cells=cells)


CHECK = Check(
    severity=Severity.ERROR,
    on=FigureTable,
    find=find,
    message="统计表的{where}没有填写，请填上数字（没有的填0），重新报送。",
)
