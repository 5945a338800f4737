"""All mails of the held-out month, by arrival."""

from __future__ import annotations

from tests.heldout import june, oddities, others, plans, rounds
from tests.heldout.mails import Mail


def all_mails() -> list[Mail]:
    """Every mail with its truth, the oldest first."""
    mails = [*plans.mails(), *rounds.mails(), *june.mails(), *oddities.mails(), *others.mails()]
    names = [each.name for each in mails]
    assert len(set(names)) == len(names), "two mails of one name"
    return sorted(mails, key=lambda each: each.received_at)
