"""What a poll does with a mailbox, without the ledger: fetch what is new, remember it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.config import MailboxConfig
from pipeline.config.accounts import INCOMING
from pipeline.config.urls import parse_mail_url
from pipeline.mailbox import Mailbox


@dataclass(frozen=True)
class Got:
    """A message that was fetched."""

    folder: str
    uid: str
    uidvalidity: int
    received_at: datetime
    octets: bytes
    largest_chunk: int


@dataclass
class Memory:
    """A ledger's knowledge of folders: satisfies :class:`pipeline.mailbox.Seen`."""

    stored: set[tuple[str, int, str]] = field(default_factory=set)

    def highest_uid(self, folder: str, uidvalidity: int) -> int:
        return max((int(uid) for f, v, uid in self.stored if (f, v) == (folder, uidvalidity)), default=0)

    def unseen(self, folder: str, uidvalidity: int, uids: Sequence[str]) -> list[str]:
        return [uid for uid in uids if (folder, uidvalidity, uid) not in self.stored]


def fetch(mailbox: Mailbox, folder: str, memory: Memory) -> list[Got]:
    """All that is new in one folder; it is remembered."""
    got = []
    for arrival in mailbox.arrivals(folder, memory):
        chunks = list(arrival.chunks)
        largest = max(map(len, chunks), default=0)
        got.append(Got(folder, arrival.uid, arrival.uidvalidity, arrival.received_at, b"".join(chunks), largest))
        memory.stored.add((folder, arrival.uidvalidity, arrival.uid))
    return got


def poll(mailbox: Mailbox, memory: Memory) -> list[Got]:
    """All that is new in all folders."""
    with mailbox:
        return [each for folder in mailbox.folders() for each in fetch(mailbox, folder, memory)]


def config_of(url: str, *, folders: tuple[str, ...] = (), timeout: float = 10.0) -> MailboxConfig:
    """The settings of this url alone."""
    return MailboxConfig(parse_mail_url(url, INCOMING, Path.cwd()), folders, timeout)


def message(subject: str, *, size: int = 0, received: str = "") -> bytes:
    """A small mail, padded with lines to at least this size."""
    head = f"Received: from a by b; {received}\r\n" if received else ""
    text = f"{head}From: =?utf-8?B?5p2R?= <village@town.test>\r\nSubject: {subject}\r\n\r\n.begin\r\n..\r\n"
    line = b"0123456789abcdef" * 4 + b"\r\n"
    return text.encode() + line * max(0, (size - len(text)) // len(line) + 1)
