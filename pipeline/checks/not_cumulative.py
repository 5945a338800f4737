"""少了以前报过的活动。

查什么
    以前几次报送合格的活动，这次的写实表里是否都还在。
为什么
    通知要求每次都报活动月以来的全部情况：5月20日的表要包含5月10日以前的活动，依次类推。
不合格
    第二次的表只写了新开展的活动，第一次的没有了。
合格
    以前的活动都在。措辞改动、顺序调换、几项合成一项或一项分成几项、日期更正了，都可以。
怎么改
    把缺少的活动补进表里，重新报送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._wording import shorten
from pipeline.model.facts import ActivityTable
from pipeline.model.finding import FormCell, Severity
from pipeline.model.reading import Activity
from pipeline.text.days import write_month_day

_MOST = 3  # so many are quoted; the village has its own earlier table


def find(table: ActivityTable, options: NoOptions) -> Iterator[Hit]:
    told = [activity for row in table.rows for activity in row.activities]
    if not told or not table.earlier:
        return  # an empty table is told as no-activity; a first one has nothing to hold again
    from pipeline.activity import find_untold  # noqa: PLC0415 (long to load; this module is, with the campaign)

    missing = find_untold(table.earlier, told, told_on=table.earlier_told_on)
    if missing:
        quotes = "；".join(_quote(each) for each in missing[:_MOST])
        more = f"；等{len(missing)}项" if len(missing) > _MOST else ""
        yield Hit(cells=(FormCell(column="account"),), values={"missing": quotes + more})


def _quote(activity: Activity) -> str:
    words = f"“{shorten(activity.account or activity.text, 16)}”"
    return f"{write_month_day(activity.held_on)}{words}" if activity.held_on else words


CHECK = Check(
    severity=Severity.ERROR,
    on=ActivityTable,
    find=find,
    message="以前报送过的活动这次没有写进来：{missing}。写实表每次都要包含以前的活动，请补上后重新报送。",
)
