"""表样被改动。

查什么
    与下发的空白表相比，有没有删去、改名、移动或增加的栏目和行。
为什么
    各村的表要汇成一张，栏目不一致就汇不起来。
不合格
    写实表加了“序号”一栏；统计表少了“媒体宣传”一段；栏目由横排改成了竖排（内容照样核对）；用了别的表、往年的表。
合格
    栏目照旧。改标题、换字体、空行、多加填写的行、去掉表下的说明，都不算改动。
怎么改
    用通知所附的空白表重新填写，不要增减或改动栏目。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.filled import FilledForm, FormDifference
from pipeline.model.finding import FormCell, Severity

_MOST = 6  # so many are named; of a wholly other table the rest tells nothing more


def find(form: FilledForm, options: NoOptions) -> Iterator[Hit]:
    if form.differences:
        changes = "、".join(dict.fromkeys(_describe(each) for each in form.differences[:_MOST]))
        more = "等" if len(form.differences) > _MOST else ""
        first = form.differences[0]
        yield Hit(cells=(FormCell(heading=first.found or first.heading),), values={"changes": changes + more})


def _describe(difference: FormDifference) -> str:
    match difference.change:
        case "missing":
            return f"缺少“{difference.heading}”"
        case "renamed":
            return f"“{difference.heading}”改成了“{difference.found}”"
        case "added":
            return f"多出“{difference.heading or difference.found}”"
        case "moved":
            return f"“{difference.heading}”的位置变了"
        case "turned":
            return "栏目由横排改成了竖排"
        case "foreign":
            lost = f"，没有{difference.heading}" if difference.heading else ""
            return f"这不是本次下发的表{lost}"


CHECK = Check(
    severity=Severity.ERROR,
    on=FilledForm,
    blank_form=True,
    find=find,
    message="表格与下发的表样不一致：{changes}。请用通知所附的空白表填写后重新报送，不要增减或改动栏目。",
)
