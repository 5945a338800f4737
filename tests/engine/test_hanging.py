"""A mailbox that hangs holds neither its own office's report nor its reminders."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline import reporting
from pipeline.config.loading import load_config
from pipeline.engine.desk import Desk
from pipeline.engine.worker import Worker, _do
from pipeline.ledger import engine, letters, rounds
from pipeline.ledger.opening import open_ledger
from pipeline.model.work import Unit
from pipeline.office import Office, alone, open_office
from pipeline.run import poll
from tests.engine.offices import lay_out, put_mail, until
from tests.servers.dovecot import PASSWORD
from tests.servers.postgres import Postgres

BEIJING = ZoneInfo("Asia/Shanghai")
TEN = datetime(2023, 5, 5, 10, tzinfo=BEIJING)  # the plan is due today
HOUR = timedelta(hours=1)


@dataclass
class Clock:
    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock(TEN)


@pytest.fixture
def desk(postgres: Postgres, tmp_path: Path, clock: Clock) -> Desk:
    """The desk of an office of the distributed engine, at work for others than its polls."""
    config = lay_out(tmp_path, "east", postgres.new_database(), mails=0)
    return Desk(open_office(config, clock), lambda _: None)


def note_round(office: Office, at: datetime, *, reached: bool) -> None:
    """A round that was made at this moment."""
    number = rounds.begin_poll(office.ledger, at)
    rounds.note_fetch(office.ledger, number, reached=reached, trouble="")
    rounds.end_poll(office.ledger, number, at, stored=0, judged=0, trouble="" if reached else "收信：没有回应")


def reminders(office: Office) -> int:
    return len(letters.reminder_keys(office.ledger))


def asked(office: Office) -> set[Unit]:
    return {job.unit for job in engine.look(office.ledger).jobs}


def test_reminders_wait_for_others_to_read_the_mail(desk: Desk, tmp_path: Path) -> None:
    """They ask for a poll and make none; who handed in meanwhile is not reminded."""
    put_mail(tmp_path / "east" / "config.toml", 0)
    assert _do(desk, Unit.REMIND) is not None
    assert (reminders(desk.office), asked(desk.office)) == (0, {Unit.POLL})
    with desk.office.at_work():
        poll(desk.office, units=[Unit.POLL])
        assert _do(desk, Unit.REMIND) is not None  # what was fetched is not judged yet
        poll(desk.office, units=[Unit.JUDGE])
    assert _do(desk, Unit.REMIND) is None
    assert reminders(desk.office) == 2


def test_a_poll_that_hangs_holds_no_reminders(desk: Desk, clock: Clock) -> None:
    """For an hour they wait for it; then they go out, and say up to when it is known what came."""
    note_round(desk.office, TEN - timedelta(minutes=30), reached=True)
    with alone(desk.office, [Unit.POLL]):  # and never a word
        assert _do(desk, Unit.REMIND) is not None
        clock.moment += HOUR
        assert _do(desk, Unit.REMIND) is None
    assert reminders(desk.office) == 3
    [first, *_] = letters.LetterQueue(desk.office.ledger).due(clock.moment)
    text = message_from_bytes(first.octets, policy=default).get_body(["plain"])
    assert text is not None
    assert "截至5月5日09:30" in text.get_content()


@pytest.mark.parametrize("ago", [None, timedelta(days=2)], ids=["never", "long ago"])
def test_nobody_is_reminded_by_what_is_not_known(desk: Desk, clock: Clock, ago: timedelta | None) -> None:
    """A mailbox that was never read, or not since the day before yesterday: who owes what cannot be told."""
    if ago:
        note_round(desk.office, TEN - ago, reached=True)
    for _ in range(3):
        assert _do(desk, Unit.REMIND) is not None
        clock.moment += HOUR
    assert reminders(desk.office) == 0


@pytest.mark.parametrize("known", [False, True], ids=["found out", "known"])
def test_a_mailbox_that_hangs_holds_no_report(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    """The server takes the connection and never says a word, for an hour: the report is written, and says so."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", PASSWORD)
    monkeypatch.setattr(reporting, "_PATIENCE", 3000.0 if known else 0.5)
    config = lay_out(tmp_path, "east", postgres.new_database(), mails=0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"imap://office@127.0.0.1:{silent.getsockname()[1]}/INBOX"
        written = config.read_text("utf-8").replace("eml:mailbox", url).replace("timeout = 5", "timeout = 3000")
        config.write_text(
            f'{written}\n[report]\nto = ["director@town.test"]\n[schedule]\nreport_at = "00:00"\n', "utf-8"
        )
        ledger = open_ledger(load_config(config).database, "east", distributed=True)
        if known:
            note_round(open_office(config), datetime.now(BEIJING), reached=False)
        said: list[str] = []
        worker = Worker({"east": load_config(config)}, said.append)
        threading.Thread(target=worker.perform, args=(Unit.REPORT, "east"), daemon=True).start()
        until(lambda: letters.count_due(ledger, datetime.now(BEIJING)) == 1, 60, lambda: "\n".join(said))
    [text] = (config.parent / "reports").glob("*.txt")
    assert "没有回应" in text.read_text("utf-8")
