"""The readers of files in worker processes, so that whatever a file does to its reader stays one value on one file.

A worker that dies, loops or eats the memory is replaced, and the other files are read as ever. The workers are limited,
not locked in: this protects the round from a bad file, not the machine from a program that takes a reader over.

No library's pool is used. With concurrent.futures one dead worker breaks the pool, and none that hangs can be ended;
with Pebble 5.2 the death of an idle worker breaks it too, and one that hangs holds up the others for three seconds.
Here each worker has a pipe of its own: nothing is shared that a dying one could leave locked.
"""

from __future__ import annotations

import atexit
import faulthandler
import logging
import math
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from typing import Final, Self

from pipeline.content import read_content
from pipeline.errors import AccessError
from pipeline.model import Content, FileKind, Problem, Unreadable

_log = logging.getLogger(__name__)

Read = Callable[[Path, FileKind, str], Content]

_MOST_WORKERS: Final = 4  # each may take as much memory as the limits allow
_START_SECONDS: Final = 60.0  # a slow disk may take long over the libraries
_FILE_OCTETS: Final = 256_000_000  # what a reader may write into one temporary file
_LAST_WORDS: Final = 8192  # octets
_OUT_OF_MEMORY: Final = 77  # a worker's exit status; no other meaning anywhere


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may take. Too much memory or processor time is the file's doing; the clock may be ours."""

    memory: int = 1_500_000_000  # octets of data; not of addresses, of which the video libraries take far more
    processor_seconds: float = 60  # for one file
    clock_seconds: float = 120  # for one file
    files: int = 200  # then it is replaced, so that what a library leaks does not add up


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read: what :func:`~pipeline.content.read_content` takes."""

    path: Path
    kind: FileKind
    name: str


class Readers:
    """Worker processes that read files: started when the first file comes, ended when the context is left.

    For one thread. However the parent ends, its workers end with it. ``read`` must be importable by its name.
    """

    def __init__(self, *, limits: Limits | None = None, workers: int | None = None, read: Read = read_content) -> None:
        self._limits = limits or Limits()
        self._most = workers or min(os.cpu_count() or 1, _MOST_WORKERS)
        self._read = read
        self._workers: list[_Worker] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read_all(self, jobs: Sequence[Job]) -> list[Content]:
        """What each file holds, in the order of the jobs.

        A file that takes more memory or processor time than allowed is HOSTILE. One whose reader crashes, raises or
        does not come back is UNSUPPORTED: our own fault, for a person to look at. Raises AccessError where no worker
        can be started.
        """
        contents: dict[int, Content] = {}
        waiting = deque(range(len(jobs)))
        try:
            while len(contents) < len(jobs):
                self._renew_workers(len(jobs) - len(contents))
                for worker in self._workers:
                    if worker.idle and waiting:
                        worker.begin(number := waiting.popleft(), jobs[number])
                for worker in self._wait():
                    contents[worker.number] = worker.answer()
        finally:
            if len(contents) < len(jobs):
                self.close()  # interrupted: what the workers still do must not answer the next call
        return [contents[number] for number in range(len(jobs))]

    def close(self) -> None:
        """End the workers at once. The next file starts new ones."""
        atexit.unregister(self.close)
        while self._workers:
            self._workers.pop().end()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _renew_workers(self, wanted: int) -> None:
        for worker in [each for each in self._workers if each.idle and not each.fit]:
            self._workers.remove(worker)
            worker.end()
        try:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="baosong-", ignore_cleanup_errors=True)
                atexit.register(self.close)  # comes before multiprocessing's own farewell, which would wait for them
            before = len(self._workers)
            while len(self._workers) < min(wanted, self._most):
                self._workers.append(_Worker(self._read, self._limits, Path(self._folder.name)))
            for worker in self._workers[before:]:
                worker.await_start()
        except (OSError, EOFError) as error:
            raise AccessError(f"读取附件的工作进程无法启动（{error}），请检查内存和磁盘空间") from error

    def _wait(self) -> list[_Worker]:
        """The workers that have something to tell, or have run out of time."""
        busy = [worker for worker in self._workers if not worker.idle]
        first = min(worker.deadline for worker in busy)
        told = wait([worker.pipe for worker in busy], max(0.0, first - time.monotonic()))
        return [worker for worker in busy if worker.pipe in told or worker.deadline <= time.monotonic()]


# --- one worker, seen from the parent ---------------------------------------------------------------------------------


@cache
def _context() -> ForkServerContext | SpawnContext:
    """How workers are started: by a server that has loaded our modules and forks itself in milliseconds, where it can.

    A fork of this very process could inherit a lock that another of its threads holds.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():  # Windows
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


