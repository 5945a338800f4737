"""The configured mailbox, whatever its kind."""

from __future__ import annotations

from pipeline.config import MailboxConfig
from pipeline.mailbox import Mailbox
from pipeline.mailbox.folder import EmlFolder, Maildir
from pipeline.mailbox.imap import ImapMailbox
from pipeline.mailbox.pop3 import Pop3Mailbox


def open_mailbox(config: MailboxConfig, password: str | None) -> Mailbox:
    """The mailbox of this url. Nothing is connected or read before ``with``."""
    match config.url.scheme:
        case "eml":
            return EmlFolder(config)
        case "maildir":
            return Maildir(config)
        case "pop3s":
            return Pop3Mailbox(config, password)
        case _:
            return ImapMailbox(config, password)
