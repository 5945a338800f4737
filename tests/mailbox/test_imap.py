"""An IMAP account on a real Dovecot."""

import itertools
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pipeline.config.providers import find_provider
from pipeline.errors import AccessError, TransientError
from pipeline.mailbox.imap import PIECE, ImapMailbox
from pipeline.mailbox.opening import open_mailbox
from tests.mailbox.polling import Memory, config_of, fetch, message, poll
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.ports import free_port

pytestmark = pytest.mark.servers

_numbers = itertools.count()


@pytest.fixture
def office() -> str:
    """An account that no other test uses."""
    return f"imap{next(_numbers)}-{os.getpid()}@town.test"


@pytest.fixture(scope="module")
def strict() -> Iterator[Dovecot]:
    """A server that takes no password before STARTTLS."""
    with running_dovecot(tls="required") as server:
        yield server


def test_fetches_octets_and_internaldate_as_they_are(dovecot: Dovecot, office: str) -> None:
    """Small messages come whole, in order, byte for byte; arrival is INTERNALDATE and not a field of the mail."""
    first = datetime(2023, 5, 9, 10, 0, tzinfo=timezone(timedelta(hours=8)))
    sent = [message(f"第{number}封", received="Mon, 1 May 2023 08:00:00 +0800") for number in range(70)]
    for number, octets in enumerate(sent):
        dovecot.append(office, octets, received_at=first + timedelta(minutes=number))
    got = poll(open_mailbox(config_of(dovecot.url(office)), PASSWORD), Memory())
    assert [each.octets for each in got] == sent
    assert [each.received_at for each in got] == [first + timedelta(minutes=number) for number in range(70)]
    assert [int(each.uid) for each in got] == sorted(int(each.uid) for each in got)


def test_large_message_comes_in_pieces(dovecot: Dovecot, office: str) -> None:
    """A message of 5 MB is handed out in pieces of bounded size, between small ones, and is complete."""
    sent = [message("小"), message("大", size=5_000_000), message("又小"), message("恰好", size=2 * PIECE)]
    for octets in sent:
        dovecot.append(office, octets)
    got = poll(open_mailbox(config_of(dovecot.url(office)), PASSWORD), Memory())
    assert [each.octets for each in got] == sent
    assert max(each.largest_chunk for each in got) == PIECE


def test_a_message_whose_end_is_the_end_of_a_piece(dovecot: Dovecot, office: str) -> None:
    """A message of exactly two pieces is complete, and nothing is asked for in vain."""
    octets = b"Subject: x\r\n\r\n" + b"a" * (2 * PIECE - 16) + b"\r\n"
    assert len(octets) == 2 * PIECE
    dovecot.append(office, octets)
    assert [each.octets for each in poll(open_mailbox(config_of(dovecot.url(office)), PASSWORD), Memory())] == [octets]


def test_nothing_is_marked_as_read_and_the_second_poll_is_empty(dovecot: Dovecot, office: str) -> None:
    """A poll leaves no flag behind; what is remembered is not fetched again, though `n:*` names the last message."""
    for number in range(3):
        dovecot.append(office, message(str(number), size=3_000_000 if number == 1 else 0))
    mailbox, memory = open_mailbox(config_of(dovecot.url(office)), PASSWORD), Memory()
    assert len(poll(mailbox, memory)) == 3
    assert poll(mailbox, memory) == []
    with dovecot.session(office) as client:
        client.select("INBOX", readonly=True)
        assert client.search(None, "SEEN") == ("OK", [b""])
    dovecot.deliver(office, message("新"))
    assert len(poll(mailbox, memory)) == 1


def test_reads_junk_and_own_folders_but_not_trash_sent_drafts(dovecot: Dovecot, office: str) -> None:
    """Mail that the provider took for junk or advertising is read; what the office threw away or wrote is not."""
    for folder in ("INBOX", "Junk", "广告邮件", "其他文件夹/各村", "Trash", "已发送", "草稿箱", "Sent Messages/2023"):
        dovecot.append(office, message(folder), folder=folder)
    got = poll(open_mailbox(config_of(dovecot.url(office)), PASSWORD), Memory())
    assert got[0].folder == "INBOX"
    assert {each.folder for each in got} == {"INBOX", "Junk", "广告邮件", "其他文件夹/各村"}


