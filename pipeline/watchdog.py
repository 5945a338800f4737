"""Processes watched from outside: what they and their children take of memory, processor and clock.

The system's own limits (setrlimit) are exact, but Linux alone has all of them, and none counts a process's children
with it. A watch looks now and then: it works everywhere, and lets a process exceed for a moment what it is allowed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

import psutil

INTERVAL: Final = 0.2  # seconds between looks; a reader takes a gigabyte in about a second
YOUNG: Final = 1.0  # seconds: what has run no longer has hardly taken too much, and to look for its children is dear
_GONE = (psutil.NoSuchProcess, psutil.AccessDenied)


class Excess(StrEnum):
    """What was taken too much of."""

    MEMORY = "memory"
    PROCESSOR = "processor"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a process may take together with its children."""

    memory: int  # octets
    processor_seconds: float
    clock_seconds: float


class Watch:
    """Looks at a process. Its time begins when it is made, and anew with :meth:`begin`."""

    def __init__(self, pid: int, allowance: Allowance) -> None:
        self._pid = pid
        self._allowance = allowance
        self._process: psutil.Process | None = None
        with suppress(*_GONE):
            self._process = psutil.Process(pid)
        self.begin()

    def begin(self) -> None:
        """From now on, when it has no children: of what was taken before only the memory counts that is still held."""
        self._began = time.monotonic()
        self._before = _processor_seconds(self._process) if self._process is not None else 0.0

    @property
    def seconds(self) -> float:
        """Since its time began."""
        return time.monotonic() - self._began

    def look(self) -> Excess | None:
        """What is exceeded at this moment; a process that is gone exceeds nothing."""
        family = list(_family(self._pid))
        if sum(map(_memory, family)) > self._allowance.memory:
            return Excess.MEMORY
        if sum(map(_processor_seconds, family)) - self._before > self._allowance.processor_seconds:
            return Excess.PROCESSOR
        return Excess.CLOCK if self.seconds > self._allowance.clock_seconds else None


class Guard:
    """A watch in a thread of its own, for as long as the context lasts: what exceeds its allowance is ended at once."""

    def __init__(self, pid: int, allowance: Allowance) -> None:
        self.excess: Excess | None = None
        self._pid = pid
        self._watch = Watch(pid, allowance)
        self._over = threading.Event()
        self._pause = min(INTERVAL, allowance.clock_seconds)
        self._thread = threading.Thread(target=self._stand_guard, name="baosong-watchdog", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _stand_guard(self) -> None:
        while not self._over.wait(self._pause):
            self.excess = self._watch.look()
            if self.excess is not None:
                end_family(self._pid)
                return


def end_family(pid: int) -> None:
    """Kill a process and all that it started. Not those that an already dead child of its left behind."""
    for each in _family(pid):
        with suppress(*_GONE):
            each.kill()


def end_children(pid: int) -> None:
    """Kill all that a process started."""
    for each in _family(pid):
        if each.pid != pid:
            with suppress(*_GONE):
                each.kill()


def _family(pid: int) -> Iterator[psutil.Process]:
    """The process and its children, and theirs; the eldest first, so that none starts another meanwhile."""
    with suppress(*_GONE):
        process = psutil.Process(pid)
        children = process.children(recursive=True)
        yield process
        yield from children


def _memory(process: psutil.Process) -> int:
    """Octets that are the process's own: Windows tells what it asked for, others what it holds."""
    with suppress(*_GONE):
        told = process.memory_info()
        return int(getattr(told, "private", told.rss))
    return 0


def _processor_seconds(process: psutil.Process) -> float:
    with suppress(*_GONE):
        told = process.cpu_times()
        return float(told.user + told.system)
    return 0.0
