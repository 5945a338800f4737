"""Where in the progress table something is missing: one hit for each row, for a row may tell several activities."""

from collections.abc import Callable, Iterator

from pipeline.check import Hit
from pipeline.model.facts import ActivityTable
from pipeline.model.filled import ActivityRow
from pipeline.model.finding import FormCell
from pipeline.model.reading import Activity


def tells_nothing(activity: Activity) -> bool:
    """Neither when, where, who nor what: only 'no content' is worth a word then."""
    return not any(part.strip() for part in (activity.time, activity.place, activity.people, activity.account))


def find_lacking(table: ActivityTable, lacks: Callable[[Activity], bool]) -> Iterator[Hit]:
    """The rows with an activity that lacks something; those that tell nothing left out."""
    for row in table.rows:
        numbers = [
            number
            for number, activity in enumerate(row.activities, 1)
            if not tells_nothing(activity) and lacks(activity)
        ]
        if numbers:
            yield hit_account(row, numbers)


def hit_account(row: ActivityRow, numbers: list[int], **values: object) -> Hit:
    """A hit on what the row tells of the activities with these numbers (from 1)."""
    return Hit(where=name_place(row, numbers), cells=(FormCell(row.number, "account"),), values=values)


def name_place(row: ActivityRow, numbers: list[int]) -> str:
    """第2行; where the row tells several activities, 第2行第1、3项 with the numbers (from 1) of those meant."""
    if len(row.activities) < 2:
        return f"第{row.number}行"
    return f"第{row.number}行第{'、'.join(str(number) for number in numbers)}项"
