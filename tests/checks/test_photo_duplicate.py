"""The check `photo-duplicate`."""

from dataclasses import replace

from tests import looks
from tests.checks.facts import find, photos, picture

ONE = picture("a", "1.jpg")
COPY = picture("a", "副本1.jpg")
PHOTO = looks.taken(1)
SMALLER = looks.taken(1, width=480)
OTHER = picture("b", "2.jpg")
FAULTY = photos(ONE, COPY)


def test_the_same_octets_twice_in_one_mail() -> None:
    """The second is told, with the name of the first."""
    (finding,) = find("photo-duplicate", photos(ONE, OTHER, COPY))
    assert finding.attachment == "副本1.jpg"
    assert "“1.jpg”" in finding.message


def test_the_same_view_saved_again() -> None:
    """Within one mail, or after an earlier one."""
    assert find("photo-duplicate", photos(PHOTO, SMALLER))
    (finding,) = find("photo-duplicate", photos(SMALLER, earlier=(replace(PHOTO, name="1.jpg"),)))
    assert "以前报送的“1.jpg”" in finding.message


def test_different_photos() -> None:
    """However many."""
    assert not find("photo-duplicate", photos(ONE, OTHER, earlier=(picture("c"), picture("d"))))


def test_the_same_octets_sent_again_change_nothing() -> None:
    """A mail sent once more is no fault; a copy within it still is."""
    assert not find("photo-duplicate", photos(ONE, OTHER, earlier=(ONE, OTHER)))
    assert [each.attachment for each in find("photo-duplicate", photos(ONE, COPY, earlier=(ONE,)))] == ["副本1.jpg"]


def test_a_twin_without_name() -> None:
    """What came before may have lost its name."""
    (finding,) = find("photo-duplicate", photos(SMALLER, earlier=(replace(PHOTO, name=""),)))
    assert "以前报送的另一张" in finding.message
