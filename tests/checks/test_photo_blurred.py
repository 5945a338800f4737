"""The check `photo-blurred`."""

from tests.checks.facts import find, photos, picture

FAULTY = photos(picture("a", "4.jpg", sharpness=3.0))


def test_out_of_focus() -> None:
    """The photo is named."""
    (finding,) = find("photo-blurred", photos(picture("a", "1.jpg"), picture("b", "4.jpg", sharpness=3.0)))
    assert finding.attachment == "4.jpg"


def test_the_limit_is_sharp() -> None:
    """As sharp as the option says is sharp enough."""
    assert not find("photo-blurred", photos(picture("a", sharpness=50.0)), sharpness=50.0)
    assert find("photo-blurred", photos(picture("a", sharpness=49.9)), sharpness=50.0)


def test_earlier_photos_were_told_before() -> None:
    """Only those of this mail."""
    assert not find("photo-blurred", photos(earlier=(picture("a", sharpness=0.0),)))
