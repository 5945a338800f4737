"""Bounces of every form, made by hand: which letter, which address, for good or not."""

from __future__ import annotations

from email.message import EmailMessage
from email.mime.text import MIMEText

import pytest

from pipeline.message.bounce import judge_words, read_bounce
from pipeline.model.letter import AddressState
from tests.bounces import LETTER_ID, delivery_report, netease, qq, report_of

DEAD, FAILING = AddressState.DEAD, AddressState.FAILING


@pytest.mark.parametrize(
    ("status", "words", "state"),
    [
        ("5.1.1", "550 5.1.1 <a@x.test>: Recipient address rejected: User unknown", DEAD),
        ("5.0.0", "550 Mailbox not found", DEAD),
        ("5.2.1", "550 account disabled", DEAD),
        ("5.1.1", "", DEAD),
        ("5.0.0", "", DEAD),
        ("5.4.4", "Host or domain name not found. Name service error", DEAD),
        ("5.2.2", "550 Mailbox full", FAILING),
        ("5.7.1", "554 DT:SPM, please see http://mail.163.com", FAILING),
        ("5.3.4", "552 message size exceeds limit", FAILING),
        ("4.4.1", "connect to mx.x.test: Connection timed out", FAILING),
        ("4.1.1", "450 unknown user, try again", FAILING),
        ("4.0.0", "", FAILING),
    ],
)
def test_reports(status: str, words: str, state: AddressState) -> None:
    """RFC 3464: an address is dead where it is not there, and not where the letter, the time or the room was wrong."""
    found = read_bounce(delivery_report("a@x.test", status=status, words=words))
    assert [(each.address, each.state) for each in found.failures] == [("a@x.test", state)]
    assert found.letters == (LETTER_ID,)
    assert found.subject == "【请补正】石桥村"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_delay_is_no_failure(action: str) -> None:
    """RFC 3464 section 2.3.3: only ``failed`` gives an address up."""
    assert read_bounce(delivery_report("a@x.test", status="4.4.1", words="", action=action)).failures == ()


def test_the_header_alone_names_the_letter() -> None:
    """text/rfc822-headers (RFC 6522 section 4) in place of the whole letter."""
    found = read_bounce(delivery_report("a@x.test", status="5.1.1", words="", whole=False))
    assert found.letters == (LETTER_ID,)


@pytest.mark.parametrize(
    ("reason", "english", "state"),
    [
        ("您输入的收件人地址不存在，请核对", "User not found: a@x.test", DEAD),
        ("收件人的邮箱已满，暂时不能接收", "Mailbox full", FAILING),
        ("您发送的邮件被怀疑为是垃圾邮件，拒绝接收", "rejected by system", FAILING),
        ("网络不给力，我们无法与收信方联络上", "Can not connect to x.test:1.2.3.4:25", FAILING),
        ("原因不明", "Unknown", FAILING),
    ],
)
@pytest.mark.parametrize("english_headings", [False, True])
def test_netease(reason: str, english: str, state: AddressState, english_headings: bool) -> None:
    """系统退信 of NetEase and Coremail; what the advice below names is no reason."""
    found = read_bounce(netease("a@x.test", "【温馨提示】垃圾分类", reason, english, english_headings=english_headings))
    assert [(each.address, each.state) for each in found.failures] == [("a@x.test", state)]
    assert found.subject == "【温馨提示】垃圾分类"
    assert found.letters == ()


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("收件人邮件地址（a@x.test）不存在，邮件无法送达。", DEAD),
        ("host mx3.qq.com[1.2.3.4] said: 550 Mailbox not found.", DEAD),
        ("host mx3.qq.com[1.2.3.4] said: 550 5.7.515 Access denied, sending domain doesn't meet the required", FAILING),
        ("收件人空间不足", FAILING),
    ],
)
def test_qq(reason: str, state: AddressState) -> None:
    """来自qq.com的退信: a report by its type, and nothing in it but HTML."""
    found = read_bounce(qq("a@x.test", "【请补正】石桥村", reason))
    assert [(each.address, each.state) for each in found.failures] == [("a@x.test", state)]
    assert found.subject == "【请补正】石桥村"


def test_exim_names_the_address_in_a_field() -> None:
    """X-Failed-Recipients; our mark in the text names the letter."""
    mail = MIMEText(f"a message could not be delivered:\n No such user here\nMessage-ID: {LETTER_ID}\n")
    mail["X-Failed-Recipients"] = "A@x.test"
    found = read_bounce(mail.as_bytes())
    assert [(each.address, each.state) for each in found.failures] == [("a@x.test", DEAD)]
    assert found.letters == (LETTER_ID,)


@pytest.mark.parametrize(
    "octets", [b"", b"\xff\xfe", b"Content-Type: multipart/report; boundary=x\n\n--x\n", b"\n" * 50]
)
def test_what_says_nothing(octets: bytes) -> None:
    """Nothing understood is nothing held against anybody."""
    assert read_bounce(octets).failures == ()


def test_a_vacation_message_is_no_bounce() -> None:
    """Seen: null return path and no other mark; it names nobody who was not reached."""
    mail = EmailMessage()
    mail["Return-Path"] = "<>"
    mail.set_content("我出差了，请联系李主任 li@x.test。")
    assert read_bounce(mail.as_bytes()).failures == ()


def test_a_report_with_a_hundred_recipients_is_cut() -> None:
    """Our letters have one recipient each."""
    groups = "\n\n".join(
        f"Final-Recipient: rfc822; {number}@x.test\nAction: failed\nStatus: 5.1.1" for number in range(99)
    )
    report = report_of(("message/delivery-status", f"Reporting-MTA: dns; x\n\n{groups}\n"))
    assert len(read_bounce(report).failures) == 20


def test_words_that_say_nothing() -> None:
    """They are told apart from those that do."""
    assert judge_words("hello") is None
