"""The check `activity-no-content`."""

from tests.checks.facts import activity, find, row, table

NOTHING = activity(None, time="", place="", people="", account="")
FAULTY = table(row(activity(account=""), number=2))


def test_a_row_with_time_place_and_people_alone() -> None:
    """It does not say what was done."""
    (finding,) = find("activity-no-content", table(row(activity(), number=1), row(activity(account=" "), number=2)))
    assert finding.where == "第2行"


def test_a_full_row() -> None:
    """Nothing to tell."""
    assert not find("activity-no-content", table(row(activity())))


def test_a_row_that_tells_nothing_at_all() -> None:
    """Whether its text is empty to us, or only pictures stand in it."""
    assert [each.where for each in find("activity-no-content", table(row(NOTHING), row(number=2)))] == ["第1、2行"]


def test_one_of_several_activities_in_a_row() -> None:
    """The finding says which."""
    (finding,) = find("activity-no-content", table(row(activity(), activity(account=""))))
    assert finding.where == "第1行第2项"
