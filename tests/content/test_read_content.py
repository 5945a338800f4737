"""Every kind of file finds its reader, and none makes the program stop."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.content import read_content
from pipeline.model.content import Document, Other, Unreadable, Video
from pipeline.model.files import FileKind, Problem
from pipeline.model.reading import Picture
from tests.content.compound import word_97
from tests.content.scenes import octets, scene, store
from tests.content.test_pdf import pdf
from tests.content.word_files import drawing, p, package, row, table

UNREAD = ("audio", "zip", "rar", "7z", "gzip", "tar", "eml", "tnef", "msg", "executable", "pptx", "ppt", "ole")
BEGINNINGS = (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xd8\xff", b"{\\rtf1", b"%PDF-1.4")
PHOTO = octets(scene(1, (64, 48)), taken_at="2023:05:12 12:00:05")
FORM = p("文") + table(row("甲", "乙")) + p(drawing("rId1"))


@pytest.mark.parametrize("kind", UNREAD)
def test_other_kinds_are_other(tmp_path: Path, kind: str) -> None:
    """What no deliverable could be is not looked into."""
    assert read_content(store(tmp_path, b"x" * 100), FileKind(kind), "a") == Other()


@pytest.mark.parametrize("kind", list(FileKind))
def test_nothing_is_empty(tmp_path: Path, kind: FileKind) -> None:
    """A file without octets is empty, whatever its name promised."""
    assert read_content(store(tmp_path, b""), kind, "a") == Unreadable(Problem.EMPTY)


@pytest.mark.parametrize("kind", [FileKind.ODT, FileKind.ODS])
def test_an_open_document_that_is_no_archive(tmp_path: Path, kind: FileKind) -> None:
    """It is damaged, whether or not LibreOffice is there to ask."""
    found = read_content(store(tmp_path, b"PK"), kind, "a")
    assert isinstance(found, Unreadable)
    assert found.problem is Problem.DAMAGED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("方案.docx", Unreadable(Problem.DAMAGED, "nothing of what its name says")),
        ("IMG_1.JPG. ", Unreadable(Problem.DAMAGED, "nothing of what its name says")),
        ("方案", Other()),
        ("数据.dat", Other()),
    ],
)
def test_what_is_nothing_of_what_its_name_says(tmp_path: Path, name: str, content: object) -> None:
    """Seen: an upload broken off that is nothing but zeros."""
    assert read_content(store(tmp_path, bytes(2000)), FileKind.UNKNOWN, name) == content


@pytest.mark.parametrize("kind", sorted(set(FileKind) - {FileKind.XLSX, FileKind.XLSM, FileKind.XLS}))
def test_noise_never_raises(tmp_path: Path, kind: FileKind) -> None:
    """Octets without sense are a value under every kind."""
    rnd = random.Random(kind.value)
    for beginning in BEGINNINGS:
        content = beginning + rnd.randbytes(2000)
        found = read_content(store(tmp_path, content), kind, "a")
        assert isinstance(found, Document | Picture | Video | Unreadable | Other)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (FileKind.DOCX, package(FORM, {"1.jpg": PHOTO})),
        (FileKind.DOC, word_97(["文" * 50], [["甲", "乙"]])),
        (FileKind.PDF, pdf("a", "b")),
        (FileKind.JPEG, PHOTO),
        (FileKind.PNG, octets(scene(1, (64, 48)), "PNG")),
        (FileKind.TIFF, octets(scene(1, (64, 48)), "TIFF")),
        (FileKind.RTF, rb"{\rtf1\ansi\trowd\cellx10{\pict\jpegblip ffd8}\intbl a\cell\row\par b\u-10179?}"),
        (FileKind.HTML, b"<table><tr><td rowspan=2>a<td>b</table><p>c"),
    ],
    ids=lambda value: value.value if isinstance(value, FileKind) else "",
)
@pytest.mark.filterwarnings("ignore:Tag data:UserWarning")  # Pillow's, on damaged EXIF
def test_damage_never_raises(tmp_path: Path, kind: FileKind, content: bytes) -> None:
    """Files with octets changed, left out, doubled and cut off are values too."""
    rnd = random.Random(529)
    for round_ in range(40):
        damaged = bytearray(content)
        for _ in range(rnd.choice((1, 3, 20))):
            damaged[rnd.randrange(len(damaged))] = rnd.randrange(256)
        start = rnd.randrange(len(damaged))
        if round_ % 3 == 0:
            del damaged[start : start + rnd.randrange(1, 60)]
        elif round_ % 3 == 1:
            damaged[start:start] = damaged[start : start + 60]
        found = read_content(store(tmp_path, bytes(damaged)), kind, "a")
        assert isinstance(found, Document | Picture | Video | Unreadable | Other)


def test_importing_is_cheap() -> None:
    """The readers' libraries are loaded when a file comes, not with the program."""
    program = "import sys, pipeline.content; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"av", "PIL", "lxml", "pypdf", "docx", "openpyxl", "doc2docx", "python_calamine"} & set(loaded)


def test_what_opens_mails_reads_no_settings() -> None:
    """To load pydantic takes a worker as long as all else that it needs."""
    program = "import sys, pipeline.opened, pipeline.message.unpacking, pipeline.content.word; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pydantic", "sqlalchemy", "pipeline.config"} & set(loaded)
