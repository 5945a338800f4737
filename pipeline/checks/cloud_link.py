"""发来的是网盘链接。

查什么
    用超大附件、云附件等链接代替了文件本身。
为什么
    链接到期就打不开了，需要工作人员赶在到期前下载；链接里的内容也无法自动核对。
不合格
    QQ邮箱超大附件、网易云附件、微云链接。
合格
    文件直接作为附件发来。
怎么改
    村里不必重发，工作人员下载核对后登记。今后文件不太大的，请直接作为附件发送。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.facts import Link
from pipeline.model.finding import Severity
from pipeline.text.days import write_month_day


def find(link: Link, options: NoOptions) -> Iterator[Hit]:
    cloud = link.filing.link
    expiry = "没有注明到期时间"
    if cloud.expires_at is not None:
        expired = cloud.expires_at <= link.received_at
        expiry = (
            f"已于{write_month_day(cloud.expires_at)}到期" if expired else f"{write_month_day(cloud.expires_at)}到期"
        )
    yield Hit(attachment=cloud.name or None, values={"provider": cloud.provider.removesuffix("链接"), "expiry": expiry})


CHECK = Check(
    severity=Severity.WARNING,
    on=Link,
    find=find,
    review=True,
    message="收到的是{provider}的链接（{expiry}），由工作人员下载核对；如打不开会再联系，请保留好原文件，今后请尽量直接发附件。",
)
