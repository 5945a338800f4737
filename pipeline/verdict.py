"""Submission -> facts -> findings -> verdict. Pure: no file, network, database or clock.

Every check that fits a fact runs and every finding is collected, so that a village hears of all problems at once. A
check that raises is our fault: it becomes a finding for the coordinator alone, and the others still run.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.check import Setting, all_checks, all_hides, checks_on, run_check
from pipeline.facts import Case, read_facts
from pipeline.findings import settle
from pipeline.letter.mail import is_ours
from pipeline.model.campaign import Campaign, Deliverable
from pipeline.model.content import Content, Unreadable
from pipeline.model.facts import Fact, File, Mail, OtherText, Seen
from pipeline.model.files import Problem
from pipeline.model.finding import Audience, Finding, Severity
from pipeline.model.message import Message, Reason
from pipeline.model.past import Past
from pipeline.model.reading import Picture
from pipeline.model.standing import Remembered, Standing, State
from pipeline.model.submission import Filing, LinkFiling, Submission
from pipeline.model.verdict import Disposition, NilReport, NilRuling, Outcome, Verdict
from pipeline.nil import find_nil
from pipeline.register import Register

_log = logging.getLogger(__name__)

# A check of ours that failed. No code of the contract: the coordinator alone sees it.
INTERNAL = "internal"

_SPEAKS_OF_FILE = re.compile(
    "附件|附上|随信|见附|查收|查阅|审阅|报上|报送|上报|呈报|报来|补报|补交|补发|补传|重报|重发|"
    "已发|发送|发去|发给|发过|发来|传上|传去|已传|上传|发你|发您"
)
_REPLY = re.compile(r"\s*(?:re|回复|答复|回覆)\s*[:：]", re.IGNORECASE)
_ASKS = re.compile(r"[?？]|请问|咨询|是否|能否|可否|能不能|可不可以|吗|怎么|如何|什么时候")


# --- the mail as a whole ----------------------------------------------------------------------------------------------


def dispose(message: Message, office: str, *, duplicate: bool) -> tuple[Disposition, Reason] | None:
    """The disposition of a mail that needs no reading: our own, a machine's, a copy. None where it must be judged.

    A machine's mark stops the answer, never the intake: an auto-reply or bulk mail that carries files is judged.
    """
    if message.sender.address == office.lower() or is_ours(message.message_id or ""):
        return Disposition.IGNORED, Reason.OWN
    if message.automatic in (Reason.BOUNCE, Reason.RECEIPT):
        return Disposition.IGNORED, message.automatic
    if message.automatic is not None and not message.attachments:
        return Disposition.IGNORED, message.automatic
    if duplicate:
        return Disposition.IGNORED, Reason.DUPLICATE
    return None


def ignore(message: Message, disposition: Disposition, reason: Reason) -> Verdict:
    """The verdict on a mail that is only registered."""
    return Verdict(message, disposition, reason, (), (), (), (), None)


def judge(submission: Submission, past: Past, campaign: Campaign, register: Register) -> Verdict:
    """The whole judgement on one message."""
    message = submission.message
    machine = message.automatic is not None
    rest, ours = _without_ours(submission, past)
    if not rest.filings and not rest.links:
        nil = find_nil(message, submission.village, past, campaign, register)
        if nil is not None:
            return _judge_nil(submission, nil, past, campaign, ours)
    every = submission.filings
    if rest.filings or rest.links:
        submission = rest
    else:
        ours = ()  # such a file is all there is: somebody sent it on purpose
    speaks = _speaks_of_file(submission, campaign)
    if not submission.filings and not submission.links and (machine or not (submission.village and speaks)):
        return Verdict(message, Disposition.UNRECOGNISED, Reason.NOTHING_SENT, (), (), (), (), submission.village)
    findings = list(
        _find(Mail(submission, speaks), campaign.checks, village=submission.village, deliverable=None, attachment=None)
    )
    outcomes: list[Outcome] = []
    for (village, deliverable), filings, links in _deliveries(submission):
        if deliverable is None or village is None:
            findings += _judge_strays(filings, links, village, deliverable, campaign)
        else:
            rules = campaign.deliverable(deliverable)
            known_now = _with_this_mail(past, outcomes, campaign)
            case = Case(
                village, rules, tuple(filings), tuple(links), message.received_at, known_now, campaign, register
            )
            outcomes.append(_judge_delivery(case))
    findings = settle([*findings, *(finding for outcome in outcomes for finding in outcome.findings)], all_hides())
    known = submission.village is not None or bool(outcomes)
    if machine and not outcomes:
        return Verdict(message, Disposition.IGNORED, message.automatic, every, (), (), (), None)
    return Verdict(
        message=message,
        disposition=Disposition.SUBMISSION if known else Disposition.UNRECOGNISED,
        reason=message.automatic,
        filings=every,
        links=submission.links,
        outcomes=tuple(outcomes),
        findings=tuple(findings),
        village=submission.village,
        ours=ours,
    )


def _without_ours(submission: Submission, past: Past) -> tuple[Submission, tuple[str, ...]]:
    """The submission without files that we had sent and that came back as they were, and their names.

    Mail programs send along what they answer or forward.
    """
    own = [filing for filing in submission.filings if filing.attachment.blob.digest in past.ours]
    rest = tuple(filing for filing in submission.filings if filing not in own)
    return replace(submission, filings=rest), tuple(dict.fromkeys(filing.attachment.name for filing in own))


def _judge_nil(
    submission: Submission, nil: NilReport, past: Past, campaign: Campaign, ours: tuple[str, ...]
) -> Verdict:
    """The verdict on a mail that says there is nothing to hand in."""
    message, outcomes = submission.message, []
    if nil.ruling is NilRuling.RECORDED:
        rules = campaign.deliverable(nil.deliverables[0])
        standing = past.standings.get((nil.village, rules.id), Standing(nil.village, rules.id, State.MISSING))
        outcomes.append(
            Outcome(
                village=nil.village,
                deliverable=rules.id,
                state=State.NIL,
                late=message.received_at >= (standing.due_at or rules.due_at),
                stands=True,
                unchanged=False,
                attachments=(),
                findings=(),
                remembered=Remembered(),
            )
        )
    return Verdict(
        message=message,
        disposition=Disposition.SUBMISSION,
        reason=None,
        filings=submission.filings,
        links=(),
        outcomes=tuple(outcomes),
        findings=(),
        village=nil.village,
        nil=nil,
        ours=ours,
    )


def _with_this_mail(past: Past, outcomes: Iterable[Outcome], campaign: Campaign) -> Past:
    """The past and what other villages sent in this same mail: who writes for three villages copies within it."""
    texts, pictures = dict(past.texts), list[tuple[Picture, Seen]]()
    for each in outcomes:
        if each.remembered.text:
            texts[each.deliverable] = (*texts.get(each.deliverable, ()), OtherText(each.village, each.remembered.text))
        here = Seen(each.village, each.deliverable, campaign.id, exact=True)
        pictures += [(picture, here) for picture in each.remembered.pictures]
    return replace(past, texts=texts, pictures=tuple(pictures))


def _speaks_of_file(submission: Submission, campaign: Campaign) -> bool:
    """Whether the sender's own words promise a file; those of a reply's subject are the office's (收到，谢谢)."""
    message = submission.message
    own = message.text if message.text.strip() and _REPLY.match(message.subject) else ""
    said = own or f"{message.subject}\n{message.text}"
    if _ASKS.search(said) and "附件" not in said:
        return False
    return bool(_SPEAKS_OF_FILE.search(said)) or any(
        keyword in said for deliverable in campaign.deliverables for keyword in deliverable.keywords
    )


