"""A connection held from round to round, on a real Dovecot and on a server that falls silent."""

from __future__ import annotations

import imaplib
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from pipeline.config import MailboxConfig
from pipeline.mailbox import imap
from pipeline.mailbox.held import Connections
from tests.mailbox.polling import Memory, config_of, fetch, message
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.imapd import Folder, running_imapd

_numbers = itertools.count()


@dataclass
class Asked(Memory):
    """Remembers as well how many UIDs it was asked about."""

    asked: list[int] = field(default_factory=list)

    def unseen(self, folder: str, uidvalidity: int, uids: list[str]) -> list[str]:  # type: ignore[override]
        self.asked.append(len(uids))
        return super().unseen(folder, uidvalidity, uids)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> str:
    """An account that no other test uses, its password where it is looked for."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", PASSWORD)
    return f"held{next(_numbers)}-{os.getpid()}@town.test"


@pytest.fixture
def connections() -> Iterator[Connections]:
    """As a service has them."""
    with Connections() as found:
        yield found


def subjects(connections: Connections, config: MailboxConfig, memory: Memory) -> list[str]:
    """What one round finds new."""
    with connections.open(config) as mailbox:
        got = [each for folder in mailbox.folders() for each in fetch(mailbox, folder, memory)]
    return [each.octets.split(b"Subject: ")[1].split(b"\r\n")[0].decode() for each in got]


def logins(dovecot: Dovecot, user: str) -> int:
    return dovecot.log().count(f"Login: user=<{user}>")


def test_one_login_serves_many_rounds(dovecot: Dovecot, office: str, connections: Connections) -> None:
    """Rounds that find nothing, rounds that find something: all over one connection, given back at the end."""
    config, memory = config_of(dovecot.url(office)), Memory()
    for number in range(3):
        dovecot.append(office, message(f"m{number}"))
        before = logins(dovecot, office)
        assert subjects(connections, config, memory) == [f"m{number}"]
        assert subjects(connections, config, memory) == []
        assert logins(dovecot, office) - before == (number == 0)


def test_what_came_while_the_inbox_was_open(dovecot: Dovecot, office: str, connections: Connections) -> None:
    """The inbox stays open between rounds: what is put into it is told, and so is what is put in as another goes."""
    config, memory = config_of(dovecot.url(office)), Memory()
    dovecot.append(office, message("one"))
    assert subjects(connections, config, memory) == ["one"]
    for _ in range(3):
        assert subjects(connections, config, memory) == []
    dovecot.append(office, message("two"))
    assert subjects(connections, config, memory) == ["two"]
    assert subjects(connections, config, memory) == []
    with imaplib.IMAP4("127.0.0.1", dovecot.imap_port) as client:
        client.login(office, PASSWORD)
        client.select("INBOX")
        client.store("1", "+FLAGS", r"\Deleted")
        client.expunge()
    dovecot.append(office, message("three"))
    assert subjects(connections, config, memory) == ["three"]


def test_outside_of_the_context_nothing_is_held(dovecot: Dovecot, office: str) -> None:
    """A command that polls once leaves no connection behind."""
    config, memory, connections = config_of(dovecot.url(office)), Memory(), Connections()
    for _ in range(2):
        assert subjects(connections, config, memory) == []
    assert logins(dovecot, office) == 2


def test_of_a_large_folder_only_what_is_new_is_asked_for(
    dovecot: Dovecot, office: str, connections: Connections
) -> None:
    """Two thousand mails: the first round compares them all, one more mail costs no more than that mail."""
    with dovecot.session(office) as client:
        for number in range(2000):
            client.append("INBOX", "", "", message(f"m{number}"))
    config, memory = config_of(dovecot.url(office)), Asked()
    assert len(subjects(connections, config, memory)) == 2000
    memory.asked.clear()
    assert subjects(connections, config, memory) == []
    assert memory.asked == []
    dovecot.append(office, message("one more"))
    assert subjects(connections, config, memory) == ["one more"]
    assert memory.asked == [1]


def test_killed_between_rounds(office: str, connections: Connections) -> None:
    """The server ends and comes back: a new login, and what came meanwhile is there."""
    with running_dovecot() as own:
        config, memory = config_of(own.url(office)), Memory()
        own.append(office, message("before"))
        assert subjects(connections, config, memory) == ["before"]
        own.stop()
        own.start()
        own.append(office, message("after"))
        assert subjects(connections, config, memory) == ["after"]


def test_moved_by_a_person(dovecot: Dovecot, office: str, connections: Connections) -> None:
    """What somebody moves out of the junk folder is found, and so is what he moves while he deletes another."""
    config, memory = config_of(dovecot.url(office), folders=("INBOX", "Junk")), Memory()
    dovecot.append(office, message("old"))
    dovecot.append(office, message("junk1"), folder="Junk")
    dovecot.append(office, message("junk2"), folder="Junk")
    assert subjects(connections, config, memory) == ["old", "junk1", "junk2"]
    with dovecot.session(office) as client:
        client.select("Junk")
        client.uid("MOVE", "1", "INBOX")
    assert subjects(connections, config, memory) == ["junk1"]
    with dovecot.session(office) as client:
        client.select("Junk")
        client.uid("MOVE", "2", "INBOX")
        client.select("INBOX")
        client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        client.expunge()
    assert subjects(connections, config, memory) == ["junk2"]
    assert subjects(connections, config, memory) == []


def test_a_folder_made_anew(dovecot: Dovecot, office: str, connections: Connections) -> None:
    """Another UIDVALIDITY with as many mails and the same numbers: other mails."""
    config, memory = config_of(dovecot.url(office), folders=("INBOX", "Villages")), Memory()
    dovecot.append(office, message("first"), folder="Villages")
    assert subjects(connections, config, memory) == ["first"]
    with dovecot.session(office) as client:
        client.delete("Villages")
    dovecot.append(office, message("second"), folder="Villages")
    assert subjects(connections, config, memory) == ["second"]


def test_all_is_compared_again_after_a_while(
    dovecot: Dovecot, office: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not in the ledger although the server tells no change (a ledger restored) is fetched in the end."""
    config, memory = config_of(dovecot.url(office)), Memory()
    dovecot.append(office, message("lost"))
    assert subjects(connections, config, memory) == ["lost"]
    memory.stored.clear()
    assert subjects(connections, config, memory) == []
    monkeypatch.setattr(imap, "_TRUSTED_SECONDS", 0.0)
    assert subjects(connections, config, memory) == ["lost"]


