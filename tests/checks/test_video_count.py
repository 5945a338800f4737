"""The check `video-count`."""

from pipeline.model.facts import VideoSet
from tests.checks.facts import find, video

FAULTY = VideoSet((("1.mp4", video()), ("2.mp4", video())))


def test_two_videos() -> None:
    """The village is asked which one counts."""
    (finding,) = find("video-count", FAULTY)
    assert "2段" in finding.message


def test_one_video() -> None:
    """As the notice asks."""
    assert not find("video-count", VideoSet((("1.mp4", video()),)))


def test_a_campaign_sets_its_own_number() -> None:
    """As many as allowed are right."""
    assert not find("video-count", FAULTY, maximum=2)
