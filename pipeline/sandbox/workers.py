"""Jobs done in worker processes, so that whatever a job does to its process stays one value on that one job.

A worker that dies, loops or eats the memory is replaced, and the other jobs are done as ever. The workers are limited,
not locked in: this protects the round from a bad file, not the machine from a program that takes a worker over.

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
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from functools import cache
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from typing import Final, Generic, Self, TypeVar

from pipeline.errors import AccessError
from pipeline.model.content import Unreadable
from pipeline.model.files import Problem
from pipeline.sandbox.confined import OUT_OF_MEMORY, Limits, work
from pipeline.watchdog import INTERVAL, YOUNG, Excess, Watch, end_family

_log = logging.getLogger(__name__)

__all__ = ["Limits", "Workers", "prepare"]

J = TypeVar("J")  # a job; it must be known by its repr, and hold no secret
R = TypeVar("R")  # what comes of it

_MOST_WORKERS: Final = 4  # each may take as much memory as the limits allow
_START_SECONDS: Final = 60.0  # a slow disk may take long over the libraries
_LAST_WORDS: Final = 8192  # octets
# What nearly every mail needs, loaded once by the server that the workers are forks of.
_PRELOADED: Final = (
    "pipeline.opened",
    "pipeline.forms",
    "pipeline.activity",
    "pipeline.message.unpacking",
    "pipeline.content.word",
    "pipeline.content.picture",
)


class Workers(Generic[J, R]):
    """Worker processes that do jobs: started when the first job comes, ended when the context is left, the outermost
    of those that were entered.

    For many threads, one at a time. However the parent ends, its workers end with it. ``do`` must be importable by
    its name; told by that name alone (``module:function``) it is loaded by the workers only.
    """

    def __init__(self, do: Callable[[J], R] | str, *, limits: Limits | None = None, count: int | None = None) -> None:
        self._do = do
        self._limits = limits or Limits()
        self._most = count or min(os.cpu_count() or 1, _MOST_WORKERS)
        self._pause = min(INTERVAL, self._limits.clock_seconds)
        self._looked_at = 0.0
        self._workers: list[_Worker[J, R]] = []
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

    def do_all(self, jobs: Sequence[J]) -> list[R | Unreadable]:
        """What came of each job, in their order.

        One that takes more memory or processor time than allowed is HOSTILE. One whose worker crashes, raises or does
        not come back is UNSUPPORTED: our own fault, for a person to look at. Raises AccessError where no worker can be
        started, InterruptedError where another thread asked for that.
        """
        left = iter(jobs)
        return list(self.stream(lambda: next(left, None), ahead=len(jobs)))

    def stream(self, take: Callable[[], J | None], *, ahead: int) -> Generator[R | Unreadable]:
        """The same one after the other, while up to so many of the next are done ``ahead``.

        ``take`` gives the next job, asked when a worker is free for it; None where there is none at the moment. The
        stream ends when there is none and all are given. To be used and closed within one thread.
        """
        with self._busy:
            done: dict[int, R | Unreadable] = {}
            begun = given = 0
            try:
                while True:
                    while given in done:
                        yield done.pop(given)
                        given += 1
                    while begun < given + ahead and self._begin(take, begun):
                        begun += 1
                    if given == begun:
                        return
                    for worker in self._wait():
                        done[worker.number] = worker.answer()
            finally:
                if any(not worker.idle for worker in self._workers):
                    self.close()  # interrupted: what the workers still do must not answer the next call

    def interrupt(self) -> None:
        """End what another thread has done, within a moment; nothing is done until :meth:`resume`."""
        self._interrupted.set()

    def resume(self) -> None:
        """Do jobs again."""
        self._interrupted.clear()

    def close(self) -> None:
        """End the workers at once. The next job starts new ones."""
        atexit.unregister(self.close)
        while self._workers:
            self._workers.pop().end()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _begin(self, take: Callable[[], J | None], number: int) -> bool:
        """Begin the next job; False where there is none, or all workers are busy."""
        for worker in [each for each in self._workers if each.idle and not each.fit]:
            self._workers.remove(worker)
            worker.end()
        free = next((worker for worker in self._workers if worker.idle), None)
        if free is None and len(self._workers) == self._most:
            return False
        job = take()
        if job is None:
            return False
        (free or self._start()).begin(number, job)
        return True

    def _start(self) -> _Worker[J, R]:
        try:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="baosong-", ignore_cleanup_errors=True)
                atexit.register(self.close)  # comes before multiprocessing's own farewell, which would wait for them
            worker = _Worker(self._do, self._limits, Path(self._folder.name))
            self._workers.append(worker)
            worker.await_start()
        except (OSError, EOFError) as error:
            raise AccessError(f"读取附件的工作进程无法启动（{error}），请检查内存和磁盘空间") from error
        return worker

    def _wait(self) -> list[_Worker[J, R]]:
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


def prepare(*modules: str) -> None:
    """Load what nearly every job needs, and these modules, beside what is done here: the first job waits for less.

    Only the first call in a process chooses the modules; a system that has no fork loads them with each worker.
    """
    context = _context()
    if isinstance(context, ForkServerContext):
        from multiprocessing.forkserver import ensure_running  # noqa: PLC0415  # not on Windows

        context.set_forkserver_preload([__name__, *_PRELOADED, *modules])
        with suppress(OSError):  # whoever starts a worker will hear of it
            ensure_running()


# --- one worker, seen from the parent ---------------------------------------------------------------------------------


@cache
def _context() -> ForkServerContext | SpawnContext:
    """How workers are started: by a server that has loaded our modules and forks itself in milliseconds, where it can.

    A fork of this very process could inherit a lock that another of its threads holds.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():  # Windows
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, *_PRELOADED])
    return context


