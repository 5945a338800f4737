"""Names of files: whatever the register says, a plain name in the folder that was meant."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from pipeline.merge.names import ending, file_stem, file_stems
from pipeline.model.files import FileKind

HOSTILE = [
    "../../etc/石桥村",
    "..\\..\\石桥村",
    "C:\\石桥村",
    "石桥村\x00.exe",
    "石桥\u202e村",
    "a/b",
    "CON",
    "nul.石桥村",
    "石桥村. . ",
    '"<石桥|村>?*',
    "...",
    "",
    "村" * 300,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_one_plain_part(name: str) -> None:
    """No folder, no drive, no device, nothing that turns the reading round, and not too long for any system."""
    stem = file_stem(name)
    for path in (PurePosixPath(f"{stem}-01.jpg"), PureWindowsPath(f"{stem}-01.jpg")):
        assert len(path.parts) == 1
        assert not path.is_absolute()
    assert stem.split(".")[0].casefold() not in {"con", "nul"}
    assert stem.strip(" .") == stem != ""
    assert not set(stem) & set('\\/:*?"<>|\x00\u202e')
    assert len(stem.encode()) <= 180


def test_an_ordinary_name_stays() -> None:
    """What needs no mending is not mended."""
    assert file_stem("石桥村（东）") == "石桥村（东）"


def test_no_two_villages_have_one_name() -> None:
    """Villages that differ only in what a file system cannot tell apart keep their files apart."""
    stems = file_stems(["a/村", "a:村", "A_村", "石桥村"])
    assert len({stem.casefold() for stem in stems.values()}) == 4
    assert stems["石桥村"] == "石桥村"


def test_endings_are_those_that_people_know() -> None:
    """A JPEG is a .jpg, whatever the sender called it."""
    assert [ending(kind) for kind in (FileKind.JPEG, FileKind.PNG, FileKind.MP4, FileKind.THREEGP)] == [
        ".jpg",
        ".png",
        ".mp4",
        ".3gp",
    ]
