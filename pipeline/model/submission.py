"""Whose each file of a mail is, and which deliverable, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.content import Content, Unreadable
from pipeline.model.files import Problem
from pipeline.model.message import Attachment, CloudLink, Message


class Source(StrEnum):
    """Where evidence was found, the strongest first."""

    DOCUMENT = "document"
    FILE_NAME = "file-name"
    SUBJECT = "subject"
    BODY = "body"
    THREAD = "thread"  # the letter of ours that the mail answers
    SENDER = "sender"
    SIBLINGS = "siblings"
    ARRIVAL = "arrival"
    CONTENT = "content"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason why a file belongs to a village or deliverable."""

    source: Source
    names: str  # the village or the deliverable's id
    text: str  # the words that said so


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a form a photo was meant to stand that came by itself."""

    title: str  # the form's
    rows: str  # 第2、5行
    otherwise: str  # the title of what it would be else


@dataclass(frozen=True, slots=True)
class Filing:
    """Where one file belongs, and why."""

    attachment: Attachment
    content: Content
    village: str | None
    deliverable: str | None
    evidence: tuple[Evidence, ...] = ()
    place: Place | None = None  # of a photo without deliverable

    @property
    def hostile(self) -> bool:
        """Whether it is an attack on who opens it: it goes into quarantine."""
        content = self.content
        problem = content.problem if isinstance(content, Unreadable) else self.attachment.problem
        return Problem.HOSTILE in {problem, self.attachment.problem}


@dataclass(frozen=True, slots=True)
class LinkFiling:
    """Where one cloud link belongs."""

    link: CloudLink
    village: str | None
    deliverable: str | None


@dataclass(frozen=True, slots=True)
class Submission:
    """A message with every file put where it belongs."""

    message: Message
    filings: tuple[Filing, ...]
    links: tuple[LinkFiling, ...]
    village: str | None  # of the mail as a whole, where subject, body, sender or all files agree
    sender_villages: tuple[str, ...]  # for which the sender's address is known to write
    named_villages: tuple[str, ...]  # that subject and body name


@dataclass(frozen=True, slots=True)
class Writer:
    """A village that the sender's address is known to write for."""

    village: str
    why: str  # how it is known, as the coordinator reads it
