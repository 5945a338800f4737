"""An SMTP server that refuses at each stage: what was judged stays judged, and its answer goes out once, or waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.office import Trial, mail_of
from tests.servers.smtpd import DROP, ScriptedSmtpd, running_smtpd

MORNING = "2023-05-04T10:00:00+08:00"
EVENING = "2023-05-04T20:00:00+08:00"


@pytest.fixture
def smtpd(trial: Trial) -> Iterator[ScriptedSmtpd]:
    """The office sends by it, with a login; one mail waits to be judged."""
    with running_smtpd(login=True) as server:
        trial.configure(outgoing=server.url.replace("//", "//office%40town.test@"))
        (trial.folder / "mailbox" / "1.eml").write_bytes(mail_of(1))
        yield server


@pytest.mark.parametrize("answer", ["451 4.3.0 try later", "450 4.2.1 busy"])
@pytest.mark.parametrize("stage", ["greeting", "auth", "mail", "rcpt", "data"])
def test_not_now(trial: Trial, smtpd: ScriptedSmtpd, stage: str, answer: str) -> None:
    """4yz anywhere: the letter waits, and goes out once when its time has come."""
    getattr(smtpd, stage).append(answer if stage != "greeting" else answer.replace("45", "42", 1))
    trial.poll("--now", MORNING)
    assert [each["reply"]["state"] for each in trial.messages()] == ["queued"]
    assert smtpd.taken == []
    assert trial.poll("--now", EVENING) == (0, "新收0封，核对0封，寄出1封。", [])
    assert len(smtpd.taken) == 1
    assert trial.poll("--now", EVENING)[1] == "新收0封，核对0封，寄出0封。"


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_never(trial: Trial, smtpd: ScriptedSmtpd, stage: str) -> None:
    """5yz to a letter: it is shown to a person, with the server's words, and not tried again."""
    getattr(smtpd, stage).append("554 5.0.0 no")
    trial.poll("--now", MORNING)
    (message,) = trial.messages()
    assert (message["reply"]["state"], message["disposition"]) == ("held", "submission")
    assert "554" in message["reply"]["note"]
    assert trial.poll("--now", EVENING)[1] == "新收0封，核对0封，寄出0封。"
    assert smtpd.taken == []


def test_the_account_is_refused(trial: Trial, smtpd: ScriptedSmtpd) -> None:
    """A wrong password holds up no letter for ever: status 1 and one line; with the right one it goes out."""
    smtpd.auth.append("535 5.7.8 authentication failed")
    status, did, troubles = trial.poll("--now", MORNING)
    assert (status, did, len(troubles)) == (1, "新收1封，核对1封，寄出0封。", 1)
    assert trial.poll("--now", EVENING)[1] == "新收0封，核对0封，寄出1封。"


def test_cut_after_the_last_dot(trial: Trial, smtpd: ScriptedSmtpd) -> None:
    """The one moment in which nobody knows: held for a person, and sent by no means twice."""
    smtpd.data.append(DROP)
    trial.poll("--now", MORNING)
    (message,) = trial.messages()
    assert message["reply"]["state"] == "held"
    assert trial.poll("--now", EVENING)[1] == "新收0封，核对0封，寄出0封。"
    assert len(smtpd.taken) == 1


def test_the_answer_to_a_letter_in_doubt_settles_it(trial: Trial, smtpd: ScriptedSmtpd) -> None:
    """Who answers our letter has it: it is called sent, and nobody need look."""
    smtpd.data.append(DROP)
    trial.poll("--now", MORNING)
    (message,) = trial.messages()
    octets = mail_of(4).replace(b"\r\n", f"\r\nIn-Reply-To: {message['reply']['message_id']}\r\n".encode(), 1)
    (trial.folder / "mailbox" / "2.eml").write_bytes(octets)
    trial.poll("--now", EVENING)
    states = {each["message_id"]: each["reply"]["state"] for each in trial.messages()}
    assert states[message["message_id"]] == "sent"
    assert len(smtpd.taken) == 2
