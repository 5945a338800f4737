"""The wording alone: what a sentence tells, and whether two sentences tell of one activity."""

from __future__ import annotations

from datetime import date

from pipeline.activity import parse_activities
from pipeline.activity.likeness import same_activity
from pipeline.model.reading import Activity
from tests.heldout.phrases import phrases
from tests.heldout.retold import DIFFERENT, SAME


def read(text: str) -> tuple[Activity, ...]:
    """The activities of a cell."""
    return parse_activities(text, opens_on=date(2023, 5, 1), closes_on=date(2023, 5, 31))


def lacking(activity: Activity) -> frozenset[str]:
    """What is not told, by the letters of ``phrases``."""
    parts = {"T": activity.time, "P": activity.place, "W": activity.people, "C": activity.account}
    return frozenset(letter for letter, told in parts.items() if not told)


def test_what_a_sentence_tells() -> None:
    """Nobody is asked for what stands there, and what is wanting is noticed."""
    mistakes = []
    for text, truth, either in phrases():
        said = [lacking(activity) - either for activity in read(text)]
        if said != [truth - either]:
            mistakes.append(f"{text}: lacks {[''.join(sorted(each)) for each in said]}, not {''.join(sorted(truth))}")
    print("\n".join(mistakes))
    assert len(mistakes) <= 0.05 * len(phrases())


def test_one_activity_told_twice() -> None:
    """A village that retells its activities in other words has dropped none."""
    mistakes = [
        f"{one} / {other}"
        for one, other in SAME
        if not all(any(same_activity(each, later) for later in read(other)) for each in read(one))
    ]
    print("\n".join(mistakes))
    assert len(mistakes) <= 9


def test_two_activities() -> None:
    """Those of one day, and those of one place, are still two."""
    assert not [one for one, other in DIFFERENT if any(same_activity(a, b) for a in read(one) for b in read(other))]
