"""Two ledgers compared: how everything stood, and how it stands by today's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.model.campaign import Campaign, Deliverable
from pipeline.model.finding import Finding
from pipeline.model.ledger import JudgedMessage
from pipeline.model.standing import Remembered, Standing

Key = tuple[str, str]  # village, deliverable id


@dataclass(frozen=True, slots=True)
class Side:
    """What one ledger says at one moment."""

    standings: Mapping[Key, Standing]
    remembered: Mapping[Key, Remembered]
    messages: Mapping[str, JudgedMessage]  # by digest
    in_force: Mapping[Key, str]  # the digest of the message whose version is in force
    ruled: frozenset[Key]  # where the last word is a person's


@dataclass(frozen=True, slots=True)
class Change:
    """A deliverable of a village that comes out otherwise."""

    deliverable: Deliverable
    before: Standing
    after: Standing
    gone: tuple[Finding, ...]
    new: tuple[Finding, ...]
    ruled: bool

    @property
    def village(self) -> str:
        """Whose it is."""
        return self.after.village

    @property
    def weighty(self) -> bool:
        """Whether more than the way in which a file is read has changed."""
        moved = (self.before.state, self.before.late) != (self.after.state, self.after.late)
        return moved or bool(self.gone or self.new)


@dataclass(frozen=True, slots=True)
class MailChange:
    """A mail that is understood otherwise."""

    before: JudgedMessage
    after: JudgedMessage

    @property
    def refiled(self) -> bool:
        """Whether it, or a file of it, is taken for something else, rather than found fault with otherwise."""
        return _filed(self.before) != _filed(self.after)


def find_changes(before: Side, after: Side, campaign: Campaign) -> tuple[Change, ...]:
    """What comes out otherwise, in the order of register and campaign."""
    found = []
    for key, new in after.standings.items():
        old = before.standings[key]
        if old == new and before.remembered.get(key) == after.remembered.get(key):
            continue
        gone, come = _without(old.findings, new.findings), _without(new.findings, old.findings)
        rules = campaign.deliverable(new.deliverable)
        found.append(Change(rules, old, new, gone, come, ruled=key in after.ruled))
    return tuple(found)


def find_mail_changes(before: Side, after: Side) -> tuple[MailChange, ...]:
    """The mails that are understood otherwise, by arrival."""
    pairs = [(before.messages[digest], new) for digest, new in after.messages.items() if digest in before.messages]
    return tuple(MailChange(old, new) for old, new in pairs if _said(old) != _said(new))


def _without(findings: Sequence[Finding], others: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(each for each in findings if each not in others)


def _filed(message: JudgedMessage) -> tuple[object, ...]:
    files = tuple((each.path, each.village, each.deliverable) for each in message.attachments)
    return message.disposition, message.reason, message.village, files, message.links


def _said(message: JudgedMessage) -> tuple[object, ...]:
    return *_filed(message), message.findings
