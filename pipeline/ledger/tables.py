"""The rows. One migration tree (``pipeline/migrations``) makes them; change both together.

Moments are stored as UTC. Lists and values that are only ever read whole are JSON.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Dialect, Index, LargeBinary, UniqueConstraint
from sqlalchemy.types import TypeDecorator
from sqlmodel import AutoString, Field, SQLModel, col, or_

from pipeline.model.message import MessageState

FORGOTTEN = "（已删除）"  # in place of what somebody wrote
PROGRAM = "baosong"  # who decided, where no person did: see BY_A_PERSON


class Moment(TypeDecorator[datetime]):
    """An aware datetime. SQLite forgets the zone, so it is stored as UTC and given its zone again when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive datetime is our own mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class _MessageState(TypeDecorator[MessageState]):
    """Kept as its word."""

    impl = AutoString
    cache_ok = True

    def process_bind_param(self, value: MessageState | None, dialect: Dialect) -> str | None:
        """The word."""
        return MessageState(value).value if value is not None else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> MessageState | None:
        """What it means."""
        return MessageState(value) if value is not None else None


def _moment(**options: Any) -> Any:
    return Column(Moment(), **options)


class SightingRow(SQLModel, table=True):
    """A place on a server where a message was seen. Several may hold the same octets."""

    __tablename__ = "sighting"
    __table_args__ = (UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),)

    id: int | None = Field(default=None, primary_key=True)
    mailbox: str
    folder: str
    uidvalidity: int
    uid: str
    uid_number: int = 0  # the UID as a number, for the highest one; 0 where it is none
    digest: str = Field(foreign_key="message.digest", index=True)
    # What the server said of it then: a UID that says otherwise now has been given to another message.
    size: int | None = None
    arrived_at: datetime | None = Field(default=None, sa_column=_moment())


class MessageRow(SQLModel, table=True):
    """A message, from its storing to its deletion."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_copy", "fingerprint", "message_id"),)

    digest: str = Field(primary_key=True)
    size: int
    received_at: datetime = Field(sa_column=_moment(nullable=False, index=True))
    stored_at: datetime = Field(sa_column=_moment(nullable=False))
    state: MessageState = Field(
        default=MessageState.RECEIVED,
        sa_column=Column(_MessageState(), nullable=False, index=True, default=MessageState.RECEIVED),
    )
    attempts: int = 0
    trouble: str = ""
    message_id: str | None = Field(default=None, index=True)
    sender_name: str = ""
    sender_address: str = Field(default="", index=True)
    subject: str = ""
    fingerprint: str = ""
    disposition: str | None = None
    reason: str | None = None
    no_reply: str | None = None  # why it is not answered
    village: str | None = None
    links: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    judged_at: datetime | None = Field(default=None, sa_column=_moment())
    edition: str = ""  # of the rules that it was judged by: pipeline.edition


class AttachmentRow(SQLModel, table=True):
    """A file of a judged message, with where it belongs and why."""

    __tablename__ = "attachment"

    id: int | None = Field(default=None, primary_key=True)
    message: str = Field(foreign_key="message.digest", index=True)
    ordinal: int
    path: list[str] = Field(sa_column=Column(JSON, nullable=False))
    digest: str
    size: int
    village: str | None = None
    deliverable: str | None = None
    evidence: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class FindingRow(SQLModel, table=True):
    """A finding on a message."""

    __tablename__ = "finding"

    id: int | None = Field(default=None, primary_key=True)
    message: str = Field(foreign_key="message.digest", index=True)
    code: str
    severity: str
    audience: str
    village: str | None = None
    deliverable: str | None = None
    attachment: str | None = None
    place: str = ""
    text: str


class EntryRow(SQLModel, table=True):
    """One deliverable of one village, there from the start so that missing is a row. How it stands now."""

    __tablename__ = "entry"

    campaign: str = Field(primary_key=True)
    village: str = Field(primary_key=True)
    deliverable: str = Field(primary_key=True)
    ordinal: int  # the village's place in the register; of one that has left it the last of all (revision.LEFT)
    due_at: datetime = Field(sa_column=_moment(nullable=False))
    ruled_due_at: datetime | None = Field(default=None, sa_column=_moment())  # the campaign's; another is an extension
    state: str | None = None  # None: nothing came, and due_at tells whether it is missing
    late: bool = False
    received_at: datetime | None = Field(default=None, sa_column=_moment())
    version: int | None = Field(default=None, foreign_key="version.id")


class PreparedRow(SQLModel, table=True):
    """Of which deadlines and villages a campaign's entries were last made."""

    __tablename__ = "prepared"

    campaign: str = Field(primary_key=True)
    mark: str


