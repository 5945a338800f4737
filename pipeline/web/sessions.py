"""Who is logged in: sessions in memory, known by the digest of a token that only the browser's cookie holds.

A restart of the page logs everybody out. So there is no signing key to keep, and a logout is final.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

IDLE_SECONDS = 4 * 3600.0
LONGEST_SECONDS = 12 * 3600.0
_MOST = 50  # sessions; a further login ends the one that was idle longest


@dataclass(slots=True)
class Session:
    """One login."""

    who: str
    csrf: str
    began: float
    seen: float
    told: list[tuple[bool, str, int]] = field(default_factory=list)  # good news?, words, act that can be undone


class Sessions:
    """All sessions. Called from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, Session] = {}

    def begin(self, who: str) -> tuple[str, Session]:
        """The token of a new session, which is nowhere else, and the session."""
        token, now = secrets.token_urlsafe(32), self._clock()
        session = Session(who, secrets.token_urlsafe(32), now, now)
        with self._lock:
            while len(self._known) >= _MOST:
                del self._known[min(self._known, key=lambda key: self._known[key].seen)]
            self._known[_key(token)] = session
        return token, session

    def find(self, token: str | None) -> Session | None:
        """The session of this token, if it has not run out."""
        if not token:
            return None
        now = self._clock()
        with self._lock:
            session = self._known.get(_key(token))
            if session is None:
                return None
            if now - session.seen > IDLE_SECONDS or now - session.began > LONGEST_SECONDS:
                del self._known[_key(token)]
                return None
            session.seen = now
            return session

    def end(self, token: str | None) -> None:
        """Log out."""
        with self._lock:
            self._known.pop(_key(token or ""), None)

    def end_all(self) -> None:
        """Log everybody out: the password is another now."""
        with self._lock:
            self._known.clear()


def _key(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two tokens are equal, in a time that tells nothing; an empty one equals none."""
    return bool(one) and hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))
