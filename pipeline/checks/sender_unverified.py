"""发件人身份验证没有通过。

查什么
    收件服务器对发件人所作的三种身份验证（SPF、DKIM、DMARC）有没有判为“失败”。
为什么
    发件人可能被冒用，采用材料前宜先核实。
不合格
    服务器记为 fail。
合格
    通过；没有验证结果（none）；软失败（softfail）或临时出错，这些常因转发或对方未设置，不算发件人的问题。
怎么改
    工作人员给村里打个电话，核实邮件确是本人发的即可。
"""

from collections.abc import Iterator

from pipeline.check import Check, Hit, NoOptions
from pipeline.model.facts import Mail
from pipeline.model.finding import Audience, Severity


def find(mail: Mail, options: NoOptions) -> Iterator[Hit]:
    message = mail.submission.message
    said = message.authentication
    results = (("SPF", said.spf), ("DKIM", said.dkim), ("DMARC", said.dmarc))
    failed = [method for method, result in results if result.lower() == "fail"]  # RFC 8601 section 2.7
    if failed:
        yield Hit(values={"methods": "、".join(failed), "address": message.sender.address})


CHECK = Check(
    severity=Severity.WARNING,
    audience=Audience.COORDINATOR,
    on=Mail,
    find=find,
    message="收件服务器提示发件人{address}的身份验证（{methods}）未通过，请电话核实后再采用。",
)
