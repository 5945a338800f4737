"""Letters into a Maildir."""

import errno
import mailbox
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.errors import AccessError
from pipeline.model.letter import LetterState, QueuedLetter
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


class _Dying(ListQueue):
    """The program dies when it is about to note what went out."""

    def sent(self, letters: Sequence[QueuedLetter], at: datetime) -> None:
        raise KeyboardInterrupt


def test_what_a_crash_left_unnoted_is_there_once(tmp_path: Path) -> None:
    """Nothing is noted before a letter is delivered, and all of a portion together: they are delivered again."""
    dying = _Dying(letter(1), letter(2), letter(3))
    with MaildirTransport(tmp_path) as transport, pytest.raises(KeyboardInterrupt):
        send_due(dying, transport, now=now)
    assert _subjects(tmp_path) == ["1", "2", "3"]
    queue = ListQueue(*(each for each in dying.letters.values() if dying.states[each.id] is LetterState.QUEUED))
    with MaildirTransport(tmp_path) as transport:
        assert send_due(queue, transport, now=now).sent == 3
    assert _subjects(tmp_path) == ["1", "2", "3"]


def test_a_full_disk_ends_the_round_and_keeps_what_went_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters before the one that ends the round are noted; the others stay due, and are there once in the end."""
    full = "baosong." + sha256(b"<7@town.test>").hexdigest()[:32]
    replace = Path.replace

    def _replace(path: Path, target: Path) -> Path:
        if path.name == full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", _replace)
    queue = ListQueue(*map(letter, range(1, 21)))
    with MaildirTransport(tmp_path) as transport:
        report = send_due(queue, transport, now=now)
    assert "No space left" in report.note
    assert report.sent == 6
    assert [number for number, state in queue.states.items() if state is LetterState.SENT] == [*range(1, 7)]
    assert queue.states[7] is LetterState.QUEUED
    monkeypatch.undo()
    with MaildirTransport(tmp_path) as transport:
        send_due(queue, transport, now=now)
    assert set(queue.states.values()) == {LetterState.SENT}
    assert len(_subjects(tmp_path)) == 20


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
