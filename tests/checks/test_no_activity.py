"""The check `no-activity`."""

from tests.checks.facts import activity, find, row, table

FAULTY = table()


def test_a_table_without_filled_row() -> None:
    """A blank form was sent back."""
    assert find("no-activity", table())


def test_one_row_is_an_activity() -> None:
    """However little it tells."""
    assert not find("no-activity", table(row(activity())))


def test_a_row_with_pictures_alone() -> None:
    """It is filled: what it lacks is told as activity-no-content."""
    assert not find("no-activity", table(row()))
