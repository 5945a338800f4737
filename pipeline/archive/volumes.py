"""Archives in several volumes: WinRAR's ``.part1.rar`` and ``.r00``, WinZip's ``.z01``, 7-Zip's ``.zip.001``.

Seen: villages that cut what is too large for one mail, and send the volumes as attachments of one mail.
"""

from __future__ import annotations

import re
import shutil
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

from pipeline.octets import Octets

T = TypeVar("T")

_LAST = 0  # the number of a .zip among .z01, .z02 …: it comes last, whatever their number
_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("rar", re.compile(r"(?P<stem>.+)\.part(?P<number>\d{1,4})(?:\s*[（(]\d+[）)])?\.rar", re.IGNORECASE)),
    ("cut", re.compile(r"(?P<stem>.+\.(?:zip|7z|rar|tar))\.(?P<number>\d{3})", re.IGNORECASE)),
    ("old rar", re.compile(r"(?P<stem>.+)\.(?:rar|r(?P<number>\d\d))", re.IGNORECASE)),
    ("zip", re.compile(r"(?P<stem>.+)\.(?:zip|z(?P<number>\d\d))", re.IGNORECASE)),
)
_END, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"
_END_SIZE = 22
_LONGEST_END = 66_000  # with the longest comment


@dataclass(frozen=True, slots=True)
class Volume:
    """What a file's name says of its place among volumes."""

    style: str
    stem: str  # in lower case, equal for the volumes of one archive
    number: int  # from 1; 0 where it comes last


def parse_volume(name: str) -> Volume | None:
    """The place of a file of this name; None where it belongs to no archive of volumes.

    A plain ``.rar`` or ``.zip`` may be the first, or last, of several: whether it is, its neighbours tell.
    """
    for style, pattern in _NAMES:
        found = pattern.fullmatch(name.strip())
        if found:
            number = found["number"]
            if style == "old rar":
                place = 1 if number is None else int(number) + 2
            else:
                place = _LAST if number is None else int(number)
            return Volume(style, found["stem"].lower(), place)
    return None


def is_further(name: str) -> bool:
    """Whether a file of this name is a volume that cannot be read without others."""
    volume = parse_volume(name)
    if volume is None:
        return False
    return volume.number > 1 if volume.style in {"rar", "old rar"} else volume.style == "cut" or volume.number > _LAST


@dataclass(frozen=True, slots=True)
class VolumeSet(Generic[T]):
    """The volumes of one archive, all there, in their order."""

    style: str
    volumes: tuple[T, ...]


def group_volumes(files: Iterable[tuple[str, T]]) -> list[VolumeSet[T]]:
    """The archives whose volumes are all among these named files. Copies of a volume and gaps make no set."""
    found: dict[tuple[str, str], dict[int, T]] = {}
    twice: set[tuple[str, str]] = set()
    for name, file in files:
        volume = parse_volume(name)
        if volume is not None:
            numbered = found.setdefault((volume.style, volume.stem), {})
            if volume.number in numbered:
                twice.add((volume.style, volume.stem))
            numbered[volume.number] = file
    sets = []
    for key, numbered in found.items():
        count, style = len(numbered), key[0]
        wanted = [*range(1, count), _LAST] if style == "zip" else list(range(1, count + 1))
        if count > 1 and key not in twice and sorted(numbered) == sorted(wanted):
            sets.append(VolumeSet(style, tuple(numbered[number] for number in wanted)))
    return sets


def join(volumes: Sequence[Path], place: Path) -> None:
    """Write all volumes after each other into one new file."""
    with place.open("xb") as joined:
        for volume in volumes:
            with volume.open("rb") as file:
                shutil.copyfileobj(file, joined, 1 << 20)


def join_zip(volumes: Sequence[Path], place: Path) -> None:
    """One zip of the volumes of a split one: every place is counted from the beginning of the first (APPNOTE 8.5)."""
    join(volumes, place)
    starts = [sum(each.stat().st_size for each in volumes[:number]) for number in range(len(volumes))]
    with place.open("r+b") as file:
        end = _find_end(Octets(file))
        if end < 0:
            return
        record = bytearray(_read_at(file, end, _END_SIZE))
        if len(record) < _END_SIZE:
            return
        directory_disk, size, offset = struct.unpack_from("<xxxxxxHxxxxLL", record)
        if directory_disk >= len(starts):
            return
        at = starts[directory_disk] + offset
        struct.pack_into("<L", record, 16, at & 0xFFFFFFFF)
        struct.pack_into("<HH", record, 4, 0, 0)
        struct.pack_into("<H", record, 8, struct.unpack_from("<H", record, 10)[0])
        _write_at(file, end, bytes(record))
        _count_from_first(file, at, min(at + size, end), starts)


def _count_from_first(file: BinaryIO, at: int, stop: int, starts: Sequence[int]) -> None:
    """The same for the entries of the directory that stands between the two places."""
    while at + 46 <= stop:
        entry = bytearray(_read_at(file, at, 46))
        if not entry.startswith(_ENTRY):
            return
        name, extra, comment, disk = struct.unpack_from("<HHHH", entry, 28)
        if disk >= len(starts):
            return
        place = struct.unpack_from("<L", entry, 42)[0]
        struct.pack_into("<H", entry, 34, 0)
        struct.pack_into("<L", entry, 42, (starts[disk] + place) & 0xFFFFFFFF)
        _write_at(file, at, bytes(entry))
        at += 46 + name + extra + comment


def _read_at(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)


def _write_at(file: BinaryIO, place: int, octets: bytes) -> None:
    file.seek(place)
    file.write(octets)


def is_last_of_several(octets: Octets) -> bool:
    """Whether a zip says of itself that it is a volume with others before it."""
    end = _find_end(octets)
    if end < 0 or end + 8 > len(octets):
        return False
    number = int(struct.unpack("<H", octets[end + 4 : end + 6])[0])
    return 0 < number < 0xFFFF


def _find_end(octets: Octets) -> int:
    """Where the record stands that ends a zip; -1 where none does."""
    start = max(0, len(octets) - _LONGEST_END)
    found = octets[start:].rfind(_END)
    return found if found < 0 else start + found
