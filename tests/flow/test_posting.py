"""When letters of a round go out: mail in a folder, letters into a Maildir or to a scripted server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.ledger import letters
from pipeline.model.work import Unit
from pipeline.office import Office, open_office
from pipeline.run import poll
from tests.flow.township import lay_out_office, plan, write_mail
from tests.servers.smtpd import ScriptedSmtpd, running_smtpd

MORNING = datetime(2023, 5, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
MAILS = 80  # more than are judged together


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An office with so many mails in its mailbox; each wants an answer."""
    config = lay_out_office(tmp_path)
    put(config, range(MAILS))
    return config


def put(config: Path, numbers: Iterable[int]) -> None:
    """A mail for each of these into the office's mailbox."""
    for number in numbers:
        mail = write_mail(
            f"{number}@village.test",
            "石桥村计划",
            ("计划.docx", plan("石桥村") + bytes(number)),
            arrived=MORNING + timedelta(seconds=number),
            message_id=f"<{number}@village.test>",
        )
        (config.parent / "mailbox" / f"{number}.eml").write_bytes(mail)


@pytest.fixture
def smtpd(config: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedSmtpd]:
    """A server in place of the Maildir."""
    monkeypatch.setenv("BAOSONG_OUTGOING_PASSWORD", "x")
    with running_smtpd(login=True) as server:
        url = server.url.replace("//", "//office%40town.test@")
        config.write_text(config.read_text("utf-8").replace("maildir:outgoing", url), encoding="utf-8")
        yield server


def an_hour_later(config: Path) -> Office:
    return open_office(config, lambda: MORNING + timedelta(hours=1))


def test_the_first_need_not_wait_until_the_last_is_judged(config: Path) -> None:
    """Most answers are out by then; all of them when the round ends, each once."""
    out = config.parent / "outgoing" / "new"
    gone: list[int] = []

    def _watch(stage: str, _done: int, _total: int) -> None:
        if stage == "核对":
            gone.append(len(list(out.glob("*"))))

    result = poll(an_hour_later(config), _watch)
    assert (result.judged, result.sending.sent, result.troubles) == (MAILS, MAILS, ())
    assert gone[-1] >= MAILS - 32  # but for those that are judged together with the last
    assert len(list(out.glob("*"))) == MAILS


def test_none_goes_out_while_letters_rest(config: Path) -> None:
    """As before reminders are written, or where the account is to be left alone."""
    result = poll(an_hour_later(config), resting=[Unit.SEND])
    assert (result.judged, result.sending.sent) == (MAILS, 0)
    assert not list((config.parent / "outgoing").glob("new/*"))


def test_a_folder_takes_all_at_once(config: Path) -> None:
    """No flood leaves the office by it, so that none is put off where the settings name no number."""
    put(config, range(MAILS, 210))
    assert poll(an_hour_later(config)).sending.sent == 210


def test_the_hour_has_room_for_so_many(config: Path) -> None:
    """However a round divides its letters."""
    config.write_text(
        config.read_text("utf-8").replace("[outgoing]", "[outgoing]\nmost_per_hour = 30"), encoding="utf-8"
    )
    office = an_hour_later(config)
    result = poll(office)
    assert result.sending.sent == len(list((config.parent / "outgoing").glob("new/*"))) == 30
    assert "30封的上限" in result.sending.note
    assert f"其余{MAILS - 30}封" in result.sending.note
    assert poll(office).sending.sent == 0


def test_a_refused_account_is_left_alone(config: Path, smtpd: ScriptedSmtpd) -> None:
    """Until the next round: what tries again at once may be locked out. The other mails are judged all the same."""
    smtpd.auth.append("535 5.7.8 authentication failed")
    office = an_hour_later(config)
    result = poll(office)
    assert (result.judged, result.sending.sent, result.sending.access_refused) == (MAILS, 0, True)
    assert len(result.troubles) == 1
    assert smtpd.taken == []
    assert letters.count_due(office.ledger, office.now()) == MAILS
    assert poll(office).sending.sent == len(smtpd.taken) == MAILS