@pytest.mark.usefixtures("office")
def test_a_server_that_tells_no_uidnext_is_compared_each_time(connections: Connections) -> None:
    """seen: NetEase. A mail that takes the place of another, with a lower number, is found."""
    with running_imapd(INBOX={5: message("five"), 9: message("nine")}) as server:
        config, memory = config_of(f"imap://office@127.0.0.1:{server.port}"), Memory()
        assert subjects(connections, config, memory) == ["five", "nine"]
        server.folders["INBOX"].messages = {3: message("three"), 9: message("nine")}
        assert subjects(connections, config, memory) == ["three"]
        assert server.logins == 1


@pytest.mark.usefixtures("office")
def test_what_could_not_be_had_is_asked_for_again(connections: Connections) -> None:
    """A body that the server refuses once is fetched by the next round, though nothing in the folder changed."""
    with running_imapd(INBOX={1: message("one"), 2: message("two")}) as server:
        server.uidnext = 3
        config, memory = config_of(f"imap://office@127.0.0.1:{server.port}"), Memory()
        server.refused["UID FETCH"] = "NO not now"
        assert subjects(connections, config, memory) == []
        server.refused.clear()
        assert subjects(connections, config, memory) == ["one", "two"]
        server.commands.clear()
        assert subjects(connections, config, memory) == []
        assert server.commands == ["NOOP", "CLOSE", "STATUS"]


@pytest.mark.usefixtures("office")
def test_a_connection_that_a_router_forgot(connections: Connections) -> None:
    """It stands, and nobody is at its other end: a login, and the round goes on."""
    with running_imapd(INBOX={1: message("one")}) as server:
        server.uidnext = 2
        config, memory = config_of(f"imap://office@127.0.0.1:{server.port}", timeout=1), Memory()
        assert subjects(connections, config, memory) == ["one"]
        server.unheard = "NOOP"
        server.folders["INBOX"] = Folder({1: message("one"), 2: message("two")})
        server.uidnext = 3
        assert subjects(connections, config, memory) == ["two"]
        assert server.logins == 2
