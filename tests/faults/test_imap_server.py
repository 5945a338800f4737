"""An IMAP server that misbehaves: each time all its mail is judged and answered once, at the latest when it is well."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.office import Trial, ids, mail_of
from tests.servers.imapd import Folder, ScriptedImap, running_imapd


@pytest.fixture
def imapd(trial: Trial) -> Iterator[ScriptedImap]:
    """Three mails in INBOX, one in Junk; the office is set up for it."""
    inbox = {number: mail_of(number) for number in (1, 2, 3)}
    with running_imapd(INBOX=inbox, Junk={9: mail_of(9)}) as server:
        trial.configure(mailbox=f"imap://office@127.0.0.1:{server.port}")
        yield server


def assert_all_well(trial: Trial, *numbers: int) -> None:
    """All is judged and answered, once."""
    assert trial.judged() == ids(*numbers)
    assert trial.answered() == dict.fromkeys(ids(*numbers), 1)


def test_cut_in_mid_literal(trial: Trial, imapd: ScriptedImap) -> None:
    """The connection breaks within a body: it is made anew, and the round ends as though nothing had been."""
    imapd.cuts = 2
    assert trial.poll() == (0, "新收4封，核对4封，寄出4封。", [])
    assert imapd.logins == 3
    assert_all_well(trial, 1, 2, 3, 9)
    assert list((trial.folder / "inbox_cache" / "unfinished").iterdir()) == []


def test_cut_again_and_again(trial: Trial, imapd: ScriptedImap) -> None:
    """After a few connections the round is given up with one line; the next takes up where it was left."""
    imapd.cuts = 100
    status, _, troubles = trial.poll()
    assert (status, len(troubles), imapd.logins) == (1, 1, 4)
    assert "收信" in troubles[0]
    imapd.cuts = 0
    trial.poll()
    assert_all_well(trial, 1, 2, 3, 9)


def test_slow_beyond_patience(trial: Trial, imapd: ScriptedImap) -> None:
    """A server that answers later than the settings wait is trouble of the moment."""
    config = trial.config
    config.write_text(config.read_text("utf-8").replace("timeout = 5", "timeout = 1", 1), "utf-8")
    imapd.pause = 1.5
    status, _, (trouble,) = trial.poll()
    assert status == 1
    assert "没有回应" in trouble or "中断" in trouble
    imapd.pause = 0.0
    trial.poll()
    assert_all_well(trial, 1, 2, 3, 9)


def test_slow_within_patience(trial: Trial, imapd: ScriptedImap) -> None:
    """Slow is not wrong."""
    imapd.pause = 0.1
    assert trial.poll()[0] == 0
    assert_all_well(trial, 1, 2, 3, 9)


@pytest.mark.parametrize("end", ["NO not now", "BAD what", "NO [UNAVAILABLE] later"])
@pytest.mark.parametrize("command", ["LOGIN", "LIST", "EXAMINE", "UID SEARCH", "UID FETCH"])
def test_refused(trial: Trial, imapd: ScriptedImap, command: str, end: str) -> None:
    """NO and BAD to whatever is asked: a line that says so, and nothing is taken for done that was not."""
    imapd.refused[command] = end
    status, did, troubles = trial.poll()
    if command == "LIST" and end.startswith("NO"):  # then mail is read where it arrives, and elsewhere later
        assert (status, did) == (0, "新收3封，核对3封，寄出3封。")
        assert trial.judged() == ids(1, 2, 3)
        imapd.refused.clear()
        trial.poll()
        assert_all_well(trial, 1, 2, 3, 9)
        return
    assert did == "新收0封，核对0封，寄出0封。"
    if (command, end) == ("UID FETCH", "NO not now"):
        assert status == 0  # mail that cannot be had is asked for again with every round, and named by doctor
    else:
        assert status == 1
        assert all(line.startswith("需要处理：收信：") for line in troubles)
    assert trial.judged() == []
    imapd.refused.clear()
    assert trial.poll()[0] == 0
    assert_all_well(trial, 1, 2, 3, 9)


def test_a_folder_that_cannot_be_opened(trial: Trial, imapd: ScriptedImap) -> None:
    """The others are read all the same; the line names the folder."""
    imapd.refused["EXAMINE INBOX"] = "NO permission denied"
    status, did, (trouble,) = trial.poll()
    assert (status, did) == (1, "新收1封，核对1封，寄出1封。")
    assert "INBOX" in trouble
    imapd.refused.clear()
    assert trial.poll() == (0, "新收3封，核对3封，寄出3封。", [])
    assert_all_well(trial, 1, 2, 3, 9)


def test_search_leaves_mail_out(trial: Trial, imapd: ScriptedImap) -> None:
    """A server that finds less than it has is asked in another way."""
    imapd.searched = [2]
    assert trial.poll()[0] == 0
    assert_all_well(trial, 1, 2, 3, 9)


def test_search_names_others_in_their_place(trial: Trial, imapd: ScriptedImap) -> None:
    """As many as there are, but not those: numbers that stand for nothing give it away."""
    imapd.searched = [2, 77, 78]
    assert trial.poll()[0] == 0
    assert_all_well(trial, 1, 2, 3, 9)


def test_search_makes_mail_up(trial: Trial, imapd: ScriptedImap) -> None:
    """Numbers that stand for nothing are nothing."""
    imapd.searched = [1, 2, 3, 9, 500, 501]
    assert trial.poll()[0] == 0
    assert_all_well(trial, 1, 2, 3, 9)


@pytest.mark.parametrize("size", [0, 10, 5_000_000])
def test_wrong_sizes(trial: Trial, imapd: ScriptedImap, size: int) -> None:
    """What the server tells of a size beforehand need not be true."""
    imapd.told_size = size
    assert trial.poll()[0] == 0
    assert_all_well(trial, 1, 2, 3, 9)


def test_uidvalidity_changes_in_mid_session(trial: Trial, imapd: ScriptedImap) -> None:
    """The folder is made anew between the list and the bodies: no body is taken for the mail that had its number."""
    imapd.rebuild = Folder({1: mail_of(2), 2: mail_of(4), 3: mail_of(1), 4: mail_of(3)}, uidvalidity=8)
    assert trial.poll()[0] == 0
    assert_all_well(trial, 1, 2, 3, 4, 9)
    places = {each["message_id"] for each in trial.messages()}
    assert places == set(ids(1, 2, 3, 4, 9))


def test_same_uidvalidity_with_other_mail(trial: Trial, imapd: ScriptedImap) -> None:
    """A mailbox rebuilt by a server that forgot its numbers: doctor names it, and --repair fetches what is there."""
    assert trial.poll()[0] == 0
    imapd.folders["INBOX"].messages = {1: mail_of(1), 2: mail_of(7) + b"\r\n\r\n", 3: mail_of(3)}
    assert trial.poll()[1] == "新收0封，核对0封，寄出0封。"
    named = [line for line in trial.run("doctor")[1] if "对账" in line]
    assert ["第2号" in line and "另一封" in line for line in named] == [True]
    status, lines, _ = trial.run("poll", "--repair")
    assert (status, lines[:2]) == (0, ["对账：发现1处不符；补收1封，补登记0封。", "新收0封，核对1封，寄出1封。"])
    assert_all_well(trial, 1, 2, 3, 7, 9)
    assert "对账：邮箱4封" in lines[-1]


def test_a_refused_login_is_told_apart(trial: Trial, imapd: ScriptedImap) -> None:
    """No second attempt within a round, for it would count against the account."""
    imapd.refused["LOGIN"] = "NO [AUTHENTICATIONFAILED] wrong"
    status, _, (trouble,) = trial.poll()
    assert status == 1
    assert "密码" in trouble
    assert imapd.commands.count("LOGIN") == 1
