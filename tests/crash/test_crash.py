"""The short form of the crash harness, and that it can fail. The long one: ``make crash``."""

from __future__ import annotations

import pytest

from tests.crash.harness import crash
from tests.crash.steps import BOUNDARIES
from tests.servers.dovecot import PASSWORD

pytestmark = pytest.mark.servers


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", PASSWORD)


def test_killed_at_every_step_and_at_random() -> None:
    """Nothing is lost, no answer goes out twice, and the ledger is that of an undisturbed office."""
    reckoning = crash(mails=8, rounds=1, instants=8)
    assert reckoning.good, str(reckoning)
    assert reckoning.boundaries == set(BOUNDARIES)
    assert reckoning.at_random == 8


def test_an_outbox_that_does_not_note_what_it_hands_over_is_found_out() -> None:
    """Without the mark before the last dot the same death makes a second answer: the harness would see it."""
    step = "pipeline.ledger.letters:LetterQueue.hand_over"
    death = "before pipeline.ledger.letters:LetterQueue.sent"
    reckoning = crash(mails=4, rounds=1, instants=0, boundaries=[death], without=step)
    assert (reckoning.good, reckoning.doubled) == (False, 1)
