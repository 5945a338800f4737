"""Where messages come from. One Protocol; the only users of the network inwards.

A mailbox lists what is new to us and hands out octets in pieces. It changes nothing on the server: no flag is set and
nothing is moved, so a person may read the same mailbox meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from pipeline.errors import AccessError


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that we have not yet stored. ``chunks`` can be read once, before the next arrival is asked for."""

    uid: str
    uidvalidity: int
    received_at: datetime
    chunks: Iterator[bytes]
    size: int | None = None  # as the source told it beforehand, now and then an estimate; None where it did not


@dataclass(frozen=True, slots=True)
class Listed:
    """A message as the source lists it, stored by us or not; size and arrival are None where it does not tell."""

    uid: str
    uidvalidity: int
    size: int | None = None
    received_at: datetime | None = None


class LoginRefusedError(AccessError):
    """The server said no to the account: tried again with every round, a wrong password locks it."""


class FolderError(AccessError):
    """One folder cannot be read; the others may well be."""


class Seen(Protocol):
    """What the ledger knows of a folder."""

    def highest_uid(self, folder: str, uidvalidity: int) -> int:
        """The highest UID stored under this UIDVALIDITY; 0 where there is none."""

    def unseen(self, folder: str, uidvalidity: int, uids: Sequence[str]) -> list[str]:
        """Those of these that were not stored yet, in the same order."""


class Mailbox(Protocol):
    """An account, or a folder of files that stands for one. Open it with ``with``.

    Raises :class:`~pipeline.errors.AccessError` where the operator must act and
    :class:`~pipeline.errors.TransientError` where waiting helps.
    """

    name: str  # the url without secrets

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def folders(self) -> Sequence[str]:
        """The folders to read, junk included, sent and drafts excluded."""

    def arrivals(self, folder: str, seen: Seen) -> Iterator[Arrival]:
        """What is new in a folder, the oldest first. :class:`FolderError` where this folder alone is at fault."""

    def listed(self, folder: str) -> Iterator[Listed]:
        """All that is in a folder and is ours to read, stored or not; found another way than :meth:`arrivals` does."""

    def sent_ids(self) -> frozenset[str] | None:
        """The Message-IDs of the newest mails in the account's folder of sent mail; None where it has none."""
