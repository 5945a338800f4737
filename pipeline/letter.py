"""Verdict -> letter: what a village is told, and whether it may be told anything at all.

The words stand in the campaign's ``letters/`` folder, one template as text and its twin as HTML; this module decides
what there is to say and in which order: what is to be mended and how, what stands, what is still owed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape

from pipeline.errors import ConfigError
from pipeline.mail import is_sendable, reply_message_id
from pipeline.model import (
    Audience,
    Campaign,
    Deliverable,
    Disposition,
    Enclosures,
    Finding,
    Letter,
    Outcome,
    Past,
    Reason,
    Severity,
    State,
    Verdict,
)

MOST_ANSWERS_A_DAY = 10
_MOST_FILES = 6  # that one sentence names

_WEEKDAYS = "一二三四五六日"
_TEMPLATES = ("reply.txt.j2", "reply.html.j2", "reminder.txt.j2", "reminder.html.j2")
NOTICES = ("notice.txt.j2", "notice.html.j2")  # an office whose folder is older can do without, until it sends one
_HEADINGS = ("returned", "noted", "accepted", "review", "kept", "unchanged")
_DONE = (State.ACCEPTED, State.WAIVED, State.NIL)
# Never written to, whatever the mail's marks say (facts of RFC 3834 section 2 and of the providers' robots).
_ROBOTS = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "newsletter", "majordomo", "listserv")


@dataclass(frozen=True, slots=True)
class Point:
    """One deliverable in a letter, with what is said of it."""

    title: str
    sentences: tuple[str, ...] = ()
    deadline: str = ""  # 请于6月10日（星期六）前


@dataclass(frozen=True, slots=True)
class Owed:
    """What has not come yet, by deadline."""

    deadline: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What one village is told."""

    village: str
    accepted: tuple[Point, ...]
    noted: tuple[Point, ...]  # accepted too, with something to look at again
    returned: tuple[Point, ...]
    review: tuple[Point, ...]
    kept: tuple[Point, ...]  # an earlier accepted version stays in force
    unchanged: tuple[Point, ...]
    owed: tuple[Owed, ...]  # not received yet, what is overdue first
    required: int
    done: int

    @property
    def complete(self) -> bool:
        """Whether nothing is owed any more."""
        return self.done == self.required


# --- whether ----------------------------------------------------------------------------------------------------------


def may_not_answer(verdict: Verdict, *, answers_today: int, dead: bool = False) -> Reason | None:
    """Why this mail is not answered; None where it is to be. RFC 3834 section 2 and the contract."""
    address = verdict.message.sender.address
    if verdict.reason is not None:
        return verdict.reason
    if verdict.disposition is Disposition.IGNORED:
        return Reason.NOTHING_SENT
    if not is_sendable(address):
        return Reason.NO_ADDRESS
    if address.partition("@")[0].startswith(_ROBOTS) or verdict.message.return_path == "":
        return Reason.AUTO_REPLY
    if dead:
        return Reason.DEAD_ADDRESS
    return Reason.CAP if answers_today >= MOST_ANSWERS_A_DAY else None


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
) -> Letter:
    """The one answer to this mail. Raises ConfigError where the office's wording cannot be used.

    ``remark``: a sentence on the mail as a whole, said before all others.
    """
    message = verdict.message
    sections = tuple(
        _section(village, outcomes, past, campaign, now) for village, outcomes in _by_village(verdict.outcomes).items()
    )
    if not sections and verdict.village is not None:
        sections = (_section(verdict.village, (), past, campaign, now),)
    of_mail = [finding for finding in verdict.findings if finding.deliverable is None or finding.village is None]
    told = [f for f in of_mail if f.audience is Audience.VILLAGE and f.code != "village-unknown"]
    words: dict[str, object] = {
        "campaign": campaign,
        "message": message,
        "received": f"{write_day(message.received_at.astimezone(campaign.timezone).date())}"
        f"{message.received_at.astimezone(campaign.timezone):%H:%M}",
        "sections": sections,
        "unknown": verdict.disposition is Disposition.UNRECOGNISED,
        "files": tuple(filing.attachment.shown_name for filing in verdict.filings),
        "remarks": tuple(dict.fromkeys([*([remark] if remark else ()), *map(_with_file, told)])),
        "unseen": _unseen_files(verdict),
        "enclosures": enclosures or Enclosures(),
        "today": f"{now.astimezone(campaign.timezone):%Y年}{_plain_day(now.astimezone(campaign.timezone).date())}",
    }
    key = f"reply:{message.blob.digest}"
    thread = (*message.references, *((message.message_id,) if message.message_id else ()))
    return Letter(
        key=key,
        kind="reply",
        to=message.sender,
        subject=_subject(verdict, sections, campaign),
        text=render_template(campaign.letters, "reply.txt.j2", words),
        html=render_template(campaign.letters, "reply.html.j2", words),
        message_id=reply_message_id(key, domain),
        in_reply_to=message.message_id,
        references=thread,
        files=enclosures.files if enclosures else (),
    )


