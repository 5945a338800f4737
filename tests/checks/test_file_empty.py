"""The check `file-empty`."""

from pipeline.model.content import Unreadable
from pipeline.model.files import FileKind, Problem
from tests.checks.facts import VIDEOS, file, find

FAULTY = file(kind=FileKind.EMPTY, content=Unreadable(Problem.EMPTY), size=0)


def test_a_file_without_bytes() -> None:
    """Of whatever deliverable, known or not."""
    assert find("file-empty", file(kind=FileKind.EMPTY, content=Unreadable(Problem.EMPTY)))
    assert find("file-empty", file("视频.mp4", FileKind.EMPTY, Unreadable(Problem.EMPTY), VIDEOS))
    assert find("file-empty", file("新建.docx", FileKind.EMPTY, Unreadable(Problem.EMPTY), None))


def test_the_size_alone_tells() -> None:
    """Whatever a reader made of it."""
    assert find("file-empty", file(content=Unreadable(Problem.DAMAGED), size=0))


def test_a_file_with_one_byte_is_not_empty() -> None:
    """It may be damaged, but something is there."""
    assert not find("file-empty", file(content=Unreadable(Problem.DAMAGED), size=1))
    assert not find("file-empty", file())
