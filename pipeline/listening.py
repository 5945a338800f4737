"""News of new mail as it comes: a connection of its own waits at the server (RFC 2177), beside the clock.

It only wakes the service, which then polls as ever: what is missed here the next poll finds. It runs in a thread that
nothing waits for, so that a server that hangs holds up neither a round nor a stop.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from pipeline.config import MailboxConfig
from pipeline.errors import AccessError, TransientError
from pipeline.mailbox.imap import ImapMailbox
from pipeline.mailbox.opening import open_mailbox

_log = logging.getLogger(__name__)

# How long one wait lasts, in seconds: servers end it after 29 minutes, and routers forget a silent connection sooner.
_RENEWAL: Final = 9 * 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 10.0, 600.0  # seconds before connecting again
_AFTER_REFUSAL: Final = 30 * 60.0  # a wrong password, tried often, locks the account
_GAP: Final = 2.0  # seconds between two rounds for news: a burst of mails is one round, and one login

Say = Callable[[str], None]


class Listener:
    """Tells of new mail at the inbox while the context lasts; of none where the mailbox gives no notice."""

    def __init__(self, config: MailboxConfig, password: str | None, say: Say) -> None:
        self._config = config
        self._password = password
        self._say = say
        self._news = threading.Event()
        self._over = threading.Event()
        self._told_at = -_GAP
        self._thread = threading.Thread(target=self._listen, name="baosong-listening", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    def heard(self, seconds: float) -> bool:
        """Whether new mail has come, or comes within so many seconds; what came is told once."""
        if not self._news.wait(seconds):
            return False
        if (early := self._told_at + _GAP - time.monotonic()) > 0:
            time.sleep(min(early, seconds))
            if early > seconds:
                return False
        self._news.clear()
        self._told_at = time.monotonic()
        return True

    def _listen(self) -> None:
        pause = _FIRST_PAUSE
        while not self._over.is_set():
            try:
                with open_mailbox(self._config, self._password) as mailbox:
                    if not isinstance(mailbox, ImapMailbox) or not mailbox.gives_notice:
                        self._say("这个邮箱不支持新邮件即时通知，按设定的间隔收信")
                        return
                    self._news.set()  # what came while nobody listened
                    while not self._over.is_set():
                        if mailbox.wait(_RENEWAL):
                            self._news.set()
                        pause = _FIRST_PAUSE
            except TransientError as error:
                _log.info("listening again in %.0f s: %s", pause, error)
                self._over.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            except AccessError as error:  # the round itself tells the operator
                _log.info("listening again in %.0f s: %s", _AFTER_REFUSAL, error)
                self._over.wait(_AFTER_REFUSAL)
