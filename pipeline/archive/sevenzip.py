"""7z archives, by the library py7zr."""

from __future__ import annotations

import lzma
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import py7zr
from py7zr.exceptions import (
    AbsolutePathError,
    ArchiveError,
    PasswordRequired,
    UnsupportedCompressionMethodError,
)
from py7zr.io import Py7zIO, WriterFactory

from pipeline.archive.apart import Teller
from pipeline.archive.limits import Refused
from pipeline.archive.names import leads_outside
from pipeline.model.files import Problem
from pipeline.sniff import MOST_ENTRIES

# What py7zr lets through on damaged files, beside its own errors.
_ERRORS = (
    ArchiveError,
    AbsolutePathError,
    lzma.LZMAError,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RuntimeError,
    RecursionError,
    struct.error,
)


def read_7z(paths: Sequence[Path], tell: Teller) -> None:
    """Tell the files. The files of a block lie behind one another: past a damaged one, none of them can be read."""
    with paths[0].open("rb") as stream:  # py7zr reads a path by several threads at once, a stream in order
        try:
            with py7zr.SevenZipFile(stream) as archive:
                _tell_files(archive, tell)
        except PasswordRequired as error:
            raise Refused(Problem.ENCRYPTED) from error
        except UnsupportedCompressionMethodError as error:
            raise Refused(Problem.UNSUPPORTED) from error
        except _ERRORS as error:
            raise Refused(Problem.DAMAGED) from error


def _tell_files(archive: py7zr.SevenZipFile, tell: Teller) -> None:
    entries = list(archive.files)
    if len(entries) > MOST_ENTRIES or any(leads_outside(entry.filename) for entry in entries):
        raise Refused(Problem.HOSTILE)
    if archive.needs_password():
        raise Refused(Problem.ENCRYPTED)
    links = frozenset(entry.filename for entry in entries if entry.is_symlink or entry.is_junction)
    files = [entry.filename for entry in entries if not (entry.is_directory or entry.filename in links)]
    told = _Told(tell, links)
    try:
        archive.extractall(factory=told)
    except (PasswordRequired, UnsupportedCompressionMethodError):
        raise
    except _ERRORS:
        if not told.names:
            raise
        tell.broken(Problem.DAMAGED)
        for name in [each for each in files if each not in told.names]:
            tell.name(name)
            tell.broken(Problem.DAMAGED)


class _Told(WriterFactory):
    """Where py7zr writes to: each file is told as it comes."""

    def __init__(self, tell: Teller, links: frozenset[str]) -> None:
        self._tell = tell
        self._links = links
        self.names: set[str] = set()

    def create(self, filename: str) -> Py7zIO:
        """A file begins; the name has been made a relative path, and unlike those before it."""
        if filename in self._links:
            return _File(None)
        self.names.add(filename)
        self._tell.name(filename)
        return _File(self._tell)


class _File(Py7zIO):
    """One file, only ever written; what is written to a link leads nowhere."""

    def __init__(self, tell: Teller | None) -> None:
        self._tell = tell
        self._size = 0

    def write(self, s: bytes | bytearray) -> int:
        """Tell a piece."""
        self._size += len(s)
        if self._tell is not None:
            self._tell.octets(bytes(s))
        elif leads_outside(bytes(s).decode("utf-8", "replace")):
            raise Refused(Problem.HOSTILE)
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        """Nothing."""
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Nowhere."""
        return 0

    def flush(self) -> None:
        """Nothing is held back."""

    def size(self) -> int:
        """Octets so far."""
        return self._size
