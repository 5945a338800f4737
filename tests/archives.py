"""Unfolds archives for tests, and makes such as zipfile and tarfile cannot: rar archives of the older kind."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from pipeline.archive import LIMITS, Limits, unfolded
from pipeline.cache.workplace import open_workplace
from pipeline.model.files import FileKind, Problem


@dataclass(frozen=True)
class File:
    """A member with its octets taken out."""

    names: tuple[str, ...]
    octets: bytes
    problem: Problem | None


def unfold_all(
    octets: bytes, kind: FileKind = FileKind.ZIP, limits: Limits = LIMITS, name: str = ""
) -> Problem | list[File]:
    """The files, or why the archive is refused."""
    with open_workplace() as workplace:
        archive = workplace.lay([octets])
        with unfolded([archive.path], kind, workplace, limits, name=name) as members:
            if isinstance(members, Problem):
                return members
            return [File(member.names, member.file.path.read_bytes(), member.problem) for member in members]


def unfold(octets: bytes, kind: FileKind = FileKind.ZIP, limits: Limits = LIMITS) -> list[File]:
    """The files; AssertionError where the archive is refused."""
    files = unfold_all(octets, kind, limits)
    assert not isinstance(files, Problem), files
    return files


def judge(octets: bytes, limits: Limits = LIMITS, kind: FileKind = FileKind.ZIP) -> Problem | None:
    """Why the archive is refused; None where it is not."""
    files = unfold_all(octets, kind, limits)
    return files if isinstance(files, Problem) else None


def names(octets: bytes, kind: FileKind = FileKind.ZIP) -> list[tuple[str, ...]]:
    """The files' names."""
    return [file.names for file in unfold(octets, kind)]


def old_rar(name: bytes, content: bytes, flags: int = 0x8000, declared: int | None = None) -> bytes:
    """A RAR 2.9 archive of one stored file, as WinRAR 3 and 4 write it; names are octets of the system's charset."""
    size = len(content) if declared is None else declared
    sizes, crc, head = (len(content), size), zlib.crc32(content), 32 + len(name)
    file = struct.pack("<BHHIIBIIBBHI", 0x74, flags, head, *sizes, 2, crc, 0x56210000, 20, 0x30, len(name), 0x20) + name
    blocks = [struct.pack("<BHHHI", 0x73, 0, 13, 0, 0), file, struct.pack("<BHH", 0x7B, 0x4000, 7)]
    main, entry, end = (struct.pack("<H", zlib.crc32(block) & 0xFFFF) + block for block in blocks)
    return b"Rar!\x1a\x07\0" + main + entry + content + end


def unicode_name(name: str) -> bytes:
    """A name as RAR 2.9 keeps it with flag 0x200: in the system's charset, a zero, and UTF-16 packed by fours."""
    units = name.encode("utf-16-le")
    packed = bytearray([0])
    for start in range(0, len(units), 8):
        packed += b"\xaa" + units[start : start + 8]  # two octets each
    return name.encode("gbk", "replace") + b"\0" + bytes(packed)
