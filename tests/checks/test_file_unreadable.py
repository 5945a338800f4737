"""The check `file-unreadable`."""

import pytest

from pipeline.model.content import Unreadable
from pipeline.model.files import FileKind, Problem
from tests.checks.facts import VIDEOS, file, find

FAULTY = file(content=Unreadable(Problem.DAMAGED))


def test_a_damaged_file_or_archive() -> None:
    """The content's fault, or that of the container that stands for it."""
    assert find("file-unreadable", file(content=Unreadable(Problem.DAMAGED, "BadZipFile")))
    assert find("file-unreadable", file("材料.zip", FileKind.ZIP, problem=Problem.DAMAGED))


def test_a_volume_without_the_others() -> None:
    """It is not damaged: the words ask for the others."""
    whole, partial = (
        find("file-unreadable", file(content=Unreadable(each))) for each in (Problem.DAMAGED, Problem.PARTIAL)
    )
    assert "分卷" in partial[0].message
    assert "分卷" not in whole[0].message


@pytest.mark.parametrize("problem", [Problem.EMPTY, Problem.ENCRYPTED, Problem.HOSTILE, Problem.UNSUPPORTED])
def test_other_problems_have_their_own_word(problem: Problem) -> None:
    """And a format that only we cannot read is no fault of the village."""
    assert not find("file-unreadable", file(content=Unreadable(problem)))


def test_a_whole_file() -> None:
    """Nothing to tell."""
    assert not find("file-unreadable", file())


def test_a_damaged_video_is_told_as_video() -> None:
    """Once; but an archive that stands for videos is no video."""
    broken = Unreadable(Problem.DAMAGED)
    assert not find("file-unreadable", file("视频.mp4", FileKind.MP4, broken, VIDEOS))
    assert find("file-unreadable", file("视频.zip", FileKind.ZIP, broken, VIDEOS, problem=Problem.DAMAGED))