def _by_village(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.village, []).append(outcome)
    return found


def _section(village: str, outcomes: Sequence[Outcome], past: Past, campaign: Campaign, now: datetime) -> Section:
    states = {d.id: _state_before(village, d, past) for d in campaign.deliverables}
    states |= {outcome.deliverable: outcome.state for outcome in outcomes if outcome.stands}
    points: dict[str, list[Point]] = {heading: [] for heading in _HEADINGS}
    for outcome in outcomes:
        rules = campaign.deliverable(outcome.deliverable)
        sentences = tell_findings(outcome.findings, several=len(outcome.attachments) > 1)
        heading = _heading(outcome, sentences)
        deadline = _deadline(rules, past, village, now) if heading == "returned" else ""
        points[heading].append(Point(rules.title, sentences, deadline))
    touched = {outcome.deliverable for outcome in outcomes}
    open_ones = [d for d in campaign.deliverables if d.id not in touched and states[d.id] not in (*_DONE, State.REVIEW)]
    owed: dict[str, list[str]] = {}
    for rules in open_ones:
        again = "（此前来件需补正）" if states[rules.id] is State.RETURNED else ""
        owed.setdefault(_deadline(rules, past, village, now), []).append(rules.title + again)
    return Section(
        village=village,
        **{heading: tuple(found) for heading, found in points.items()},
        owed=tuple(Owed(deadline, tuple(titles)) for deadline, titles in owed.items()),
        required=len(campaign.deliverables),
        done=sum(state in _DONE for state in states.values()),
    )


def _heading(outcome: Outcome, sentences: Sequence[str]) -> str:
    """Under which heading of the letter an outcome stands."""
    match outcome.state:
        case State.RETURNED if outcome.stands or outcome.unchanged:
            # Nothing that a village could mend (a file that only we may look at): it is not asked to.
            return "returned" if sentences else "review"
        case _ if outcome.unchanged:
            return "unchanged"
        case _ if not outcome.stands:
            return "kept"
        case State.REVIEW:
            return "review"
        case _:
            return "noted" if sentences else "accepted"


def _state_before(village: str, rules: Deliverable, past: Past) -> State:
    standing = past.standings.get((village, rules.id))
    return standing.state if standing else State.MISSING


def tell_findings(findings: Sequence[Finding], *, several: bool = False) -> tuple[str, ...]:
    """What a village is told: what must be mended first, by rows, then what is only remarked; each sentence once.

    Where there are ``several`` files each sentence names the one that it means.
    """
    told = [finding for finding in findings if finding.audience is Audience.VILLAGE]
    told.sort(key=lambda finding: (finding.severity is not Severity.ERROR, _row(finding)))
    names: dict[str, dict[str, None]] = {}
    for finding in told:
        named = finding.attachment if several and finding.attachment not in (None, *_names_in(finding)) else None
        names.setdefault(finding.message, {}).update({named: None} if named else {})
    return tuple(f"{_quote(tuple(files))}：{message}" if files else message for message, files in names.items())


