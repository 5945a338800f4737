"""The check `video-unreadable`."""

from pipeline.model.content import Unreadable
from pipeline.model.files import FileKind, Problem
from tests.checks.facts import VIDEOS, file, find, video

FAULTY = file("活动视频.mp4", FileKind.MP4, Unreadable(Problem.DAMAGED), VIDEOS)


def test_a_video_that_does_not_play() -> None:
    """No frame at all, or cut off."""
    assert find("video-unreadable", file("1.mp4", FileKind.MP4, Unreadable(Problem.DAMAGED), VIDEOS))
    assert find("video-unreadable", file("1.mp4", FileKind.MP4, video(whole=False), VIDEOS))


def test_a_video_that_plays() -> None:
    """Nothing to tell."""
    assert not find("video-unreadable", file("1.mp4", FileKind.MP4, video(), VIDEOS))


def test_other_faults_have_their_own_word() -> None:
    """An empty file, a codec that only we lack, a broken archive, a broken paper."""
    assert not find("video-unreadable", file("1.mp4", FileKind.EMPTY, Unreadable(Problem.EMPTY), VIDEOS, size=0))
    assert not find("video-unreadable", file("1.mp4", FileKind.MP4, Unreadable(Problem.UNSUPPORTED), VIDEOS))
    archive = file("视频.zip", FileKind.ZIP, Unreadable(Problem.DAMAGED), VIDEOS, problem=Problem.DAMAGED)
    assert not find("video-unreadable", archive)
    assert not find("video-unreadable", file(content=Unreadable(Problem.DAMAGED)))
