"""What takes time or the office's lock is done beside the page, one errand at a time; the page tells how it goes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from pipeline.errors import BaosongError, BusyError
from pipeline.office import Office, alone

_log = logging.getLogger(__name__)

_PATIENCE = 600.0  # seconds that an errand waits for the other program to be done
_BREATH = 0.5
_AT_ONCE = 1.5  # seconds: what is done by then needs no page of its own

WAITING = "正在收发，请稍候。另一个报送程序正忙，等它完成就接着办理。"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an errand."""

    good: bool
    words: str
    act: int = 0  # that can be undone


@dataclass(slots=True)
class Errand:
    """Work under way, or done."""

    words: str  # 正在重新核对这封邮件
    then: str  # the page to go to when it is done
    future: Future[Outcome] | None = None
    waiting: bool = False  # for the office's lock

    @property
    def outcome(self) -> Outcome | None:
        """What came of it; None while it goes on."""
        if self.future is None or not self.future.done():
            return None
        error = self.future.exception()
        if error is None:
            return self.future.result()
        if isinstance(error, BaosongError):
            return Outcome(good=False, words=str(error))
        _log.error("an errand failed", exc_info=error)
        return Outcome(good=False, words=f"本程序出错（{type(error).__name__}），这一步没有完成，请告知维护人员。")


Work = Callable[[Errand], Outcome]


class Errands:
    """One errand at a time."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="errand")
        self._lock = threading.Lock()
        self.current: Errand | None = None

    def start(self, words: str, then: str, work: Work) -> Errand:
        """Begin; BusyError while another one goes on. Waits a moment, for most are done at once."""
        with self._lock:
            if self.current is not None and self.current.outcome is None:
                raise BusyError(f"{self.current.words}，请稍候再试")
            errand = self.current = Errand(words, then)
            errand.future = self._pool.submit(work, errand)
        wait([errand.future], timeout=_AT_ONCE)
        return errand

    def close(self) -> None:
        """End when the errand in hand is done."""
        self._pool.shutdown(wait=True)


@contextmanager
def when_free(office: Office, errand: Errand) -> Iterator[None]:
    """Hold the office's lock as soon as the other program lets go of it. BusyError after ten minutes."""
    until = time.monotonic() + _PATIENCE
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(alone(office))
                break
            except BusyError:
                if time.monotonic() > until:
                    raise
                errand.waiting = True
                time.sleep(_BREATH)
        errand.waiting = False
        yield
