"""材料与发件邮箱的村不一致。

查什么
    材料写的是甲村，发件邮箱登记的却是乙村。按材料写的村登记。
为什么
    可能是代报，也可能是拿错了文件或填错了单位，核实后才不会记错账。
不合格
    孙家村的邮箱发来一张单位为李家村的写实表，邮件里没有说明。
合格
    发件邮箱就是本村登记的；或者邮件标题、正文写明是“孙家村、李家村两村材料”。邮箱没有登记过的，不在此列。
怎么改
    是代报的，回复说明即可；拿错、填错的，更正后重新报送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.facts import Mail
from pipeline.model.finding import Severity


def find(mail: Mail, options: NoOptions) -> Iterator[Hit]:
    submission = mail.submission
    if not submission.sender_villages:
        return
    # A mail that names several villages says itself that it carries the papers of several.
    announced = submission.named_villages if len(submission.named_villages) > 1 else ()
    villages = [each.village for each in submission.filings] + [each.village for each in submission.links]
    for village in dict.fromkeys(villages):
        if village is not None and village not in submission.sender_villages and village not in announced:
            values = {"village": village, "sender": "、".join(submission.sender_villages)}
            yield Hit(village=village, values=values)


CHECK = Check(
    severity=Severity.WARNING,
    on=Mail,
    find=find,
    message="材料写的是{village}，发件邮箱登记的是{sender}，已按{village}登记。"
    "如系代报请回复说明；如有差错，请更正后重新报送。",
)
