"""Connections to mailboxes, held open between the rounds of a service: a login costs more than all else of a round."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from pipeline.config import MailboxConfig
from pipeline.config.passwords import mailbox_password
from pipeline.mailbox import Mailbox
from pipeline.mailbox.imap import ImapMailbox
from pipeline.mailbox.opening import open_mailbox


class Connections:
    """Opens mailboxes. While the context lasts an IMAP connection is held after its use for the next one; else it ends.

    One that failed in any way is never held, and one that broke while it was held costs no more than a new login.
    For many threads.
    """

    def __init__(self) -> None:
        self._held: dict[str, ImapMailbox] = {}
        self._entered = 0
        self._busy = threading.Lock()

    def __enter__(self) -> Self:
        with self._busy:
            self._entered += 1
        return self

    def __exit__(self, *_: object) -> None:
        with self._busy:
            self._entered -= 1
            ended = [] if self._entered else [self._held.pop(name) for name in list(self._held)]
        for mailbox in ended:
            mailbox.__exit__(None, None, None)

    @contextmanager
    def open(self, config: MailboxConfig) -> Iterator[Mailbox]:
        """The mailbox, connected. Raises what its ``with`` raises."""
        mailbox: Mailbox | None = self._take(config.url.text)
        if mailbox is None:
            mailbox = open_mailbox(config, mailbox_password(config)).__enter__()
        try:
            yield mailbox
        except BaseException as error:
            mailbox.__exit__(type(error), error, error.__traceback__)
            raise
        self._put_back(config.url.text, mailbox)

    def _take(self, name: str) -> ImapMailbox | None:
        with self._busy:
            mailbox = self._held.pop(name, None)
        if mailbox is None or mailbox.stands():
            return mailbox
        mailbox.drop()
        return None

    def _put_back(self, name: str, mailbox: Mailbox) -> None:
        with self._busy:
            if self._entered and isinstance(mailbox, ImapMailbox) and name not in self._held:
                self._held[name] = mailbox
                return
        mailbox.__exit__(None, None, None)
