"""Letters to villages that were told one thing, and must now be told another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from pipeline.ledger import addresses, memory
from pipeline.letter.answer import may_not_answer, write_reply
from pipeline.letter.mail import reply_message_id
from pipeline.letter.telling import write_day
from pipeline.marking import enclose
from pipeline.model.finding import Audience, Finding
from pipeline.model.letter import RenderedLetter
from pipeline.model.verdict import Verdict
from pipeline.office import Office, draw, render_letter
from pipeline.recheck.comparing import Change, Side

_REMARK = "核对规则有调整，我们重新核对了您{when}的这封邮件。结果与此前答复不同的，以本信为准。"


def write_notices(
    office: Office,
    changes: Sequence[Change],
    judged: Mapping[str, Verdict],
    before: Side,
    after: Side,
    now: datetime,
) -> Iterator[RenderedLetter]:
    """One letter for each mail on which a village hears something new; none where a person has decided."""
    touched = [
        after.in_force.get(key) or before.in_force.get(key)
        for change in changes
        if not change.ruled and _village_hears(change)
        for key in [(change.village, change.deliverable.id)]
    ]
    for digest in dict.fromkeys(touched):
        if digest is not None and (letter := _write(office, judged[digest], now)) is not None:
            yield letter


def _village_hears(change: Change) -> bool:
    moved = (change.before.state, change.before.late) != (change.after.state, change.after.late)
    return moved or any(_told(change.gone)) or any(_told(change.new))


def _told(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (each for each in findings if each.audience is Audience.VILLAGE)


def _write(office: Office, verdict: Verdict, now: datetime) -> RenderedLetter | None:
    message, campaign, ledger = verdict.message, office.campaign, office.ledger
    answers = memory.answers_within_a_day(ledger, message.sender.address, now)
    dead = addresses.is_dead(ledger, message.sender.address, message.received_at)
    if may_not_answer(verdict, answers_today=answers, dead=dead) is not None:
        return None
    villages = {outcome.village for outcome in verdict.outcomes} | ({verdict.village} if verdict.village else set())
    arrived = message.received_at.astimezone(campaign.timezone)
    letter = write_reply(
        verdict,
        memory.recall(ledger, campaign, villages, ()),
        campaign,
        domain=office.domain,
        now=now,
        enclosures=enclose(verdict, campaign, office.cache, at=now, draw=partial(draw, office)),
        remark=_REMARK.format(when=f"{write_day(arrived.date())}{arrived:%H:%M}"),
    )
    key = f"recheck:{office.edition.rpartition(':')[2]}:{message.blob.digest}"
    again = replace(
        letter,
        key=key,
        kind="recheck",
        subject=f"【重新核对】{letter.subject}",
        message_id=reply_message_id(key, office.domain),
    )
    return render_letter(office, again, now)
