"""When a message arrived, told by its own head: for sources that keep no arrival time themselves."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path

HEAD_SIZE = 64 * 1024  # octets of a message within which its topmost Received fields stand

_CHINA = timezone(timedelta(hours=8))


def arrival_time(head: bytes, fallback: datetime) -> datetime:
    """The time of the topmost Received field that tells one (RFC 5321 section 4.4), else ``fallback``. Always aware.

    ``head`` is the beginning of the message, as much of it as is at hand; the topmost field is the one that the
    office's own server wrote.
    """
    fields = re.split(rb"\r?\n\r?\n", head.lstrip(b"\r\n"), maxsplit=1)[0]
    unfolded = re.sub(rb"\r?\n(?=[ \t])", b"", fields)
    for match in re.finditer(rb"^Received[ \t]*:(.*)$", unfolded, re.IGNORECASE | re.MULTILINE):
        date = match[1].rpartition(b";")[2].decode("ascii", "replace")
        if (arrived_at := parse_date(date)) is not None:
            return arrived_at
    return fallback


def parse_date(text: str) -> datetime | None:
    """An RFC 5322 date-time with its obsolete forms, or an IMAP INTERNALDATE; aware. None where it is neither."""
    bare = text
    while (fewer := re.sub(r"\([^()]*\)", " ", bare)) != bare:  # comments nest
        bare = fewer
    # RFC 5322 reads a bare CST as -0600. seen: Chinese gateways write it and mean China Standard Time.
    bare = re.sub(r"\bCST\b", "+0800", bare.strip())
    try:
        parsed = parsedate_to_datetime(bare)
    except (TypeError, ValueError, IndexError, OverflowError):  # all are raised by one broken date or another
        return None
    if parsed.tzinfo is None:
        # "-0000" is UTC of an unknown place (RFC 5322 section 3.3); without any zone the server's own clock is meant.
        parsed = parsed.replace(tzinfo=UTC if bare.endswith("-0000") else _CHINA)
    return parsed


def file_time(path: Path) -> datetime:
    """When a file was last written."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def arrived_since(received_at: datetime, day: date | None) -> bool:
    """Whether a message arrived on this day in China or later; True where no day is set."""
    return day is None or received_at.astimezone(_CHINA).date() >= day
