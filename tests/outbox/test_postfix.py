"""A rendered letter through a real Postfix into a Maildir, and what Postfix refuses."""

import email
import email.policy
import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from pipeline.letter.mail import render_mail, reply_message_id
from pipeline.model.letter import Letter, LetterFile, LetterState, QueuedLetter
from pipeline.model.message import Address
from pipeline.outbox.opening import open_transport
from pipeline.outbox.sending import send_due
from tests.outbox.listqueue import BEIJING, ListQueue, now
from tests.servers.dovecot import running_dovecot
from tests.servers.postfix import Postfix, running_postfix

pytestmark = pytest.mark.servers

OFFICE = Address("青禾街道计生协办公室", "office@town.test")


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    with running_postfix(["office@town.test", "shiqiao@village.test"], size_limit=1_000_000) as server:
        yield server


def _queued(number: int, to: str, *, size: int = 3000) -> QueuedLetter:
    letter = Letter(
        key=f"reply:{number}",
        kind="reply",
        to=Address("石桥村", to),
        subject="【请补正】石桥村 5·29会员活动日材料：进展情况表第2行缺少活动地点，请于5月20日前补报",
        text="石桥村委会：\n\n来件收悉。\n",
        html="<p>石桥村委会：</p><p>来件收悉。</p>",
        message_id=reply_message_id(f"reply:{number}", "town.test"),
        in_reply_to="<tencent_0123456789ABCDEF@qq.com>",
        files=(LetterFile("石桥村活动进展情况表（空白表，请重新填写后报送）.docx", "application/msword", bytes(size)),),
    )
    octets = render_mail(letter, sender=OFFICE, at=datetime(2023, 5, 9, 12, tzinfo=BEIJING))
    return QueuedLetter(number, OFFICE.address, to, octets, 0)


def test_letter_arrives_as_it_was_meant(postfix: Postfix) -> None:
    """Subject, names, texts and the file with its Chinese name come out of Postfix as they went in."""
    queue = ListQueue(_queued(1, "shiqiao@village.test"))
    with open_transport(postfix.url, password=None) as transport:
        assert send_due(queue, transport, now=now).sent == 1
    (octets,) = postfix.delivered("shiqiao@village.test")

    mail = email.message_from_bytes(octets, policy=email.policy.default)
    assert mail["Return-Path"] == "<office@town.test>"
    assert mail["Subject"].startswith("【请补正】石桥村 5·29会员活动日材料：")
    assert mail["Subject"].endswith("5月20日前补报")
    assert mail["From"].addresses[0].display_name == OFFICE.name
    assert mail["In-Reply-To"] == "<tencent_0123456789ABCDEF@qq.com>"
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().splitlines() == ["石桥村委会：", "", "来件收悉。"]
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "石桥村活动进展情况表（空白表，请重新填写后报送）.docx"
    assert file.get_content() == bytes(3000)


def test_unknown_village_and_oversize_are_held(postfix: Postfix) -> None:
    """Postfix's own 550 5.1.1 and 552 5.3.4 hold their letters; the one after them goes out."""
    before = len(list(postfix.folder.glob("mail/village.test/shiqiao/new/*")))
    queue = ListQueue(
        _queued(2, "nobody@village.test"),
        _queued(3, "shiqiao@village.test", size=900_000),
        _queued(4, "shiqiao@village.test"),
    )
    with open_transport(postfix.url, password=None) as transport:
        report = send_due(queue, transport, now=now)
    assert (report.sent, report.held) == (1, 2)
    assert queue.states == {2: LetterState.HELD, 3: LetterState.HELD, 4: LetterState.SENT}
    assert len(postfix.delivered("shiqiao@village.test", count=before + 1)) == before + 1


def test_letter_reaches_an_imap_mailbox() -> None:
    """Postfix hands it to Dovecot by LMTP, and the village finds it in its INBOX."""
    village = "shiqiao@village.test"
    with running_dovecot() as dovecot, running_postfix([village], lmtp_port=dovecot.lmtp_port) as postfix:
        with open_transport(postfix.url, password=None) as transport:
            assert send_due(ListQueue(_queued(5, village)), transport, now=now).sent == 1
        with dovecot.session(village) as client:
            until = time.monotonic() + 10
            while client.select()[1] == [b"0"]:
                assert time.monotonic() < until, postfix.log()
                time.sleep(0.02)
            (answer, *_) = client.fetch("1", "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
    assert isinstance(answer, tuple)
    assert reply_message_id("reply:5", "town.test").encode() in answer[1]
