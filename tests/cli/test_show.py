"""What a person sees on a terminal."""

from __future__ import annotations

from pipeline.cli.show import STATE_WORDS
from pipeline.report.words import STATES


def test_a_state_has_one_name_everywhere() -> None:
    """The terminal calls a state what the daily report calls it: a clerk reads both."""
    assert {state: word for state, (word, _) in STATE_WORDS.items()} == STATES
