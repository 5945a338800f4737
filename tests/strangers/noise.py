# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""What else reaches an office: machines, advertisements, thanks. Two sets, one for each office."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.heldout.mails import Mail, file, mail, multipart, text_part
from tests.heldout.township import OFFICE
from tests.heldout.word import prose

_IGNORED: dict[str, Any] = {"disposition": "ignored", "answered": False}
_NOBODY: dict[str, Any] = {"disposition": "ignored|unrecognised", "answered": False, "allow": ["village-unknown", "sender-unregistered"]}
_PERSON: dict[str, Any] = {"disposition": "submission|unrecognised|ignored", "answered": None, "allow": ["village-unknown", "sender-unregistered"]}


def null_sender(made: Mail) -> Mail:
    """With the empty envelope sender of a machine (RFC 5321 section 4.5.5)."""
    head, _, rest = made.octets.partition(b"Return-Path: <")
    return replace(made, octets=head + b"Return-Path: <>" + rest.partition(b">")[2])


def first(address: str, village: str) -> list[Mail]:
    """For the first office; one of its villages, whose machine answers too."""
    report = multipart(
        [
            text_part("无法投递到以下收件人", "gb18030"),
            b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.coremail.example\r\n\r\nFinal-Recipient: rfc822; x@163.example\r\nAction: delayed\r\nStatus: 4.4.1",
        ],
        "report; report-type=delivery-status", "dsn_delayed_77",
    )
    return [
        mail("a-bounce-qq", "5-06 09:11", "PostMaster@qq.example", "来自qq.com的退信", "您的邮件无法送达，原因：该账户不存在。\n原主题：石门村活动方案", **_IGNORED),
        mail("a-delayed", "5-11 09:12", "mailer-daemon@coremail.example", "投递延迟通知", content=report, **_IGNORED),
        null_sender(mail("a-null-sender", "5-11 09:20", "system@163.example", "邮件已被对方服务器接收", "石门村：您发送的邮件对方服务器已接收。", **_IGNORED)),
        mail("a-vacation-sina", "5-12 07:00", address, f"自动回复：Re: {village} 写实表", "我现在有事不在，稍后回复您。附件已收到。", headers=["X-Autoreply: yes", "Precedence: auto_reply"], **_IGNORED),
        mail("a-vacation-exchange", "5-12 07:02", "li.ming@county.example", "自动答复: 活动月材料", "您好，我正在休年假。", client="outlook", headers=["X-Auto-Response-Suppress: DR, OOF, AutoReply", "Auto-Submitted: auto-generated"], **_IGNORED),
        mail("a-newsletter", "5-16 05:30", "weekly@maternal.example", "孕育周刊第20期", "退订请点击", client="outlook", headers=["List-Unsubscribe: <https://maternal.example/u>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"], **_IGNORED),
        mail("a-provider", "5-17 10:00", "safe@service.netease.example", "您的邮箱即将到期，请及时续费", "尊敬的用户：……", headers=["Precedence: bulk"], **_IGNORED),
        mail("a-list", "5-18 10:00", "office-group@county.example", "[县办公室群] 五月值班表", "见正文", headers=["List-Id: county office <office.county.example>", "Precedence: list"], **_IGNORED),
        mail("a-own-sent", "5-20 18:00", OFFICE, "Fwd: 请各村于今日下班前报写实表", "各村：请抓紧", [file("附件1.docx", prose("附件1：空白表"), None, None)], nick="计生协办公室", **_IGNORED),
        mail("a-spam", "5-22 03:03", "promo@cheap.example", "大量低价定制宣传品，扇子毛巾", "量大从优，加微信", **_NOBODY),
        mail("a-thanks", "5-22 09:00", address, f"回复：【已收齐】{village}", "收到，谢谢！\n\n------------------ 原始邮件 ------------------\n发件人: 计生协办公室\n来件收悉，写实表、附件均已登记。", **_PERSON),
        mail("a-question", "6-02 09:00", address, "请教", "主任，统计表里的县级那几栏我们村用不用填？", **_PERSON),
        mail("a-read", "6-02 10:00", address, "已读回执：请尽快报送", "您发送的邮件已被阅读。", headers=["Content-Class: urn:content-classes:mdn", "Auto-Submitted: auto-replied"], **_IGNORED),
    ]


def second(address: str, village: str) -> list[Mail]:
    """For the second office."""
    exchange = multipart(
        [
            text_part("传递已失败。您的邮件太大。"),
            b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;EX01.gov.example\r\n\r\nFinal-recipient: RFC822;a@gov.example\r\nAction: failed\r\nStatus: 5.3.4",
            b"Content-Type: message/rfc822\r\n\r\nFrom: " + OFFICE.encode() + b"\r\nSubject: reminder\r\nMessage-ID: <baosong.q1@office.example>\r\n\r\nhello",
        ],
        "report; report-type=delivery-status", "EX-9911",
    )
    return [
        null_sender(mail("b-exchange", "5-06 10:00", "postmaster@gov.example", "未送达: 【请补正】葛庄村", content=exchange, client="outlook", **_IGNORED)),
        mail("b-gmail", "5-06 10:30", "mailer-daemon@googlemail.example", "Delivery Status Notification (Failure)", "找不到地址。您的邮件没有送达。", headers=["X-Failed-Recipients: x@gmail.example", "Auto-Submitted: auto-replied"], **_IGNORED),
        mail("b-netease", "5-06 11:00", "Postmaster@126.example", "系统退信/The email is returned", "抱歉，您的邮件被退回来了……\n退信原因：对方拒收", client="coremail", **_IGNORED),
        mail("b-vacation-qq", "5-11 10:00", address, f"自动回复：{village}", "您好，邮件已经收到，我会尽快给您回复。", headers=["X-QQ-Auto-Forward: 1", "Auto-Submitted: auto-replied (vacation)"], **_IGNORED),
        mail("b-ooo", "5-11 10:05", "chen@district.example", "Out of Office Re: 材料", "I am out of the office", client="outlook", headers=["Auto-Submitted: auto-replied"], **_IGNORED),
        mail("b-invoice", "5-13 02:00", "no-reply@invoice.example", "您收到一张电子发票", "发票见链接", headers=["Auto-Submitted: auto-generated", "Precedence: bulk"], **_IGNORED),
        mail("b-qq-system", "5-14 08:00", "10000@qq.example", "QQ邮箱：异地登录提醒", "您的邮箱于……", headers=["X-Auto-Response-Suppress: All", "List-Unsubscribe: <mailto:u@qq.example>"], **_IGNORED),
        mail("b-own", "5-19 17:00", OFFICE, "【温馨提示】第二次写实表明日截止", "各村（社区）：……", nick="计生协办公室", client="foxmail", **_IGNORED),
        mail("b-loan", "5-21 02:22", "daikuan@fast.example", "企业贷款最快当天放款", "请回复电话", **_NOBODY),
        mail("b-visit", "5-25 09:00", address, f"{village}请问", "请问照片是要原图吗？视频多长合适？", **_PERSON),
        mail("b-thanks", "5-26 09:00", address, "回复: 已登记", "好的收到[抱拳]", **_PERSON),
        mail("b-list", "5-27 09:00", "news@union.example", "工会服务资讯", "本周活动预告", headers=["List-Post: <mailto:all@union.example>", "List-Id: <all.union.example>"], **_IGNORED),
    ]
