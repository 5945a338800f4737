"""Where a mail is taken apart: files for what comes out of it, until it is known what of that is to be kept."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from pipeline.errors import AccessError
from pipeline.model.message import Blob

# Read-only within the umask: nobody edits the cache by accident. Windows deletes no read-only file, so not there.
_MODE: Final = 0o666 if os.name == "nt" else 0o444


Failure = Callable[[Path, OSError], AccessError]


@dataclass(frozen=True, slots=True)
class Loose:
    """A file taken out of a mail."""

    path: Path
    blob: Blob


class Workplace:
    """The files of one mail. What is kept goes into the cache, by whoever opened the workplace; the rest goes.

    The folder may be shared: what lies there of this workplace has ``apart`` before its name.
    """

    def __init__(self, folder: Path, failure: Failure | None = None, *, apart: str = "") -> None:
        self.folder = folder
        self._apart = apart
        self._failure = failure or _failure
        self.kept: dict[str, Path] = {}  # by digest
        self._shelf = self
        self._places = 0

    def place(self) -> Path:
        """Where the next file goes: a number, never a name from outside."""
        self._places += 1
        return self._numbered(self._places)

    def _numbered(self, number: int) -> Path:
        return self.folder / f"{self._apart}{number}"

    def lay(self, chunks: Iterable[bytes]) -> Loose:
        """Write these octets down. AccessError where the disk will not; what ``chunks`` raises passes through."""
        path = self.place()
        digest, size = hashlib.sha256(), 0
        with self._failures():
            descriptor = create(path)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as file:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    with self._failures():
                        rest = memoryview(chunk)
                        while rest:
                            rest = rest[file.write(rest) :]
        except BaseException:
            path.unlink(missing_ok=True)  # a full disk is needed for what came whole
            raise
        return Loose(path, Blob(digest.hexdigest(), size))

    def keep(self, loose: Loose) -> Blob:
        """Put a file among those that are kept."""
        if loose.blob.digest not in self.kept:
            place = self._shelf.place()
            with self._failures():
                loose.path.replace(place)
            self.kept[loose.blob.digest] = place
        return loose.blob

    def drop(self, loose: Loose) -> None:
        """Delete a file, unless it is kept."""
        loose.path.unlink(missing_ok=True)

    @contextmanager
    def within(self) -> Iterator[Self]:
        """A workplace for what a file within the mail holds: what is not kept goes at the end."""
        with self._failures():
            folder = tempfile.TemporaryDirectory(prefix=self._apart, dir=self.folder, ignore_cleanup_errors=True)
        with folder as place:
            inner = type(self)(Path(place), self._failure)
            inner.kept, inner._shelf = self.kept, self._shelf
            yield inner

    def clear(self) -> None:
        """Delete what was neither dropped nor taken."""
        for number in range(1, self._places + 1):
            with suppress(OSError):  # who cleans the folder will find it
                self._numbered(number).unlink(missing_ok=True)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._failure(self._shelf.folder, error) from error


def _failure(place: Path, error: OSError) -> AccessError:
    return AccessError(f"拆开邮件时写不进临时文件夹（{error.strerror}），请检查磁盘空间：{place}")


@contextmanager
def open_workplace(folder: Path | None = None, failure: Failure | None = None) -> Iterator[Workplace]:
    """A workplace in this folder, by default the system's for temporary files; its files are gone at the end.

    ``failure`` says in its own words what the disk refused.
    """
    place = Workplace(folder or Path(tempfile.gettempdir()), failure, apart=f"baosong-{secrets.token_hex(8)}-")
    try:
        yield place
    finally:
        place.clear()


def create(path: Path) -> int:
    """The descriptor of a new file that is written once."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _MODE)
