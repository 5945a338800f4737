"""Octets as received and their parts, by content hash; never edited.

A file is written beside its place, made safe on disk, and only then renamed, so that whatever bears a digest as its
name is whole. Everything else the program knows can be built again from here.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cached_property
from io import BufferedReader
from pathlib import Path

from pipeline.cache.workplace import Workplace, open_workplace
from pipeline.errors import AccessError
from pipeline.model.message import Blob

_UNFINISHED = "unfinished"
_NOTES = "notes"
_STALE_SECONDS = 24 * 3600.0  # no single message takes a day to arrive: its writer is gone
_MOST_KNOWN = 10_000  # files of which this process remembers that it found them sound
_FEW, _AT_ONCE = 4, 8  # fsyncs: so many are not worth threads; so many wait for the disk together
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}


class LocalCache:
    """A :class:`Cache` in a folder: ``ab/abcd…``, without suffixes. Many processes may write at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._sound: dict[str, tuple[int, int]] = {}  # size and time of change of files whose octets were looked at
        self._cleaned = False  # of what crashed writers left: once is enough, for whoever crashed begins anew

    def store(self, chunks: Iterable[bytes]) -> Blob:
        """Write, fsync, rename, fsync the folder. What ``chunks`` raises passes through and leaves nothing behind."""
        with self.workplace() as workplace:
            loose = workplace.lay(chunks)
            self.take({loose.blob.digest: loose.path})
        return loose.blob

    @contextmanager
    def workplace(self) -> Iterator[Workplace]:
        """On the same disk, so that what is kept need not be copied."""
        folder = self.root / _UNFINISHED
        with self._failures(folder):
            folder.mkdir(parents=True, exist_ok=True)
        if not self._cleaned:
            self._cleaned = True
            _clean(folder)
        with open_workplace(folder, self._failure) as place:
            yield place

    def take(self, files: Mapping[str, Path]) -> None:
        """The same as for :meth:`store`, for many at once."""
        moves: dict[Path, Path] = {}
        for digest, path in files.items():
            with self._failures(path):
                if not self._is_sound(digest, path.stat().st_size):
                    moves[path] = self._place(digest)
        self._settle(moves)

    def contains(self, digest: str) -> bool:
        """Whether these octets are kept."""
        return self._find(digest).is_file()

    def open(self, digest: str) -> BufferedReader:
        """The octets as a file; AccessError where they are not kept or may not be read."""
        place = self._find(digest)
        try:
            return place.open("rb")
        except FileNotFoundError:
            raise AccessError(f"缓存里缺少文件 {place}：请从备份恢复缓存目录，或重新收取邮件") from None
        except OSError as error:
            raise self._failure(place, error) from error

    def read(self, digest: str) -> bytes:
        """All the octets; AccessError as for :meth:`open`."""
        with self.open(digest) as file, self._failures(self._place(digest)):
            return file.read()

    def path(self, digest: str) -> Path:
        """The file that holds the octets; AccessError where they are not kept."""
        self.open(digest).close()
        return self._place(digest)

    def verify(self, digest: str) -> bool:
        """Whether the octets kept under this digest still have it: False after a fault of the disk."""
        with self.open(digest) as file, self._failures(self._place(digest)):
            return hashlib.file_digest(file, "sha256").hexdigest() == digest

    def digests(self) -> Iterator[str]:
        """All that is kept, in order."""
        for place in sorted([*self.root.glob("??/*"), *self.root.glob("??/??/*")], key=lambda each: each.name):
            if re.fullmatch(r"[0-9a-f]{64}", place.name):
                yield place.name

    def note(self, *notes: bytes) -> None:
        """Written like everything else, but apart from what strangers sent: nobody can mail us a note."""
        places = {self.root / note_name(octets): octets for octets in notes}
        missing = {at: octets for at, octets in places.items() if not at.is_file()}
        if missing:
            with self.workplace() as workplace:
                self._settle({workplace.lay([octets]).path: at for at, octets in missing.items()})

    def notes(self) -> Iterator[bytes]:
        """All notes; AccessError where one may not be read."""
        for place in (self.root / _NOTES).glob("??/*"):
            with self._failures(place):
                yield place.read_bytes()

    def remove(self, digest: str) -> None:
        """Delete the file; what is gone already is no trouble."""
        self._unlink(self._find(digest))

    def remove_note(self, octets: bytes) -> None:
        """Delete the note."""
        self._unlink(self.root / note_name(octets))

    def _unlink(self, place: Path) -> None:
        with self._failures(place):
            place.unlink(missing_ok=True)

    def _is_sound(self, digest: str, size: int) -> bool:
        """Whether these octets are kept already, and still have their digest; else a fault of the disk is mended.

        A file is read through once in the life of a process. What could change it afterwards and leave its size and
        time is a fault of the disk, which no look beforehand can rule out; :meth:`verify` finds those.
        """
        try:
            found = self._find(digest).stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        state = (found.st_size, found.st_mtime_ns)
        if found.st_size != size:
            return False
        if self._sound.get(digest) != state:
            if not self.verify(digest):
                return False
            if len(self._sound) >= _MOST_KNOWN:
                self._sound.clear()
            self._sound[digest] = state
        return True

    def _settle(self, moves: Mapping[Path, Path]) -> None:
        """Put written files into their places, and return when they stay there.

        Many fsyncs at once share the disk's work (seen: ext4, 64 files, 2.5 ms each instead of 14).
        """
        with self._failures(self.root):
            self._all_at_once(_fsync, list(moves))
            folders = dict.fromkeys(folder for path, place in moves.items() for folder in self._move(path, place))
            self._all_at_once(_fsync_folder, list(folders))

    def _all_at_once(self, act: Callable[[Path], None], paths: Sequence[Path]) -> None:
        list(map(act, paths) if len(paths) < _FEW else self._threads.map(act, paths))

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="baosong-disk")

    def _move(self, unfinished: Path, place: Path) -> tuple[Path, ...]:
        """Put a written file into its place; the folders that must be made safe, so that it stays there."""
        made = [folder for folder in (place.parent.parent, place.parent) if not folder.is_dir()]
        if made:
            place.parent.mkdir(parents=True, exist_ok=True)
        unfinished.replace(place)
        return (place.parent, *(each.parent for each in made))

    def _place(self, digest: str) -> Path:
        return self.root / blob_name(digest)

    def _find(self, digest: str) -> Path:
        """The place of these octets, brought there from a folder deeper, where they lay until November 2026."""
        place = self._place(digest)
        if not place.exists():
            with self._failures(place), suppress(FileNotFoundError, NotADirectoryError):
                (place.parent / digest[2:4] / digest).replace(place)
        return place

    @contextmanager
    def _failures(self, place: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._failure(place, error) from error

    def _failure(self, place: Path, error: OSError) -> AccessError:
        if error.errno in _NO_ROOM:
            return AccessError(f"磁盘已满，邮件存不下：请清理 {self.root.absolute()} 所在的磁盘，腾出空间后再运行")
        if error.errno == errno.EFBIG:
            return AccessError(f"单个文件超过系统允许的大小：请调高本账户或 {self.root.absolute()} 所在磁盘的上限")
        if error.errno in _NO_RIGHT:
            return AccessError(f"没有权限读写 {place}：请检查缓存目录 {self.root.absolute()} 的属主和权限")
        return AccessError(f"缓存目录读写失败（{error.strerror}）：请检查 {place} 和所在的磁盘")


def _clean(folder: Path) -> None:
    """Take away what crashed writers left unfinished more than a day ago."""
    for stray in folder.iterdir():
        with suppress(OSError):  # another process was quicker, or it is not ours to delete: harmless either way
            if stray.stat().st_mtime < time.time() - _STALE_SECONDS:
                shutil.rmtree(stray) if stray.is_dir() else stray.unlink()


def blob_name(digest: str) -> str:
    """Where octets lie below the cache's folder. One level of folders: each new one costs as much as a file."""
    require_digest(digest)
    return f"{digest[:2]}/{digest}"


def require_digest(text: str) -> None:
    """Raise ValueError for what is none: never a path of somebody's choosing."""
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError(f"not a SHA-256 digest: {text!r}")


def note_name(octets: bytes) -> str:
    """Where a note lies below the cache's folder."""
    name = hashlib.sha256(octets).hexdigest()
    return f"{_NOTES}/{name[:2]}/{name}"


def _fsync_folder(folder: Path) -> None:
    """Make the names within a folder survive a power failure. Windows can neither do this nor needs it."""
    if os.name != "nt":
        _fsync(folder)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)  # Windows asks for the right to write
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
