"""From stored octets to what a judge reads: the message, and what its files hold. Needs no more than the cache, so that
a worker process can do it.
"""

from __future__ import annotations

import pickle
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cache import Cache
from pipeline.cache.bucket import open_cache
from pipeline.content import read_content
from pipeline.model.campaign import Forms
from pipeline.model.content import Content, Unreadable
from pipeline.model.files import Problem
from pipeline.model.message import Attachment, Blob, Message
from pipeline.scanner import is_infected

if TYPE_CHECKING:
    from pipeline.config import ScanConfig  # with pydantic, long to load, and no worker reads settings


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail in the cache, and all that it is to be read by."""

    blob: Blob
    received_at: datetime
    folder: Path  # the cache's
    bucket: str  # "" where the folder is the cache
    receiving_servers: tuple[str, ...]
    barred: frozenset[str]  # digests of files that are not to be opened
    scan: ScanConfig | None  # None: no virus scanner


@dataclass(frozen=True, slots=True)
class Unopened:
    """A mail to be opened by a worker process."""

    stored: Stored
    forms: bytes  # the campaign's, packed, so that a worker unpacks them once and not with every mail


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail to be judged. ``contents`` are its files' in their order; None where nothing was read of them yet."""

    message: Message
    contents: tuple[Content, ...] | None


@dataclass(frozen=True, slots=True)
class Packed:
    """A mail opened, as one process hands it to another: nobody unpacks it but the judge."""

    octets: bytes
    unsupported: bool  # it has a file that no reader here knows


def open_stored(unopened: Unopened) -> Packed:
    """The message, what its files hold, and what their tables say. For a worker process."""
    opened = _open(unopened)
    contents = opened.contents or ()
    unsupported = any(isinstance(each, Unreadable) and each.problem is Problem.UNSUPPORTED for each in contents)
    return Packed(pack(opened), unsupported)


def _open(unopened: Unopened) -> Opened:
    """Nothing is read of a machine's mail."""
    from pipeline.forms import read_forms  # noqa: PLC0415 (long to load, and the main process opens no mail)

    stored = unopened.stored
    kept = _cache(stored.folder, stored.bucket)
    message = read_stored(kept, stored)
    if message.automatic is not None:
        return Opened(message, None)
    contents: list[Content] = []
    for attachment in message.attachments:
        problem = problem_of(attachment, stored.barred)
        if problem is None:
            content = read_content(kept.path(attachment.blob.digest), attachment.sniffed_kind, attachment.name)
            contents.append(read_forms(content, _forms(unopened.forms)))
        else:
            contents.append(Unreadable(problem))
    return Opened(message, tuple(contents))


def pack(value: Opened | Forms) -> bytes:
    """As octets that a process of ours unpacks."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def unpack(octets: bytes) -> Opened:
    """A mail that was packed."""
    opened: Opened = pickle.loads(octets)  # noqa: S301 (a process of ours packed it)
    return opened


@lru_cache(maxsize=16)  # a worker may open the mail of many offices
def _forms(packed: bytes) -> Forms:
    forms: Forms = pickle.loads(packed)  # noqa: S301 (our own, out of the job)
    return forms


def problem_of(attachment: Attachment, barred: Collection[str]) -> Problem | None:
    """Why a file is not to be opened; None where it is. ``barred``: digests."""
    return Problem.HOSTILE if attachment.blob.digest in barred else attachment.problem


_cache = cache(open_cache)  # once in a process


def read_stored(kept: Cache, stored: Stored) -> Message:
    """The message of these octets, its attachments kept in the cache."""
    from pipeline.message.unpacking import unpack_message  # noqa: PLC0415 (for workers mostly: what takes mails apart)

    message = unpack_message(kept, stored.blob, stored.received_at, stored.receiving_servers, stored.barred)
    return message if stored.scan is None else _scanned(kept, message, stored.scan)


def _scanned(kept: Cache, message: Message, scan: ScanConfig) -> Message:
    """The message with what the virus scanner objects to marked as hostile: it is kept, and nothing opens it."""
    attachments = []
    for attachment in message.attachments:
        with kept.open(attachment.blob.digest) as file:
            infected = is_infected(scan, file)
        attachments.append(replace(attachment, problem=Problem.HOSTILE) if infected else attachment)
    return replace(message, attachments=tuple(attachments))
