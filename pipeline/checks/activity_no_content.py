"""活动没有写内容。

查什么
    每个填写过的行，是否写了做了些什么。
为什么
    通知要求活动写得详细具体，包括时间、地点、参加人员、活动内容。
不合格
    “5月12日上午，村文化广场，群众30人。”只有时间、地点、人员；或者只贴了照片。
合格
    “……组织义诊，为老年人免费测血压、血糖。”
怎么改
    补上具体做了什么，重新报送。整行什么都没写清的，只提这一条，请把时间、地点、人员一并写上。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._rows import hit_account
from pipeline.model.facts import ActivityTable
from pipeline.model.finding import Severity


def find(table: ActivityTable, options: NoOptions) -> Iterator[Hit]:
    for row in table.rows:
        numbers = [number for number, activity in enumerate(row.activities, 1) if not activity.account.strip()]
        if numbers or not row.activities:
            yield hit_account(row, numbers)


CHECK = Check(
    severity=Severity.ERROR,
    on=ActivityTable,
    find=find,
    message="{where}没有写活动内容，请写明时间、地点、参加人员和具体做了什么，重新报送。",
)
