"""Which mail is which, on a real Dovecot: place, Message-ID and octets, each for what it can prove."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pipeline.office import alone, open_office
from tests.faults.office import Trial
from tests.flow.township import plan, write_mail
from tests.servers.dovecot import PASSWORD, Dovecot

pytestmark = pytest.mark.servers

_numbers = itertools.count()


class Account:
    """The office's account, and what a person or a server does to it."""

    def __init__(self, dovecot: Dovecot) -> None:
        self.dovecot = dovecot
        self.name = f"identity{next(_numbers)}-{os.getpid()}@town.test"

    def put(self, octets: bytes, folder: str = "INBOX") -> None:
        self.dovecot.append(self.name, octets, folder=folder)

    def empty(self, folder: str) -> None:
        """Delete a folder with all that is in it."""
        with self.dovecot.session(self.name) as client:
            assert client.delete(folder)[0] == "OK"

    def move(self, source: str, target: str) -> None:
        """Move all mail from one folder to another."""
        with self.dovecot.session(self.name) as client:
            client.create(target)
            client.select(source)
            assert client.copy("1:*", target)[0] == "OK"
            client.store("1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    return Account(dovecot)


@pytest.fixture
def trial(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, account: Account
) -> Iterator[Trial]:
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", PASSWORD)
    found = Trial(tmp_path, capsys)
    found.configure(mailbox=account.dovecot.url(account.name))
    yield found
    assert [line for line in found.run("doctor")[1] if not line.startswith("正常")] == []


@cache
def mail(number: int, *, village: str = "石桥村", message_id: str | None = None, date: str = "") -> bytes:
    fields = {"Date": date} if date else {}
    return write_mail(
        "shiqiao@village.test",
        f"{village}方案 {number}",
        ("方案.docx", plan(village)),
        message_id=f"<{number}@village.test>" if message_id is None else message_id,
        fields=fields,
    )


def letters(trial: Trial) -> int:
    return sum(trial.answered().values())


def test_a_folder_made_anew(trial: Trial, account: Account) -> None:
    """A new UIDVALIDITY: the mail is known by its octets, what came with it is new, nothing is answered twice."""
    account.put(mail(1), "Villages")
    assert trial.poll() == (0, "新收1封，核对1封，寄出1封。", [])
    account.empty("Villages")
    account.put(mail(2), "Villages")
    account.put(mail(1), "Villages")
    assert trial.poll() == (0, "新收1封，核对1封，寄出1封。", [])
    assert (len(trial.messages()), letters(trial)) == (2, 2)


def test_a_mailbox_rebuilt_with_other_octets(trial: Trial, account: Account) -> None:
    """A server that moved house writes fields of its own into all mail: by Message-ID and content they are copies."""
    for number in (1, 2, 3):
        account.put(mail(number), "Villages")
    trial.poll()
    account.empty("Villages")
    for number in (3, 2, 1):
        account.put(b"X-Moved-From: old.town.test\r\n" + mail(number), "Villages")
    assert trial.poll() == (0, "新收3封，核对3封，寄出0封。", [])
    assert [each["reason"] for each in trial.messages()].count("duplicate") == 3
    assert letters(trial) == 3


def test_mail_that_is_moved(trial: Trial, account: Account) -> None:
    """From junk to a folder of the clerk's own: seen in a new place, and nothing is done twice."""
    account.put(mail(1), "Junk")
    trial.poll()
    account.move("Junk", "Done")
    assert trial.poll() == (0, "新收0封，核对0封，寄出0封。", [])
    assert len(trial.messages()) == 1


def test_moved_before_it_was_fetched(trial: Trial, account: Account) -> None:
    """Out of the inbox before we came: it is found where it lies."""
    account.put(mail(1))
    account.move("INBOX", "Done")
    assert trial.poll() == (0, "新收1封，核对1封，寄出1封。", [])


def test_the_same_mail_in_two_folders(trial: Trial, account: Account) -> None:
    """One message, two places, one answer."""
    account.put(mail(1))
    account.put(mail(1), "Junk")
    assert trial.poll() == (0, "新收1封，核对1封，寄出1封。", [])
    assert len(trial.messages()) == 1


def test_two_mails_with_one_message_id(trial: Trial, account: Account) -> None:
    """Corrected and sent again from a draft: each is judged and answered, for a Message-ID proves no identity."""
    account.put(mail(1, message_id="<draft@village.test>"))
    account.put(mail(2, message_id="<draft@village.test>", village="青禾村"))
    assert trial.poll() == (0, "新收2封，核对2封，寄出2封。", [])
    assert {each["disposition"] for each in trial.messages()} == {"submission"}


def test_no_message_id_at_all(trial: Trial, account: Account) -> None:
    """Each is a mail of its own; an identical copy that came another way is known by content and Date."""
    first = mail(1, message_id="", date="Thu, 04 May 2023 09:00:00 +0800")
    account.put(first)
    account.put(mail(2, message_id="", date="Thu, 04 May 2023 09:05:00 +0800"))
    account.put(b"Received: from mx.village.test\r\n" + first)
    account.put(mail(1, message_id="", date="Thu, 04 May 2023 10:00:00 +0800"))  # sent once more, and wants an answer
    assert trial.poll() == (0, "新收4封，核对4封，寄出3封。", [])
    assert [each["reason"] for each in trial.messages()].count("duplicate") == 1


def test_deleted_after_it_was_fetched(trial: Trial, account: Account) -> None:
    """We keep it: doctor tells how many the server has no more, and calls that no difference."""
    account.put(mail(1), "Villages")
    trial.poll()
    account.empty("Villages")
    (line,) = (line for line in trial.run("doctor")[1] if "对账" in line)
    assert "1封已不在邮箱里" in line


# --- one poller a mailbox ---------------------------------------------------------------------------------------------


def test_one_poller_whatever_configuration(trial: Trial, account: Account) -> None:
    """A second configuration of the same mailbox and ledger is refused while the first polls."""
    other = trial.config.with_name("other.toml")
    other.write_text(trial.config.read_text("utf-8"), "utf-8")
    with alone(open_office(trial.config)):
        for config in (trial.config, other):
            status, _, complaint = Trial(trial.folder, trial.capture).run("--config", str(config), "poll")
            assert status == 1
            assert "另一个报送程序" in complaint


def test_a_dead_poller_keeps_no_lock(trial: Trial, account: Account) -> None:
    """Killed with the lock in its hands: the next one begins at once."""
    code = (
        "import sys, time; from pathlib import Path; from pipeline.office import alone, open_office\n"
        "with alone(open_office(Path(sys.argv[1]))): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(trial.config)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert trial.run("poll")[0] == 1
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    account.put(mail(1))
    assert trial.poll() == (0, "新收1封，核对1封，寄出1封。", [])
