"""Guessing a password is slow: after some failures an address waits, and after many everybody from outside does."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable

WINDOW = 15 * 60.0  # seconds in which failures are counted, and for which who has too many waits
MOST = 5  # of one address
MOST_OF_ALL = 50  # of all together; this machine itself stays able to log in
_MOST_ADDRESSES = 1000


class Attempts:
    """Failed logins. Called from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: dict[str, deque[float]] = {}
        self._all: deque[float] = deque(maxlen=MOST_OF_ALL)

    def begin(self, address: str) -> float:
        """Seconds to wait before this address may try; 0 where it may, and then it is counted as failed until it fits.

        Counted before the password is looked at, so that many at once are not let through.
        """
        now = self._clock()
        with self._lock:
            self._forget(now)
            failed = self._failed.setdefault(address, deque(maxlen=MOST))
            if len(failed) == MOST:
                return WINDOW - (now - failed[-1])
            if len(self._all) == MOST_OF_ALL and not is_this_machine(address):
                return WINDOW - (now - self._all[-1])
            failed.append(now)
            self._all.append(now)
            return 0.0

    def succeed(self, address: str) -> None:
        """The password was right."""
        with self._lock:
            self._failed.pop(address, None)
            if self._all:
                self._all.pop()

    def _forget(self, now: float) -> None:
        # A lock lasts from the last failure on: those before it count as long as it does.
        for address in [each for each, failed in self._failed.items() if not failed or now - failed[-1] > WINDOW]:
            del self._failed[address]
        while len(self._failed) > _MOST_ADDRESSES:
            del self._failed[next(iter(self._failed))]
        while self._all and now - self._all[0] > WINDOW:
            self._all.popleft()


def is_this_machine(address: str) -> bool:
    """Whether a client's address is the loopback's."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
