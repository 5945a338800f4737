"""The watch: who is told when no mail can be fetched, when, how often, and in which words."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.engine.desk import LONGEST_REST, REST_AFTER_REFUSAL, Desk, ask_for_mail, make_round, work_off
from pipeline.ledger import jobs
from pipeline.letter.alarm import write_alarm, write_recovery
from pipeline.model.message import Address
from pipeline.model.work import Silence, Unit
from pipeline.office import open_office
from tests.faults.office import Trial, mail_of
from tests.servers.imapd import running_imapd

BEIJING = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2023, 5, 4, 8, tzinfo=BEIJING)
SNAPSHOTS = Path(__file__).parent / "snapshots" / "letters"
_READER = '\n[report]\nto = ["主任 <director@town.test>"]\n'


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Trial:
    """An office whose mailbox was read at eight."""
    found = Trial(tmp_path, capsys)
    found.configure(more=_READER)
    assert found.poll("--now", MORNING.isoformat())[0] == 0
    return found


def letters(trial: Trial) -> list[Message]:
    files = sorted((trial.folder / "outgoing").glob("new/*"), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_bytes(file.read_bytes(), policy=default) for file in files]


def poll(trial: Trial, minutes: int) -> None:
    trial.poll("--now", (MORNING + timedelta(minutes=minutes)).isoformat())


def away(trial: Trial) -> Callable[[], None]:
    """The mailbox is gone; what is returned brings it back."""
    mailbox = trial.folder / "mailbox"
    mailbox.rename(trial.folder / "gone")

    def _bring_back() -> None:
        (trial.folder / "gone").rename(mailbox)

    return _bring_back


def test_told_once_and_once_more_on_recovery(trial: Trial) -> None:
    """After an hour of rounds in vain a letter, and one only; when mail is fetched again, another one."""
    bring_back = away(trial)
    for minutes in (10, 30, 60):
        poll(trial, minutes)
    assert letters(trial) == []
    for minutes in (70, 80, 200):
        poll(trial, minutes)
    (alarm,) = letters(trial)
    assert alarm["Subject"].startswith("【请处理】")
    assert "5月4日08:10" in alarm["Subject"]
    assert (alarm["To"], alarm["Auto-Submitted"]) == ("主任 <director@town.test>", "auto-generated")
    bring_back()
    poll(trial, 210)
    poll(trial, 220)
    assert [letter["Subject"][:5] for letter in letters(trial)] == ["【请处理】", "【已恢复】"]
    away(trial)
    for minutes in (230, 300):
        poll(trial, minutes)
    assert len(letters(trial)) == 3


def test_a_short_silence_is_nobody_s_concern(trial: Trial) -> None:
    """Half an hour, and the mailbox is back: no letter at all."""
    bring_back = away(trial)
    poll(trial, 30)
    bring_back()
    poll(trial, 60)
    assert letters(trial) == []


def test_an_office_that_was_closed(trial: Trial) -> None:
    """A machine that is off at night has not failed: in the morning nobody is told anything."""
    poll(trial, 14 * 60)
    assert letters(trial) == []


def test_the_watch_from_outside(trial: Trial) -> None:
    """The service has ended: another program's look tells, once, with status 1."""
    assert trial.run("--now", (MORNING + timedelta(minutes=30)).isoformat(), "watch")[:2] == (0, ["收信正常。"])
    for minutes in (90, 120):
        status, said, _ = trial.run("--now", (MORNING + timedelta(minutes=minutes)).isoformat(), "watch")
        assert (status, len(said)) == (1, 1)
    assert len(letters(trial)) == 1
    for minutes in (130, 140):
        poll(trial, minutes)
    assert [letter["Subject"][:5] for letter in letters(trial)] == ["【请处理】", "【已恢复】"]


@pytest.mark.parametrize(
    ("name", "silence"),
    [
        ("alarm", Silence(MORNING, 7, "邮件服务器 imap.town.test:993 拒绝连接，稍后自动再试")),
        ("alarm-nobody-polls", Silence(MORNING, 0, "", idle=True)),
    ],
)
def test_words(name: str, silence: Silence) -> None:
    """What the coordinator reads, as plain text."""
    letter = write_alarm(silence, BEIJING, to=Address("", "director@town.test"), domain="town.test")
    _compare(name, f"{letter.subject}\n\n{letter.text}")


def test_words_of_recovery() -> None:
    """What he reads when it is over."""
    now = MORNING + timedelta(hours=2)
    silence = Silence(MORNING, 7, "")
    letter = write_recovery(silence, BEIJING, now=now, to=Address("", "director@town.test"), domain="town.test")
    _compare("recovery", f"{letter.subject}\n\n{letter.text}")


def _compare(name: str, text: str) -> None:
    file = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("SNAPSHOTS") == "write":
        file.write_text(text, encoding="utf-8")
    assert file.read_text("utf-8") == text


# --- the service's own patience ---------------------------------------------------------------------------------------


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.moment = MORNING

    def __call__(self) -> datetime:
        return self.moment


def test_a_refused_mailbox_rests_longer_each_time(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password is tried after 30, 60, 120 … minutes, up to four hours; letters go out meanwhile."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "wrong")
    with running_imapd(INBOX={1: mail_of(1)}) as server:
        server.refused["LOGIN"] = "NO wrong"
        trial.configure(mailbox=f"imap://office@127.0.0.1:{server.port}", more=_READER)
        clock, said = Clock(), list[str]()
        desk = Desk(open_office(trial.config, clock), said.append)
        tried = []
        for _ in range(10 * 60 // 10):
            before = server.commands.count("LOGIN")
            make_round(desk)
            if server.commands.count("LOGIN") > before:
                tried.append(clock.moment)
            clock.moment += timedelta(minutes=10)
        waits = [later - sooner for sooner, later in itertools.pairwise(tried)]
        assert waits == [REST_AFTER_REFUSAL * times for times in (1, 2, 4, 8)]
        assert max(waits) <= LONGEST_REST
        server.refused.clear()
        clock.moment += LONGEST_REST
        make_round(desk)
        assert any("新收1封" in line for line in said)
        assert desk.no_fetching == {}


def test_a_server_that_was_away_is_tried_again_soon(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """After one, two, four, eight minutes, then with the rounds: what passes by itself has soon passed."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "x")
    with running_imapd(INBOX={1: mail_of(1)}) as server:
        trial.configure(mailbox=f"imap://office@127.0.0.1:{server.port}", more=_READER)
        server.refused["LOGIN"] = "NO [UNAVAILABLE] later"
        clock, said = Clock(), list[str]()
        desk = Desk(open_office(trial.config, clock), said.append)
        ask_for_mail(desk)
        work_off(desk)
        waits = []
        for _ in range(4):
            (job,) = jobs.planned(desk.office.ledger)
            assert job.unit is Unit.POLL
            assert "later" in job.trouble or "UNAVAILABLE" in job.trouble
            waits.append((job.due_at - clock.moment) // timedelta(minutes=1))
            clock.moment = job.due_at - timedelta(seconds=1)
            before = len(server.commands)
            work_off(desk)
            assert len(server.commands) == before
            clock.moment = job.due_at
            work_off(desk)
        assert waits == [1, 2, 4, 8]
