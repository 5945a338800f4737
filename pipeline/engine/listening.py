"""News of new mail as it comes: a connection of its own waits at each server (RFC 2177), beside the clock.

It only wakes the service, or asks the engine for a poll, which then goes as ever: what is missed here the next poll
finds. It runs in threads that nothing waits for, so that a server that hangs holds up neither a round nor a stop nor
the news from another.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self

from pipeline.config import MailboxConfig
from pipeline.config.passwords import mailbox_password
from pipeline.errors import AccessError, TransientError
from pipeline.mailbox.imap import ImapMailbox
from pipeline.mailbox.opening import open_mailbox

_log = logging.getLogger(__name__)

# How long one wait lasts, in seconds: servers end it after 29 minutes, and routers forget a silent connection sooner.
_RENEWAL: Final = 9 * 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 10.0, 600.0  # seconds before connecting again
_AFTER_REFUSAL: Final = 30 * 60.0  # a wrong password, tried often, locks the account
_GAP: Final = 2.0  # seconds between two rounds for news of one mailbox: a burst of mails is one round

Say = Callable[[str], None]


class Listener:
    """Calls ``tell`` when new mail has come into one of the mailboxes, while the context lasts; by its own threads.

    Of a mailbox that gives no notice it tells nothing.
    """

    def __init__(self, mailboxes: Sequence[MailboxConfig], *, say: Say, tell: Callable[[], None]) -> None:
        self._mailboxes = mailboxes
        self._say = say
        self._tell = tell
        self._over = threading.Event()

    def __enter__(self) -> Self:
        for config in self._mailboxes:
            threading.Thread(target=self._listen, args=(config,), name="baosong-listening", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    def _listen(self, config: MailboxConfig) -> None:
        pause = _FIRST_PAUSE
        while not self._over.is_set():
            try:
                with open_mailbox(config, mailbox_password(config)) as mailbox:
                    if not isinstance(mailbox, ImapMailbox) or not mailbox.gives_notice:
                        which = f"邮箱 {config.url.user}" if len(self._mailboxes) > 1 else "这个邮箱"
                        self._say(f"{which}不支持新邮件即时通知，按设定的间隔收信")
                        return
                    self._tell()  # what came while nobody listened
                    while not self._over.is_set():
                        if mailbox.wait(_RENEWAL) and not self._over.is_set():
                            self._tell()
                            self._over.wait(_GAP)
                        pause = _FIRST_PAUSE
            except TransientError as error:
                _log.info("listening again in %.0f s: %s", pause, error)
                self._over.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            except AccessError as error:  # the round itself tells the operator
                _log.info("listening again in %.0f s: %s", _AFTER_REFUSAL, error)
                self._over.wait(_AFTER_REFUSAL)
