"""Findings as a person reads them: equal ones joined with their places, shadowed ones dropped, the weightiest first.

Pure. A finding is shadowed where another one of the same file says all there is to mend: that a file cannot be opened
leaves nothing to say of its name. Which code shadows which is said by the check itself (:attr:`Check.hides`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.model import Finding, Severity

_MOST_PLACES = 12  # that are named; who mends twelve sees the rest
_PLACE = re.compile(r"(第)(\d+)(行|张)")
_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def join_places(places: Iterable[str]) -> str:
    """第2行, 第3行, 第5行第1项 as one phrase: 第2、3行、第5行第1项. Many are cut short."""
    distinct = [place for place in dict.fromkeys(places) if place]
    shown, phrases = distinct[:_MOST_PLACES], list[str]()
    numbers: dict[str, list[str]] = {}
    for place in shown:
        if plain := _PLACE.fullmatch(place):
            numbers.setdefault(plain[3], []).append(plain[2])
        else:
            phrases.append(place)
    joined = "、".join([*(f"第{'、'.join(found)}{unit}" for unit, found in numbers.items()), *phrases])
    return joined + (f"等{len(distinct)}处" if len(distinct) > len(shown) else "")


def settle(findings: Sequence[Finding], hides: Mapping[str, frozenset[str]]) -> list[Finding]:
    """The findings without the shadowed ones, errors first; ``hides``: code -> the codes that it shadows."""
    kept = [each for each in findings if not any(_shadows(other, each, hides) for other in findings)]
    return sorted(dict.fromkeys(kept), key=lambda each: (_WEIGHT[each.severity], not hides.get(each.code)))


def _shadows(one: Finding, other: Finding, hides: Mapping[str, frozenset[str]]) -> bool:
    return (
        other.code in hides.get(one.code, frozenset())
        and (one.village, one.deliverable) == (other.village, other.deliverable)
        and (one.attachment is None or other.attachment is None or one.attachment == other.attachment)
    )
