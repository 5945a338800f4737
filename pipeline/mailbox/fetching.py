"""FETCH, apart from the connection: how messages are asked for together, and what the server's answer says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.mailbox.arrival import parse_date

_BATCH_MESSAGES = 64


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one FETCH response tells of one message; None where it does not."""

    uid: int
    received_at: datetime | None  # INTERNALDATE
    size: int | None  # RFC822.SIZE
    body: bytes | None


def parse_fetch(lines: Sequence[object]) -> Iterator[Fetched]:
    """The responses as imaplib hands them out: a tuple of head and literal with the line that closes it, or one line.

    A response without UID is unasked for (another client set a flag) and left out.
    """
    for index, line in enumerate(lines):
        body: bytes | None
        if isinstance(line, tuple):
            head, body = line
            following = lines[index + 1] if index + 1 < len(lines) else b""
            attributes = head + (following if isinstance(following, bytes) else b"")
        elif isinstance(line, bytes) and re.match(rb"\d+ \(", line):
            # An empty message may come as a quoted string; NIL is no message at all (RFC 3501 section 4.5).
            attributes, body = line, b"" if re.search(rb'BODY\[\](<\d+>)? ""', line) else None
        else:
            continue
        if uid := re.search(rb"[( ]UID (\d+)", attributes):
            date = re.search(rb'INTERNALDATE "([^"]+)"', attributes)
            size = re.search(rb"RFC822\.SIZE (\d+)", attributes)
            yield Fetched(
                int(uid[1]),
                parse_date(date[1].decode("ascii", "replace")) if date else None,
                int(size[1]) if size else None,
                body,
            )


def parse_quota(lines: Sequence[object]) -> tuple[int, int] | None:
    """Octets used and allowed of the fullest root, by QUOTA responses (RFC 9208 section 4.2.1); None without STORAGE.

    Units of STORAGE are 1024 octets.
    """
    told = (re.search(rb"STORAGE (\d+) (\d+)", line, re.IGNORECASE) for line in lines if isinstance(line, bytes))
    found = [(int(each[1]) * 1024, int(each[2]) * 1024) for each in told if each and int(each[2])]
    return max(found, key=lambda each: each[0] / each[1], default=None)


def batches(listed: Sequence[Fetched], octets: int) -> Iterator[list[Fetched]]:
    """Messages to be fetched at once, in order: small ones together up to so many octets, a large one alone.

    A message of unknown size counts as large.
    """
    batch: list[Fetched] = []
    held = 0
    for each in listed:
        size = each.size if each.size is not None else octets + 1
        if batch and (held + size > octets or len(batch) == _BATCH_MESSAGES):
            yield batch
            batch, held = [], 0
        batch.append(each)
        held += size
    if batch:
        yield batch


def uid_set(uids: Sequence[int]) -> str:
    """``3,5:9``, always ascending. seen: QQ Mail answers BAD to a descending range."""
    ranges: list[list[int]] = []
    for uid in sorted(uids):
        if ranges and uid == ranges[-1][1] + 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(f"{first}:{last}" if last > first else str(first) for first, last in ranges)


def folder_levels(name: str, delimiter: str) -> frozenset[str]:
    """The case-folded names of a folder and of those it lies in; NIL as delimiter means that there are no levels."""
    levels = name.split(delimiter) if delimiter and delimiter != "NIL" else [name]
    return frozenset(level.casefold() for level in levels)
