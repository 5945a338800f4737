"""RAR archives of all generations, by the library rars: a decoder of its own, in Rust, in one wheel for every system.

rarfile needs a program beside it (unrar, unar, bsdtar) that a clerk's machine does not have; unrar2-cffi has its own
decoder, but ran without end on one of libarchive's damaged test files (seen: version 0.5.0).
"""

from __future__ import annotations

import re
import stat
from collections.abc import Sequence
from pathlib import Path

import rars  # type: ignore[import-untyped]  # the wheel holds no types

from pipeline.archive.apart import Teller
from pipeline.archive.limits import CHUNK, LIMITS, Refused
from pipeline.archive.names import decode_names, leads_outside
from pipeline.model.files import Problem

_LIMITS = {
    "max_member_output_bytes": LIMITS.member_size,
    "max_total_output_bytes": LIMITS.total_size,
    "max_header_count": 20_000,
}
_OPTIONS = rars.ReadOptions(**_LIMITS)
# For files that the library itself lays down: a charset that has a character for every octet of an older name.
_LAID_DOWN = rars.ReadOptions(**_LIMITS, legacy_name_encoding="cp437")
_Listed = tuple[rars.RarFile, list[tuple[rars.RarInfo, str]]]
_TOGETHER = 300 << 20  # octets of a solid archive that are decoded at once; beyond, each file anew from the beginning
_UNIX = {"rar50_plus": 1}  # what the host system is called by generation; 3 in the older ones


def read_rar(paths: Sequence[Path], tell: Teller) -> None:
    """Tell the files. Of one volume without the others, those that go on elsewhere are PARTIAL, not damaged."""
    listed = [_list_files(path) for path in paths]
    if len(listed) > 1:
        _tell_volumes(paths, listed, tell)
        return
    archive, files = listed[0]
    whole = _read_together(archive, [entry for entry, _ in files])
    for number, (entry, name) in enumerate(files):
        tell.name(name)
        if entry.is_split_before or entry.is_split_after:
            tell.broken(Problem.PARTIAL)
            continue
        try:
            octets = whole[number] if whole else archive.read(entry, options=_OPTIONS)
        except rars.Error as error:
            tell.broken(_problem(error))
        except KeyError:  # a copy of another file, told of in its header alone
            tell.broken(Problem.UNSUPPORTED)
        else:
            for start in range(0, len(octets), CHUNK):
                tell.octets(octets[start : start + CHUNK])


def _list_files(path: Path) -> _Listed:
    """The archive, or volume of one, and its files with their names. Raises Refused."""
    try:
        archive = rars.RarFile.from_bytes(path.read_bytes(), options=_OPTIONS)
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except rars.Error as error:
        raise Refused(_problem(error)) from error
    except ValueError as error:
        raise Refused(Problem.DAMAGED) from error
    names = _names(entries)
    files = [(entry, name) for entry, name in zip(entries, names, strict=True) if not _is_link(archive, entry)]
    if any(leads_outside(name) for name in names):
        raise Refused(Problem.HOSTILE)
    if any(entry.is_encrypted for entry, _ in files):
        raise Refused(Problem.ENCRYPTED)
    return archive, files


def _tell_volumes(paths: Sequence[Path], listed: Sequence[_Listed], tell: Teller) -> None:
    """The files of all volumes together. The library can only lay them down in a folder; it goes with the volumes."""
    last = listed[-1][1]
    if (last and last[-1][0].is_split_after) or _goes_on(paths[-1].read_bytes()[-20:]):
        raise Refused(Problem.PARTIAL)
    folder = paths[0].parent / "files"
    try:
        laid = rars.extract_volumes([str(path) for path in paths], path=str(folder), options=_LAID_DOWN)
    except rars.Error as error:
        raise Refused(_problem(error)) from error
    except (OSError, ValueError, KeyError) as error:
        raise Refused(Problem.DAMAGED) from error
    places = [place for place in laid if place.is_file() and not place.is_symlink()]
    names = [name for _, files in listed for entry, name in files if not entry.is_split_before]
    if len(names) != len(places):
        names = [place.relative_to(folder).as_posix() for place in places]
    for place, name in zip(places, names, strict=True):
        tell.name(name)
        with place.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                tell.octets(chunk)


def _goes_on(end: bytes) -> bool:
    """Whether the last octets of a volume say that another follows: the end blocks of RAR 5 and of RAR 4."""
    old = next((end[-size:] for size in (7, 11, 13, 20) if len(end) >= size and end[-size + 2] == 0x7B), b"")
    return re.search(rb"\x03\x05[\0\x04]\x01\Z", end) is not None or (
        len(old) > 6 and old[3] & 1 == 1 and old[5] == len(old)
    )


def _read_together(archive: rars.RarFile, entries: Sequence[rars.RarInfo]) -> list[bytes]:
    """All files of a solid archive by one pass; nothing where it is not solid, too large, or one of them is bad."""
    solid = any(entry.is_solid for entry in entries)
    if not solid or sum(entry.file_size for entry in entries) > _TOGETHER:
        return []
    try:
        return list(archive.read_many(entries, options=_OPTIONS))
    except (rars.Error, KeyError):
        return []


def _is_link(archive: rars.RarFile, entry: rars.RarInfo) -> bool:
    """A symbolic link holds a name and no file. Raises Refused where it leads outside."""
    if entry.host_os != _UNIX.get(archive.family, 3) or not stat.S_ISLNK(entry.file_attr):
        return False
    try:
        target = archive.readlink(entry).decode("utf-8", "replace")
    except rars.Error:
        return True
    if leads_outside(target):
        raise Refused(Problem.HOSTILE)
    return True


def _names(entries: Sequence[rars.RarInfo]) -> list[str]:
    """Names in Unicode as they are; older archives made without have octets of the system's charset (seen: GBK)."""
    names = [entry.filename for entry in entries]
    unknown = [at for at, name in enumerate(names) if "\ufffd" in name]
    octets = [entries[at].orig_filename_bytes.partition(b"\0")[0] for at in unknown]
    for at, name in zip(unknown, decode_names(octets), strict=True):
        names[at] = name
    return names


def _problem(error: rars.Error) -> Problem:
    if isinstance(error, rars.PasswordRequired | rars.BadPassword):
        return Problem.ENCRYPTED
    if isinstance(error, rars.UnsafeArchivePath):
        return Problem.HOSTILE
    return Problem.UNSUPPORTED if isinstance(error, rars.UnsupportedRarFeature) else Problem.DAMAGED
