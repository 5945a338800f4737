"""What a file says by the names it came under, and by being a filled-in form of the campaign."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from pipeline.forms import read_form
from pipeline.model.campaign import Campaign, Deliverable
from pipeline.model.content import Document
from pipeline.model.filled import FormReading
from pipeline.model.message import Attachment
from pipeline.model.submission import Evidence, Source

# A form is taken for the campaign's own from this share of its headings on: a dropped section still leaves it known.
_RESEMBLANCE = 0.6
# How many paragraphs of a text count as its title at least and at most. A red head and its number stand over the title
# of a paper of state (GB/T 9704); no title is a sentence, nor the first point of a list.
_TITLE, _MOST_OF_A_TITLE = 2, 5
_NO_TITLE = re.compile(r"[。；;]|[:：]\s*$|^\s*[(（]?(?:[一二三四五六七八九十]+|\d{1,2})[)）、.．](?!\d)")


def known_form(document: Document, campaign: Campaign) -> Deliverable | None:
    """The deliverable whose blank form this document is, filled in; of one that recurs, its first round."""
    if not document.tables:
        return None
    forms = campaign.forms
    first_rounds = {each.name: each for each in reversed(campaign.deliverables) if each.form}
    read = {name: read_form(document, name, forms) for name in first_rounds}
    known = [each for each in reversed(first_rounds.values()) if read[each.name].share >= _RESEMBLANCE]
    if len(known) > 1:  # seen: the office's whole notice sent back, one of its forms filled in
        known = [each for each in known if _is_filled(read[each.name])] or known
    return max(known, key=lambda each: read[each.name].share, default=None)


def _is_filled(reading: FormReading) -> bool:
    """Whether the form holds more than the blank one does."""
    return bool(reading.rows) or any(figure.raw.strip() for figure in reading.figures)


def title_lines(document: Document) -> list[str]:
    """The paragraphs at the head of a text that are its title."""
    lines = [line for line in document.paragraphs if line.strip()]
    more = takewhile(lambda line: not _NO_TITLE.search(line), lines[:_MOST_OF_A_TITLE])
    return lines[: max(_TITLE, len(list(more)))]


def names_inside_out(attachment: Attachment) -> list[str]:
    """Its own name, then its folder, its archive and so on outwards."""
    names: list[str] = []
    for container in reversed(attachment.path):
        names += [part for part in reversed(container.replace("\\", "/").split("/")) if part]
    return [*names, *attachment.subjects]  # seen: three villages' mails passed on, all named forwarded.eml


def strongest(evidence: Iterable[Evidence]) -> str | None:
    """The name given by the first source that gives just one."""
    by_source: dict[Source, set[str]] = {}
    for each in evidence:
        by_source.setdefault(each.source, set()).add(each.names)
    for source in Source:  # declared from the strongest down
        if len(names := by_source.get(source, set())) == 1:
            return next(iter(names))
    return None
