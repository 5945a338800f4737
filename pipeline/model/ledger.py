"""What the ledger keeps and tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.model.finding import Finding
from pipeline.model.letter import Reply
from pipeline.model.message import Address, Reason, own_name
from pipeline.model.reading import Picture
from pipeline.model.standing import Remembered, State
from pipeline.model.submission import Evidence, LinkFiling
from pipeline.model.verdict import Disposition


@dataclass(frozen=True, slots=True)
class FiledAttachment:
    """A file of a judged message, as the ledger keeps it."""

    path: tuple[str, ...]
    digest: str
    size: int
    village: str | None
    deliverable: str | None
    evidence: tuple[Evidence, ...]
    quarantined: bool = False  # never to be opened, nor handed on

    @property
    def name(self) -> str:
        """The file's own name."""
        return own_name(self.path[-1])


@dataclass(frozen=True, slots=True)
class FiledDelivery:
    """What a judged message did to one village's deliverable, as the ledger keeps it."""

    village: str
    deliverable: str
    state: State
    late: bool
    stands: bool  # False where an earlier, better version stays in force
    remembered: Remembered  # what was read in it: activities part by part, figures as written and as read


@dataclass(frozen=True, slots=True)
class JudgedMessage:
    """A message as the ledger keeps it. ``disposition`` is None while it could not be judged yet (our own fault)."""

    digest: str
    message_id: str | None
    sender: Address
    subject: str
    received_at: datetime
    disposition: Disposition | None
    reason: Reason | None
    village: str | None
    attachments: tuple[FiledAttachment, ...]
    links: tuple[LinkFiling, ...]
    findings: tuple[Finding, ...]
    reply: Reply
    trouble: str = ""  # our own failure, for the coordinator
    quarantined: bool = False  # given up after several; a person must look
    deliveries: tuple[FiledDelivery, ...] = ()  # where they were asked for


@dataclass(frozen=True, slots=True)
class Version:
    """One delivery of a village, as the ledger keeps it for ever."""

    id: int
    village: str
    deliverable: str
    message: str
    sender: Address
    subject: str
    received_at: datetime
    state: State
    late: bool
    stands: bool  # took the place of what was there
    in_force: bool  # is what counts now
    void: bool  # its mail was assigned otherwise since
    files: tuple[FiledAttachment, ...]
    findings: tuple[Finding, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A deliverable's new state, at the moment from which it counts."""

    village: str
    deliverable: str
    at: datetime
    state: State
    who: str  # the person; "" where none did it


class ActKind(StrEnum):
    """What a person may do with the ledger."""

    ACCEPT = "accept"
    RETURN = "return"
    WAIVE = "waive"
    EXTEND = "extend"
    ASSIGN = "assign"  # tells whose a mail's files are, or which deliverable
    REREAD = "reread"  # has a mail judged again by today's rules
    CONFIRM = "confirm"  # an address is a village's
    RESEND = "resend"  # has a held letter sent after all
    SETTLE = "settle"  # a matter that waited for a person is done with
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a person. Nothing of it is ever deleted: an undone one is followed by the act that undid it."""

    id: int
    at: datetime
    who: str
    kind: ActKind
    why: str
    village: str | None
    deliverable: str | None
    message: str | None  # digest
    undoes: int | None
    undone: bool
    detail: Mapping[str, str]  # what else a reader may want: the new deadline, the address


@dataclass(frozen=True, slots=True)
class Rule:
    """A person's word on whose some files of a mail are, or which deliverable; None leaves it to the evidence."""

    village: str | None = None
    deliverable: str | None = None
    files: tuple[int, ...] | None = None  # numbers within the mail, links after the files; None: all of them
    who: str = ""
