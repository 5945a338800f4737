"""说有附件却没有收到。

查什么
    邮件里说随信附上了材料，但既没有附件，也没有文件链接。
为什么
    多半是忘了添加附件，或附件没有传完就发出了。
不合格
    “活动方案见附件，请查收”，邮件里没有附件。
合格
    带有附件或链接；或者只是来信询问事情。
怎么改
    加上附件重新发送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.facts import Mail
from pipeline.model.finding import Severity


def find(mail: Mail, options: NoOptions) -> Iterator[Hit]:
    submission = mail.submission
    from_village = submission.village or submission.sender_villages or submission.named_villages
    # A stranger's "see attached" (an advertisement) is nobody's forgotten file.
    if mail.speaks_of_file and from_village and not submission.filings and not submission.links:
        yield Hit()


CHECK = Check(
    severity=Severity.ERROR,
    on=Mail,
    find=find,
    message="邮件中提到了附件，但没有收到任何文件，请加上附件重新发送。",
)
