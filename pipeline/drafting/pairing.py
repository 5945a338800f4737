"""Which blank form is whose: by its number, else by the likest title. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz import fuzz

from pipeline.drafting.asking import Asked
from pipeline.drafting.lexicon import FAMILY_OF, Sort
from pipeline.drafting.values import Blank

_TABLES: Final = frozenset({Sort.TABLE, Sort.ROWS, Sort.LIST})
_ALIKE: Final = 70.0  # 0 to 100: from here on a form's title is taken for a material's name
_LISTED: Final = 75.0  # from here on a form that the notice lists is taken for a material's
_ENDING: Final = 80.0  # of a title that ends in the material's own noun


def with_listed_title(blank: Blank, appendices: Mapping[int, str]) -> Blank:
    """The form with the title that the notice's list gives it, where it has none of its own."""
    title = blank.title or (appendices.get(blank.number, "") if blank.number else "")
    number = blank.number
    if number is None and title:
        alike = [each for each, listed in appendices.items() if fuzz.ratio(bare_title(title), bare_title(listed)) >= 85]
        number = alike[0] if len(alike) == 1 else None
    return replace(blank, title=title or blank.origin, number=number)


def bare_title(title: str) -> str:
    """A title without year, quotation marks and brackets."""
    return re.sub(r"20\d\d年(?:度)?|[“”\"《》\s（）()]", "", title)


def with_form_name(asked: Asked, appendices: Mapping[int, str], blanks: Sequence[Blank]) -> Asked:
    """What is asked for as 附件1 alone, by the name of that form; what the notice lists a form for, with its number."""
    thing = asked.thing
    if thing.head and thing.appendix is None and thing.sort in _TABLES:
        scores = {number: fuzz.ratio(asked.name, bare_title(title)) for number, title in appendices.items()}
        number = max(scores, key=lambda each: scores[each], default=None)
        listed = (
            number is not None and scores[number] >= _LISTED and bare_title(appendices[number]).endswith(thing.head)
        )
        return replace(asked, thing=replace(thing, appendix=number)) if listed else asked
    if thing.head or thing.appendix is None:
        return asked
    titles = [each.title for each in blanks if each.number == thing.appendix]
    title = appendices.get(thing.appendix) or (titles[0] if titles else "")
    if not title:
        return asked
    heads = [head for head in FAMILY_OF if bare_title(title).endswith(head)]
    return replace(asked, thing=replace(thing, name=bare_title(title)[-24:], head=max(heads, key=len, default="")))


def match_forms(asked: Sequence[Asked], blanks: Sequence[Blank], appendices: Mapping[int, str]) -> dict[int, Blank]:
    """Place of a material -> its form: by number, else by the likest title."""
    found: dict[int, Blank] = {}
    free = list(blanks)
    for place, each in enumerate(asked):
        own = [blank for blank in free if blank.number is not None and blank.number == each.thing.appendix]
        if own:
            found[place] = own[0]
            free.remove(own[0])
    scores = sorted(
        (
            (_likeness(each, blank), place, number)
            for place, each in enumerate(asked)
            for number, blank in enumerate(free)
            if place not in found
        ),
        reverse=True,
    )
    taken: set[int] = set()
    for score, place, number in scores:
        if score >= _ALIKE and place not in found and number not in taken:
            found[place] = free[number]
            taken.add(number)
    rest = [blank for number, blank in enumerate(free) if number not in taken and blank.form is not None]
    bare = [
        p for p, each in enumerate(asked) if p not in found and each.thing.sort in _TABLES and not each.thing.appendix
    ]
    if len(rest) == 1 and len(bare) == 1 and len(appendices) <= 1:  # the one form is that of the one table
        found[bare[0]] = rest[0]
    return found


def _likeness(asked: Asked, blank: Blank) -> float:
    if asked.thing.sort not in _TABLES:
        return 0.0
    title, head = bare_title(blank.title), asked.thing.head
    if not title or (head and head not in title):
        return 0.0
    return (
        max(fuzz.partial_ratio(asked.name, title), 80.0 if title.endswith(head) else 0.0)
        + fuzz.ratio(asked.name, title) / 100
    )
