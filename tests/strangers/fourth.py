# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""The fourth office's month, written without a look at the product: nobody looks at its mistakes, only at the score."""

from __future__ import annotations

import random
from typing import Any

from tests.heldout.mails import Mail, file, mail, multipart, text_part
from tests.heldout.pictures import jpeg
from tests.heldout.township import OFFICE
from tests.heldout.word import prose
from tests.strangers import fourth_hills, fourth_river
from tests.strangers.fourth_book import BOOK
from tests.strangers.noise import null_sender
from tests.strangers.office import FOURTH
from tests.strangers.story import Story

_NEVER: dict[str, Any] = {"disposition": "ignored", "answered": False}
_NOBODY: dict[str, Any] = {"disposition": "ignored|unrecognised", "answered": False, "allow": ["village-unknown", "sender-unregistered"]}
_PERSON: dict[str, Any] = {"disposition": "submission|unrecognised|ignored", "answered": None, "allow": ["village-unknown", "sender-unregistered"]}


def mails(seed: int = 4) -> list[Mail]:
    """Everything that came, the oldest first."""
    story = Story(FOURTH, BOOK, random.Random(seed), "d", 110_000)
    fourth_hills.tell(story, fourth_river.tell(story))
    _strangers(story)
    story.mails += _noise()
    return sorted(story.mails, key=lambda each: each.received_at)


def _strangers(story: Story) -> None:
    """A neighbour town's village whose name begins like one of ours; photos of nobody."""
    nobody: dict[str, Any] = {"disposition": "submission|unrecognised", "leaves": {}, "expect": ["village-unknown"]}
    [a] = story.deeds("5-07")
    table = story.table("石龙寺村", [a.row], unit="石龙寺村")
    story.send("stranger-temple", "石龙村", "5-09 15:15", [file("石龙寺村写实表.docx", table, None, "1|None")], subject="石龙寺村写实表", body="石龙寺村的", sender="shilongsi@163.example", nick="石龙寺", allow=["sender-unregistered"], **nobody)
    pictures = [file(f"{number}.jpg", jpeg(scene), None, "photos|None") for number, scene in enumerate(story.scenes(3), 1)]
    story.send("stranger-photos", "石龙村", "6-07 20:20", pictures, subject=None, body="", sender="mm_0813@qq.example", nick="梦", allow=["sender-unregistered", "photo-count"], **nobody)


def _report(kind: str, fields: str, words: str) -> bytes:
    return multipart(
        [text_part(words, "gb18030"), f"Content-Type: message/{kind}\r\n\r\n{fields}".encode()],
        f"report; report-type={kind}", "report_55f0",
    )


def _noise() -> list[Mail]:
    """Machines, sellers, meetings, our own words come back, and people who only ask."""
    village = FOURTH.village("垭口村").address
    receipt = _report("disposition-notification", "Reporting-UA: qq.example; QQMail\r\nFinal-Recipient: rfc822;a@qq.example\r\nDisposition: automatic-action/MDN-sent-automatically; displayed", "您的邮件已被阅读：大坝村 写实表")
    failed = _report("delivery-status", "Reporting-MTA: dns; mx.189.example\r\n\r\nFinal-Recipient: rfc822; mez@189.example\r\nAction: failed\r\nStatus: 5.2.2", "邮箱空间不足，猫儿嘴村 未送达")
    meeting = multipart([
        text_part("乡党委扩大会，请准时参加"),
        b"Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:77@oa\r\nDTSTART:20230516T010000Z\r\nSUMMARY:meeting\r\nEND:VEVENT\r\nEND:VCALENDAR",
    ], "alternative", "cal_9")
    notice = prose("关于开展“5.29会员活动月”宣传服务活动的通知\n各村计划生育协会：\n现将有关事项通知如下。")
    return [
        mail("d-own-notice", "4-28 17:00", OFFICE, "关于开展“5.29会员活动月”宣传服务活动的通知", "各村：请按时报送", [file("通知.docx", notice, None, None)], nick="计生协办公室", client="foxmail", **_NEVER),
        null_sender(mail("d-notice-bounced", "4-28 17:05", "postmaster@189.example", "Undelivered Mail Returned to Sender", content=failed, **_NEVER)),
        mail("d-receipt", "5-08 09:40", "55201314@qq.example", "已读: 关于开展“5.29会员活动月”宣传服务活动的通知", content=receipt, headers=["Auto-Submitted: auto-replied"], **_NEVER),
        mail("d-away", "5-10 12:00", "hyz1979@163.example", "自动回复:【请补正】红岩子村", "您好，本人外出学习，5月15日返回，急事请打电话。", client="coremail", headers=["Auto-Submitted: auto-replied", "X-Autoreply: yes"], **_NEVER),
        mail("d-own-answer-returned", "5-12 10:00", OFFICE, "【请补正】大坝村 5·29会员活动月材料（1项）", "大坝村：来件收悉……", headers=["Auto-Submitted: auto-replied"], **_NEVER),
        mail("d-meeting", "5-15 16:00", "oa@county.example", "会议邀请：乡党委扩大会", content=meeting, headers=["Precedence: list", "List-Id: <oa.county.example>"], **_NEVER),
        mail("d-vote", "5-17 19:00", "vote@flowers.example", "请为家乡最美乡村投票", "点此投票 http://flowers.example/v", headers=["List-Unsubscribe: <http://flowers.example/u>", "Precedence: bulk"], **_NEVER),
        mail("d-printing", "5-19 02:40", "yinshua@ads.example", "专业制作横幅展板宣传扇", "联系电话见图片", **_NOBODY),
        mail("d-digest", "5-29 07:00", "daily@health.example", "人口健康早报 5月29日", "今日要闻", client="outlook", headers=["List-Id: <daily.health.example>", "List-Unsubscribe: <mailto:u@health.example>"], **_NEVER),
        mail("d-question", "6-05 10:10", village, "请问一下", "主任，视频太大发不出来，可不可以用U盘拷过来？", **_PERSON),
        mail("d-thanks", "6-12 10:10", FOURTH.village("双河口村").address, "答复: 【已收齐】双河口村 5·29会员活动月材料", "收到，麻烦您了。\r\n\r\n-----原始邮件-----\r\n双河口村：来件收悉。写实表、统计表、总结、照片、视频均已收齐，无需再次报送。", client="outlook", **_PERSON),
    ]
