"""活动日期不在活动期内。

查什么
    活动日期是否早于活动期开始、晚于活动期结束，或者晚于来件日期。
为什么
    多半是月份或日期写错了；活动期以外的活动也不计入这次报送。
不合格
    5月的活动月，写成“4月12日”；5月20日报送的表里写“5月28日”的活动。
合格
    日期在活动期内，并且不晚于报送当天。没有写日期的，另见 activity-no-time。
怎么改
    日期写错的，更正后重新报送；确系活动期以外的，请删去。
"""

from collections.abc import Iterator
from datetime import date

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._rows import hit_account
from pipeline.model.facts import ActivityTable
from pipeline.model.finding import Severity
from pipeline.text.days import write_month_day


def find(table: ActivityTable, options: NoOptions) -> Iterator[Hit]:
    for row in table.rows:
        for number, activity in enumerate(row.activities, 1):
            if activity.held_on and (reason := _why_outside(activity.held_on, table)):
                yield hit_account(row, [number], date=write_month_day(activity.held_on), reason=reason)


def _why_outside(day: date, table: ActivityTable) -> str:
    if day < table.opens_on:
        return f"早于活动开始的{write_month_day(table.opens_on)}"
    if day > table.closes_on:
        return f"晚于活动结束的{write_month_day(table.closes_on)}"
    return f"晚于报送当天（{write_month_day(table.received_on)}）" if day > table.received_on else ""


CHECK = Check(
    severity=Severity.WARNING,
    on=ActivityTable,
    find=find,
    message="{where}的活动日期{date}{reason}，请核对；如写错了，请更正后重新报送。",
)
