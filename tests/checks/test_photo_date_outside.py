"""The check `photo-date-outside`."""

from datetime import datetime

import pytest

from tests.checks.facts import find, photos, picture


def taken(year: int, month: int, day: int) -> datetime:
    """EXIF time: local, without zone."""
    return datetime(year, month, day, 10, 12, 33)  # noqa: DTZ001 (EXIF has none)


FAULTY = photos(picture("a", "1.jpg", taken_at=taken(2022, 5, 14)))


@pytest.mark.parametrize("when", [taken(2022, 5, 14), taken(2023, 4, 29), taken(2023, 6, 2)])
def test_outside(when: datetime) -> None:
    """The photo is named, its date told with the year."""
    (finding,) = find("photo-date-outside", photos(picture("a", "1.jpg", taken_at=when)))
    assert finding.attachment == "1.jpg"
    assert f"{when.year}年{when.month}月{when.day}日" in finding.message


@pytest.mark.parametrize("when", [taken(2023, 4, 30), taken(2023, 5, 15), taken(2023, 6, 1), None])
def test_inside(when: datetime | None) -> None:
    """A day before or after is forgiven; a photo that went through WeChat has no date."""
    assert not find("photo-date-outside", photos(picture("a", taken_at=when)))


def test_a_campaign_sets_how_much_is_forgiven() -> None:
    """In days on both sides."""
    before = photos(picture("a", taken_at=taken(2023, 4, 30)))
    assert find("photo-date-outside", before, days=0)
