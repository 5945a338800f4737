"""Letters into a Maildir."""

import mailbox
from pathlib import Path

import pytest

from pipeline.errors import AccessError
from pipeline.model.letter import LetterState
from pipeline.outbox.maildir import MaildirTransport
from pipeline.outbox.sending import send_due
from tests.outbox.listqueue import ListQueue, letter, now


def _subjects(path: Path) -> list[str]:
    return sorted(str(mail["Subject"]) for mail in mailbox.Maildir(path, create=False))


def test_delivers_what_a_maildir_reader_finds(tmp_path: Path) -> None:
    """Each letter is one message of the Maildir, and nothing stays behind in tmp/."""
    queue = ListQueue(letter(1), letter(2))
    with MaildirTransport(tmp_path / "out") as transport:
        report = send_due(queue, transport, now=now)
    assert report.sent == 2
    assert _subjects(tmp_path / "out") == ["1", "2"]
    assert not list((tmp_path / "out" / "tmp").iterdir())


def test_sending_again_does_not_double(tmp_path: Path) -> None:
    """The same letter once more, before or after somebody read it, changes nothing."""
    with MaildirTransport(tmp_path) as transport:
        transport.ready()
        for _ in range(2):
            transport.send("office@town.test", "v1@village.test", letter(1).octets)
        (delivered,) = (tmp_path / "new").iterdir()
        delivered.rename(tmp_path / "cur" / f"{delivered.name}:2,S")
        transport.send("office@town.test", "v1@village.test", letter(1).octets)
    assert _subjects(tmp_path) == ["1"]


@pytest.mark.parametrize("delivered", [True, False])
def test_interrupted_letter_is_settled_by_its_file(tmp_path: Path, delivered: bool) -> None:
    """After a crash between handing over and writing it down, the letter is there exactly once."""
    queue = ListQueue(letter(1))
    queue.hand_over(1, now())
    with MaildirTransport(tmp_path) as transport:
        transport.ready()
        if delivered:
            transport.send("office@town.test", "v1@village.test", letter(1).octets)
        assert transport.settle(letter(1).octets) is delivered
        report = send_due(queue, transport, now=now)
    assert report.sent == 1
    assert queue.states[1] is LetterState.SENT
    assert _subjects(tmp_path) == ["1"]


def test_half_written_file_of_a_crash_is_replaced(tmp_path: Path) -> None:
    """What a crash left in tmp/ is no delivery, and is overwritten by the next attempt."""
    with MaildirTransport(tmp_path) as transport:
        transport.ready()
        transport.send("office@town.test", "v1@village.test", letter(1).octets)
        (whole,) = (tmp_path / "new").iterdir()
        half = tmp_path / "tmp" / whole.name
        whole.rename(half)
        half.write_bytes(b"Message-ID")
        assert transport.settle(letter(1).octets) is False
        transport.send("office@town.test", "v1@village.test", letter(1).octets)
    assert _subjects(tmp_path) == ["1"]


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file in the Maildir's place is the operator's matter: the letter stays due, the report says so."""
    (tmp_path / "out").write_text("")
    queue = ListQueue(letter(1))
    transport = MaildirTransport(tmp_path / "out")
    with pytest.raises(AccessError):
        transport.ready()
    report = send_due(queue, transport, now=now)
    assert report.access_refused
    assert report.note
    assert queue.states[1] is LetterState.QUEUED
    assert queue.letters[1].attempts == 0
