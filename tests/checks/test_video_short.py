"""The check `video-short`."""

from pipeline.model.facts import VideoSet
from tests.checks.facts import find, video

FAULTY = VideoSet((("活动视频.mp4", video(2.9)),))


def test_a_few_seconds() -> None:
    """The video is named, its length told."""
    (finding,) = find("video-short", VideoSet((("1.mp4", video()), ("2.mp4", video(2.94)))))
    assert finding.attachment == "2.mp4"
    assert "2.9秒" in finding.message


def test_the_least_that_is_enough() -> None:
    """As long as the option says."""
    assert not find("video-short", VideoSet((("1.mp4", video(5)),)))
    assert find("video-short", VideoSet((("1.mp4", video(5)),)), seconds=10)


def test_a_broken_or_silent_video_is_not_short() -> None:
    """The one is told as video-unreadable; the other does not tell its length."""
    assert not find("video-short", VideoSet((("1.mp4", video(1, whole=False)), ("2.mp4", video(0)))))
