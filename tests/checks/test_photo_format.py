"""The check `photo-format`."""

import pytest

from pipeline.model.content import Unreadable
from pipeline.model.files import FileKind, Problem
from tests.checks.facts import PHOTOS, file, find, picture

FAULTY = file("1.png", FileKind.PNG, picture("a"), PHOTOS)


@pytest.mark.parametrize("kind", [FileKind.PNG, FileKind.HEIC, FileKind.BMP, FileKind.WEBP])
def test_a_picture_that_is_no_jpeg(kind: FileKind) -> None:
    """Whatever its name says, and whether or not we can read it."""
    assert find("photo-format", file("1.jpg", kind, picture("a"), PHOTOS))
    assert find("photo-format", file("1.jpg", kind, Unreadable(Problem.UNSUPPORTED), PHOTOS))


def test_a_jpeg() -> None:
    """Whatever its name says."""
    assert not find("photo-format", file("1.png", FileKind.JPEG, picture("a"), PHOTOS))


def test_only_pictures_among_the_photos() -> None:
    """A Word file there, or a picture in place of a paper, is file-format."""
    assert not find("photo-format", file("照片.docx", FileKind.DOCX, rules=PHOTOS))
    assert not find("photo-format", file("方案.png", FileKind.PNG, picture("a")))
    assert not find("photo-format", file("图.png", FileKind.PNG, picture("a"), None))


def test_a_broken_picture_is_told_otherwise() -> None:
    """It must be sent again anyway."""
    assert not find("photo-format", file("1.png", FileKind.PNG, Unreadable(Problem.DAMAGED), PHOTOS))
