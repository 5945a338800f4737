"""The check `file-format`."""

import pytest

from pipeline.model.content import Other, Unreadable
from pipeline.model.files import FileKind, Problem
from tests.checks.facts import PHOTOS, VIDEOS, deliverable, file, find, picture

FAULTY = file("写实表.pdf", FileKind.PDF)


def test_a_form_as_pdf_or_picture() -> None:
    """It cannot be read into the tables; the letter says what came and what is wanted."""
    (finding,) = find("file-format", file("写实表.pdf", FileKind.PDF))
    assert "PDF文件" in finding.message
    assert "Word文档" in finding.message
    assert find("file-format", file("写实表.jpg", FileKind.JPEG, picture("a")))


def test_photos_pasted_into_word() -> None:
    """The photos themselves are wanted."""
    assert find("file-format", file("照片.docx", FileKind.DOCX, rules=PHOTOS))


@pytest.mark.parametrize("kind", [FileKind.DOC, FileKind.DOCX, FileKind.DOCM, FileKind.RTF])
def test_any_allowed_format(kind: FileKind) -> None:
    """Old and new Word are alike."""
    assert not find("file-format", file(kind=kind))


def test_a_picture_among_the_photos_has_its_own_word() -> None:
    """That is photo-format; among videos or papers it is not."""
    assert not find("file-format", file("1.png", FileKind.PNG, picture("a"), PHOTOS))
    assert find("file-format", file("1.png", FileKind.PNG, picture("a"), VIDEOS))


def test_what_cannot_be_read_is_told_otherwise() -> None:
    """An encrypted docx is a compound file: its format is not the fault. An archive unknown to us may hold the file."""
    assert not find("file-format", file(kind=FileKind.OLE, content=Unreadable(Problem.ENCRYPTED)))
    assert not find("file-format", file(kind=FileKind.UNKNOWN, content=Unreadable(Problem.DAMAGED)))
    rar = file("方案.rar", FileKind.RAR, Unreadable(Problem.UNSUPPORTED), problem=Problem.UNSUPPORTED)
    assert not find("file-format", rar)


def test_a_format_that_we_cannot_read_either() -> None:
    """A wrong format is wrong though no reader of ours knows it; without deliverable no format is wrong."""
    assert find("file-format", file("方案.msg", FileKind.MSG, Unreadable(Problem.UNSUPPORTED)))
    assert find("file-format", file("方案", FileKind.UNKNOWN, Other()))
    assert not find("file-format", file("歌.mp3", FileKind.AUDIO, Other(), None))
    assert not find("file-format", file(kind=FileKind.PDF, rules=deliverable(formats=frozenset({FileKind.PDF}))))
