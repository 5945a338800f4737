"""What a server's answer means."""

from datetime import timedelta

import pytest

from pipeline.errors import AccessError
from pipeline.outbox import RefusedError
from pipeline.outbox.answers import classify_answer


def _refusal(code: int, answer: bytes | str, *, at_login: bool = False) -> RefusedError:
    meaning = classify_answer(code, answer, at_login=at_login)
    assert isinstance(meaning, RefusedError)
    return meaning


@pytest.mark.parametrize(
    ("code", "answer", "wait"),
    [
        (451, "MI:SFQ 163 smtp11,D8CowABnb3/8.S2,126 1", timedelta(minutes=15)),
        (451, "RP:QRC 163 smtp1", timedelta(minutes=15)),
        (421, "HL:IFC 163 smtp5", timedelta(minutes=30)),
        (421, "HL:ICC 163 smtp5", timedelta(minutes=30)),
        (550, "MI:STC 163 smtp9", "tomorrow"),
        (554, "MI:STC 163 smtp9", "tomorrow"),
        (554, "HL:ITC 163 smtp9", "tomorrow"),
        (550, "RP:TRC", "tomorrow"),
        (550, "Sender frequency limited http://service.mail.qq.com", timedelta(hours=1)),
        (550, "Too many connect", timedelta(minutes=15)),
    ],
)
def test_limit_of_the_account(code: int, answer: str, wait: object) -> None:
    """A used-up number concerns every letter, is never final, and says how long to wait."""
    refusal = _refusal(code, answer)
    assert refusal.account
    assert not refusal.permanent
    assert refusal.wait == wait


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (535, "Error: authentication failed"),
        (535, "Login Fail. Please enter your authorization code to login."),
        (451, "too much fail authentication"),
        (550, "User has no permission"),
        (501, "mail from address must be same as authorization user"),
        (553, "5.7.1 <a@town.test>: Sender address rejected: not owned by user b@town.test"),
        (530, "5.7.0 Authentication required"),
        (554, "5.7.1 <a@b.test>: Relay access denied"),
    ],
)
def test_account_must_be_mended(code: int, answer: str) -> None:
    """Where only the operator can help, nothing is tried again by itself."""
    assert isinstance(classify_answer(code, answer), AccessError)


def test_wrong_password_names_the_remedy() -> None:
    """A clerk who typed the web password is told of the 授权码."""
    assert "授权码" in str(classify_answer(535, b"Error: authentication failed"))


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (550, "5.1.1 <x@village.test>: Recipient address rejected: User unknown in virtual mailbox table"),
        (550, "No such user here"),
        (550, "User not found: x@163.com"),
        (550, "Mailbox not found. http://service.mail.qq.com"),
        (552, "5.2.2 Mailbox full"),
        (552, "5.3.4 Message size exceeds fixed limit"),
        (554, "DT:SPM 163 smtp3"),
        (554, "5.7.1 nobody has written this row yet"),
        (500, ""),
    ],
)
def test_letter_is_held(code: int, answer: str) -> None:
    """What will never be taken is shown to a person, and stops no other letter."""
    refusal = _refusal(code, answer)
    assert refusal.permanent
    assert not refusal.account


@pytest.mark.parametrize(
    ("code", "answer", "tries"),
    [
        (450, "4.2.0 greylisted", None),
        (452, "4.2.2 mailbox over quota", None),
        (421, "4.3.2 shutting down", None),
        (451, "DT:SPM ,please try again", 2),
        (550, "Mailbox unavailable or access denied", 3),
    ],
)
def test_letter_is_tried_again(code: int, answer: str, tries: int | None) -> None:
    """What may pass by itself is tried again; a suspicion of spam once, not eight times."""
    refusal = _refusal(code, answer)
    assert not refusal.permanent
    assert not refusal.account
    assert refusal.tries == tries


def test_too_many_in_one_connection() -> None:
    """MI:DMC asks for a new connection, not for patience."""
    assert _refusal(451, "MI:DMC 163 smtp2").reconnect


def test_refused_greeting_is_no_verdict_on_a_letter() -> None:
    """554 before any letter was named ends the round and holds nothing."""
    refusal = _refusal(554, "IP<192.0.2.1> in blacklist", at_login=True)
    assert refusal.account
    assert not refusal.permanent


def test_answer_in_gbk_is_readable() -> None:
    """The note carries the server's own words, on one line, whatever their charset."""
    refusal = _refusal(554, "邮件内容\r\n被拒绝".encode("gbk"))
    assert refusal.answer == "邮件内容 被拒绝"
    assert "邮件内容 被拒绝" in str(refusal)
