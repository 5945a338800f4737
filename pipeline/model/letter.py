"""Letters of ours: written, queued, sent, come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pipeline.model.message import Address, Reason
from pipeline.model.past import Ask


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file that goes with a letter."""

    name: str
    content_type: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What goes with an answer, so that mending is easy."""

    marked: tuple[LetterFile, ...] = ()  # the village's own files, the problems marked in them
    thumbnails: tuple[LetterFile, ...] = ()  # its photos with a fault, small
    blanks: tuple[LetterFile, ...] = ()  # blank forms with the village's name

    @property
    def files(self) -> tuple[LetterFile, ...]:
        """All of them."""
        return (*self.marked, *self.thumbnails, *self.blanks)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail of ours, ready to be put into the outbox."""

    key: str  # one letter for one key, ever: reply:<digest of the message>
    kind: Literal["reply", "reminder", "report", "alarm", "notice", "recheck"]
    to: Address
    subject: str
    text: str
    html: str
    message_id: str
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    files: tuple[LetterFile, ...] = ()
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter as the octets of a mail, ready for the outbox."""

    key: str
    kind: str
    sender: str  # envelope, the account's own address
    recipient: str
    subject: str
    message_id: str
    octets: bytes
    asks: tuple[Ask, ...] = ()
    enclosed: tuple[str, ...] = ()  # digests of the files


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    """A letter in the ledger's queue."""

    id: int
    sender: str  # envelope, the account's own address
    recipient: str
    octets: bytes
    attempts: int  # how often it was begun
    message_id: str = ""
    tried_at: datetime | None = None  # the last time
    key: str = ""


class LetterState(StrEnum):
    """How far a letter of ours has come."""

    NONE = "none"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"  # a person must look: refused for good, or a crash left open whether it went out


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A letter of ours, sent or not, as the ledger keeps it."""

    id: int
    kind: str
    recipient: str
    subject: str
    state: LetterState
    created_at: datetime
    sent_at: datetime | None
    note: str
    message: str | None
    octets: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a message, and why there is none."""

    state: LetterState
    to: str | None = None
    message_id: str | None = None
    reason: Reason | None = None  # why not answered
    note: str = ""  # what the server said, for the coordinator


class AddressState(StrEnum):
    """What became of what we wrote to an address."""

    ALIVE = "alive"  # somebody wrote from it after a letter of ours had come back
    FAILING = "failing"  # one came back for a reason that may pass: full, too busy, taken for spam
    DEAD = "dead"  # it is not there: never written to again


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that a bounce says was not reached."""

    address: str
    state: AddressState  # DEAD or FAILING
    why: str  # for the coordinator


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce says. One without failures tells of a delay, or of nothing that we understand."""

    letters: tuple[str, ...]  # Message-IDs of letters of ours that it names
    subject: str  # of the letter that came back; empty where it does not say
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class LostAddress:
    """An address that our letters do not reach, as the ledger keeps it."""

    address: str
    state: AddressState
    since: datetime
    why: str
    village: str | None  # for whom the letter was
    subject: str  # of the letter
    bounce: str | None  # digest of the message that said so; None where the server refused at once
