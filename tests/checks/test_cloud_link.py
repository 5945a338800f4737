"""The check `cloud-link`."""

from dataclasses import replace

from pipeline.check import all_checks
from pipeline.message.drives import ANY_PROVIDER
from tests.checks.facts import find, link, moment

FAULTY = link(moment(14, month=6))


def test_a_link_is_told_with_its_end() -> None:
    """The finding points to the file behind the link."""
    (finding,) = find("cloud-link", link(moment(14, month=6)))
    assert finding.attachment == "视频.mp4"
    assert "6月14日到期" in finding.message


def test_a_link_without_end_or_name() -> None:
    """Providers do not always say."""
    (finding,) = find("cloud-link", link(None, name=""))
    assert "没有注明到期时间" in finding.message


def test_a_link_that_ended_before_it_arrived() -> None:
    """Then nobody can fetch the file, and the finding says so."""
    (finding,) = find("cloud-link", link(moment(8)))
    assert "已于5月8日到期" in finding.message


def test_a_link_to_a_place_without_a_name() -> None:
    """It is not called the link of a link."""
    given = link(None)
    nameless = replace(given.filing.link, provider=ANY_PROVIDER)
    (finding,) = find("cloud-link", replace(given, filing=replace(given.filing, link=nameless)))
    assert "收到的是网盘的链接" in finding.message


def test_only_a_person_can_settle_it() -> None:
    """The deliverable waits for review."""
    assert all_checks()["cloud-link"].check.review
