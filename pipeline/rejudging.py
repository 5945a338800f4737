"""A mail judged again because a person said whose it is, or wants it read anew: octets -> new verdict -> ledger.

Nothing is mailed unless the person says so, and then once at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from pipeline.errors import ConfigError
from pipeline.judging import judge_by_evidence
from pipeline.ledger import addresses, again, memory
from pipeline.letter.answer import may_not_answer, write_reply
from pipeline.letter.mail import reply_message_id
from pipeline.marking import enclose
from pipeline.model.content import Content
from pipeline.model.ledger import Rule
from pipeline.model.letter import Letter
from pipeline.model.message import Message, Reason
from pipeline.model.past import Past
from pipeline.model.verdict import Verdict
from pipeline.office import Office, draw, render_letter
from pipeline.opening import read_message
from pipeline.ruling import yield_to_newer
from pipeline.verdict import dispose, ignore

# What says that a mail was no submission, and no longer does once a person has said whose it is.
_OVERRULED = (Reason.NOTHING_SENT, Reason.BULK, Reason.AUTO_REPLY)


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What came of it."""

    act: int
    verdict: Verdict
    answered: bool  # a letter to the sender waits in the outbox


def rejudge(office: Office, digest: str, rule: Rule | None, *, who: str, why: str, answer: bool = False) -> Rejudged:
    """Judge a stored mail once more, with a further rule or as it is, and record what comes of it as a person's act.

    Its caller is :func:`~pipeline.office.alone`. Raises ConfigError where there is no such mail.
    """
    found = again.find_message(office.ledger, digest)
    if found is None:
        raise ConfigError("台账里没有这封邮件")
    _refuse_strange(office, rule)
    with office.at_work():
        message = read_message(office, *found)
        rules = (*again.standing_rules(office.ledger, office.campaign, digest), *([rule] if rule else []))
        verdict, past = reach_ruled_verdict(office, message, rules, again=True)
        verdict = replace(verdict, outcomes=yield_to_newer(verdict.outcomes, past, message.received_at))
        now = office.now()
        letter = _write_answer(office, verdict, past) if answer else None
    act = again.record_again(
        office.ledger,
        verdict,
        office.campaign,
        rule=rule,
        who=who,
        why=why,
        letter=render_letter(office, letter, now) if letter else None,
        now=now,
    )
    return Rejudged(act, verdict, letter is not None)


def reach_ruled_verdict(
    office: Office,
    message: Message,
    rules: Sequence[Rule],
    *,
    duplicate: bool = False,
    again: bool = False,
    contents: Sequence[Content] | None = None,
) -> tuple[Verdict, Past]:
    """The judgement on a message with what people said of its files; ``again`` and ``contents`` as in
    :func:`judge_by_evidence`.
    """
    disposal = dispose(message, office.config.outgoing.sender.address, duplicate=duplicate)
    if disposal is not None and not (rules and disposal[1] in _OVERRULED):
        return ignore(message, *disposal), Past()
    return judge_by_evidence(office, message, rules, again=again, contents=contents)


def _refuse_strange(office: Office, rule: Rule | None) -> None:
    if rule is None:
        return
    if rule.village is not None and rule.village not in office.register:
        raise ConfigError(f"村名册里没有{rule.village}")
    if rule.deliverable is not None and rule.deliverable not in [each.id for each in office.campaign.deliverables]:
        raise ConfigError(f"本次活动没有 {rule.deliverable} 这项材料")


def _write_answer(office: Office, verdict: Verdict, past: Past) -> Letter | None:
    """The letter to the sender; None where it may not be written to, or was answered again already."""
    message, now = verdict.message, office.now()
    key = again.may_answer_again(office.ledger, message.blob.digest)
    answers = memory.answers_within_a_day(office.ledger, message.sender.address, now)
    dead = addresses.is_dead(office.ledger, message.sender.address, message.received_at)
    if key is None or may_not_answer(verdict, answers_today=answers, dead=dead) is not None:
        return None
    enclosures = enclose(verdict, office.campaign, office.cache, at=now, draw=partial(draw, office))
    letter = write_reply(verdict, past, office.campaign, domain=office.domain, now=now, enclosures=enclosures)
    return replace(letter, key=key, message_id=reply_message_id(key, office.domain))