def test_configured_folders_alone_are_read(dovecot: Dovecot, office: str) -> None:
    """Folders that the operator names are read and no others; one that is not there is told by name."""
    for folder in ("INBOX", "各村来件"):
        dovecot.append(office, message(folder), folder=folder)
    config = config_of(dovecot.url(office), folders=("各村来件",))
    assert [each.folder for each in poll(open_mailbox(config, PASSWORD), Memory())] == ["各村来件"]
    with pytest.raises(AccessError, match="没有这个"):
        poll(open_mailbox(replace(config, folders=("没有这个",)), PASSWORD), Memory())


def test_new_uidvalidity_makes_everything_new(dovecot: Dovecot, office: str) -> None:
    """After a folder was made anew its UIDs mean other messages: nothing is known under the new UIDVALIDITY."""
    dovecot.append(office, message("甲"), folder="各村")
    config, memory = config_of(dovecot.url(office), folders=("各村",)), Memory()
    (before,) = poll(open_mailbox(config, PASSWORD), memory)
    with dovecot.session(office) as client:
        client.delete("&VARnUQ-")
    for subject in ("甲", "乙"):
        dovecot.append(office, message(subject), folder="各村")
    after = poll(open_mailbox(config, PASSWORD), memory)
    assert [each.octets for each in after] == [message("甲"), message("乙")]
    assert after[0].uidvalidity != before.uidvalidity


def test_a_hole_below_the_highest_uid_is_filled(dovecot: Dovecot, office: str) -> None:
    """A message that could not be stored last time is fetched again, although later ones were stored."""
    for number in range(3):
        dovecot.append(office, message(str(number)))
    mailbox, memory = open_mailbox(config_of(dovecot.url(office)), PASSWORD), Memory()
    got = poll(mailbox, memory)
    memory.stored.remove(("INBOX", got[1].uidvalidity, got[1].uid))
    assert [each.octets for each in poll(mailbox, memory)] == [got[1].octets]


def test_expunged_meanwhile_is_skipped(dovecot: Dovecot, office: str) -> None:
    """A message that another client deletes during the poll is left out, and the others still come."""
    for number in range(4):
        dovecot.append(office, message(str(number), size=3_000_000))
    with open_mailbox(config_of(dovecot.url(office)), PASSWORD) as mailbox:
        arrivals = mailbox.arrivals("INBOX", Memory())
        got = [b"".join(next(arrivals).chunks)]
        with dovecot.session(office) as client:
            client.select("INBOX")
            client.store("3", "+FLAGS", "\\Deleted")
            client.expunge()
        got += [b"".join(arrival.chunks) for arrival in arrivals]
    assert got == [message(str(number), size=3_000_000) for number in (0, 1, 3)]


def test_since_leaves_older_mail_alone(dovecot: Dovecot, office: str) -> None:
    """Where a day is set, what arrived before it stays on the server; that very day counts."""
    zone = timezone(timedelta(hours=8))
    moments = [datetime(2023, 4, 30, 23, 59, tzinfo=zone), datetime(2023, 5, 1, 0, 1, tzinfo=zone)]
    for moment in moments:
        dovecot.append(office, message("x"), received_at=moment)
    config = replace(config_of(dovecot.url(office)), since=date(2023, 5, 1))
    assert [each.received_at for each in poll(open_mailbox(config, PASSWORD), Memory())] == moments[1:]


def test_wrong_password_names_the_providers_remedy(dovecot: Dovecot, office: str) -> None:
    """The operator must act, and is told how this provider wants it."""
    config = replace(config_of(dovecot.url(office)), provider=find_provider("office@163.com"))
    with pytest.raises(AccessError, match="授权码"):
        poll(open_mailbox(config, "wrong"), Memory())
    with pytest.raises(AccessError, match="BAOSONG_MAILBOX_PASSWORD"):
        poll(open_mailbox(config, None), Memory())
    with pytest.raises(AccessError, match="全角"):
        poll(open_mailbox(config, "密码"), Memory())


def test_server_away_is_transient() -> None:
    """Nobody listens: nothing for the operator to do, and the server is named."""
    port = free_port()
    with pytest.raises(TransientError, match=f"127.0.0.1:{port}"):
        poll(open_mailbox(config_of(f"imap://a%40b@127.0.0.1:{port}"), "x"), Memory())


