"""What others do with the same mailbox: ``python -m tests.bench.peers NAME PORT USER FOLDER``."""

from __future__ import annotations

import hashlib
import imaplib
import sys
from collections.abc import Callable
from pathlib import Path

import imap_tools

from tests.servers.dovecot import PASSWORD


def save_attachments(port: int, user: str, folder: Path) -> None:
    """The usual loop: imap_tools, every attachment saved, nothing looked into."""
    with imap_tools.MailBoxUnencrypted("127.0.0.1", port).login(user, PASSWORD) as mailbox:
        for message in mailbox.fetch(mark_seen=False):
            for attachment in message.attachments:
                octets = attachment.payload
                (folder / hashlib.sha256(octets).hexdigest()).write_bytes(octets)


def look_for_news(port: int, user: str, folder: Path) -> None:
    """A bare round of imaplib that finds nothing new: connect, login, examine, search, logout."""
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login(user, PASSWORD)
    client.select("INBOX", readonly=True)
    client.uid("SEARCH", "UID", "999999:*")
    client.logout()


_PEERS: dict[str, Callable[[int, str, Path], None]] = {"imap_tools": save_attachments, "imaplib": look_for_news}


def mbsync_settings(port: int, user: str, folder: Path) -> str:
    """A configuration by which mbsync merely downloads INBOX."""
    return f"""\
IMAPAccount office
Host 127.0.0.1
Port {port}
User {user}
Pass {PASSWORD}
SSLType None
AuthMechs LOGIN

IMAPStore there
Account office

MaildirStore here
Path {folder}/
Inbox {folder}/INBOX
SubFolders Verbatim

Channel all
Far :there:
Near :here:
Patterns INBOX
Sync Pull
Create Near
SyncState *
"""


if __name__ == "__main__":
    name, port, user, folder = sys.argv[1:]
    _PEERS[name](int(port), user, Path(folder))
