"""The check `file-macro`."""

from pipeline.model.content import Unreadable
from pipeline.model.files import FileKind, Problem
from tests.checks.facts import document, file, find

FAULTY = file("写实表.docm", FileKind.DOCM, document(kind=FileKind.DOCM, macros=True))


def test_a_document_with_macros() -> None:
    """Also an old one, whose kind does not tell."""
    assert find("file-macro", file("写实表.doc", FileKind.DOC, document(kind=FileKind.DOC, macros=True)))


def test_a_docm_by_its_kind() -> None:
    """It is made to carry them, whatever the reader saw."""
    assert find("file-macro", file("写实表.docm", FileKind.DOCM, document(kind=FileKind.DOCM)))
    assert find("file-macro", file("表.xlsm", FileKind.XLSM, Unreadable(Problem.DAMAGED)))


def test_a_plain_document() -> None:
    """Nothing to tell."""
    assert not find("file-macro", file())
