"""A stored mail -> the message, its attachments kept in the cache."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from pipeline.cache import Cache
from pipeline.message.parsing import parse_message
from pipeline.model.message import Blob, Message
from pipeline.octets import Octets


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
