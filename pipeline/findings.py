"""Findings as a person reads them: equal ones joined with their places, shadowed ones dropped, the weightiest first.

Pure. A finding is shadowed where another one of the same file says all there is to mend: that a file cannot be opened
leaves nothing to say of its name. Which code shadows which is said by the check itself (:attr:`Check.hides`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.model.finding import Finding, Severity

_MOST_PLACES = 12  # that are named; who mends twelve sees the rest
_PLACE = re.compile(r"(第)(\d+)(行|张)")
_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def join_places(places: Iterable[str]) -> str:
    """第2行, 第3行, 第4行, 第6行, 第5行第1项 as one phrase: 第2至4、6行、第5行第1项. Many are cut short."""
    distinct = [place for place in dict.fromkeys(places) if place]
    numbers: dict[str, list[int]] = {}
    phrases: list[str] = []
    for place in distinct:
        if plain := _PLACE.fullmatch(place):
            numbers.setdefault(plain[3], []).append(int(plain[2]))
        else:
            phrases.append(place)
    runs = {unit: _join_runs(found) for unit, found in numbers.items()}
    counted = [f"第{'、'.join(found[:_MOST_PLACES])}{unit}" for unit, found in runs.items()]
    cut = len(phrases) > _MOST_PLACES or any(len(found) > _MOST_PLACES for found in runs.values())
    return "、".join([*counted, *phrases[:_MOST_PLACES]]) + (f"等{len(distinct)}处" if cut else "")


def _join_runs(numbers: Iterable[int]) -> list[str]:
    """1, 2, 3, 5, 6 as 1至3, 5, 6."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    phrases: list[str] = []
    for run in runs:
        phrases += [f"{run[0]}至{run[-1]}"] if len(run) > 2 else [str(number) for number in run]
    return phrases


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
