"""The check `file-hostile`."""

from pipeline.check import all_checks
from pipeline.model.content import Unreadable
from pipeline.model.files import FileKind, Problem
from pipeline.model.finding import Audience
from tests.checks.facts import PHOTOS, file, find

FAULTY = file("照片.zip", FileKind.ZIP, Unreadable(Problem.HOSTILE), PHOTOS, problem=Problem.HOSTILE)


def test_a_hostile_archive_or_file() -> None:
    """Known by its container's problem or by its own."""
    assert find("file-hostile", FAULTY)
    assert find("file-hostile", file(content=Unreadable(Problem.HOSTILE)))


def test_other_problems_are_no_attack() -> None:
    """Damage and passwords happen."""
    assert not find("file-hostile", file(content=Unreadable(Problem.DAMAGED)))
    assert not find("file-hostile", file(problem=Problem.ENCRYPTED))
    assert not find("file-hostile", file())


def test_only_the_coordinator_is_told() -> None:
    """The sender, if he meant it, learns nothing."""
    assert all_checks()["file-hostile"].check.audience is Audience.COORDINATOR
