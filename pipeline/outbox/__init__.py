"""How letters go out: what a transport does, what may come back, and what the ledger keeps of it.

A letter is answered for exactly once, whatever fails in between. A server takes a letter at its final dot and not
before, so all else is handed over first; then the ledger notes, in a committed transaction, that the letter is about
to be taken (``sending``); then the dot goes out; then the ledger notes the end. Between the last two lies the only
moment that no transaction covers. What is found in state ``sending`` later is settled where that can be done
(:mod:`pipeline.outbox.doubt`), and shown to a person where it cannot. Only where a letter that is sent again is there
once all the same, as in a Maildir, nothing need be noted beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Literal, Protocol, Self

from pipeline.errors import BaosongError
from pipeline.model.letter import QueuedLetter


class RefusedError(BaosongError):
    """The server said no to a letter, or to the account; its text tells the coordinator what to do."""

    def __init__(
        self,
        note: str,
        *,
        code: int = 0,
        answer: str = "",
        permanent: bool = False,
        account: bool = False,
        no_recipient: bool = False,
        reconnect: bool = False,
        wait: timedelta | Literal["tomorrow"] | None = None,
        tries: int | None = None,
    ) -> None:
        super().__init__(note)
        self.code = code  # RFC 5321 section 4.2; 0 where we ourselves refused
        self.answer = answer  # the server's words
        self.permanent = permanent  # sending this letter again cannot help
        self.account = account  # all other letters would be refused as well
        self.no_recipient = no_recipient  # the address is not there: nothing should be written to it again
        self.reconnect = reconnect  # a new connection helps at once
        self.wait = wait  # None: the usual back-off
        self.tries = tries  # after so many attempts a person must look; None: the usual number


class InDoubtError(BaosongError):
    """The connection broke after the whole letter was handed over and before the answer: it may have gone out."""


class Transport(Protocol):
    """A way out. Open it with ``with``; nothing is connected before :meth:`ready`."""

    at_once: int  # letters that may be sent at the same time, each by a thread of its own

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def ready(self) -> None:
        """Connects, logs in and keeps the pace, so that the next :meth:`send` goes out at once.

        Nothing was sent where this fails: :class:`~pipeline.errors.AccessError`,
        :class:`~pipeline.errors.TransientError`, or a :class:`RefusedError` on the account.
        """

    def send(self, sender: str, recipient: str, octets: bytes, *, before_end: Callable[[], None]) -> None:
        """Hands one letter to one recipient; on return it is the server's responsibility.

        ``before_end`` is called when nothing is left to hand over but the letter's end; what it raises passes through,
        and the letter is not sent. It is not called by a way out on which a letter that is sent again is there once.
        Nothing was sent where it raises :class:`RefusedError`, :class:`~pipeline.errors.AccessError` or
        :class:`~pipeline.errors.TransientError`; nobody knows with :class:`InDoubtError`.
        """

    def settle(self, octets: bytes) -> bool | None:
        """Whether this letter did go out, asked after a crash; None where nobody can know."""


class Queue(Protocol):
    """The ledger's letters. Every call is one transaction, committed when it returns.

    One process at a time may send: :meth:`interrupted` takes every letter in state ``sending`` for left behind.
    """

    def interrupted(self) -> Sequence[QueuedLetter]:
        """Letters in state ``sending``: a crash came between handing over and writing it down."""

    def due(self, now: datetime, most: int) -> Sequence[QueuedLetter]:
        """Queued letters whose time has come, the oldest first; so many at the most."""

    def begin(self, letter_id: int, at: datetime) -> None:
        """One attempt more at this letter; it is still surely not sent, so that the next call may write it down."""

    def hand_over(self, letter_id: int, at: datetime) -> None:
        """The letter's end is about to go out: state ``sending``."""

    def sent(self, letters: Sequence[QueuedLetter], at: datetime) -> None:
        """These letters went out."""

    def postpone(self, letter_id: int, at: datetime, until: datetime, note: str) -> None:
        """The letter did not go out: queued again, due at ``until``; the attempts stay as counted."""

    def hold(self, letter_id: int, at: datetime, note: str) -> None:
        """The letter waits for a person, who reads the note."""

    def doubt(self, letter_id: int, at: datetime, note: str) -> None:
        """Held, for nobody knows whether the letter went out."""

    def doubtful(self, since: datetime) -> Sequence[QueuedLetter]:
        """The letters held for that reason that were tried since then."""

    def sent_before(self, letter: QueuedLetter, most: int) -> Sequence[str]:
        """The Message-IDs of the letters that went out last before this one was tried."""

    def lose_address(self, letter_id: int, at: datetime, note: str) -> None:
        """The letter's address is not there: nothing more is to be written to it."""
