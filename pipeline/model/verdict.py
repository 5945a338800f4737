"""The judgement on one message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.finding import Finding
from pipeline.model.message import Message, Reason
from pipeline.model.standing import Remembered, State
from pipeline.model.submission import Filing, LinkFiling


class Disposition(StrEnum):
    """What a message is to us."""

    SUBMISSION = "submission"
    UNRECOGNISED = "unrecognised"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one mail did to one village's deliverable."""

    village: str
    deliverable: str
    state: State  # of what this mail brought
    late: bool
    stands: bool  # False where an earlier, better version stays in force
    unchanged: bool  # the same octets as the version in force: nothing new to judge
    attachments: tuple[str, ...]  # digests, in order
    findings: tuple[Finding, ...]
    remembered: Remembered


class Ruling(StrEnum):
    """What comes of a village's word that there is nothing to hand in."""

    RECORDED = "recorded"
    REFUSED = "refused"  # the campaign wants it nonetheless
    UNCLEAR = "unclear"  # several deliverables could be meant


@dataclass(frozen=True, slots=True)
class NilReport:
    """A village's word that there is nothing to hand in (零报告)."""

    village: str
    deliverables: tuple[str, ...]  # recorded: the one; else all that could be meant
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole judgement on one message."""

    message: Message
    disposition: Disposition
    reason: Reason | None
    filings: tuple[Filing, ...]
    links: tuple[LinkFiling, ...]
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]  # all of them, those of the outcomes too
    village: str | None
    nil: NilReport | None = None
    ours: tuple[str, ...] = ()  # names of files that we ourselves had sent and that came back unchanged: not judged
