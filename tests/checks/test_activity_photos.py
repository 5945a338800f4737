"""The check `activity-photos`."""

import pytest

from pipeline.model.reading import Picture
from tests.checks.facts import activity, find, picture, row, table

FAULTY = table(row(activity(), number=2, pictures=(picture("a"),)))


def shown(count: int) -> tuple[Picture, ...]:
    """So many different pictures."""
    return tuple(picture(digest) for digest in "abcdefg"[:count])


@pytest.mark.parametrize(("count", "remedy"), [(0, "补上"), (1, "补上"), (4, "选用"), (6, "选用")])
def test_too_few_or_too_many(count: int, remedy: str) -> None:
    """The finding says which, and in which row."""
    (finding,) = find("activity-photos", table(row(activity(), number=3, pictures=shown(count))))
    assert finding.where == "第3行"
    assert f"{count}张" in finding.message
    assert remedy in finding.message


@pytest.mark.parametrize("count", [2, 3])
def test_two_or_three(count: int) -> None:
    """As the form asks."""
    assert not find("activity-photos", table(row(activity(), pictures=shown(count))))


def test_the_same_picture_twice_is_one() -> None:
    """Pasted twice it shows nothing more."""
    assert find("activity-photos", table(row(activity(), pictures=shown(1) * 2)))


def test_a_campaign_sets_its_own_numbers() -> None:
    """Both ends count as right."""
    one = table(row(activity(), pictures=shown(1)))
    assert not find("activity-photos", one, minimum=1, maximum=1)


def test_several_activities_in_one_row() -> None:
    """Two activities told in one row may have four photos, not seven."""
    assert not find("activity-photos", table(row(activity(), activity(), pictures=shown(4))))
    (finding,) = find("activity-photos", table(row(activity(), activity(), pictures=shown(7))))
    assert "2至6张" in finding.message