class _Worker(Generic[J, R]):
    """A worker process: idle and busy by turns, until it is ended."""

    def __init__(self, do: Callable[[J], R] | str, limits: Limits, folder: Path) -> None:
        self.pipe, theirs = _context().Pipe()
        self._limits = limits
        self._output = folder / f"{time.monotonic_ns()}.txt"
        self._process = _context().Process(
            target=work, args=(theirs, do, limits, self._output), name="baosong-reader", daemon=True
        )
        self._process.start()
        theirs.close()
        self._jobs_left = limits.jobs
        self._job: J | None = None
        self._watch = Watch(self._process.pid or 0, limits.allowance)
        self._excess: Excess | None = None
        self.number = -1  # of the job in hand

    @property
    def idle(self) -> bool:
        """Whether it waits for a job."""
        return self._job is None

    @property
    def fit(self) -> bool:
        """Whether, being idle, it can take another job. Where the pipe has something to tell, it is that it closed."""
        return self._jobs_left > 0 and not self.pipe.poll()

    def await_start(self) -> None:
        """Return when it is ready. Raises OSError or EOFError where it never is."""
        if not self.pipe.poll(_START_SECONDS):
            raise TimeoutError(f"{_START_SECONDS:.0f} s")
        self.pipe.recv()

    def begin(self, number: int, job: J) -> None:
        """Give it a job."""
        self.number, self._job = number, job
        self._jobs_left -= 1
        self._watch.begin()
        with suppress(OSError):  # it died this moment: its pipe will tell
            self.pipe.send(job)

    def is_over(self) -> bool:
        """Whether it has taken more than it may; not asked while its job is young."""
        if self._watch.seconds < min(YOUNG, self._limits.clock_seconds):
            return False
        self._excess = self._watch.look()
        return self._excess is not None

    def answer(self) -> R | Unreadable:
        """What came of the job in hand, or why nothing did: then the worker has ended."""
        job, self._job = self._job, None
        try:
            if self.pipe.poll():
                answer: R = self.pipe.recv()
                return answer
            cause = self._say_excess(self._excess or Excess.CLOCK)
        except (EOFError, OSError):
            cause = self._cause_of_death()
        self.end()
        _log.warning("%s: %s\n%s", job, cause.detail, self._last_words())
        return cause

    def end(self) -> None:
        """Kill it: it keeps nothing that could be lost."""
        self._jobs_left = 0
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
        """What it wrote on standard output and error while it did the job."""
        with suppress(OSError), self._output.open("rb") as file:
            file.seek(max(0, self._output.stat().st_size - _LAST_WORDS))
            return file.read().decode("utf-8", "replace").strip()
        return ""


def _is_processor_limit(exitcode: int | None) -> bool:
    return sys.platform != "win32" and exitcode == -signal.SIGXCPU
