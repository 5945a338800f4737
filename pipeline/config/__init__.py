"""The settings, as the rest of the program has them; :mod:`pipeline.config.loading` makes them of ``config.toml``.

Passwords never stand in the file; :mod:`pipeline.config.passwords` finds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from pipeline.config.providers import Provider
from pipeline.config.urls import MailUrl
from pipeline.model.message import Address


@dataclass(frozen=True, slots=True)
class MailboxConfig:
    """Where messages come from."""

    url: MailUrl
    folders: tuple[str, ...] = ()  # decoded names; empty: all that may hold mail from outside
    timeout: float = 60.0  # seconds without an answer
    since: date | None = None  # what arrived before this day is left alone
    provider: Provider | None = None
    authserv_ids: tuple[str, ...] = ()  # names, or domains of names, of our receiving servers (RFC 8601 section 2.5)
    first: bool = True  # the office's own, in [mailbox]; not one of [[mailboxes]]

    @property
    def receiving_servers(self) -> tuple[str, ...]:
        """Whose Authentication-Results are believed; the provider's own, where nothing is set. Empty: nobody knows."""
        return self.authserv_ids or tuple(sorted(self.provider.own_domains if self.provider else ()))


@dataclass(frozen=True, slots=True)
class OutgoingConfig:
    """Where letters go."""

    url: MailUrl
    sender: Address
    timeout: float = 60.0
    seconds_between_mails: float = 0.0
    mails_per_connection: int = 10
    # Of all letters together: whatever goes wrong, no flood leaves this office. None: into a folder go as many as come.
    most_per_hour: int | None = None
    keep_sent: bool = False  # whether a copy goes into the mailbox's folder of sent mail
    sent_folder: str = ""  # its decoded name; empty: the one that the server or its name tells
    provider: Provider | None = None


@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """When the service does what; times of day in the campaign's time zone."""

    poll_minutes: int
    report_at: time
    remind_at: time
    alarm_minutes: int  # so long without reaching the mailbox, and the coordinator is told
    watch: bool  # between polls, wait for the server's own notice of new mail where it gives one


@dataclass(frozen=True, slots=True)
class ReportConfig:
    """The coordinator's daily report."""

    folder: Path
    to: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class ScanConfig:
    """Where the virus scanner listens: a socket's path, or a host and port."""

    place: str
    host: str = ""
    port: int = 0
    timeout: float = 120.0


@dataclass(frozen=True, slots=True)
class NoticesConfig:
    """Where the coordinator is told beside mail. The channels' addresses are secrets, kept as the passwords are."""

    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. Paths are absolute."""

    file: Path
    campaign: Path
    villages: Path
    database: str  # SQLAlchemy url
    office: str  # the schema of this office in a database of many; "" where it is alone
    distributed: bool  # its work is done by workers of the distributed engine in that database
    cache: Path  # the folder; of a bucket this machine's copies
    bucket: str  # s3://…, where the cache is shared; "" where the folder is all
    mailbox: MailboxConfig
    outgoing: OutgoingConfig
    schedule: ScheduleConfig
    report: ReportConfig
    scan: ScanConfig | None = None  # None: no virus scanner
    notices: NoticesConfig = NoticesConfig()
    more_mailboxes: tuple[MailboxConfig, ...] = ()  # whose mail is read as well; letters go out as ever

    @property
    def mailboxes(self) -> tuple[MailboxConfig, ...]:
        """All that are read, the office's own first."""
        return (self.mailbox, *self.more_mailboxes)
