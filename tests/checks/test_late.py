"""The check `late`."""

from datetime import UTC

import pytest

from pipeline.model.standing import State
from tests.checks.facts import delivery, find, moment

FAULTY = delivery(moment(11, 10, 5))


def test_arrival_after_the_deadline_is_late() -> None:
    """The first moment after the last day is late, and the letter names that last day."""
    (finding,) = find("late", delivery(moment(11, 0)))
    assert "5月11日0时00分" in finding.message
    assert "5月10日" in finding.message


def test_the_whole_last_day_is_in_time() -> None:
    """“于5月10日前” includes the whole of 10 May, in the campaign's zone whatever zone the arrival is told in."""
    last = moment(10, 23, 59)
    assert not find("late", delivery(last))
    assert not find("late", delivery(last.astimezone(UTC)))


@pytest.mark.parametrize("standing", [State.ACCEPTED, State.REVIEW, State.NIL])
def test_a_newer_version_of_what_came_in_time_is_not_late(standing: State) -> None:
    """Only where the earlier version was late too is the newer one."""
    assert not find("late", delivery(moment(12), standing))
    assert find("late", delivery(moment(12), standing, late=True))


def test_a_mended_version_after_the_deadline_is_late() -> None:
    """A returned delivery does not keep its time."""
    assert find("late", delivery(moment(12), State.RETURNED))


def test_what_a_person_waived_is_not_late() -> None:
    """Nothing was due any more."""
    assert not find("late", delivery(moment(12), State.WAIVED, late=True))
