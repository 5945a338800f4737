"""发件邮箱没有登记。

查什么
    认出了是哪个村的来件，但发件邮箱不在名册里。
为什么
    核实后补进名册，今后没写村名的来件也能认出来；也便于发现冒名的邮件。
不合格
    李家村换了新邮箱，名册里还没有。
合格
    发件邮箱已登记在某个村名下；或者用 baosong confirm 确认过；或者已经两次报来同一个村写明村名的材料。
怎么改
    工作人员核实后，运行 baosong confirm 邮箱 村名，或把邮箱补进名册的 addresses 一栏。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.facts import Mail
from pipeline.model.finding import Audience, Severity


def find(mail: Mail, options: NoOptions) -> Iterator[Hit]:
    submission = mail.submission
    named = [submission.village, *(each.village for each in submission.filings)]
    villages = list(dict.fromkeys(village for village in named if village))
    if villages and not submission.sender_villages:
        yield Hit(values={"villages": "、".join(villages), "address": submission.message.sender.address})


CHECK = Check(
    severity=Severity.INFO,
    audience=Audience.COORDINATOR,
    on=Mail,
    find=find,
    message="{villages}来件的邮箱{address}不在名册中，请核实后补登。",
)
