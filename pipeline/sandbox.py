"""The readers of files in worker processes, so that whatever a file does to its reader stays one value on one file.

A worker that dies, loops or eats the memory is replaced, and the other files are read as ever. The workers are limited,
not locked in: this protects the round from a bad file, not the machine from a program that takes a reader over.

No library's pool is used. With concurrent.futures one dead worker breaks the pool, and none that hangs can be ended;
with Pebble 5.2 the death of an idle worker breaks it too, and one that hangs holds up the others for three seconds.
Here each worker has a pipe of its own: nothing is shared that a dying one could leave locked. Limits are set twice: by
the system within the worker, where it has them, and by a watchdog here, which works everywhere.
"""

from __future__ import annotations

import atexit
import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from typing import Final, Self

from pipeline.confined import OUT_OF_MEMORY, Job, Limits, Read, work
from pipeline.content import read_content
from pipeline.content.office import LibreOffice, Twin, can_convert
from pipeline.errors import AccessError
from pipeline.model import Content, Document, Problem, Unreadable
from pipeline.watchdog import INTERVAL, Excess, Watch, end_family

_log = logging.getLogger(__name__)

__all__ = ["Job", "Limits", "Read", "Readers"]

_MOST_WORKERS: Final = 4  # each may take as much memory as the limits allow
_START_SECONDS: Final = 60.0  # a slow disk may take long over the libraries
_LAST_WORDS: Final = 8192  # octets


class Readers:
    """Worker processes that read files: started when the first file comes, ended when the context is left, the
    outermost of those that were entered.

    For many threads, one at a time. However the parent ends, its workers end with it. ``read`` must be importable by
    its name.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        workers: int | None = None,
        read: Read = read_content,
        office: LibreOffice | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._most = workers or min(os.cpu_count() or 1, _MOST_WORKERS)
        self._read = read
        self._pause = min(INTERVAL, self._limits.clock_seconds)
        self._looked_at = 0.0
        self._office = office or LibreOffice()
        self._workers: list[_Worker] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._busy = threading.RLock()
        self._entered = 0
        self._interrupted = threading.Event()

    def __enter__(self) -> Self:
        with self._busy:
            self._entered += 1
        return self

    def __exit__(self, *_: object) -> None:
        with self._busy:
            self._entered -= 1
            if not self._entered:
                self.close()

    def read_all(self, jobs: Sequence[Job]) -> list[Content]:
        """What each file holds, in the order of the jobs.

        A file that takes more memory or processor time than allowed is HOSTILE. One whose reader crashes, raises or
        does not come back is UNSUPPORTED: our own fault, for a person to look at. One that no reader here knows is read
        by its twin, where LibreOffice can make one. Raises AccessError where no worker can be started, InterruptedError
        where another thread asked for that.
        """
        with self._busy:
            return self._read_all(jobs)

    def interrupt(self) -> None:
        """End what another thread has read, within a moment; nothing is read until :meth:`resume`."""
        self._interrupted.set()

    def resume(self) -> None:
        """Read again."""
        self._interrupted.clear()

    def _read_all(self, jobs: Sequence[Job]) -> list[Content]:
        contents = self._read_each(jobs)
        twins: dict[int, Twin] = {}
        try:
            for number, (job, content) in enumerate(zip(jobs, contents, strict=True)):
                if isinstance(content, Unreadable) and content.problem is Problem.UNSUPPORTED and can_convert(job.kind):
                    twin = self._office.convert(job.path, job.kind)
                    if twin is not None:
                        twins[number] = twin
            read = self._read_each([Job(twin.path, twin.kind, jobs[number].name) for number, twin in twins.items()])
        finally:
            for twin in twins.values():
                twin.delete()
        for number, content in zip(twins, read, strict=True):
            contents[number] = _as_original(content, jobs[number], contents[number])
        return contents

    def _read_each(self, jobs: Sequence[Job]) -> list[Content]:
        """The same by our own readers alone."""
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
        self._office.close()
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
        while not self._interrupted.is_set():
            told = wait([worker.pipe for worker in busy], self._pause)
            looks = time.monotonic() - self._looked_at >= self._pause
            found = [worker for worker in busy if worker.pipe in told or (looks and worker.is_over())]
            if looks:
                self._looked_at = time.monotonic()
            if found:
                return found
        raise InterruptedError


def _as_original(content: Content, job: Job, refused: Content) -> Content:
    """What a twin holds, said of the file that it was made of; what was said before where the twin is no good."""
    if isinstance(content, Document):
        macros = isinstance(refused, Unreadable) and refused.macros
        return replace(content, kind=job.kind, macros=content.macros or macros)
    return refused if isinstance(content, Unreadable) else content


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
            target=work, args=(theirs, read, limits, self._output), name="baosong-reader", daemon=True
        )
        self._process.start()
        theirs.close()
        self._files_left = limits.files
        self._job: Job | None = None
        self._watch = Watch(self._process.pid or 0, limits.allowance)
        self._excess: Excess | None = None
        self.number = -1  # of the job in hand

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
        self._watch.begin()
        with suppress(OSError):  # it died this moment: its pipe will tell
            self.pipe.send(job)

    def is_over(self) -> bool:
        """Whether it has taken more than it may."""
        self._excess = self._watch.look()
        return self._excess is not None

    def answer(self) -> Content:
        """What the file in hand holds, or why that cannot be had: then the worker has ended."""
        job, self._job = self._job, None
        try:
            if self.pipe.poll():
                content: Content = self.pipe.recv()
                return content
            cause = self._say_excess(self._excess or Excess.CLOCK)
        except (EOFError, OSError):
            cause = self._cause_of_death()
        self.end()
        _log.warning("reading %s: %s\n%s", job.path if job else "", cause.detail, self._last_words())
        return cause

    def end(self) -> None:
        """Kill it: it keeps nothing that could be lost."""
        self._files_left = 0
        self.pipe.close()
        end_family(self._process.pid or 0)
        self._process.kill()
        self._process.join()

    def _cause_of_death(self) -> Unreadable:
        self._process.join(1)  # the pipe may close a moment before the process is gone
        match self._process.exitcode:
            case status if status == OUT_OF_MEMORY:
                return self._say_excess(Excess.MEMORY)
            case status if _is_processor_limit(status):
                return self._say_excess(Excess.PROCESSOR)
            case status:
                words = self._last_words().splitlines()
                fatal = [line for line in words if line.startswith("Fatal Python error")]  # faulthandler's first line
                return Unreadable(Problem.UNSUPPORTED, f"reader died ({status}): {(fatal or words or [''])[-1]}")

    def _say_excess(self, excess: Excess) -> Unreadable:
        match excess:
            case Excess.MEMORY:
                return Unreadable(Problem.HOSTILE, f"needs more than {self._limits.memory // 1_000_000} MB of memory")
            case Excess.PROCESSOR:
                return Unreadable(Problem.HOSTILE, f"needs more than {self._limits.processor_seconds:g} s of processor")
        return Unreadable(Problem.UNSUPPORTED, f"no answer within {self._limits.clock_seconds:g} s")

    def _last_words(self) -> str:
        """What it wrote on standard output and error while it read the file."""
        with suppress(OSError), self._output.open("rb") as file:
            file.seek(max(0, self._output.stat().st_size - _LAST_WORDS))
            return file.read().decode("utf-8", "replace").strip()
        return ""


def _is_processor_limit(exitcode: int | None) -> bool:
    return sys.platform != "win32" and exitcode == -signal.SIGXCPU
