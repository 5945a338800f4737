"""Octets kept in a file of their own until they are asked for, so that many of them take no memory."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from typing import IO


class Spool:
    """For many threads. The file has no name, and is gone however the process ends; nobody else writes into it."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._busy = threading.Lock()

    def keep(self, octets: bytes) -> Callable[[], bytes]:
        """Write them; the call gives them again. Where there is no room on the disk they stay in memory."""
        try:
            with self._busy:
                if self._file is None:
                    self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
                start = self._file.seek(0, os.SEEK_END)
                self._file.write(octets)
                self._file.flush()
                return partial(self._read, self._file, start, len(octets))
        except OSError:
            return lambda: octets

    def close(self) -> None:
        """Forget all."""
        with self._busy:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _read(self, file: IO[bytes], start: int, size: int) -> bytes:
        with self._busy:
            file.seek(start)
            return file.read(size)
