"""The check `attachment-unrecognised`."""

from pipeline.model.content import Other, Unreadable
from pipeline.model.files import FileKind, Problem
from tests.checks.facts import file, find

FAULTY = file("歌曲.mp3", FileKind.AUDIO, Other(), None)


def test_a_file_without_deliverable() -> None:
    """Readable or not, it fits nothing that is due."""
    assert find("attachment-unrecognised", file("低保名单.docx", rules=None))
    damaged = file("名单.docx", content=Unreadable(Problem.DAMAGED), rules=None)
    assert find("attachment-unrecognised", damaged)


def test_a_file_of_a_deliverable_is_recognised() -> None:
    """Whatever else is wrong with it."""
    assert not find("attachment-unrecognised", file(content=Unreadable(Problem.DAMAGED)))


def test_an_archive_that_cannot_be_opened_is_told_otherwise() -> None:
    """It may hold just what is due."""
    locked = file("材料.zip", FileKind.ZIP, Unreadable(Problem.ENCRYPTED), None, problem=Problem.ENCRYPTED)
    assert not find("attachment-unrecognised", locked)


def test_an_archive_that_is_beyond_us() -> None:
    """One volume of several, a compression that nobody reads: no check else speaks of it, and the village is asked."""
    volume = file("材料.part2.rar", FileKind.RAR, Unreadable(Problem.UNSUPPORTED), None, problem=Problem.UNSUPPORTED)
    (finding,) = find("attachment-unrecognised", volume)
    assert "zip" in finding.message
