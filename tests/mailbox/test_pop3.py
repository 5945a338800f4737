"""A POP3 account on a real Dovecot."""

import itertools
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pipeline.errors import AccessError, TransientError
from pipeline.mailbox.opening import open_mailbox
from tests.mailbox.polling import Memory, config_of, message, poll
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.ports import free_port

pytestmark = pytest.mark.servers

MAY_9 = "Tue, 9 May 2023 12:00:00 +0800"
_numbers = itertools.count()


@pytest.fixture
def office(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> str:
    """An account that no other test uses, on a server whose certificate is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    return f"pop{next(_numbers)}-{os.getpid()}@town.test"


def test_fetches_octets_as_they_are_and_nothing_twice(dovecot: Dovecot, office: str) -> None:
    """Lines that begin with dots, long lines and large messages come byte for byte; the second poll is empty."""
    sent = [
        message("一", received=MAY_9),
        message("大", size=5_000_000),
        b"Subject: long\r\n\r\n" + b"x" * 200_000 + b"\r\n.\r\n..\r\n",
    ]
    for octets in sent:
        dovecot.append(office, octets)
    mailbox, memory = open_mailbox(config_of(dovecot.url(office, "pop3s")), PASSWORD), Memory()
    got = poll(mailbox, memory)
    assert [each.octets for each in got] == sent
    assert max(each.largest_chunk for each in got) < 1_200_000
    assert poll(mailbox, memory) == []
    with dovecot.session(office) as client:
        assert client.select("INBOX", readonly=True) == ("OK", [b"3"])
        assert client.search(None, "SEEN") == ("OK", [b""])


def test_arrival_is_the_topmost_received_field(dovecot: Dovecot, office: str) -> None:
    """POP3 tells no arrival time: the mail's own head does, else now."""
    dovecot.append(office, message("有", received=MAY_9))
    dovecot.append(office, message("无"))
    told, untold = poll(open_mailbox(config_of(dovecot.url(office, "pop3s")), PASSWORD), Memory())
    assert told.received_at == datetime(2023, 5, 9, 12, tzinfo=timezone(timedelta(hours=8)))
    assert abs(untold.received_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert told.uidvalidity == 0


def test_since_leaves_older_mail_alone(dovecot: Dovecot, office: str) -> None:
    """Where a day is set, older mail is not even fetched."""
    dovecot.append(office, message("旧", received="Mon, 1 May 2023 12:00:00 +0800"))
    dovecot.append(office, message("新", received=MAY_9))
    config = replace(config_of(dovecot.url(office, "pop3s")), since=date(2023, 5, 9))
    assert len(poll(open_mailbox(config, PASSWORD), Memory())) == 1


def test_what_is_left_unread_does_not_disturb_the_next(dovecot: Dovecot, office: str) -> None:
    """A caller may leave a message half read and go on."""
    sent = [message("大", size=3_000_000), message("小")]
    for octets in sent:
        dovecot.append(office, octets)
    with open_mailbox(config_of(dovecot.url(office, "pop3s")), PASSWORD) as mailbox:
        arrivals = mailbox.arrivals("INBOX", Memory())
        next(next(arrivals).chunks)
        assert b"".join(next(arrivals).chunks) == sent[1]


def test_refusals(dovecot: Dovecot, office: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password and an unknown certificate need the operator; a server that is away does not."""
    url = dovecot.url(office, "pop3s")
    with pytest.raises(AccessError, match="密码"):
        poll(open_mailbox(config_of(url), "wrong"), Memory())
    with pytest.raises(AccessError, match="BAOSONG_MAILBOX_PASSWORD"):
        poll(open_mailbox(config_of(url), None), Memory())
    with pytest.raises(TransientError):
        poll(open_mailbox(config_of(f"pop3s://a@127.0.0.1:{free_port()}"), "x"), Memory())
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(AccessError, match="证书"):
        poll(open_mailbox(config_of(url), PASSWORD), Memory())
