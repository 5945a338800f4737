"""Archives in several volumes: WinRAR's ``.part1.rar`` and ``.r00``, WinZip's ``.z01``, 7-Zip's ``.zip.001``.

Seen: villages that cut what is too large for one mail, and send the volumes as attachments of one mail.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

_LAST = 0  # the number of a .zip among .z01, .z02 …: it comes last, whatever their number
_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("rar", re.compile(r"(?P<stem>.+)\.part(?P<number>\d{1,4})(?:\s*[（(]\d+[）)])?\.rar", re.IGNORECASE)),
    ("cut", re.compile(r"(?P<stem>.+\.(?:zip|7z|rar|tar))\.(?P<number>\d{3})", re.IGNORECASE)),
    ("old rar", re.compile(r"(?P<stem>.+)\.(?:rar|r(?P<number>\d\d))", re.IGNORECASE)),
    ("zip", re.compile(r"(?P<stem>.+)\.(?:zip|z(?P<number>\d\d))", re.IGNORECASE)),
)
_END, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"


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


def join_zip(volumes: Sequence[bytes]) -> bytes:
    """One zip of the volumes of a split one: every place is counted from the beginning of the first (APPNOTE 8.5)."""
    octets = bytearray(b"".join(volumes))
    starts = [sum(map(len, volumes[:number])) for number in range(len(volumes))]
    end = octets.rfind(_END)
    if end < 0 or end + 22 > len(octets):
        return bytes(octets)
    directory_disk, size, offset = struct.unpack_from("<xxxxxxHxxxxLL", octets, end)
    if directory_disk >= len(starts):
        return bytes(octets)
    at = starts[directory_disk] + offset
    struct.pack_into("<L", octets, end + 16, at)
    struct.pack_into("<HH", octets, end + 4, 0, 0)
    struct.pack_into("<H", octets, end + 8, struct.unpack_from("<H", octets, end + 10)[0])
    stop = min(at + size, end)
    while at + 46 <= stop and octets[at : at + 4] == _ENTRY:
        name, extra, comment, disk = struct.unpack_from("<HHHH", octets, at + 28)
        if disk >= len(starts):
            break
        place = struct.unpack_from("<L", octets, at + 42)[0]
        struct.pack_into("<H", octets, at + 34, 0)
        struct.pack_into("<L", octets, at + 42, (starts[disk] + place) & 0xFFFFFFFF)
        at += 46 + name + extra + comment
    return bytes(octets)


def is_last_of_several(octets: bytes) -> bool:
    """Whether a zip says of itself that it is a volume with others before it."""
    end = octets.rfind(_END, max(0, len(octets) - 66_000))
    if end < 0 or end + 8 > len(octets):
        return False
    number = int(struct.unpack_from("<H", octets, end + 4)[0])
    return 0 < number < 0xFFFF
