"""Tar archives (POSIX pax, GNU, ustar)."""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from pathlib import Path

from pipeline.archive.apart import Teller
from pipeline.archive.limits import CHUNK, Refused
from pipeline.archive.names import decode_names, leads_outside
from pipeline.model.files import Problem
from pipeline.sniff import MOST_ENTRIES

# IndexError: a sparse file's map cut off (found by make fuzz).
_ERRORS = (tarfile.TarError, OSError, EOFError, IndexError, ValueError, OverflowError, UnicodeError, RecursionError)


def read_tar(paths: Sequence[Path], tell: Teller) -> None:
    """Tell the files. Links within are passed over; devices and the like too."""
    try:
        with tarfile.open(paths[0], "r:", encoding="utf-8", errors="surrogateescape") as archive:
            entries: list[tarfile.TarInfo] = []
            for entry in archive:
                entries.append(entry)
                if len(entries) > MOST_ENTRIES:
                    raise Refused(Problem.HOSTILE)
            _tell_files(archive, entries, tell)
    except _ERRORS as error:
        raise Refused(Problem.DAMAGED) from error


def _tell_files(archive: tarfile.TarFile, entries: Sequence[tarfile.TarInfo], tell: Teller) -> None:
    names = decode_names([entry.name.encode("utf-8", "surrogateescape") for entry in entries])
    links = [entry.linkname for entry in entries if entry.issym() or entry.islnk()]
    if any(leads_outside(name) for name in (*names, *links)):
        raise Refused(Problem.HOSTILE)
    for entry, name in zip(entries, names, strict=True):
        if entry.isfile():
            tell.name(name)
            try:
                stream = archive.extractfile(entry)
                while stream and (chunk := stream.read(CHUNK)):
                    tell.octets(chunk)
            except _ERRORS:
                tell.broken(Problem.DAMAGED)