def _deliveries(
    submission: Submission,
) -> Iterator[tuple[tuple[str | None, str | None], list[Filing], list[LinkFiling]]]:
    """Files and links by village and deliverable, in the order of the mail."""
    keys = [(filing.village, filing.deliverable) for filing in submission.filings]
    keys += [(link.village, link.deliverable) for link in submission.links]
    for key in dict.fromkeys(keys):
        yield (
            key,
            [filing for filing in submission.filings if (filing.village, filing.deliverable) == key],
            [link for link in submission.links if (link.village, link.deliverable) == key],
        )


def _judge_strays(
    filings: Sequence[Filing],
    links: Sequence[LinkFiling],
    village: str | None,
    deliverable: str | None,
    campaign: Campaign,
) -> Iterator[Finding]:
    """Findings on files whose village or deliverable nobody knows: nothing of them reaches the ledger's entries."""
    rules = campaign.deliverable(deliverable) if deliverable else None
    settings = rules.checks if rules else campaign.checks
    for filing in filings:
        fact = File(filing, rules)
        yield from _find(fact, settings, village=village, deliverable=deliverable, attachment=filing.attachment.name)
    for link in links:
        yield Finding(
            code="cloud-link",
            severity=Severity.WARNING,
            audience=Audience.COORDINATOR,
            message=f"{link.link.provider}“{link.link.name}”，未能确认是哪个村的哪项材料。",
            village=village,
            deliverable=deliverable,
            attachment=link.link.name,
        )


