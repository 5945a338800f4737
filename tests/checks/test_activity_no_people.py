"""The check `activity-no-people`."""

from tests.checks.facts import activity, find, row, table

NOTHING = activity(None, time="", place="", people="", account="")
FAULTY = table(row(activity(people=""), number=2))


def test_a_row_without_it() -> None:
    """The row is named."""
    (finding,) = find("activity-no-people", table(row(activity(), number=1), row(activity(people=""), number=2)))
    assert finding.where == "第2行"


def test_a_full_row() -> None:
    """Nothing to tell."""
    assert not find("activity-no-people", table(row(activity())))


def test_one_of_several_activities_in_a_row() -> None:
    """One finding a row; it says which of them are meant."""
    lacking = activity(people="")
    (finding,) = find("activity-no-people", table(row(lacking, activity(), lacking, number=3)))
    assert finding.where == "第3行第1、3项"


def test_a_row_that_tells_nothing_at_all() -> None:
    """Only its lack of content is worth a word."""
    assert not find("activity-no-people", table(row(NOTHING), row()))
