"""Verdict -> letter: what a village is told, and whether it may be told anything at all.

The words stand in the campaign's ``letters/`` folder (:mod:`pipeline.letter.wording`); what there is to say to each
village, and in which order, :mod:`pipeline.letter.section` decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from pipeline.letter.mail import is_sendable, reply_message_id, write_mark
from pipeline.letter.section import Section, write_section
from pipeline.letter.telling import name_file, write_day
from pipeline.letter.wording import render_template
from pipeline.model.campaign import Campaign
from pipeline.model.finding import Audience
from pipeline.model.letter import Enclosures, Letter
from pipeline.model.message import Message, Reason
from pipeline.model.past import Past
from pipeline.model.verdict import Disposition, NilReport, NilRuling, Outcome, Verdict
from pipeline.text.days import write_date

MOST_ANSWERS_A_DAY = 10

# Never written to, whatever the mail's marks say (facts of RFC 3834 section 2 and of the providers' robots).
_ROBOTS = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "newsletter", "majordomo", "listserv")


# --- whether ----------------------------------------------------------------------------------------------------------


def may_not_answer(
    verdict: Verdict, *, answers_today: int, dead: bool = False, repeated: bool = False
) -> Reason | None:
    """Why this mail is not answered; None where it is to be. RFC 3834 section 2 and the contract.

    ``repeated``: it answers a letter of ours, brings nothing, and says what was said before.
    """
    address = verdict.message.sender.address
    robot = address.partition("@")[0].startswith(_ROBOTS) or verdict.message.return_path == ""
    reasons = (
        (verdict.disposition is Disposition.IGNORED, Reason.NOTHING_SENT),
        (not is_sendable(address), Reason.NO_ADDRESS),
        (robot, Reason.AUTO_REPLY),
        (dead, Reason.DEAD_ADDRESS),
        (repeated, Reason.REPEATED),
        (answers_today >= MOST_ANSWERS_A_DAY, Reason.CAP),
    )
    return verdict.reason or next((reason for holds, reason in reasons if holds), None)


# --- what -------------------------------------------------------------------------------------------------------------


def write_reply(
    verdict: Verdict,
    past: Past,
    campaign: Campaign,
    *,
    domain: str,
    now: datetime,
    enclosures: Enclosures | None = None,
    remark: str = "",
    last_today: bool = False,
) -> Letter:
    """The one answer to this mail. Raises ConfigError where the office's wording cannot be used.

    ``remark``: a sentence on the mail as a whole, said before all others. ``last_today``: no other answer goes to this
    address today.
    """
    message = verdict.message
    sections = tuple(
        write_section(village, outcomes, past, campaign, now)
        for village, outcomes in _by_village(verdict.outcomes).items()
    )
    if not sections and verdict.village is not None:
        sections = (write_section(verdict.village, (), past, campaign, now),)
    of_mail = [finding for finding in verdict.findings if finding.deliverable is None or finding.village is None]
    told = [f for f in of_mail if f.audience is Audience.VILLAGE and f.code != "village-unknown"]
    key = f"reply:{message.blob.digest}"
    message_id = reply_message_id(key, domain)
    words = reply_words(
        campaign,
        message,
        now,
        sections=sections,
        unknown=verdict.disposition is Disposition.UNRECOGNISED,
        files=tuple(filing.attachment.shown_name for filing in verdict.filings),
        remarks=tuple(dict.fromkeys([*([remark] if remark else ()), *map(name_file, told)])),
        unseen=_unseen_files(verdict),
        ours=verdict.ours,
        nil=verdict.nil,
        enclosures=enclosures or Enclosures(),
        last_today=last_today,
        mark=write_mark(message_id),
    )
    thread = (*message.references, *((message.message_id,) if message.message_id else ()))
    return Letter(
        key=key,
        kind="reply",
        to=message.sender,
        subject=_subject(verdict, sections, campaign),
        text=render_template(campaign.letters, "reply.txt.j2", words),
        html=render_template(campaign.letters, "reply.html.j2", words),
        message_id=message_id,
        in_reply_to=message.message_id,
        references=thread,
        files=enclosures.files if enclosures else (),
        asks=tuple(ask for section in sections for ask in section.asks),
    )


def reply_words(
    campaign: Campaign,
    message: Message,
    now: datetime,
    *,
    sections: Sequence[Section] = (),
    unknown: bool = False,
    files: Sequence[str] = (),
    remarks: Sequence[str] = (),
    unseen: Sequence[str] = (),
    ours: Sequence[str] = (),
    nil: NilReport | None = None,
    enclosures: Enclosures = Enclosures(),  # noqa: B008 (frozen)
    last_today: bool = False,
    mark: str = "",
) -> dict[str, object]:
    """All that the templates of an answer may name."""
    received, today = message.received_at.astimezone(campaign.timezone), now.astimezone(campaign.timezone)
    unsettled = nil if nil is not None and nil.ruling is not NilRuling.RECORDED else None
    return {
        "campaign": campaign,
        "message": message,
        "received": f"{write_day(received.date())}{received:%H:%M}",
        "sections": sections,
        "unknown": unknown,
        "files": files,
        "remarks": remarks,
        "unseen": unseen,
        "ours": ours,
        "nil_refused": _titles(unsettled, NilRuling.REFUSED, campaign),
        "nil_unclear": _titles(unsettled, NilRuling.UNCLEAR, campaign),
        "enclosures": enclosures,
        "last_today": last_today,
        "most_answers": MOST_ANSWERS_A_DAY,
        "mark": mark,
        "today": write_date(today),
    }


def _titles(nil: NilReport | None, ruling: NilRuling, campaign: Campaign) -> tuple[str, ...]:
    if nil is None or nil.ruling is not ruling:
        return ()
    return tuple(campaign.deliverable(each).title for each in nil.deliverables)


def _by_village(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.village, []).append(outcome)
    return found


def _unseen_files(verdict: Verdict) -> tuple[str, ...]:
    """Files that the coordinator must look at before anything can be said of them: named, never blamed."""
    hidden = {f.attachment for f in verdict.findings if f.code == "file-hostile" and f.attachment}
    return tuple(sorted(hidden))


def _subject(verdict: Verdict, sections: Sequence[Section], campaign: Campaign) -> str:
    if verdict.disposition is Disposition.UNRECOGNISED or not sections:
        return f"【请注明村名】{campaign.short_title}来件已收到"
    villages = "、".join(section.village for section in sections)
    returned = [point.title for section in sections for point in section.returned]
    if returned:
        return f"【请补正】{villages} {campaign.short_title}（{len(returned)}项）"
    if any(finding.code == "attachment-missing" for finding in verdict.findings):
        return f"【未见附件】{villages} {campaign.short_title}"
    if verdict.nil is not None and verdict.nil.ruling is not NilRuling.RECORDED:
        return f"【请再说明】{villages} {campaign.short_title}"
    if all(section.complete for section in sections):
        return f"【已收齐】{villages} {campaign.short_title}"
    groups = ((*each.accepted, *each.noted, *each.nil, *each.review) for each in sections)
    titles = [point.title for group in groups for point in group]
    return f"【已收到】{villages} {'、'.join(dict.fromkeys(titles)) or campaign.short_title}"
