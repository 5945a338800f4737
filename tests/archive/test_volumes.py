"""Archives in several volumes, made by the programs' own rules."""

from __future__ import annotations

import io
import random
import struct
from pathlib import Path

import py7zr
import pytest
import rars  # type: ignore[import-untyped]  # the wheel holds no types

from pipeline.archive.volumes import group_volumes, is_further, parse_volume
from pipeline.model.files import Problem
from pipeline.model.message import Attachment
from tests.archives import old_rar
from tests.mails import parse, qq_web, zip_of

PHOTO = random.Random(1).randbytes(300_000)
FILES = [("孙庄村/照片.jpg", PHOTO), ("b.txt", b"abc")]
Files = list[tuple[str, bytes]]


def rar(folder: Path, *, password: str | None = None) -> Files:
    """Four volumes, the last of which goes on with nothing."""
    builder = rars.RarBuilder("rar50", store=True, volume_size=100_000, password=password)
    for name, octets in FILES:
        builder.add_bytes(octets, name)
    return [(place.name, place.read_bytes()) for place in map(Path, builder.write_volumes(str(folder / "材料.rar")))]


def cut(name: str, octets: bytes, size: int = 100_000) -> Files:
    """As 7-Zip cuts any archive: by octets, numbered."""
    pieces = [octets[start : start + size] for start in range(0, len(octets), size)]
    return [(f"{name}.{number:03}", piece) for number, piece in enumerate(pieces, 1)]


def split_zip(size: int = 100_000) -> Files:
    """As WinZip and Info-ZIP split: places are counted from the beginning of the volume that they lie in."""
    octets = bytearray(b"PK\x07\x08" + zip_of(FILES))
    end = octets.rfind(b"PK\x05\x06")
    at = struct.unpack_from("<L", octets, end + 16)[0] + 4
    struct.pack_into("<HH", octets, end + 4, end // size, at // size)
    struct.pack_into("<L", octets, end + 16, at % size)
    while octets[at : at + 4] == b"PK\x01\x02":
        place = struct.unpack_from("<L", octets, at + 42)[0] + 4
        struct.pack_into("<H", octets, at + 34, place // size)
        struct.pack_into("<L", octets, at + 42, place % size)
        at += 46 + sum(struct.unpack_from("<HHH", octets, at + 28))
    pieces = [bytes(octets[start : start + size]) for start in range(0, len(octets), size)]
    last = len(pieces) - 1
    return [(f"材料.z{number + 1:02}" if number < last else "材料.zip", piece) for number, piece in enumerate(pieces)]


def seven() -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[{"id": py7zr.FILTER_COPY}]) as archive:
        for name, octets in FILES:
            archive.writestr(octets, name)
    return out.getvalue()


def sent(files: Files) -> tuple[Attachment, ...]:
    return parse(qq_web("材料", "见附件", files)).attachments


def told(files: Files) -> list[tuple[str, Problem | None]]:
    return [(each.shown_name, each.problem) for each in sent(files)]


@pytest.fixture(params=["rar", "split zip", "cut zip", "cut 7z"])
def volumes(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """The same two files in at least three volumes."""
    match request.param:
        case "rar":
            return rar(tmp_path)
        case "split zip":
            return split_zip()
        case "cut zip":
            return cut("材料.zip", zip_of(FILES))
    return cut("材料.7z", seven())


def test_volumes_of_one_mail_are_one_archive(volumes: Files) -> None:
    """In whatever order they are attached, under the first volume's name, with other files in their own places."""
    assert len(volumes) > 2
    found = sent([("表.txt", b"x"), *reversed(volumes), ("照片.txt", b"y")])
    assert [each.path[-1] for each in found] == ["表.txt", "孙庄村/照片.jpg", "b.txt", "照片.txt"]
    assert {each.path[0] for each in found[1:3]} == {volumes[0][0]}
    assert [each.blob.size for each in found[1:3]] == [len(PHOTO), 3]
    assert all(each.problem is None for each in found)


@pytest.mark.parametrize("missing", [0, 1, -1])
def test_volumes_without_one_are_told(volumes: Files, missing: int) -> None:
    """Whichever is missing: nothing is read as if it were whole, nothing is lost, and no word of damage."""
    left = [each for each in volumes if each is not volumes[missing]]
    found = told(left)
    assert Problem.PARTIAL in {problem for _, problem in found}
    assert {problem for _, problem in found} <= {Problem.PARTIAL, None}
    assert {name.split(" / ")[0] for name, _ in found} == {name for name, _ in left}


def test_a_volume_twice_makes_no_set() -> None:
    """Which of the two is right nobody knows."""
    first, second, *rest = cut("材料.zip", zip_of(FILES))
    assert {problem for _, problem in told([first, second, second, *rest])} == {Problem.PARTIAL}


def test_volumes_with_a_password(tmp_path: Path) -> None:
    """What is wrong with the whole is told of each."""
    volumes = rar(tmp_path, password="x")
    assert told(volumes) == [(name, Problem.ENCRYPTED) for name, _ in volumes]


def test_a_plain_archive_beside_others_stays_itself() -> None:
    """A .zip and a .rar of one name are two archives, and keep their places."""
    found = told([("材料.zip", zip_of(FILES)), ("材料.rar", old_rar(b"1.jpg", b"x")), ("材料.txt", b"x")])
    assert [name for name, _ in found] == [
        "材料.zip / 孙庄村/照片.jpg",
        "材料.zip / b.txt",
        "材料.rar / 1.jpg",
        "材料.txt",
    ]


def test_volumes_within_an_archive_are_told() -> None:
    """Nobody packs volumes once more; where it happens they are named, not mistaken for files of their own."""
    ((name, problem), *_) = told([("外.zip", zip_of([("材料.zip.002", PHOTO)]))])
    assert (name, problem) == ("外.zip / 材料.zip.002", Problem.PARTIAL)


@pytest.mark.parametrize(
    ("name", "further"),
    [
        ("照片.part1.rar", False),
        ("照片.part02(1).rar", True),
        ("照片.rar", False),
        ("照片.r00", True),
        ("照片.z01", True),
        ("照片.zip", False),
        ("照片.7z.001", True),
        ("5.10.docx", False),
        ("活动.2023", False),
    ],
)
def test_names_of_volumes(name: str, further: bool) -> None:
    """Those that are nothing without others."""
    assert is_further(name) is further


def test_places_of_volumes() -> None:
    """From one on; the .zip comes behind its .z01; gaps make no set."""
    names = ["a.r01", "a.rar", "a.r00", "b.zip", "b.z01", "c.part1.rar", "c.part3.rar", "d.zip"]
    sets = group_volumes((name, name) for name in names)
    assert [each.volumes for each in sets] == [("a.rar", "a.r00", "a.r01"), ("b.z01", "b.zip")]
    volume = parse_volume("A.PART12.RAR")
    assert volume is not None
    assert (volume.stem, volume.number) == ("a", 12)
