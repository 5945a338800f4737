"""An office with two mailboxes: both are read, and one that fails or hangs stops nobody."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.engine.desk import Desk, make_round
from pipeline.office import open_office
from tests.engine.test_service import BEIJING, Clock
from tests.faults.office import Trial, ids, mail_of
from tests.servers.imapd import running_imapd

_SECOND = '\n[[mailboxes]]\nurl = "{}"\ntimeout = 5\n'


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Trial:
    """An office; the first mailbox's password is in the general variable, the second's in its own."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "first")
    monkeypatch.setenv("BAOSONG_PASSWORD_OFFICE_QQ_TEST", "second")
    monkeypatch.setattr("pipeline.fetching.PAUSES", (0.01,))
    monkeypatch.setattr("pipeline.fetching._PATIENCE", 0.5)
    return Trial(tmp_path, capsys)


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that accepts, and says nothing ever."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield listener.getsockname()[1]


def second(port: int) -> str:
    return _SECOND.format(f"imap://office%40qq.test@127.0.0.1:{port}")


def test_both_are_read(trial: Trial) -> None:
    """Mail of both is judged and answered once; what came into both is one mail. doctor has a line for each."""
    with (
        running_imapd(INBOX={1: mail_of(1), 2: mail_of(2)}) as one,
        running_imapd(INBOX={1: mail_of(2), 7: mail_of(3)}) as two,
    ):
        trial.configure(mailbox=f"imap://office%40163.test@127.0.0.1:{one.port}", more=second(two.port))
        assert trial.poll()[0] == 0
        assert trial.poll()[1] == "新收0封，核对0封，寄出0封。"
        assert sorted({each["message_id"] for each in trial.messages()}) == ids(1, 2, 3)
        assert trial.answered() == dict.fromkeys(ids(1, 2, 3), 1)
        assert (one.passwords, two.passwords) == ({"first"}, {"second"})
        lines = [line for line in trial.run("doctor")[1] if "收信邮箱" in line]
        assert [("163.test" in line, "qq.test" in line) for line in lines] == [(True, False), (False, True)]


def test_one_that_says_nothing_stops_no_other(trial: Trial, silent: int) -> None:
    """The other's mail is answered in the same round; the line names the account that hangs."""
    with running_imapd(INBOX={1: mail_of(1)}) as one:
        trial.configure(mailbox=f"imap://office%40163.test@127.0.0.1:{one.port}", more=second(silent))
        status, did, (trouble,) = trial.poll()
        assert (status, did) == (1, "新收1封，核对1封，寄出1封。")
        assert "office@qq.test" in trouble
        assert "长时间没有回应" in trouble


def test_one_that_hangs_is_left_alone_for_a_while(trial: Trial, silent: int) -> None:
    """The service does not wait for it in every round; no reminder goes out while its mail is unread."""
    with running_imapd(INBOX={1: mail_of(1)}) as one:
        trial.configure(mailbox=f"imap://office%40163.test@127.0.0.1:{one.port}", more=second(silent))
        clock, said = Clock(datetime(2023, 5, 4, 10, tzinfo=BEIJING)), list[str]()
        desk = Desk(open_office(trial.config, clock), said.append)
        first, soon = make_round(desk), make_round(desk)
        assert [(each.reached, len(each.failed)) for each in (first, soon)] == [(False, 1), (False, 0)]
        clock.moment += timedelta(minutes=2)
        assert len(make_round(desk).failed) == 1


def test_one_that_refuses_is_left_alone_and_the_other_is_not(trial: Trial) -> None:
    """A wrong password of one account is no reason to leave the other's mail unread."""
    with running_imapd(INBOX={1: mail_of(1)}) as one, running_imapd(INBOX={2: mail_of(2)}) as two:
        two.refused["LOGIN"] = "NO [AUTHENTICATIONFAILED] wrong"
        trial.configure(mailbox=f"imap://office%40163.test@127.0.0.1:{one.port}", more=second(two.port))
        clock, said = Clock(datetime(2023, 5, 4, 10, tzinfo=BEIJING)), list[str]()
        desk = Desk(open_office(trial.config, clock), said.append)
        make_round(desk)
        assert any("30分钟内不再尝试收信office@qq.test" in line for line in said)
        one.folders["INBOX"].messages[3] = mail_of(3)
        assert make_round(desk).judged == 1
        assert two.commands.count("LOGIN") == 1
        two.refused.clear()
        clock.moment += timedelta(minutes=31)
        result = make_round(desk)
        assert (result.judged, result.reached) == (1, True)