@pytest.mark.parametrize(
    "greeting",
    [
        pytest.param(b"", id="沉默"),
        pytest.param(b"* BYE too busy\r\n", id="拒绝"),
        pytest.param(b"* OK hello\r\n", id="中途沉默"),
    ],
)
def test_silent_or_busy_server_is_transient(greeting: bytes) -> None:
    """A server that says nothing is given up after the time-out; one that says BYE is tried again later."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = config_of(f"imap://a%40b@127.0.0.1:{listener.getsockname()[1]}", timeout=0.3)
        greeter = threading.Thread(target=_greet, args=(listener, greeting))
        greeter.start()
        with pytest.raises(TransientError):
            poll(open_mailbox(config, "x"), Memory())
        greeter.join()


def _greet(listener: socket.socket, greeting: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.sendall(greeting)
        while connection.recv(1000):  # until the client gives up
            pass


def test_connection_lost_between_pieces_is_transient(office: str) -> None:
    """A server that goes away in the midst of a message leaves no half message behind as if it were whole."""
    with running_dovecot(tls="no") as server:
        server.append(office, message("大", size=3 * PIECE))
        with open_mailbox(config_of(server.url(office)), PASSWORD) as mailbox:
            chunks = next(mailbox.arrivals("INBOX", Memory())).chunks
            assert len(next(chunks)) == PIECE
            server.stop()
            with pytest.raises(TransientError):
                list(chunks)


def test_imaps_with_the_authority_that_is_trusted(
    dovecot: Dovecot, office: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TLS from the first octet works with SSL_CERT_FILE; without it the certificate is refused."""
    dovecot.append(office, message("密"))
    mailbox = open_mailbox(config_of(dovecot.url(office, "imaps", "localhost")), PASSWORD)
    with pytest.raises(AccessError, match="SSL_CERT_FILE"):
        poll(mailbox, Memory())
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    assert [each.octets for each in poll(mailbox, Memory())] == [message("密")]


def test_starttls_before_the_password(strict: Dovecot, office: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """imap:// turns to TLS before the password is sent, and verifies there as well."""
    monkeypatch.setenv("SSL_CERT_FILE", str(strict.authority))
    strict.append(office, message("密"))
    mailbox = open_mailbox(config_of(strict.url(office)), PASSWORD)
    assert [each.octets for each in poll(mailbox, Memory())] == [message("密")]
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(AccessError, match="证书"):
        poll(mailbox, Memory())


def test_plain_port_called_with_tls_says_so(dovecot: Dovecot, office: str) -> None:
    """imaps:// at a port without TLS is the operator's mistake, not a passing one."""
    url = f"imaps://{office.replace('@', '%40')}@127.0.0.1:{dovecot.imap_port}"
    with pytest.raises(AccessError, match="加密"):
        poll(open_mailbox(config_of(url), PASSWORD), Memory())


def test_waits_for_the_servers_notice(dovecot: Dovecot, office: str) -> None:
    """IDLE: False when the time is over, True soon after mail has come."""
    with ImapMailbox(config_of(dovecot.url(office)), PASSWORD) as mailbox:
        assert fetch(mailbox, "INBOX", Memory()) == []
        assert not mailbox.wait(0.1)
        later = threading.Timer(0.2, dovecot.deliver, (office, message("新")))
        later.start()
        assert mailbox.wait(10)
        later.join()
        assert len(fetch(mailbox, "INBOX", Memory())) == 1


def test_name_holds_no_folder_and_no_default_port() -> None:
    """The ledger's name of the account is the same however the url was typed."""
    names = {
        open_mailbox(config_of(url), "x").name
        for url in (
            "imaps://office%40163.com@imap.163.com/INBOX",
            "imaps://office@163.com@imap.163.com",
            "IMAPS://office%40163.com@IMAP.163.com:993/",
        )
    }
    assert names == {"imaps://office%40163.com@imap.163.com"}


def test_delivered_mail_bears_the_moment_of_delivery(dovecot: Dovecot, office: str) -> None:
    """Of a message that came by LMTP, INTERNALDATE is now, whatever its Received field says."""
    before = datetime.now(UTC) - timedelta(seconds=1)
    dovecot.deliver(office, message("刚到", received="Mon, 1 May 2023 08:00:00 +0800"))
    (got,) = poll(open_mailbox(config_of(dovecot.url(office)), PASSWORD), Memory())
    assert before <= got.received_at <= datetime.now(UTC) + timedelta(seconds=1)
