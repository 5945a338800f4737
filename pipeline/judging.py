"""From messages that wait to verdicts that are recorded, each with its answer in the outbox.

From octets to verdict is pure; around it stand what is known of the past, and the one transaction that holds verdict,
history and answer.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

from pipeline.errors import BaosongError
from pipeline.fetching import Progress, no_progress
from pipeline.ledger import addresses, intake, memory, threads, verdicts
from pipeline.ledger.again import forget
from pipeline.ledger.quarantine import quarantined_files
from pipeline.letter.answer import MOST_ANSWERS_A_DAY, may_not_answer, write_reply
from pipeline.marking import enclose
from pipeline.matching import file_submission, find_villages, known_form
from pipeline.message.bounce import read_bounce
from pipeline.model.campaign import Campaign
from pipeline.model.content import Content, Document, Unreadable
from pipeline.model.files import Problem
from pipeline.model.ledger import Rule
from pipeline.model.letter import Bounce, Letter
from pipeline.model.message import Blob, Message, Reason
from pipeline.model.past import Past, Thread
from pipeline.model.reading import Picture
from pipeline.model.verdict import Disposition, Verdict
from pipeline.octets import Octets
from pipeline.office import Office, draw, render_letter
from pipeline.opened import Opened
from pipeline.opening import Ahead, Group, read_contents, read_message
from pipeline.quarantine import read_names
from pipeline.ruling import rule_owners, rule_submission
from pipeline.verdict import dispose, ignore, judge

_log = logging.getLogger(__name__)


def judge_waiting(
    office: Office,
    progress: Progress = no_progress,
    ahead: Ahead | None = None,
    between: Callable[[], None] | None = None,
) -> tuple[int, list[str]]:
    """Judge what is stored and not yet judged, the oldest first; how many, and our own failures.

    ``ahead``: where some of it is being opened already. ``between`` is done whenever a few of them are recorded.
    """
    total, waiting = intake.count_waiting(office.ledger), intake.each_waiting(office.ledger)
    return judge_each(office, waiting, judge_opened, progress, ahead, between, total=total)


def judge_each(
    office: Office,
    waiting: Iterable[intake.Waiting],
    act: Callable[[Office, Opened], object],
    progress: Progress = no_progress,
    ahead: Ahead | None = None,
    between: Callable[[], None] | None = None,
    *,
    total: int = 0,
) -> tuple[int, list[str]]:
    """Do ``act`` with each of these messages in turn; how many it was done with, and our own failures.

    ``total``: how many they are, where that is known.
    """
    with nullcontext(ahead) if ahead else Ahead(office) as opening:
        return _judge_each(office, opening, waiting, act, progress, between, total)


def _judge_each(
    office: Office,
    ahead: Ahead,
    waiting: Iterable[intake.Waiting],
    act: Callable[[Office, Opened], object],
    progress: Progress,
    between: Callable[[], None] | None,
    total: int,
) -> tuple[int, list[str]]:
    troubles: list[str] = []
    judged = refused = done = 0
    for group in ahead.in_turn(waiting):
        portions = deque([group])
        while portions:
            portion = portions.popleft()
            each, _ = portion[0]
            if each.attempts >= intake.ATTEMPTS:  # each of them ended the program
                trouble = f"核对时程序中断，已尝试{each.attempts}次，已隔离待人工处理"
                _give_up(office, each.blob.digest, trouble)
                troubles.append(f"一封邮件未能核对（{trouble}），原件已保存")
                continue
            try:
                _judge_together(office, portion, act)
                judged += len(portion)
            except Exception as error:  # noqa: BLE001 one of the two places: one message's failure stops no other
                if len(portion) > 1:  # whose it is shows when each is dealt with by itself
                    portions.extendleft([one] for one in reversed(portion))
                    continue
                troubles.append(_note_failure(office, each, error))
                refused += isinstance(error, BaosongError)
            for _ in portion:
                done += 1
                progress("核对", done, total)
            if refused > 1:  # a full disk, a letter's wording: the others would fare no better
                return judged, troubles
        if between is not None:
            between()
    return judged, troubles


def _judge_together(office: Office, portion: Group, act: Callable[[Office, Opened], object]) -> None:
    """All of them in one transaction, or none."""
    with office.ledger.together():
        for _, opening in portion:
            act(office, opening())


def _note_failure(office: Office, each: intake.Waiting, error: Exception) -> str:
    """What the operator is told of a message that could not be judged; whether it is tried again is in the ledger."""
    if isinstance(error, BaosongError):
        # What the operator must mend: no attempt of the message's own ends here. One whose octets are gone keeps
        # nobody waiting.
        intake.withdraw_attempts(office.ledger, [each.blob.digest])
        return f"核对：{error}"
    attempt = each.attempts + 1
    _log.error("message %s failed, attempt %d", each.blob.digest, attempt, exc_info=error)
    final = attempt >= intake.ATTEMPTS
    trouble = f"{type(error).__name__}，已尝试{attempt}次" + ("，已隔离待人工处理" if final else "")
    if final:
        _give_up(office, each.blob.digest, trouble)
    else:
        intake.fail_attempt(office.ledger, each.blob.digest, trouble)
    return f"一封邮件未能核对（{trouble}），原件已保存"


def _give_up(office: Office, digest: str, trouble: str) -> None:
    """Quarantine: what is poison waits for a person, with the names by which he finds it."""
    sender, subject = read_names(office, digest)
    intake.quarantine(office.ledger, digest, trouble, sender=sender, subject=subject)


def judge_opened(office: Office, opened: Opened) -> Verdict:
    """From a message and what its files hold to a recorded verdict, with its answer in the outbox."""
    message = opened.message
    verdict, past = reach_verdict(office, message, opened.contents)
    settled = _settle_unknown(office, verdict, past)
    told = verdict
    if settled is not None:
        # This mail says whose the earlier one is: its answer tells what that one brought.
        verdict = replace(verdict, disposition=Disposition.SUBMISSION, reason=None, village=settled.village)
        told = _together(settled, verdict)
    now = office.now()
    answers = memory.answers_within_a_day(office.ledger, message.sender.address, now)
    dead = addresses.is_dead(office.ledger, message.sender.address, message.received_at)
    repeated = past.thread is not None and threads.is_repeated(office.ledger, message)
    no_reply = may_not_answer(verdict, answers_today=answers, dead=dead, repeated=repeated)
    letter: Letter | None = None
    if no_reply is None:
        enclosures = enclose(told, office.campaign, office.cache, at=now, draw=partial(draw, office))
        last = answers == MOST_ANSWERS_A_DAY - 1
        letter = write_reply(
            told, past, office.campaign, domain=office.domain, now=now, enclosures=enclosures, last_today=last
        )
    rendered = render_letter(office, letter, now) if letter else None
    bounce = _read_bounce(office, message.blob.digest) if verdict.reason is Reason.BOUNCE else None
    verdicts.record(
        office.ledger, verdict, rendered, no_reply, office.campaign, now, bounce, settled, edition=office.edition
    )
    return verdict


def _read_bounce(office: Office, digest: str) -> Bounce:
    with office.cache.open(digest) as file:
        return read_bounce(Octets(file))


def _settle_unknown(office: Office, verdict: Verdict, past: Past) -> Verdict | None:
    """The verdict on an earlier mail of which we had asked whose it is, where this one says so; else None."""
    message = verdict.message
    earlier = threads.find_unknown(office.ledger, past.thread)
    village = office.register.one_named_in(message.text) or office.register.one_named_in(message.subject)
    if earlier is None or village is None:
        return None
    blob = Blob(earlier.digest, earlier.size)
    again = read_message(office, blob, earlier.received_at)
    told, _ = judge_by_evidence(office, again, thread=Thread(villages=(village,)))
    return told if told.village == village or told.outcomes else None


def _together(earlier: Verdict, verdict: Verdict) -> Verdict:
    """What an answer says of two mails: what this one brought again counts alone."""
    again = {(each.village, each.deliverable) for each in verdict.outcomes}
    outcomes = [each for each in earlier.outcomes if (each.village, each.deliverable) not in again]
    return replace(
        verdict,
        filings=(*earlier.filings, *verdict.filings),
        links=(*earlier.links, *verdict.links),
        outcomes=(*outcomes, *verdict.outcomes),
        findings=(*earlier.findings, *verdict.findings),
    )


def reach_verdict(office: Office, message: Message, contents: Sequence[Content] | None = None) -> tuple[Verdict, Past]:
    """The judgement on a message, and the past that it was judged by; ``contents`` where its files are read already."""
    copy = memory.is_copy(office.ledger, message)
    disposal = dispose(message, office.config.outgoing.sender.address, duplicate=copy)
    if disposal is not None:
        return ignore(message, *disposal), Past()
    thread = threads.find_thread(office.ledger, message, office.campaign)
    return judge_by_evidence(office, message, thread=thread, contents=contents)


def judge_by_evidence(
    office: Office,
    message: Message,
    rules: Sequence[Rule] = (),
    *,
    thread: Thread | None = None,
    again: bool = False,
    contents: Sequence[Content] | None = None,
) -> tuple[Verdict, Past]:
    """The judgement on a message that is to be read, with what a person said of its files and what it answers.

    With ``again`` the past is that without this message. ``contents`` of its files are read where they are not given.
    """
    campaign, register = office.campaign, office.register
    barred = quarantined_files(office.ledger)
    if contents is None:
        contents = read_contents(office.readers, office.cache, message.attachments, barred)
    else:  # a mail judged since they were read may have had one of them barred
        contents = [
            Unreadable(Problem.HOSTILE) if attachment.blob.digest in barred else content
            for attachment, content in zip(message.attachments, contents, strict=True)
        ]
    writers = addresses.known_writers(office.ledger, message.sender.address, register)
    owners = rule_owners(find_villages(message, contents, campaign, register, writers, thread), rules)
    concerned = {village for village, _ in owners.values() if village}
    concerned |= {rule.village for rule in rules if rule.village}
    concerned |= {*register.named_in(f"{message.subject}\n{message.text}"), *(each.village for each in writers)}
    concerned |= {*(thread.villages if thread else ())}
    texts = [
        content.text
        for content in contents  # a form is compared by its rows, unless a person says that it is something else
        if isinstance(content, Document) and (rules or known_form(content, campaign) is None)
    ]
    ours = threads.find_enclosed(office.ledger, message) | _sent_out(message, campaign)
    pictures = list(_pictures(contents))
    past = memory.recall(office.ledger, campaign, concerned, pictures, texts, thread=thread, ours=ours)
    if again:
        past = forget(office.ledger, campaign, past, message.blob.digest)
    filed = file_submission(message, contents, owners, past, campaign, register, writers)
    submission = rule_submission(filed, rules)
    return judge(submission, past, campaign, register), past


def _sent_out(message: Message, campaign: Campaign) -> frozenset[str]:
    """Digests of the mail's files that are the campaign's notice or its blank forms, as they went out."""
    blank = {deliverable.form.digest for deliverable in campaign.deliverables if deliverable.form}
    blank.add(campaign.notice_digest)
    return frozenset(each.blob.digest for each in message.attachments if each.blob.digest in blank)


def _pictures(contents: Sequence[Content]) -> Iterable[Picture]:
    for content in contents:
        if isinstance(content, Picture):
            yield content
        elif isinstance(content, Document):
            yield from content.pictures
