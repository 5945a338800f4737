"""认不出是哪个村。

查什么
    来件带有文件或链接，但文件里、文件名、标题、正文、发件邮箱都没有说明是名册上的哪个村。
为什么
    不知道是哪个村的材料，就无法登记，也不知道该催谁。
不合格
    标题只写“材料”，正文只写“请查收”，发件邮箱没有登记；或者写的村不在名册上。
合格
    文件的单位栏、文件名、标题、正文中有一处写明了村名，或者用登记过的邮箱发送。
怎么改
    直接回复邮件写明村名，文件不必重发。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.checks._wording import enumerate_names
from pipeline.model.facts import Mail
from pipeline.model.finding import Severity


def find(mail: Mail, options: NoOptions) -> Iterator[Hit]:
    sent = [(each.attachment.name, each.village, each.deliverable) for each in mail.submission.filings]
    sent += [(each.link.name or each.link.provider, each.village, each.deliverable) for each in mail.submission.links]
    some_known = any(village for _, village, _ in sent)
    # Beside files of known villages, one that nobody asked for needs no village: attachment-unrecognised tells of it.
    lost = [name for name, village, deliverable in sent if village is None and (deliverable or not some_known)]
    if lost:
        yield Hit(values={"files": enumerate_names(lost)})


CHECK = Check(
    severity=Severity.ERROR,
    on=Mail,
    find=find,
    message="未能确认{files}是名册上哪个村报送的，请在主题写明村名和材料名称，重新发送一次。",
)
