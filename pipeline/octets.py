"""Octets that lie in a file, of which a window at a time is held: what a message is read from, however large it is.

A mapping into memory would be shorter. But its pages count as the program's own memory as soon as they are looked at,
and a file that a fault of the disk cuts short under it kills the process rather than raise an error.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final, Self, cast

from pipeline.errors import AccessError

CHUNK: Final = 1 << 20  # octets that are given at a time, about
WINDOW: Final = 1 << 18  # octets held; what is looked for must be shorter by a block
_BLOCKS: Final = 64  # of a window, which begins with one: who finds something looks at the octet before it, too


class Octets:
    """The octets of a seekable file, which stays open as long as they are read."""

    def __init__(self, file: BinaryIO, window: int = WINDOW) -> None:
        self._file = file
        self._longest = window
        self._block = window // _BLOCKS
        self.step = window * (CHUNK // WINDOW)  # octets that are given at a time, about
        self._size = file.seek(0, io.SEEK_END)
        self._at = 0
        self._window = b""

    @classmethod
    def of(cls, chunks: Iterable[bytes]) -> Self:
        """The same of octets that lie nowhere yet: many are laid into a temporary file."""
        file = tempfile.SpooledTemporaryFile(max_size=CHUNK)  # noqa: SIM115  # closed when nobody reads it any more
        for chunk in chunks:
            file.write(chunk)
        return cls(cast(BinaryIO, file))

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: slice) -> bytes:
        """A copy of these octets; AccessError where they cannot be read."""
        start, end, _ = place.indices(self._size)
        if start >= end:
            return b""
        if end - start > self._longest - self._block:
            return self._read(start, end - start)
        self._hold(start, end - start)
        return self._window[start - self._at : end - self._at]

    def find(self, sought: bytes, start: int = 0, end: int | None = None) -> int:
        """Where these first stand between the two places; -1 where they do not."""
        end = self._size if end is None else min(end, self._size)
        while start + len(sought) <= end:
            self._hold(start, len(sought))
            found = self._window.find(sought, start - self._at, end - self._at)
            if found >= 0:
                return self._at + found
            start = self._at + len(self._window) - len(sought) + 1
        return -1

    def search(
        self, pattern: re.Pattern[bytes], start: int, end: int, longest: int
    ) -> tuple[int, re.Match[bytes]] | None:
        """Where the pattern first matches, and its match; it must look at no more than ``longest`` octets at once."""
        end = min(end, self._size)
        while start < end:
            self._hold(start, longest)
            held = min(end, self._at + len(self._window))
            match = pattern.search(self._window, start - self._at, held - self._at)
            if match and (held == end or self._at + match.start() + longest <= held):
                return self._at + match.start(), match
            if held == end:
                return None
            start = self._at + match.start() if match else max(start + 1, held - longest + 1)
        return None

    def count(self, sought: bytes, most: int) -> int:
        """How often these stand here; where that is more than ``most``, some number above it."""
        total = position = 0
        while total <= most and position + len(sought) <= self._size:
            self._hold(position, len(sought))
            total += self._window.count(sought, position - self._at)
            position = self._at + len(self._window) - len(sought) + 1
        return total

    def chunks(self, start: int = 0, end: int | None = None, step: int = 0) -> Iterator[bytes]:
        """The octets between the two places in pieces of this size, or of a good one."""
        end, step = self._size if end is None else min(end, self._size), step or self.step
        for position in range(start, end, step):
            yield self[position : min(position + step, end)]

    def _hold(self, start: int, length: int) -> None:
        """Have so many octets from here on in the window, as far as the file goes."""
        if self._at <= start and min(start + length, self._size) <= self._at + len(self._window):
            return
        self._at = start - start % self._block
        self._window = self._read(self._at, min(self._longest, self._size - self._at))

    def _read(self, start: int, length: int) -> bytes:
        try:
            self._file.seek(start)
            octets = self._file.read(length)
        except OSError as error:
            raise AccessError(f"邮件文件读取失败（{error.strerror}）：请检查缓存目录所在的磁盘") from error
        if len(octets) < length:
            raise AccessError("邮件文件读到一半就没有了：请检查缓存目录所在的磁盘")
        return octets
