"""Messages that our program could not deal with: kept apart, shown to a person, read again when he says so.

No village is told: what fails here is our own doing. Only the fields that name a mail are read, and by their octets
alone, for whatever the mail did to its reader it must not do to this list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import AccessError, ConfigError
from pipeline.ledger import intake
from pipeline.mailbox.arrival import HEAD_SIZE
from pipeline.message.headers import decode_text, parse_address, unfold
from pipeline.model.message import Address
from pipeline.office import Office


@dataclass(frozen=True, slots=True)
class Held:
    """A quarantined message as a person would look for it."""

    digest: str
    received_at: datetime
    sender: Address
    subject: str
    trouble: str
    path: Path | None  # of its octets; None where they are gone


def list_quarantined(office: Office) -> list[Held]:
    """All of them, by arrival."""
    held = []
    for each in intake.quarantined(office.ledger):
        try:
            path = office.cache.path(each.digest)
        except AccessError:
            path = None
        sender, subject = read_names(office, each.digest)
        held.append(Held(each.digest, each.received_at, sender, subject, each.trouble, path))
    return held


def read_names(office: Office, digest: str) -> tuple[Address, str]:
    """Sender and subject of a stored mail; empty where they cannot be had."""
    try:
        with office.cache.open(digest) as file:
            head = re.split(rb"\r?\n\r?\n", file.read(HEAD_SIZE), maxsplit=1)[0]
    except AccessError:
        return Address("", ""), ""
    sender, subject = _field(head, b"from"), _field(head, b"subject")
    return (parse_address(sender) or Address("", "")), decode_text(unfold(subject)).strip()


def choose(office: Office, digests: Sequence[str], *, everything: bool) -> list[str]:
    """The quarantined messages that these beginnings of numbers mean. ConfigError where one means none, or several."""
    known = [each.digest for each in intake.quarantined(office.ledger)]
    if everything:
        return known
    chosen: dict[str, None] = {}
    for written in digests:
        found = [digest for digest in known if digest.startswith(written.lower())]
        if len(found) != 1:
            many = "对应不止一封隔离的邮件，请多写几位" if found else "不是隔离中的邮件"
            raise ConfigError(f"编号 {written} {many}，可先运行 baosong quarantine 查看")
        chosen[found[0]] = None
    return list(chosen)


def _field(head: bytes, name: bytes) -> bytes:
    match = re.search(rb"(?im)^" + name + rb"[ \t]*:((?:.*)(?:\r?\n[ \t].*)*)", head)
    return match[1] if match else b""
