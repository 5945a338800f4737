"""The product against a mailbox that nobody tuned it on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.ledger import views
from pipeline.office import open_office
from pipeline.run import poll
from tests.heldout import names, plans
from tests.heldout.mails import Mail, at
from tests.heldout.month import all_mails
from tests.heldout.score import Score, score
from tests.heldout.township import OFFICE, OFFICE_NAME, register_csv

_RULES = Path(__file__).parents[2] / "rules" / "2023-529.toml"
_MOMENTS = tuple(at(f"{day} 08:00") for day in ("5-06", "5-11", "5-21", "6-01", "6-08", "6-09", "6-10", "6-11", "6-20"))
_CONFIG = f"""\
campaign = "{_RULES.as_posix()}"
villages = "villages.csv"
database = "sqlite:///baosong.db"
cache    = "inbox_cache"

[mailbox]
url = "eml:mail"

[outgoing]
url  = "maildir:outgoing"
from = "{OFFICE_NAME} <{OFFICE}>"
"""


def run_month(folder: Path, mails: Sequence[Mail]) -> Score:
    """Live through the month: at each moment what has come by then is polled. Compare at the end."""
    inbox = folder / "mail"
    inbox.mkdir()
    (folder / "villages.csv").write_bytes(register_csv())
    (folder / "config.toml").write_text(_CONFIG, encoding="utf-8")
    waiting = list(enumerate(mails))
    for moment in _MOMENTS:
        while waiting and waiting[0][1].received_at <= moment:
            number, mail = waiting.pop(0)
            (inbox / f"{number:04d}-{mail.name}.eml").write_bytes(mail.octets)
        office = open_office(folder / "config.toml", _clock(moment))
        result = poll(office)
        assert not result.troubles, result.troubles
    judged = {message.digest: message for message in views.messages(office.ledger, until=_MOMENTS[-1])}
    standings = {moment: views.standings(office.ledger, office.campaign, moment) for moment in _MOMENTS}
    letters = sum(path.is_file() for path in (folder / "outgoing").glob("*/*"))
    return score(mails, judged, standings, letters)


def _clock(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Score:
    """The month, lived through once."""
    result = run_month(tmp_path_factory.mktemp("heldout"), all_mails())
    print(result.table())
    return result


def test_findings(scored: Score) -> None:
    """What is found in the files is what is wrong with them."""
    assert scored.f1 >= 0.97
    assert scored.missed <= 2


def test_every_file_is_found_and_put_where_it_belongs(scored: Score) -> None:
    """Whatever client sent it and however it was packed; with the right village and deliverable."""
    assert scored.share("found") == 1
    assert scored.share("village") >= 0.99
    assert scored.share("deliverable") >= 0.99


def test_ledger(scored: Score) -> None:
    """The state at each moment, and what is late."""
    assert scored.share("state") >= 0.96
    assert scored.share("late") >= 0.99


def test_answers(scored: Score) -> None:
    """People are answered once, machines never; nothing is taken for what it is not."""
    assert scored.share("disposition") == 1
    assert scored.share("answer") == 1


def test_names(tmp_path: Path) -> None:
    """The deliverable and the round, from whatever names them."""
    result = run_month(tmp_path, names.mails())
    print(result.table())
    assert result.share("village") == 1
    assert result.share("deliverable") >= 0.92


def test_the_mailbox_is_always_the_same() -> None:
    """Two makings give the same octets: a score can be compared with yesterday's."""
    first, second = (sha256(b"".join(mail.octets for mail in plans.mails())).hexdigest() for _ in range(2))
    assert first == second
