"""活动没有写参加人员。

查什么
    每项活动是否写明了谁参加、有多少人。
为什么
    通知要求活动写得详细具体，包括时间、地点、参加人员、活动内容。
不合格
    “5月12日上午，在村文化广场组织义诊。”
合格
    “5月12日上午，在村文化广场组织义诊，群众30人参加。”
怎么改
    补上参加人员后重新报送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._rows import find_lacking
from pipeline.model.facts import ActivityTable
from pipeline.model.finding import Severity


def find(table: ActivityTable, options: NoOptions) -> Iterator[Hit]:
    yield from find_lacking(table, lambda activity: not activity.people.strip())


CHECK = Check(
    severity=Severity.ERROR,
    on=ActivityTable,
    find=find,
    message="{where}没有写参加人员，请补上后重新报送。",
)