class VersionRow(SQLModel, table=True):
    """One delivery, kept for ever: what came, what was thought of it, what is remembered of it."""

    __tablename__ = "version"
    __table_args__ = (Index("ix_version_entry", "campaign", "village", "deliverable"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign: str
    village: str
    deliverable: str
    message: str = Field(foreign_key="message.digest", index=True)
    received_at: datetime = Field(sa_column=_moment(nullable=False))
    state: str
    late: bool
    stands: bool  # whether it took the place of what was there
    attachments: list[str] = Field(sa_column=Column(JSON, nullable=False))
    findings: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    remembered: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    act: int | None = Field(default=None, foreign_key="act.id")  # the person's act that had the mail judged again
    void_by: int | None = Field(default=None, foreign_key="act.id")  # the act after which it counts no more


class ActRow(SQLModel, table=True):
    """What a person did, kept for ever: who, when, why, and what is needed to take it back."""

    __tablename__ = "act"

    id: int | None = Field(default=None, primary_key=True)
    campaign: str = Field(index=True)
    at: datetime = Field(sa_column=_moment(nullable=False))
    who: str
    kind: str
    why: str = ""
    village: str | None = None
    deliverable: str | None = None
    message: str | None = Field(default=None, foreign_key="message.digest", index=True)
    undoes: int | None = Field(default=None, foreign_key="act.id", index=True)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class DecisionRow(SQLModel, table=True):
    """A change of an entry's state: by a delivery, or by a person. The history of the ledger."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_entry", "campaign", "village", "deliverable"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign: str
    village: str
    deliverable: str
    effective_at: datetime = Field(sa_column=_moment(nullable=False, index=True))  # arrival, or the person's moment
    recorded_at: datetime = Field(sa_column=_moment(nullable=False))
    state: str
    late: bool
    received_at: datetime | None = Field(default=None, sa_column=_moment())
    version: int | None = Field(default=None, foreign_key="version.id")
    who: str = PROGRAM
    why: str = ""
    act: int | None = Field(default=None, foreign_key="act.id", index=True)  # a person's, where one is behind it


# Not by the name alone: the service's own login is baosong as well. Nor by the act alone: older rows have none.
BY_A_PERSON = or_(col(DecisionRow.act).is_not(None), col(DecisionRow.who) != PROGRAM)


class PictureRow(SQLModel, table=True):
    """A picture that a village sent, to be met again by its octets, or by its signature where it was saved anew
    (:mod:`pipeline.likeness`)."""

    __tablename__ = "picture"
    __table_args__ = (UniqueConstraint("campaign", "village", "deliverable", "digest"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign: str
    village: str
    deliverable: str
    digest: str = Field(index=True)
    likeness: str  # 16 hex digits
    signature: int | None = Field(default=None, index=True)  # None: met again by its octets alone
    look: str = ""


class SketchRow(SQLModel, table=True):
    """A number of the sketch of a text in force (``text/sketch.py``), in the order in which it is looked for."""

    __tablename__ = "sketch"
    # The village first: what looks for numbers must not be led to all of a campaign's texts.
    __table_args__ = (Index("ix_sketch_text", "village", "deliverable", "campaign"),)

    campaign: str = Field(primary_key=True)
    value: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    deliverable: str = Field(primary_key=True)
    village: str = Field(primary_key=True)


class LetterRow(SQLModel, table=True):
    """The outbox. Written in the transaction of the verdict that it answers; one row for one key, ever."""

    __tablename__ = "letter"
    # Beside the octets, which are most of a row: what goes by time reads none of them.
    __table_args__ = (Index("ix_letter_recipient", "recipient", "created_at"), Index("ix_letter_sent", "sent_at"))

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    message: str | None = Field(default=None, foreign_key="message.digest", index=True)
    sender: str
    recipient: str
    subject: str
    message_id: str = Field(index=True)
    asks: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # [village, id, returned]
    octets: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str = Field(default="queued", index=True)
    attempts: int = 0
    created_at: datetime = Field(sa_column=_moment(nullable=False))
    next_at: datetime = Field(sa_column=_moment(nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=_moment())
    note: str = ""
    in_doubt: bool = False  # held, because it may have gone out: a copy, a bounce or an answer may still tell
    filed: bool = False  # a copy lies in the mailbox's folder of sent mail


class EnclosureRow(SQLModel, table=True):
    """A file that went with a letter, to be known when it comes back."""

    __tablename__ = "enclosure"

    letter: int = Field(foreign_key="letter.id", primary_key=True)
    digest: str = Field(primary_key=True, index=True)


class AddressRow(SQLModel, table=True):
    """An address that a letter came back from, and what is thought of it since."""

    __tablename__ = "address"

    address: str = Field(primary_key=True)
    state: str  # dead, failing, alive
    since: datetime = Field(sa_column=_moment(nullable=False))
    why: str
    letter: int | None = Field(default=None, foreign_key="letter.id")
    bounce: str | None = Field(default=None, foreign_key="message.digest")


class TestimonyRow(SQLModel, table=True):
    """A mail that brought papers of a village, which they named themselves: what an address is learned from."""

    __tablename__ = "testimony"

    address: str = Field(primary_key=True)
    village: str = Field(primary_key=True)
    message: str = Field(primary_key=True, foreign_key="message.digest")
    received_at: datetime = Field(sa_column=_moment(nullable=False))


class ConfirmationRow(SQLModel, table=True):
    """The coordinator's word on whether an address is a village's."""

    __tablename__ = "confirmation"

    address: str = Field(primary_key=True)
    village: str = Field(primary_key=True)
    holds: bool
    who: str
    why: str
    at: datetime = Field(sa_column=_moment(nullable=False))


class QuarantineRow(SQLModel, table=True):
    """A hostile file: never opened again, in whatever mail it comes. Its names are those of the attachments."""

    __tablename__ = "quarantine"

    digest: str = Field(primary_key=True)
    message: str = Field(foreign_key="message.digest")  # that brought it first
    since: datetime = Field(sa_column=_moment(nullable=False))


class PollRow(SQLModel, table=True):
    """A round of polling: when, and how it ended."""

    __tablename__ = "poll"

    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime = Field(sa_column=_moment(nullable=False, index=True))
    finished_at: datetime | None = Field(default=None, sa_column=_moment())
    reached: bool = False  # the mailbox could be read
    stored: int = 0
    judged: int = 0
    trouble: str = ""


class JobRow(SQLModel, table=True):
    """A unit of work that was asked for, where no distributed engine keeps such things. Gone when it is done."""

    __tablename__ = "job"

    unit: str = Field(primary_key=True)
    due_at: datetime = Field(sa_column=_moment(nullable=False))
    asked: int = 1  # how often: what is asked for while it is done is done once more
    attempts: int = 0  # that failed
    trouble: str = ""  # of the last one


class RestorationRow(SQLModel, table=True):
    """The ledger went on from an earlier state. What arrived before ``at`` may have been answered by what was lost."""

    __tablename__ = "restoration"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=_moment(nullable=False))
