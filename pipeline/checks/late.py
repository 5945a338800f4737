"""超过期限报送。

查什么
    来件到达邮箱的时间是否超过这项材料的期限。以收到时间为准，不看邮件上自己写的日期；期限当天算在内，延期的按新期限。
为什么
    街道要按时汇总上报，晚到的材料需要单独登记。
不合格
    5月10日截止的写实表，5月11日才收到；退回后过了期限才补正。
合格
    5月10日23时59分收到；按时报送合格以后，又发来更新的版本。
怎么改
    材料照常登记，不必重发。今后请按时报送；确有困难的，提前联系街道延期。
"""

from collections.abc import Iterator
from datetime import timedelta

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.facts import Delivery
from pipeline.model.finding import Severity
from pipeline.model.standing import State
from pipeline.text.days import write_month_day

_IN_TIME = frozenset({State.ACCEPTED, State.REVIEW, State.NIL})  # what came in time is not made late by a newer version


def find(delivery: Delivery, options: NoOptions) -> Iterator[Hit]:
    due_at = delivery.deliverable.due_at
    if delivery.received_at < due_at or delivery.standing is State.WAIVED:
        return
    if delivery.standing in _IN_TIME and not delivery.standing_late:
        return
    received = delivery.received_at.astimezone(due_at.tzinfo)
    values = {
        "title": delivery.deliverable.title,
        "received": f"{write_month_day(received)}{received.hour}时{received.minute:02}分",
        "due": write_month_day(due_at - timedelta(seconds=1)),  # the last day that was in time
    }
    yield Hit(values=values)


CHECK = Check(
    severity=Severity.WARNING,
    on=Delivery,
    find=find,
    message="“{title}”于{received}收到，已超过期限（{due}），现已登记，今后请按时报送。",
)
