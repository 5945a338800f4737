"""The check `file-encrypted`."""

from pipeline.model.content import Unreadable
from pipeline.model.files import FileKind, Problem
from tests.checks.facts import file, find

FAULTY = file(kind=FileKind.OLE, content=Unreadable(Problem.ENCRYPTED))


def test_a_document_with_a_password() -> None:
    """Its content cannot be had."""
    assert find("file-encrypted", file(content=Unreadable(Problem.ENCRYPTED)))


def test_an_archive_with_a_password() -> None:
    """Whether or not its deliverable is known."""
    assert find("file-encrypted", file("材料.zip", FileKind.ZIP, rules=None, problem=Problem.ENCRYPTED))


def test_a_damaged_file_is_not_locked() -> None:
    """Nor is a readable one."""
    assert not find("file-encrypted", file(content=Unreadable(Problem.DAMAGED)))
    assert not find("file-encrypted", file())
