"""The check `file-mislabelled`."""

import pytest

from pipeline.model.content import Unreadable
from pipeline.model.files import FileKind, Problem
from tests.checks.facts import PHOTOS, file, find, picture

FAULTY = file("方案.doc", FileKind.DOCX)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("方案.doc", FileKind.DOCX),
        ("方案.docx", FileKind.DOC),
        ("方案.docx", FileKind.DOCM),
        ("方案.doc", FileKind.RTF),
        ("表.xls", FileKind.HTML),
        ("1.jpg", FileKind.PNG),
        ("1.JPG", FileKind.HEIC),
        ("视频.mp4", FileKind.TEXT),
        ("视频.mp4", FileKind.AVI),
        ("方案.pdf ", FileKind.DOCX),
    ],
)
def test_an_ending_that_disagrees(name: str, kind: FileKind) -> None:
    """The content decides what the file is."""
    assert find("file-mislabelled", file(name, kind))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("方案.DOCX", FileKind.DOCX),
        ("方案.wps", FileKind.DOC),
        ("方案.wps", FileKind.DOCX),
        ("表.et", FileKind.XLS),
        ("表.et", FileKind.XLSX),
        ("1.jpeg", FileKind.JPEG),
        ("1.jfif", FileKind.JPEG),
        ("1.tif", FileKind.TIFF),
        ("视频.mp4", FileKind.MOV),
        ("视频.mov", FileKind.MP4),
        ("视频.m4v", FileKind.MP4),
        ("视频.3gp", FileKind.MP4),
        ("方案", FileKind.DOCX),
        ("写实表5.10", FileKind.DOCX),
        ("说明.xyz", FileKind.TEXT),
    ],
)
def test_harmless_names(name: str, kind: FileKind) -> None:
    """Aliases, one family of boxes, no ending, an ending that nobody knows."""
    assert not find("file-mislabelled", file(name, kind))


def test_the_finding_says_what_it_is() -> None:
    """In the clerk's words."""
    (finding,) = find("file-mislabelled", file("1.jpg", FileKind.PNG, picture("a"), PHOTOS))
    assert "图片（png）" in finding.message
    (finding,) = find("file-mislabelled", file("视频.mp4", FileKind.TEXT))
    assert "纯文本文件，" in finding.message


@pytest.mark.parametrize("problem", [Problem.ENCRYPTED, Problem.DAMAGED, Problem.EMPTY, Problem.HOSTILE])
def test_what_must_be_sent_again_anyway(problem: Problem) -> None:
    """An encrypted docx is a compound file inside: its name is right."""
    assert not find("file-mislabelled", file("方案.docx", FileKind.OLE, Unreadable(problem)))


def test_what_nobody_can_name() -> None:
    """Unknown content contradicts no ending."""
    assert not find("file-mislabelled", file("方案.docx", FileKind.UNKNOWN))
