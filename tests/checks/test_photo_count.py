"""The check `photo-count`."""

import pytest

from pipeline.check import Setting, all_checks, run_check
from pipeline.model.facts import PhotoSet
from pipeline.model.finding import Severity
from pipeline.model.reading import Picture
from tests import looks
from tests.checks.facts import find, photos, picture

FAULTY = photos(picture("a"), picture("b"))


def taken(count: int) -> tuple[Picture, ...]:
    """So many different photos."""
    return tuple(picture(digest) for digest in "abcdefgh"[:count])


def test_too_few_is_an_error() -> None:
    """The letter says how many are lacking."""
    (finding,) = find("photo-count", photos(*taken(2)))
    assert finding.severity is Severity.ERROR
    assert "再补发1张" in finding.message


def test_too_many_is_a_warning() -> None:
    """The village is asked which it wants used."""
    (finding,) = find("photo-count", photos(*taken(6)))
    assert finding.severity is Severity.WARNING
    assert "选用哪5张" in finding.message


@pytest.mark.parametrize("count", [3, 5])
def test_enough(count: int) -> None:
    """Both ends count as right."""
    assert not find("photo-count", photos(*taken(count)))


def test_all_that_a_village_sent_counts_together() -> None:
    """What came before counts, the same picture once: by its octets or by its likeness."""
    assert not find("photo-count", photos(picture("c"), earlier=taken(2)))
    assert find("photo-count", photos(picture("b"), earlier=taken(2)))
    earlier = (looks.taken(1), looks.taken(2))
    assert find("photo-count", photos(looks.taken(1, width=480), earlier=earlier))
    assert not find("photo-count", photos(looks.taken(3), earlier=earlier))


def test_plain_surfaces_are_not_all_one_picture() -> None:
    """A picture without contrast has no likeness."""
    dark = [picture(digest, likeness=0) for digest in "abc"]
    assert not find("photo-count", PhotoSet(tuple(dark), (), photos().opens_on, photos().closes_on))


def test_a_campaigns_own_severity_wins() -> None:
    """Where it says error, too many is one as well."""
    check = all_checks()["photo-count"].check
    setting = Setting(severity=Severity.ERROR)
    (finding,) = run_check(
        "photo-count", check, photos(*taken(6)), setting, village=None, deliverable=None, attachment=None
    )
    assert finding.severity is Severity.ERROR
