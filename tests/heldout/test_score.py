"""The product against a mailbox that nobody tuned it on."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from tests.heldout import names, plans
from tests.heldout.living import live
from tests.heldout.mails import Mail, at
from tests.heldout.month import all_mails
from tests.heldout.score import Score
from tests.heldout.township import register_csv

_RULES = Path(__file__).parents[2] / "rules" / "2023-529.toml"
_MOMENTS = tuple(at(f"{day} 08:00") for day in ("5-06", "5-11", "5-21", "6-01", "6-08", "6-09", "6-10", "6-11", "6-20"))


def run_month(folder: Path, mails: Sequence[Mail]) -> Score:
    """These mails to the held-out office, poll by poll."""
    return live(folder, mails, rules=_RULES, register=register_csv(), moments=_MOMENTS)


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
