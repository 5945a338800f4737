"""A mail as it arrives, and as it is understood by its own octets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.model.files import FileKind, Problem


@dataclass(frozen=True, slots=True)
class Location:
    """Where a message lies on the server. Says nothing of what the message is."""

    mailbox: str  # the mailbox url without secrets
    folder: str
    uidvalidity: int  # 0 where the source has none
    uid: str  # IMAP UID, POP3 UIDL, or a file's name


@dataclass(frozen=True, slots=True)
class Blob:
    """Octets kept in the cache."""

    digest: str
    size: int


class MessageState(StrEnum):
    """How far a message has come in the ledger."""

    RECEIVED = "received"  # stored, and not judged yet
    JUDGED = "judged"  # understood
    QUARANTINED = "quarantined"  # left to a person
    FORGOTTEN = "forgotten"  # its octets and words were deleted after the campaign


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message as received, safe on our disk."""

    location: Location
    received_at: datetime  # arrival: INTERNALDATE, else the topmost Received header, else the file's time
    blob: Blob
    told_size: int | None = None  # as the source told it beforehand, now and then an estimate


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322: display name and addr-spec, the latter in lower case."""

    name: str
    address: str


def own_name(written: str) -> str:
    """A file's own name, without the folders that its archive writes before it."""
    return written.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file that somebody sent: a MIME part, or a member of an archive, a forwarded mail, a TNEF part."""

    path: tuple[str, ...]  # names from the outermost container inwards, as the sender wrote them; never a file path
    blob: Blob
    content_type: str  # declared
    sniffed_kind: FileKind
    problem: Problem | None = None  # of a container that could not be opened; the container then stands for its members
    inline: bool = False  # shown within the text by its Content-ID
    subjects: tuple[str, ...] = ()  # of the mails that it was forwarded in, the innermost first

    @property
    def name(self) -> str:
        """The file's own name."""
        return own_name(self.path[-1])

    @property
    def shown_name(self) -> str:
        """The name as a person would point to it: ``材料.zip / 照片/1.jpg``."""
        return " / ".join(self.path)


@dataclass(frozen=True, slots=True)
class CloudLink:
    """A link to a file left with a provider, in place of the file."""

    url: str
    provider: str  # in Chinese, as the letter says it: QQ邮箱超大附件
    name: str
    size: str  # as written, 86.35M; empty where unknown
    expires_at: datetime | None
    quoted: bool  # stands only in quoted or forwarded text
    led_by: str = ""  # the words before it: of its line, and of the two lines above


@dataclass(frozen=True, slots=True)
class Authentication:
    """What the receiving server's own Authentication-Results said (RFC 8601); empty where it said nothing."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""


class Reason(StrEnum):
    """Why a message is ignored, or why it is not answered."""

    OWN = "own"  # our own mail, come back or copied to ourselves
    BOUNCE = "bounce"  # RFC 3464 report, or a null envelope sender
    RECEIPT = "receipt"  # RFC 8098 disposition notification
    AUTO_REPLY = "auto-reply"  # RFC 3834
    BULK = "bulk"  # lists, newsletters
    DUPLICATE = "duplicate"  # the identical mail once more
    NOTHING_SENT = "nothing-sent"  # names no village and carries no file
    CAP = "cap"  # too many answers to this address within 24 hours
    DEAD_ADDRESS = "dead-address"  # what we wrote there came back
    NO_ADDRESS = "no-address"  # nobody to answer to
    REPEATED = "repeated"  # an answer to a letter of ours, without a file, that says the same once more


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, RFC 5322, understood as far as its own octets allow."""

    blob: Blob
    message_id: str | None  # with its angle brackets; for threading, never the key
    sender: Address
    reply_to: Address | None
    subject: str
    sent_at: datetime | None  # the Date field: the sender's claim
    received_at: datetime
    return_path: str | None  # "" for the null path <>, None where the field is absent
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str  # what the sender wrote, without what he quotes
    quoted: str  # quoted or forwarded text
    automatic: Reason | None  # a mark of a machine's mail: bounce, receipt, auto-reply, bulk
    authentication: Authentication
    attachments: tuple[Attachment, ...]
    links: tuple[CloudLink, ...]
    fingerprint: str  # digest of what was said and sent, without transport fields: equal for an identical copy
