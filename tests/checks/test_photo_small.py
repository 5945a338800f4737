"""The check `photo-small`."""

from tests.checks.facts import find, photos, picture

FAULTY = photos(picture("a", "3.jpg", size=(480, 360)))


def test_a_thumbnail() -> None:
    """The photo is named, its size told."""
    (finding,) = find("photo-small", photos(picture("a", "1.jpg"), picture("b", "3.jpg", size=(480, 360))))
    assert finding.attachment == "3.jpg"
    assert "480×360" in finding.message


def test_the_short_side_counts() -> None:
    """Upright or not."""
    assert find("photo-small", photos(picture("a", size=(639, 2000))))
    assert not find("photo-small", photos(picture("a", size=(640, 640))))


def test_earlier_photos_were_told_before() -> None:
    """Only those of this mail."""
    assert not find("photo-small", photos(earlier=(picture("a", size=(9, 9)),)))


def test_a_campaign_sets_its_own_size() -> None:
    """1080 for print."""
    assert find("photo-small", photos(picture("a")), short_side=1080)
