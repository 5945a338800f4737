"""One mail as a whole."""

import random
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipeline.model.message import Address, Authentication, Reason
from tests.mails import DOCX, RECEIVED_AT, Kept, netease_web, parse, picture, plain, qq_web, zip_of

RECEIVED = "Received: from x (unknown [10.0.0.1])\r\n\tby mx1 (Coremail); Tue, 9 May 2023 10:00:00 +0800\r\n"
FAILED = "Authentication-Results: mx.163.com; spf=softfail; dkim=fail; dmarc=fail\r\n"
PASSED = "Authentication-Results: mx.163.com; spf=pass; dkim=pass; dmarc=pass\r\n"


def test_the_fields_of_a_mail() -> None:
    """What the sender says, the envelope, and the arrival, each in its own place."""
    fields = "Return-Path: <A@qq.com>\r\nReply-To: b@c.cn\r\nIn-Reply-To: <1@x>\r\nReferences: <0@x> <1@x>\r\n"
    message = parse(fields.encode() + qq_web("孙庄村写实表", "请查收"))
    assert message.sender == Address("孙庄村小李", "100200300@qq.com")
    assert message.reply_to == Address("", "b@c.cn")
    assert message.subject == "孙庄村写实表"
    assert message.message_id == "<tencent_0A1B2C@qq.com>"
    assert (message.in_reply_to, message.references) == (("<1@x>",), ("<0@x>", "<1@x>"))
    assert message.return_path == "a@qq.com"
    assert message.sent_at == datetime(2023, 5, 9, 9, 58, tzinfo=timezone(timedelta(hours=8)))
    assert message.received_at == RECEIVED_AT
    assert (message.text, message.quoted, message.automatic) == ("请查收", "", None)


def test_what_a_mail_may_lack() -> None:
    """Without any field there is still a message."""
    message = parse(b"\r\nx")
    assert message.sender == Address("", "")
    assert (message.message_id, message.sent_at, message.return_path, message.reply_to) == (None, None, None, None)
    assert (message.subject, message.text, message.attachments) == ("", "x", ())


def test_a_mail_without_from_is_from_its_envelope() -> None:
    """Sender, then Return-Path."""
    assert parse(b"Return-Path: <a@b.cn>\r\n\r\nx").sender.address == "a@b.cn"
    assert parse(b"Return-Path: <a@b.cn>\r\nSender: c@d.cn\r\n\r\nx").sender.address == "c@d.cn"


@pytest.mark.parametrize(
    ("fields", "ids", "authentication"),
    [
        pytest.param(
            RECEIVED + FAILED + RECEIVED, (), Authentication("softfail", "fail", "fail"), id="below the topmost"
        ),
        pytest.param(
            FAILED + RECEIVED + PASSED, (), Authentication("softfail", "fail", "fail"), id="above it, and a forged one"
        ),
        pytest.param(RECEIVED + RECEIVED + PASSED, (), Authentication(), id="further down: anybody's"),
        pytest.param(
            RECEIVED + PASSED + RECEIVED, ("mx.163.com",), Authentication("pass", "pass", "pass"), id="our server's"
        ),
        pytest.param(RECEIVED + PASSED + RECEIVED, ("mx.qq.com",), Authentication(), id="another server's"),
        pytest.param(
            RECEIVED + PASSED + RECEIVED, ("163.com",), Authentication("pass", "pass", "pass"), id="a server of ours"
        ),
        pytest.param(RECEIVED + PASSED + RECEIVED, ("63.com",), Authentication(), id="a domain that ends alike"),
        pytest.param(RECEIVED + FAILED + PASSED, (), Authentication("softfail", "fail", "fail"), id="the upper one"),
        pytest.param(
            "Authentication-Results: mx.x.cn; spf=fail\r\nAuthentication-Results: mx.x.cn; dkim=pass\r\n" + RECEIVED,
            ("x.cn",),
            Authentication("fail", "pass", ""),
            id="one field for each method",
        ),
        pytest.param(
            "Authentication-Results: mx.x.cn; spf=fail\r\nAuthentication-Results: evil.cn; dkim=pass\r\n" + RECEIVED,
            (),
            Authentication("fail", "", ""),
            id="a stranger's below ours",
        ),
        pytest.param(
            "Authentication-Results: evil.cn; spf=pass\r\nAuthentication-Results: mx.x.cn; spf=fail\r\n" + RECEIVED,
            ("x.cn",),
            Authentication(),
            id="a stranger's above ours",
        ),
        pytest.param(RECEIVED, (), Authentication(), id="none"),
    ],
)
def test_only_the_receiving_server_is_believed(
    fields: str, ids: tuple[str, ...], authentication: Authentication
) -> None:
    """RFC 8601 section 5: the topmost field, where only our own server can have put it."""
    assert parse(plain("x", fields + "From: a@b.cn\r\n"), authserv_ids=ids).authentication == authentication


def test_the_fingerprint_knows_a_copy() -> None:
    """Another way, another time and another client make no other mail; another word or file does."""
    files = [("1.docx", DOCX), ("2.jpg", picture(300, 300))]
    first = parse(qq_web("写实表", "请查收", files)).fingerprint
    assert parse(RECEIVED.encode() + qq_web("写实表", "请查收 ", files[::-1])).fingerprint == first
    assert parse(qq_web("写实表", "请查收", files[:1])).fingerprint != first
    assert parse(qq_web("写实表（改）", "请查收", files)).fingerprint != first
    assert parse(netease_web("写实表", "请查收", files)).fingerprint != first


def test_nothing_that_comes_breaks_it() -> None:
    """Mails cut short and mails with octets turned over give some message, and text that a database takes."""
    chance = random.Random(529)
    archive = zip_of([("孙庄村/1.docx", DOCX), ("转发.eml", qq_web("x", "y", [("2.docx", DOCX)]))], "gb18030")
    whole = qq_web(
        "孙庄村写实表", "请查收", [("材料.zip", archive), ("总结.docx", DOCX)], html="<p>请查收<a href='x'>y"
    )
    for _ in range(400):
        octets = bytearray(whole[: chance.randrange(len(whole))] if chance.random() < 0.3 else whole)
        for _ in range(chance.randrange(1, 30)):
            if octets:
                octets[chance.randrange(len(octets))] = chance.randrange(256)
        message = parse(bytes(octets))
        words = [message.subject, message.text, message.quoted, message.sender.name, message.sender.address]
        words += [name for attachment in message.attachments for name in attachment.path]
        assert not any("\0" in each for each in words)
        "".join(words).encode("utf-8")


def test_a_large_mail_takes_well_under_a_second() -> None:
    """Ten photos of 2 MB: the octets are cut and decoded once."""
    photo = b"\xff\xd8\xff" + random.Random(1).randbytes(2_000_000)
    mail = qq_web("照片", "x", [(f"{number}.jpg", photo) for number in range(10)])
    started = time.perf_counter()
    assert len(parse(mail, Kept()).attachments) == 10
    assert time.perf_counter() - started < 1.5


def test_a_bounce_is_told() -> None:
    """An empty envelope sender is something else than none."""
    message = parse(plain("x", "Return-Path: <>\r\nFrom: a@b.cn\r\n"))
    assert (message.return_path, message.automatic) == ("", Reason.BOUNCE)


def test_moments_are_aware() -> None:
    """The Date field's zone is kept."""
    message = parse(plain("x", "From: a@b.cn\r\nDate: Tue, 9 May 2023 02:00:00 +0000\r\n"))
    assert message.sent_at == datetime(2023, 5, 9, 2, 0, tzinfo=UTC)