class _Worker:
    """A worker process: idle and busy by turns, until it is ended."""

    def __init__(self, read: Read, limits: Limits, folder: Path) -> None:
        self.pipe, theirs = _context().Pipe()
        self._limits = limits
        self._output = folder / f"{time.monotonic_ns()}.txt"
        self._process = _context().Process(
            target=_work, args=(theirs, read, limits, self._output), name="baosong-reader", daemon=True
        )
        self._process.start()
        theirs.close()
        self._files_left = limits.files
        self._job: Job | None = None
        self.number = -1  # of the job in hand
        self.deadline = math.inf

    @property
    def idle(self) -> bool:
        """Whether it waits for a file."""
        return self._job is None

    @property
    def fit(self) -> bool:
        """Whether, being idle, it can take another file. Where the pipe has something to tell, it is that it closed."""
        return self._files_left > 0 and not self.pipe.poll()

    def await_start(self) -> None:
        """Return when it is ready. Raises OSError or EOFError where it never is."""
        if not self.pipe.poll(_START_SECONDS):
            raise TimeoutError(f"{_START_SECONDS:.0f} s")
        self.pipe.recv()

    def begin(self, number: int, job: Job) -> None:
        """Give it a file to read."""
        self.number, self._job = number, job
        self._files_left -= 1
        self.deadline = time.monotonic() + self._limits.clock_seconds
        with suppress(OSError):  # it died this moment: its pipe will tell
            self.pipe.send(job)

    def answer(self) -> Content:
        """What the file in hand holds, or why that cannot be had: then the worker has ended."""
        job, self._job = self._job, None
        try:
            if self.pipe.poll():
                content: Content = self.pipe.recv()
                return content
            cause = Unreadable(Problem.UNSUPPORTED, f"no answer within {self._limits.clock_seconds:g} s")
        except (EOFError, OSError):
            cause = self._cause_of_death()
        self.end()
        _log.warning("reading %s: %s\n%s", job.path if job else "", cause.detail, self._last_words())
        return cause

    def end(self) -> None:
        """Kill it: it keeps nothing that could be lost."""
        self._files_left = 0
        self.pipe.close()
        self._process.kill()
        self._process.join()

    def _cause_of_death(self) -> Unreadable:
        self._process.join(1)  # the pipe may close a moment before the process is gone
        match self._process.exitcode:
            case status if status == _OUT_OF_MEMORY:
                return Unreadable(Problem.HOSTILE, f"needs more than {self._limits.memory // 1_000_000} MB of memory")
            case status if _is_processor_limit(status):
                return Unreadable(Problem.HOSTILE, f"needs more than {self._limits.processor_seconds:g} s of processor")
            case status:
                words = self._last_words().splitlines()
                fatal = [line for line in words if line.startswith("Fatal Python error")]  # faulthandler's first line
                return Unreadable(Problem.UNSUPPORTED, f"reader died ({status}): {(fatal or words or [''])[-1]}")

    def _last_words(self) -> str:
        """What it wrote on standard output and error while it read the file."""
        with suppress(OSError), self._output.open("rb") as file:
            file.seek(max(0, self._output.stat().st_size - _LAST_WORDS))
            return file.read().decode("utf-8", "replace").strip()
        return ""


def _is_processor_limit(exitcode: int | None) -> bool:
    return sys.platform != "win32" and exitcode == -signal.SIGXCPU


# --- within the worker ------------------------------------------------------------------------------------------------


def _work(pipe: Connection, read: Read, limits: Limits, output: Path) -> None:
    """Read file after file until the pipe closes. What goes wrong ends the process; the parent makes sense of it."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)  # sent to all of a service at once, and the file in hand is to be finished
    _divert_output(output)
    faulthandler.enable()
    tempfile.tempdir = str(output.parent)  # what a killed reader leaves behind goes with the folder
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", _FILE_OCTETS)
    _limit("RLIMIT_DATA", limits.memory)
    pipe.send(None)
    with suppress(EOFError):
        while True:
            job: Job = pipe.recv()
            os.ftruncate(2, 0)
            _limit("RLIMIT_CPU", math.ceil(time.process_time() + limits.processor_seconds))
            try:
                pipe.send(read(job.path, job.kind, job.name))
            except MemoryError:
                os._exit(_OUT_OF_MEMORY)


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
        os._exit(0)


def _limit(name: str, limit: int) -> None:
    """Set this limit of the process; nothing on a system that has none of that name, or refuses (macOS, some)."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # POSIX only

        with suppress(ValueError, OSError):
            number = getattr(resource, name)
            resource.setrlimit(number, (limit, resource.getrlimit(number)[1]))