def _names_in(finding: Finding) -> tuple[str, ...]:
    """The file's name, where the message says it already."""
    return (finding.attachment,) if finding.attachment and finding.attachment in finding.message else ()


def _quote(files: Sequence[str]) -> str:
    """“1.jpg”、“2.jpg”; of very many the first ones and their number."""
    quoted = "、".join(f"“{name}”" for name in files[:_MOST_FILES])
    return quoted if len(files) <= _MOST_FILES else f"{quoted}等{len(files)}个文件"


def _row(finding: Finding) -> int:
    number = re.search(r"\d+", finding.where)
    return int(number.group()) if number else sys.maxsize


def _with_file(finding: Finding) -> str:
    if not finding.attachment or finding.attachment in finding.message:
        return finding.message
    return f"“{finding.attachment}”：{finding.message}"


def _unseen_files(verdict: Verdict) -> tuple[str, ...]:
    """Files that the coordinator must look at before anything can be said of them: named, never blamed."""
    hidden = {f.attachment for f in verdict.findings if f.code == "file-hostile" and f.attachment}
    return tuple(sorted(hidden))


def _deadline(rules: Deliverable, past: Past, village: str, now: datetime) -> str:
    standing = past.standings.get((village, rules.id))
    due_at = (standing and standing.due_at) or rules.due_at
    if now >= due_at:
        return "报送时限已过，请尽快报送"
    last_day = (due_at - timedelta(microseconds=1)).astimezone(now.tzinfo).date()  # due_at is the first late moment
    return f"请于{write_day(last_day)}前（含当日）报送"


def write_day(day: date) -> str:
    """6月10日（星期六）."""
    return f"{_plain_day(day)}（星期{_WEEKDAYS[day.weekday()]}）"


def _plain_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _subject(verdict: Verdict, sections: Sequence[Section], campaign: Campaign) -> str:
    if verdict.disposition is Disposition.UNRECOGNISED or not sections:
        return f"【请注明村名】{campaign.short_title}来件已收到"
    villages = "、".join(section.village for section in sections)
    returned = [point.title for section in sections for point in section.returned]
    if returned:
        return f"【请补正】{villages} {campaign.short_title}（{len(returned)}项）"
    if any(finding.code == "attachment-missing" for finding in verdict.findings):
        return f"【未见附件】{villages} {campaign.short_title}"
    if all(section.complete for section in sections):
        return f"【已收齐】{villages} {campaign.short_title}"
    titles = [point.title for section in sections for point in (*section.accepted, *section.noted, *section.review)]
    return f"【已收到】{villages} {'、'.join(dict.fromkeys(titles)) or campaign.short_title}"


# --- in which words ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render_template(folder: Path, name: str, words: Mapping[str, object]) -> str:
    """A letter in the office's own words. Raises ConfigError where they cannot be used."""
    try:
        written = _environment(folder).get_template(name).render(words)
        return re.sub(r"\n{3,}", "\n\n", written).strip() + "\n"
    except TemplateError as error:
        raise _template_fault(folder, name, error) from error


def check_letters(campaign: Campaign) -> None:
    """Make sure that every template is there and can be read. Raises ConfigError."""
    check_templates(campaign, (*_TEMPLATES, *(name for name in NOTICES if (campaign.letters / name).is_file())))


def check_templates(campaign: Campaign, names: Iterable[str]) -> None:
    """Make sure that these are there and can be read. Raises ConfigError."""
    for name in names:
        try:
            _environment(campaign.letters).get_template(name)
        except TemplateError as error:
            raise _template_fault(campaign.letters, name, error) from error


def _template_fault(folder: Path, name: str, error: TemplateError) -> ConfigError:
    if not (folder / name).is_file():
        return ConfigError("找不到信件模板，请从安装包的 rules/letters/ 复制", file=folder / name)
    line = getattr(error, "lineno", None)
    return ConfigError(f"信件模板写法有误（{error.message}），请改正或从安装包重新复制", file=folder / name, line=line)
