"""Within a worker process: does job after job, within the limits that the system can set.

What the system cannot, the parent's watchdog sees to (:mod:`pipeline.sandbox.readers`).
"""

from __future__ import annotations

import faulthandler
import math
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from pipeline.watchdog import Allowance, end_children

OUT_OF_MEMORY: Final = 77  # a worker's exit status; no other meaning anywhere
_FILE_OCTETS: Final = 256_000_000  # what a reader may write into one temporary file


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may take. Too much memory or processor time is the job's doing; the clock may be ours."""

    memory: int = 1_500_000_000  # octets of data; not of addresses, of which the video libraries take far more
    processor_seconds: float = 60  # for one job
    clock_seconds: float = 120  # for one job
    jobs: int = 200  # then it is replaced, so that what a library leaks does not add up
    by_system: bool = True  # whether the system sets them too, where it can; the watchdog does without

    @property
    def allowance(self) -> Allowance:
        """The same for the watchdog."""
        return Allowance(self.memory, self.processor_seconds, self.clock_seconds)


def work(pipe: Connection, do: Callable[[Any], object] | str, limits: Limits, output: Path) -> None:
    """Do job after job until the pipe closes. What goes wrong ends the process; the parent makes sense of it."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)  # sent to all of a service at once, and the file in hand is to be finished
    _divert_output(output)
    faulthandler.enable()
    tempfile.tempdir = str(output.parent)  # what a killed reader leaves behind goes with the folder
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if limits.by_system:
        _limit("RLIMIT_CORE", 0)
        _limit("RLIMIT_FSIZE", _FILE_OCTETS)
        _limit("RLIMIT_DATA", limits.memory)
    done_by = _load(do) if isinstance(do, str) else do
    pipe.send(None)
    with suppress(EOFError):
        while True:
            job = pipe.recv()
            os.ftruncate(2, 0)
            if limits.by_system:
                _limit("RLIMIT_CPU", math.ceil(time.process_time() + limits.processor_seconds))
            try:
                pipe.send(done_by(job))
            except MemoryError:
                os._exit(OUT_OF_MEMORY)


def _load(name: str) -> Callable[[Any], object]:
    module, _, function = name.partition(":")
    loaded: Callable[[Any], object] = getattr(import_module(module), function)
    return loaded


def _divert_output(output: Path) -> None:
    # C libraries write there past sys.stderr, and what a crash says is worth keeping for the log.
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)


def _end_with_parent() -> None:
    # An idle worker would see its pipe close; one that is caught in a file would not. One caught within a C library
    # that never lets other threads run is ended by its processor limit.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        end_children(os.getpid())
        os._exit(0)


def _limit(name: str, limit: int) -> None:
    """Set this limit of the process; nothing on a system that has none of that name, or refuses (macOS, some)."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # POSIX only

        with suppress(ValueError, OSError):
            number = getattr(resource, name)
            resource.setrlimit(number, (limit, resource.getrlimit(number)[1]))
