"""A machine's mail against a person's."""

import pytest

from pipeline.model.message import Reason
from tests.mails import DOCX, mixed, parse, plain, qq_web, text_part


def _reason(fields: str, text: str = "x") -> Reason | None:
    return parse(plain(text, fields)).automatic


def _report(kind: str, extra: str = "") -> bytes:
    parts = [
        text_part("x"),
        f"Content-Type: message/{kind}\r\n\r\nAction: failed\r\n".encode(),
        b"Content-Type: message/rfc822\r\n\r\n" + qq_web("通知", "x", [("通知.docx", DOCX)]),
    ]
    entity = mixed(parts, subtype="report")
    return f"From: <daemon@b.cn>\r\n{extra}".encode() + entity.replace(
        b"multipart/report;", f"multipart/report; report-type={kind};".encode()
    )


@pytest.mark.parametrize(
    ("kind", "reason"), [("delivery-status", Reason.BOUNCE), ("disposition-notification", Reason.RECEIPT)]
)
def test_reports_by_structure(kind: str, reason: Reason) -> None:
    """Whatever its other fields say; the mail that comes back with it is our own and no submission."""
    message = parse(_report(kind, "Auto-Submitted: auto-replied\r\n"))
    assert message.automatic is reason
    assert message.attachments == ()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("From: MAILER-DAEMON@mx.b.cn\r\nAuto-Submitted: auto-replied\r\n", Reason.BOUNCE),
        ("From: Postmaster@163.com\r\nSubject: 系统退信/The email is returned\r\n", Reason.BOUNCE),
        ("From: a@b.cn\r\nSubject: 来自qq.com的退信\r\n", Reason.BOUNCE),
        ("Return-Path: <>\r\nFrom: a@b.cn\r\n", Reason.BOUNCE),
        ("From: a@b.cn\r\nX-Failed-Recipients: c@d.cn\r\n", Reason.BOUNCE),
        ("From: a@b.cn\r\nAuto-Submitted: auto-generated (vacation)\r\n", Reason.AUTO_REPLY),
        ("Return-Path: <>\r\nFrom: a@b.cn\r\nAuto-Submitted: auto-replied\r\n", Reason.AUTO_REPLY),
        ("From: a@b.cn\r\nX-Autoreply: yes\r\n", Reason.AUTO_REPLY),
        ("From: a@b.cn\r\nPrecedence: auto_reply\r\n", Reason.AUTO_REPLY),
        ("From: a@b.cn\r\nSubject: 自动回复: 活动方案已收到\r\n", Reason.AUTO_REPLY),
        ("From: a@b.cn\r\nSubject: Automatic reply: x\r\n", Reason.AUTO_REPLY),
        ("From: a@b.cn\r\nSubject: 已读: 通知\r\n", Reason.RECEIPT),
        ("From: a@b.cn\r\nList-Unsubscribe: <x>\r\n", Reason.BULK),
        ("From: a@b.cn\r\nPrecedence: Bulk\r\n", Reason.BULK),
        ("From: 10000@qq.com\r\n", Reason.BULK),
        ("From: no-reply@b.cn\r\n", Reason.BULK),
        ("From: a@b.cn\r\nAuto-Submitted: no\r\n", None),
        ("From: a@b.cn\r\nX-Auto-Response-Suppress: All\r\n", None),
        ("Return-Path: <a@b.cn>\r\nFrom: a@b.cn\r\nSubject: 回复：自动回复怎么关\r\n", None),
        ("From: a@b.cn\r\nFeedback-ID: riamail:1\r\nX-Priority: 3\r\n", None),
    ],
)
def test_marks_in_the_fields(fields: str, reason: Reason | None) -> None:
    """A bounce before an automatic reply before a list; a request not to be answered is no mark."""
    assert _reason(fields) is reason


@pytest.mark.parametrize("subject", ["自动回复：孙庄村写实表", "系统退信后重发", "已读：补报"])
def test_words_alone_prove_nothing_where_a_file_comes(subject: str) -> None:
    """What a village hands in counts, though its subject was borrowed from a machine."""
    message = parse(qq_web(subject, "x", [("写实表.docx", DOCX)]))
    assert message.automatic is None
    assert len(message.attachments) == 1


@pytest.mark.parametrize(
    ("subject", "text", "reason"),
    [
        ("撤回: 石桥村写实表", "发件人想撤回该邮件", Reason.RECEIPT),
        ("已读回执（通知）", "x", Reason.RECEIPT),
        ("邮件退信", "x", Reason.BOUNCE),
        ("邮件发送失败", "x", Reason.BOUNCE),
        ("【自动回复】通知", "x", Reason.AUTO_REPLY),
        ("Re: 通知", "这是来自QQ邮箱的假期自动回复邮件。您好，我正在休假。", Reason.AUTO_REPLY),
        ("回复：通知", "此邮件由系统自动回复，请勿回复", Reason.AUTO_REPLY),
        ("退回的写实表改好了", "请查收", None),
        ("已读通知，材料明天报", "x", None),
        ("请问自动回复怎么回事", "我收到一封自动回复邮件，材料收到了吗", None),
    ],
)
def test_a_machines_words(subject: str, text: str, reason: Reason | None) -> None:
    """What clients, phones and servers in China write of themselves; people who speak of it are people."""
    assert _reason(f"From: a@b.cn\r\nSubject: {subject}\r\n", text) is reason