# --- one village's delivery of one deliverable ------------------------------------------------------------------------


def _judge_delivery(case: Case) -> Outcome:
    standing, rules = case.standing, case.rules
    digests = tuple(filing.attachment.blob.digest for filing in case.filings)
    known = {*standing.attachments, *(standing.superseded if standing.state is State.ACCEPTED else ())}
    if digests and not case.links and known.issuperset(digests):  # an old version after a newer one takes nothing back
        return Outcome(
            village=case.village,
            deliverable=rules.id,
            state=standing.state,
            late=standing.late,
            stands=False,
            unchanged=True,
            attachments=digests,
            findings=standing.findings if standing.state is State.RETURNED else (),
            remembered=standing.remembered,
        )
    judged = [
        (settle([*_find_all(reading.facts, rules, case.village)], all_hides()), reading.remembered)
        for reading in read_facts(case)
    ]
    # Twins of one table (.doc and .docx, a scan beside the file): the best is the village's; of equals, the last.
    findings, remembered = min(reversed(judged), key=lambda each: sum(f.severity is Severity.ERROR for f in each[0]))
    state = _state(findings, case.filings)
    settled = standing.state in (State.ACCEPTED, State.WAIVED)
    # Of an earlier mail it is told later whose it is: it takes the place of a newer one only where that must be mended.
    older = standing.received_at is not None and standing.received_at > case.received_at and not rules.set
    stands = (state is State.ACCEPTED and not (older and settled)) or not (settled or older)
    in_time = standing.state in (State.ACCEPTED, State.REVIEW) and not standing.late
    return Outcome(
        village=case.village,
        deliverable=rules.id,
        state=state,
        late=case.received_at >= case.due_at and not in_time,
        stands=stands,
        unchanged=False,
        attachments=(*standing.attachments, *digests) if rules.set else digests,
        findings=tuple(findings),
        remembered=remembered,
    )


def _state(findings: Iterable[Finding], filings: Iterable[Filing]) -> State:
    found = list(findings)
    if any(finding.severity is Severity.ERROR for finding in found):
        return State.RETURNED
    checks = all_checks()
    if any(_is_ours(filing.content) for filing in filings):
        return State.REVIEW
    if any(f.code == INTERNAL or (f.code in checks and checks[f.code].check.review) for f in found):
        return State.REVIEW
    return State.ACCEPTED


def _is_ours(content: Content) -> bool:
    """A file that no reader of ours understands, though it may well be right."""
    return isinstance(content, Unreadable) and content.problem is Problem.UNSUPPORTED


# --- running the checks -----------------------------------------------------------------------------------------------


def _find_all(facts: Iterable[tuple[Fact, str | None]], rules: Deliverable, village: str) -> Iterator[Finding]:
    for fact, attachment in facts:
        yield from _find(fact, rules.checks, village=village, deliverable=rules.id, attachment=attachment)


def _find(
    fact: Fact,
    settings: Mapping[str, Setting],
    *,
    village: str | None,
    deliverable: str | None,
    attachment: str | None,
) -> Iterator[Finding]:
    """What every check that looks at this kind of fact finds in it."""
    for found in checks_on(fact):
        setting = settings.get(found.code)
        if setting is None or not setting.enabled:
            continue
        place = {"village": village, "deliverable": deliverable, "attachment": attachment}
        try:
            yield from [*run_check(found.code, found.check, fact, setting, **place)]
        except Exception:  # noqa: BLE001 one of the two places: a check that fails is our fault and stops no other
            _log.exception("check %s failed", found.code)
            yield Finding(
                code=INTERNAL,
                severity=Severity.WARNING,
                audience=Audience.COORDINATOR,
                message=f"本系统的“{found.title}”这项核对出错，未能完成，请人工核对这项。",
                village=village,
                deliverable=deliverable,
                attachment=attachment,
            )
