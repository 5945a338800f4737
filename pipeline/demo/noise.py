"""What lies in the mailbox besides: the office's own mail, a bounce, an automatic answer, a newsletter, an offer."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random

from pipeline.demo.mail import Client, Draft, Enclosure, encode_word, trace, write_mail
from pipeline.demo.villages import OFFICE_ADDRESS, OFFICE_NAME


def write_own_notice(files: tuple[Enclosure, ...], arrived_at: datetime, rng: Random) -> bytes:
    """The office's notice to the villages, copied to itself."""
    draft = Draft(
        client=Client.NETEASE_WEB,
        name=OFFICE_NAME,
        address=OFFICE_ADDRESS,
        subject="关于开展“5.29会员活动月”宣传服务活动的通知",
        text=(
            "各村计划生育协会：\n现将活动通知及两个附表发给你们，请按要求于5月5日前报送实施方案，"
            "5月10日、5月20日、5月31日分别报送写实表，6月10日前报送统计表、总结、照片和视频。\n" + OFFICE_NAME
        ),
        files=files,
    )
    return write_mail(draft, arrived_at, rng)


def write_bounce(address: str, arrived_at: datetime, rng: Random) -> bytes:
    """A delivery report of RFC 3464: a mail of the office to this address did not get there."""
    sent_at = arrived_at - timedelta(minutes=2)
    boundary = f"----=_Bounce_{rng.getrandbits(48):x}"
    report = (
        f"Reporting-MTA: dns; m12.mail.163.com\r\nArrival-Date: {format_datetime(sent_at)}\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; 550 Mailbox not found. {address}\r\n"
    )
    original = (
        f"Date: {format_datetime(sent_at)}\r\nFrom: {_name(OFFICE_NAME)} <{OFFICE_ADDRESS}>\r\nTo: {address}\r\n"
        f"Subject: {_name('请于5月5日前报送活动月实施方案')}\r\nMessage-ID: <{rng.getrandbits(64):x}@163.com>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + _text("各村：请按时报送实施方案。")
    )
    parts = (
        (
            "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64",
            _text("抱歉，您的邮件被退回来了，收件人不存在。"),
        ),
        ("message/delivery-status", report),
        ("message/rfc822", original),
    )
    body = "".join(f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n{content}\r\n" for kind, content in parts)
    message = (
        f"From: Postmaster@163.com\r\nTo: {OFFICE_ADDRESS}\r\nSubject: {_name('系统退信')}\r\n"
        f"Date: {format_datetime(arrived_at)}\r\nMessage-ID: <{rng.getrandbits(64):x}@163smtp12>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="{boundary}"\r\n\r\n'
        f"{body}--{boundary}--\r\n"
    )
    return b"Return-Path: <>\r\n" + trace("postmaster@163.com", arrived_at, sent_at, rng) + message.encode("ascii")


def write_auto_reply(name: str, address: str, arrived_at: datetime, rng: Random) -> bytes:
    """The answer of an absent person's mailbox, RFC 3834."""
    fields = "Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\nPrecedence: auto_reply\r\n"
    text = "您好，我近日外出培训，不能及时查看邮件，急事请联系村委会值班人员。"
    return _plain(f'"{_name(name)}" <{address}>', "自动回复: 材料已收到", text, arrived_at, rng, fields)


def write_newsletter(arrived_at: datetime, rng: Random) -> bytes:
    """A mailing that somebody once subscribed to."""
    fields = "List-Unsubscribe: <https://news.example.com/off?u=529>\r\nPrecedence: bulk\r\n"
    text = "本期导读：一、初夏饮食有讲究；二、家庭小药箱怎么备；三、读者来信。退订请点击文末链接。"
    sender = f"{_name('健康生活周刊')} <weekly@news.example.com>"
    return _plain(sender, "健康生活周刊第19期", text, arrived_at, rng, fields)


def write_offer(arrived_at: datetime, rng: Random) -> bytes:
    """An advertisement without any mark of one; it names no village and carries no file."""
    text = "您好！本公司承接条幅、展板、宣传册设计制作，量大优惠，欢迎来电洽谈。"
    return _plain(f"{_name('广告制作')} <sales@print.example.com>", "宣传品制作优惠", text, arrived_at, rng, "")


def _plain(sender: str, subject: str, text: str, arrived_at: datetime, rng: Random, fields: str) -> bytes:
    address = sender.rpartition("<")[2].rstrip(">")
    sent_at = arrived_at - timedelta(seconds=9)
    message = (
        f"Date: {format_datetime(sent_at)}\r\nFrom: {sender}\r\nTo: {OFFICE_ADDRESS}\r\nSubject: {_name(subject)}\r\n"
        f"Message-ID: <{rng.getrandbits(80):x}@{address.partition('@')[2]}>\r\n{fields}MIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{_text(text)}"
    )
    return trace(address, arrived_at, sent_at, rng) + message.encode("ascii")


def _name(text: str) -> str:
    return encode_word(text, "utf-8")


def _text(text: str) -> str:
    return base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")
