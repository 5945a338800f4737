"""The check `activity-date-outside`."""

from datetime import date

import pytest

from tests.checks.facts import CLOSES, OPENS, activity, find, row, table

FAULTY = table(row(activity(date(2023, 4, 12)), number=2))


@pytest.mark.parametrize(
    ("day", "reason"),
    [(date(2023, 4, 30), "早于"), (date(2023, 6, 18), "晚于活动结束"), (date(2023, 5, 21), "晚于报送当天")],
)
def test_outside(day: date, reason: str) -> None:
    """Before the campaign, after it, or after the mail's arrival; the finding says which."""
    (finding,) = find("activity-date-outside", table(row(activity(day), number=2)))
    assert finding.where == "第2行"
    assert reason in finding.message


@pytest.mark.parametrize("day", [OPENS, date(2023, 5, 20), None])
def test_inside(day: date | None) -> None:
    """The first day, the day of arrival; where no day is told there is none outside."""
    assert not find("activity-date-outside", table(row(activity(day))))


def test_the_last_day_of_the_campaign() -> None:
    """It still counts."""
    late = date(2023, 6, 5)
    assert not find("activity-date-outside", table(row(activity(CLOSES)), received_on=late))
    assert find("activity-date-outside", table(row(activity(date(2023, 6, 1))), received_on=late))


def test_one_of_several_in_a_row() -> None:
    """Only the one that is outside is named."""
    (finding,) = find("activity-date-outside", table(row(activity(), activity(date(2023, 4, 1)))))
    assert finding.where == "第1行第2项"
