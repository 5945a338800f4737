# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""The fifth office's month, written without a look at the product."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from tests.heldout.mails import Mail, file, mail, multipart, text_part
from tests.heldout.pictures import jpeg
from tests.heldout.township import OFFICE
from tests.heldout.word import prose
from tests.strangers import fifth_east, fifth_margin, fifth_pasture, fifth_west
from tests.strangers.fifth_book import BOOK
from tests.strangers.noise import null_sender
from tests.strangers.office import FIFTH
from tests.strangers.story import Story

_NEVER: dict[str, Any] = {"disposition": "ignored", "answered": False}
_NOBODY: dict[str, Any] = {"disposition": "ignored|unrecognised", "answered": False, "allow": ["village-unknown", "sender-unregistered"]}
_PERSON: dict[str, Any] = {"disposition": "submission|unrecognised|ignored", "answered": None, "allow": ["village-unknown", "sender-unregistered"]}


def mails(seed: int = 5) -> list[Mail]:
    """Everything that came, the oldest first."""
    story = Story(FIFTH, BOOK, random.Random(seed), "e", 150_000)
    fifth_east.tell(story)
    fifth_west.tell(story)
    fifth_pasture.tell(story)
    fifth_margin.tell(story)
    _strangers(story)
    story.mails += _noise()
    return sorted(story.mails, key=lambda each: each.received_at)


def _strangers(story: Story) -> None:
    """A village of the next township whose name ends like two of ours; a table without a name; pictures of nobody."""
    nobody: dict[str, Any] = {"disposition": "submission|unrecognised", "leaves": {}, "expect": ["village-unknown"]}
    a, b = story.deeds("5-06", "5-15")
    table = story.table("前靠山屯村", [a.row], unit="前靠山屯村", how="inline")
    story.send("stranger-in-front", "靠山屯村", "5-09 14:14", [file("前靠山屯村写实表.docx", table, None, "1|None")], subject="前靠山屯村写实表", body="前靠山屯村报送写实表", sender="qks_cun@163.example", nick="前靠山屯", allow=["sender-unregistered"], **nobody)
    blank = story.table("", [replace(b.row, unit="")], unit="", how="inline")
    story.send("stranger-our-village", "靠山屯村", "5-19 21:40", [file("我村写实表.docx", blank, None, "2|None")], subject="我村写实表", body="请查收，有问题给我打电话", sender="laowang_1971@qq.example", nick="老王", allow=["sender-unregistered", "unit-blank@2"], **nobody)
    pictures = [file(f"微信图片_2023060{k}.jpg", jpeg(scene), None, "photos|None") for k, scene in enumerate(story.scenes(4), 1)]
    story.send("stranger-pictures", "靠山屯村", "6-08 20:02", pictures, subject="照片", body="", sender="fengyu_tongzhou@qq.example", nick="风雨同舟", allow=["sender-unregistered", "photo-count"], **nobody)


def _report(kind: str, fields: str, words: str) -> bytes:
    return multipart([text_part(words, "gb18030"), f"Content-Type: message/{kind}\r\n\r\n{fields}".encode()], f"report; report-type={kind}", "report_7e21")


def _noise() -> list[Mail]:
    """Machines, sellers, our own words come back, and people who only ask, thank, or say nothing."""
    failed = _report("delivery-status", "Reporting-MTA: dns; mx.sina.example\r\n\r\nFinal-Recipient: rfc822; sidaowopu@sina.example\r\nAction: failed\r\nStatus: 5.1.1", "四道窝堡村 未送达：用户不存在")
    read = _report("disposition-notification", "Reporting-UA: 126.example; Foxmail\r\nFinal-Recipient: rfc822;xswz2@126.example\r\nDisposition: manual-action/MDN-sent-manually; displayed", "这是邮件收条：杏树洼子村 写实表")
    notice = prose("关于开展“5.29会员活动月”宣传服务活动的通知\n各村计划生育协会：\n现将有关事项通知如下。")
    return [
        mail("e-own-notice", "4-28 15:00", OFFICE, "关于开展“5.29会员活动月”宣传服务活动的通知", "各村（嘎查、社区）：表样见附件。", [file("通知.docx", notice, None, None)], nick="计生协办公室", client="foxmail", **_NEVER),
        null_sender(mail("e-notice-bounced", "4-28 15:03", "MAILER-DAEMON@sina.example", "系统退信", content=failed, **_NEVER)),
        mail("e-receipt", "5-06 08:11", "xswz2@126.example", "已读：关于开展“5.29会员活动月”宣传服务活动的通知", content=read, headers=["Auto-Submitted: auto-replied"], **_NEVER),
        mail("e-away", "5-10 18:02", "changfa_tong@qq.example", "自动回复:【请补正】长发村 5·29会员活动月材料（1项）", "您好！来信已收到，我正在地里插秧，晚上给您回复。", headers=["Auto-Submitted: auto-replied (vacation)"], **_NEVER),
        mail("e-out-of-office", "5-11 09:00", "bao_wh@qi.example", "自动答复: 转发：各村材料", "本人5月8日至5月19日在旗里培训，期间请联系办公室。", client="outlook", headers=["X-Auto-Response-Suppress: All", "Auto-Submitted: auto-replied"], **_NEVER),
        mail("e-own-returned", "5-12 08:30", OFFICE, "【请补正】营子村 5·29会员活动月材料（1项）", "营子村：来件收悉……", headers=["Auto-Submitted: auto-replied"], **_NEVER),
        mail("e-seed-shop", "5-13 04:20", "seed@shop.example", "春耕大促销 种子化肥农药一站购", "退订请回复TD", headers=["List-Unsubscribe: <mailto:td@shop.example>", "Precedence: bulk"], **_NEVER),
        mail("e-fans", "5-16 03:11", "lisa@gifts.example", "订制广告扇 围裙 环保袋 厂家直供", "量大优惠，电话微信同号", **_NOBODY),
        mail("e-oa", "5-18 16:40", "noreply@oa.qi.example", "[协同办公] 您有一条待办：防汛值班表", "请登录系统办理。", headers=["Auto-Submitted: auto-generated", "List-Id: <oa.qi.example>"], **_NEVER),
        mail("e-empty", "5-22 10:10", "qgyz2010@qq.example", None, "", nick="营子里的春天", **_PERSON),
        mail("e-question", "5-24 09:10", "yonghong1969@189.example", "请问一下", "领导，第三次的写实表是只写后面几天的，还是从1号开始都写上？照片用不用重新贴？", client="iphone", **_PERSON),
        mail("e-journal", "5-29 06:00", "weekly@renkou.example", "《人口与家庭》电子周刊 第21期", "今日导读", headers=["List-Id: <weekly.renkou.example>"], **_NEVER),
        mail("e-sample-wanted", "6-05 11:20", FIFTH.village("向阳堡村").address, "向阳堡村", "请问总结有没有字数要求？别的村写了多少？", client="coremail", **_PERSON),
        mail("e-thanks", "6-12 09:30", FIFTH.village("靠山屯村").address, "回复：【已收齐】靠山屯村 5·29会员活动月材料", "好的，谢谢领导，辛苦啦！\n\n------------------ 原始邮件 ------------------\n靠山屯村：来件收悉。方案、写实表、统计表、总结、照片、视频均已收齐，附件已登记。", client="coremail", **_PERSON),
    ]
