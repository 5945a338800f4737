"""Zip archives.

Names without the UTF-8 flag are read as GB18030 or UTF-8, whichever fits all names of the archive (APPNOTE 4.4.4;
seen: WinRAR, Kuaizip and Windows itself write GBK without any mark).
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import IO

from pipeline.archive.limits import CHUNK, Broken, Chunks, Refused
from pipeline.archive.names import decode_names, leads_outside
from pipeline.archive.volumes import is_last_of_several
from pipeline.model.files import Problem
from pipeline.octets import Octets
from pipeline.sniff import MOST_ENTRIES, ZIP_ERRORS
from pipeline.text.charset import decode_octets

_UNIX = 3


def read_zip(path: Path) -> Generator[tuple[str, Chunks]]:
    """The files by their names. An archive with one encrypted file counts as encrypted."""
    with _opened(path) as archive:
        for entry, name in _files(archive):
            yield name, _chunks(archive, entry)


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Chunks:
    try:
        with _stream(archive, entry) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except NotImplementedError as error:  # a compression that zipfile does not know
        raise Broken(Problem.UNSUPPORTED) from error
    except ZIP_ERRORS as error:
        raise Broken(Problem.DAMAGED) from error


def _stream(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    """The member, decompressed. zipfile refuses one whose name differs in its local header; ours are only for show.

    Seen: IZArc writes slashes here and backslashes there, other packers one name in two charsets.
    """
    local = archive.fp
    if local is not None:
        local.seek(entry.header_offset)
        header = local.read(30)
        if len(header) == 30 and header.startswith(b"PK\x03\x04"):
            flags, length = struct.unpack_from("<H", header, 6)[0], struct.unpack_from("<H", header, 26)[0]
            entry.orig_filename = local.read(length).decode("utf-8" if flags & 0x800 else "cp437", "replace")
    return archive.open(entry)


def _opened(path: Path) -> zipfile.ZipFile:
    with path.open("rb") as file:
        octets = Octets(file)
        if octets.count(b"PK\x01\x02", MOST_ENTRIES) > MOST_ENTRIES:
            raise Refused(Problem.HOSTILE)
        if is_last_of_several(octets):
            raise Refused(Problem.PARTIAL)
    try:
        return zipfile.ZipFile(path)
    except NotImplementedError as error:
        raise Refused(Problem.UNSUPPORTED) from error
    except ZIP_ERRORS as error:
        raise Refused(Problem.DAMAGED) from error


def _files(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, str]]:
    """The entries that are files, with their names; raises on a hostile name or an encrypted entry."""
    entries = archive.infolist()
    named = list(zip(entries, _names(entries), strict=True))
    if any(leads_outside(name) for _, name in named) or any(_is_trap(archive, entry) for entry in entries):
        raise Refused(Problem.HOSTILE)
    files = [(entry, name) for entry, name in named if not name.endswith(("/", "\\")) and not _is_link(entry)]
    if any(entry.flag_bits & 0x1 for entry, _ in files):
        raise Refused(Problem.ENCRYPTED)
    return files


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return entry.create_system == _UNIX and stat.S_ISLNK(entry.external_attr >> 16)


def _is_trap(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """A symbolic link that leads outside. Others are passed over: they hold a name and no file."""
    if not _is_link(entry):
        return False
    try:
        with archive.open(entry) as stream:
            return leads_outside(decode_octets(stream.read(4096)))
    except ZIP_ERRORS:
        return False


def _names(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    names = [_unicode_extra(entry) or entry.orig_filename for entry in entries]
    unmarked = [at for at, entry in enumerate(entries) if not (entry.flag_bits & 0x800 or _unicode_extra(entry))]
    for at, name in zip(unmarked, decode_names([_raw_name(entries[at]) for at in unmarked]), strict=True):
        names[at] = name
    return [decode_octets(name.encode("utf-8", "replace")) for name in names]


def _raw_name(entry: zipfile.ZipInfo) -> bytes:
    """The name's octets: zipfile has read them as cp437, which keeps every octet."""
    return entry.orig_filename.partition("\0")[0].encode("cp437", "replace")


def _unicode_extra(entry: zipfile.ZipInfo) -> str:
    """Info-ZIP's Unicode Path Extra Field (APPNOTE 4.6.9); "" where there is none or it belongs to another name."""
    extra, at = entry.extra, 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + size]
        if kind == 0x7075 and len(field) > 5 and field[0] == 1:
            checksum = struct.unpack_from("<L", field, 1)[0]
            return decode_octets(field[5:], "utf-8") if checksum == zlib.crc32(_raw_name(entry)) else ""
        at += 4 + size
    return ""
