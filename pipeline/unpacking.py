"""A stored mail -> the message and, where it is asked for, what its files hold: in this process or in a reader's.

Whoever gives the work to another process gives it a :class:`Mail` and gets an :class:`Unpacked` back: both can be
pickled, and the octets stay in the cache's folder.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.cache import Cache, LocalCache
from pipeline.content import read_content
from pipeline.message import parse_message
from pipeline.model import Blob, Content, Message, Problem, Unreadable
from pipeline.octets import Octets


@dataclass(frozen=True, slots=True)
class Mail:
    """A stored mail, and what must be known to take it apart; as for :func:`~pipeline.message.parse_message`."""

    folder: Path  # of the cache, on this machine
    blob: Blob
    received_at: datetime
    authserv_ids: tuple[str, ...] = ()
    quarantined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A mail taken apart. ``contents`` are its files' in their order, empty for a machine's mail."""

    message: Message
    contents: tuple[Content, ...]


def unpack(mail: Mail) -> Unpacked:
    """The mail, its attachments kept in the cache, and what they hold; nothing is read of a machine's mail.

    Whatever a file does to its reader it does to this process: to be called where that is one to be lost.
    """
    cache = LocalCache(mail.folder)
    message = unpack_message(cache, mail.blob, mail.received_at, mail.authserv_ids, mail.quarantined)
    if message.automatic is not None:
        return Unpacked(message, ())
    contents: list[Content] = []
    for each in message.attachments:
        problem = Problem.HOSTILE if each.blob.digest in mail.quarantined else each.problem
        if problem is None:
            contents.append(read_content(cache.path(each.blob.digest), each.sniffed_kind, each.name))
        else:
            contents.append(Unreadable(problem))
    return Unpacked(message, tuple(contents))


def unpack_message(
    cache: Cache,
    blob: Blob,
    received_at: datetime,
    authserv_ids: Collection[str] = (),
    quarantined: Collection[str] = (),
    *,
    keep: bool = True,
) -> Message:
    """The message of these octets; with ``keep`` its attachments are in the cache, as safe as itself."""
    with cache.open(blob.digest) as file, cache.workplace() as workplace:
        message = parse_message(
            Octets(file),
            blob=blob,
            received_at=received_at,
            workplace=workplace,
            authserv_ids=authserv_ids,
            quarantined=quarantined,
        )
        if keep:
            cache.take(workplace.kept)
    return message
