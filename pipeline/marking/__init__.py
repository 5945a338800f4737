"""What goes with an answer so that mending is easy: the village's own file with the problems marked, or the form.

``cells`` finds where in a file a finding stands; ``word``, ``sheet`` and ``pictures`` mark a copy, ``blank`` fills in
the campaign's form. Nothing is sent back that could do harm, for a mail may come from another than it says: no file
with macros or objects, and none at all where the receiving server doubts the sender.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, count

from pipeline.cache import Cache
from pipeline.check import all_checks
from pipeline.errors import ConfigError
from pipeline.marking.cells import find_spots
from pipeline.marking.drawing import Blank, Draw, Drawn, SheetCopy, Thumbnail, WordCopy
from pipeline.marking.drawing import draw as draw_here
from pipeline.model.campaign import Campaign, Deliverable, Form, Kind
from pipeline.model.content import Document, Unreadable
from pipeline.model.files import FileKind
from pipeline.model.finding import Audience, Finding
from pipeline.model.letter import Enclosures, LetterFile
from pipeline.model.message import Message
from pipeline.model.reading import Picture
from pipeline.model.standing import State
from pipeline.model.submission import Filing
from pipeline.model.verdict import Outcome, Verdict
from pipeline.text.days import write_month_day

_log = logging.getLogger(__name__)

MOST_OCTETS = 5 << 20  # of all files of a letter: village mailboxes are small, and mobile data costs money
_LARGE = 2 << 20  # a document above this is sent back with smaller photos
_MOST_THUMBNAILS = 5

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {".docx": _DOCX, ".xlsx": _XLSX, ".doc": "application/msword", ".xls": "application/vnd.ms-excel"}


def enclose(verdict: Verdict, campaign: Campaign, cache: Cache, *, at: datetime, draw: Draw = draw_here) -> Enclosures:
    """What goes with the answer to this mail, 5 MB at most; ``at`` is the comments' date, in the campaign's own zone.

    Only files that came by this very mail are sent back. One that cannot be marked, or does not fit, is left out: the
    letter says all that a mark would. ``draw`` makes the files, by default in this process.
    """
    told = [outcome for outcome in verdict.outcomes if outcome.stands or outcome.unchanged]
    blanks = _fitting(_blanks(told, campaign, draw), MOST_OCTETS)
    if _is_doubtful(verdict.message):
        return Enclosures(blanks=blanks)
    room = MOST_OCTETS - _size(blanks)
    thumbnails = _fitting(_thumbnails(told, verdict, campaign, cache, draw), room)
    room -= _size(thumbnails)
    return Enclosures(_fitting(_marked(told, verdict, campaign, cache, at, draw), room), thumbnails, blanks)


def _fitting(files: Iterable[LetterFile], room: int) -> tuple[LetterFile, ...]:
    """The files that fit into so many octets, each under a name of its own."""
    taken: dict[str, LetterFile] = {}
    for file in files:
        if len(file.octets) > room:
            continue
        room -= len(file.octets)
        stem, dot, suffix = file.name.rpartition(".")
        names = chain((file.name,), (f"{stem}-{number}{dot}{suffix}" for number in count(2)))
        name = next(name for name in names if name not in taken)
        taken[name] = replace(file, name=name)
    return tuple(taken.values())


def _size(files: Iterable[LetterFile]) -> int:
    return sum(len(file.octets) for file in files)


def _is_doubtful(message: Message) -> bool:
    """Whether the receiving server found that the sender may be forged: what is enclosed would go to a stranger."""
    said = message.authentication
    return "fail" in (said.spf.lower(), said.dkim.lower(), said.dmarc.lower())  # RFC 8601 section 2.7


def _told(outcome: Outcome) -> list[Finding]:
    """What the village is told of this delivery."""
    return [finding for finding in outcome.findings if finding.audience is Audience.VILLAGE]


def _by_file(findings: Iterable[Finding], outcome: Outcome, verdict: Verdict) -> list[tuple[Filing, list[Finding]]]:
    """The files that the findings speak of, each with its own; where two files of one name came, neither."""
    found: dict[str, tuple[Filing, list[Finding]]] = {}
    for finding in findings:
        meant = {
            filing.attachment.blob.digest: filing
            for filing in verdict.filings
            if filing.attachment.name == finding.attachment
            and (filing.village, filing.deliverable) == (outcome.village, outcome.deliverable)
        }
        if len(meant) == 1:
            ((digest, filing),) = meant.items()
            found.setdefault(digest, (filing, []))[1].append(finding)
    return list(found.values())


def _name(*words: str) -> str:
    """A file name of these words that every system takes."""
    return re.sub(r'[\s\\/:*?"<>|]+', "", "-".join(words))


def _short(rules: Deliverable, *, dated: bool) -> str:
    """What a clerk calls the deliverable: 写实表5月10日."""
    word = rules.keywords[0] if rules.keywords else rules.title
    return f"{word}{write_month_day(rules.due_on)}" if dated and rules.round else word


# --- the village's own file -------------------------------------------------------------------------------------------


def _marked(
    told: Iterable[Outcome], verdict: Verdict, campaign: Campaign, cache: Cache, at: datetime, draw: Draw
) -> Iterator[LetterFile]:
    """A copy of each returned table, with what is to be mended at its cells."""
    for outcome in told:
        rules = campaign.deliverable(outcome.deliverable)
        if rules.form is None or outcome.state is not State.RETURNED:
            continue
        placed = [finding for finding in _told(outcome) if finding.cells]
        for filing, findings in _by_file(placed, outcome, verdict):
            copy = _copy(filing, rules.form, findings, cache, at)
            if copy is None:
                continue
            drawn = draw(copy)
            if isinstance(drawn, Unreadable):
                _log.info("%s not marked: %s", filing.attachment.blob.digest, drawn.detail)
                continue
            suffix = ".docx" if isinstance(copy, WordCopy) else ".xlsx"
            name = _name("请补正", outcome.village, _short(rules, dated=True)) + suffix
            yield LetterFile(name, _TYPES[suffix], drawn.octets)


def _copy(
    filing: Filing, form: Form, findings: list[Finding], cache: Cache, at: datetime
) -> WordCopy | SheetCopy | None:
    """The copy to be marked; None where there can be none: no place, macros, a kind that is not written."""
    document, digest = filing.content, filing.attachment.blob.digest
    if not isinstance(document, Document) or document.macros:
        return None
    spots = find_spots(document, form, findings)
    match document.kind:
        case FileKind.DOCX | FileKind.DOC if spots:
            return WordCopy(cache.path(digest), document.kind is FileKind.DOC, spots, at, _LARGE)
        case FileKind.XLSX if spots:
            return SheetCopy(cache.path(digest), tuple(table.name for table in document.tables), spots)
    return None


# --- photos -----------------------------------------------------------------------------------------------------------


def _thumbnails(
    told: Iterable[Outcome], verdict: Verdict, campaign: Campaign, cache: Cache, draw: Draw
) -> Iterator[LetterFile]:
    """The photos of which something is said, small, with what is said: names as a phone gives them tell nobody."""
    faulty = [
        (outcome.village, filing, filing.content, findings)
        for outcome in told
        if campaign.deliverable(outcome.deliverable).kind is Kind.PHOTOS
        for filing, findings in _by_file(_told(outcome), outcome, verdict)
        if isinstance(filing.content, Picture)
    ]
    for number, (village, filing, picture, findings) in enumerate(faulty[:_MOST_THUMBNAILS], 1):
        caption = "\n".join(dict.fromkeys((filing.attachment.name, *(each.message for each in findings))))
        drawn = draw(Thumbnail(picture.preview or b"", cache.path(filing.attachment.blob.digest), caption))
        if isinstance(drawn, Drawn):
            fault = [] if drawn.captioned else [all_checks()[findings[0].code].title]
            yield LetterFile(_name("请补正", village, f"照片{number}", *fault) + ".jpg", "image/jpeg", drawn.octets)


# --- blank forms ------------------------------------------------------------------------------------------------------


def _blanks(told: Iterable[Outcome], campaign: Campaign, draw: Draw) -> Iterator[LetterFile]:
    """A form for each village that must fill it in anew, once for all rounds."""
    checks, given = all_checks(), set()
    for outcome in told:
        rules = campaign.deliverable(outcome.deliverable)
        asked = any(each.code in checks and checks[each.code].check.blank_form for each in _told(outcome))
        if rules.form is None or not asked or (outcome.village, rules.form.file) in given:
            continue
        given.add((outcome.village, rules.form.file))
        try:
            octets = rules.form.file.read_bytes()
        except OSError as error:
            raise ConfigError("空白表读不出来，请检查文件是否还在、有没有权限", file=rules.form.file) from error
        suffix = rules.form.file.suffix.lower()
        name = _name("空白表", outcome.village, _short(rules, dated=False)) + suffix
        drawn = draw(Blank(octets, rules.form, outcome.village))
        # Where nothing can be filled in, the form goes out as it is.
        yield LetterFile(name, _TYPES.get(suffix, ""), drawn.octets if isinstance(drawn, Drawn) else octets)
