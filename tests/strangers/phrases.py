"""The wording of one phrase book alone: what a sentence tells, whatever way the day is written; what is told twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from pipeline.activity import parse_activities
from pipeline.activity.likeness import same_activity
from pipeline.model.reading import Activity
from tests.strangers.book import Book

_DAYS = (date(2023, 5, 6), date(2023, 5, 17), date(2023, 5, 24))


def sentences(book: Book) -> Iterator[tuple[str, str]]:
    """Each sentence with the letter of what it leaves out, or none: T, P, W, C."""
    kinds = (("", book.deeds), ("T", book.no_time), ("P", book.no_place), ("W", book.no_people), ("C", book.no_content))
    number = 0
    for letter, phrases in kinds:
        for phrase in phrases:
            for said in phrase.split("|") if phrase.count("|") == 1 else [phrase]:
                for day in _DAYS:
                    number += 1
                    yield said.format(t=book.days[number % len(book.days)](day)), letter


def misread(book: Book) -> tuple[list[str], int]:
    """The sentences that were read otherwise, and how many there are."""
    told = [*sentences(book), *_cells(book)]
    return mistaken(told), len(told)


def mistaken(told: Iterable[tuple[str, str]]) -> list[str]:
    """Those of these texts that are read otherwise than their truth has it."""
    readings = [(text, truth, ["".join(lacking(each)) for each in _read(text)]) for text, truth in told]
    return [
        f"{text}: lacks {said}, not {truth or 'anything'}" for text, truth, said in readings if said != truth.split("/")
    ]


def _cells(book: Book) -> Iterator[tuple[str, str]]:
    """Each cell of several activities, and what each of them leaves out."""
    for number, (text, truth) in enumerate(book.cells):
        yield text.format(t=book.days[number % len(book.days)](_DAYS[number % 3])), truth


def not_recognised(book: Book) -> tuple[list[str], int]:
    """Activities that were told again and taken for others; of how many."""
    told = [phrase.split("|") for phrase in book.deeds if phrase.count("|") == 1]
    mistakes = []
    for number, (first, again) in enumerate(told):
        day = _DAYS[number % 3]
        one = _read(first.format(t=book.days[number % len(book.days)](day)))
        other = _read(again.format(t=book.days[(number + 5) % len(book.days)](day)))
        if not all(any(same_activity(each, later) for later in other) for each in one):
            mistakes.append(f"{first} / {again}")
    return mistakes, len(told)


def confused(book: Book) -> tuple[list[str], int]:
    """Two activities of one day that were taken for one; of how many."""
    told = [phrase.split("|")[0] for phrase in book.deeds]
    mistakes = []
    for number, (one, other) in enumerate(pairwise(told)):
        day = _DAYS[number % 3]
        readings = [_read(text.format(t=book.days[number % len(book.days)](day))) for text in (one, other)]
        if any(same_activity(each, later) for each in readings[0] for later in readings[1]):
            mistakes.append(f"{one} / {other}")
    return mistakes, len(told) - 1


def _read(text: str) -> tuple[Activity, ...]:
    return parse_activities(text, opens_on=date(2023, 5, 1), closes_on=date(2023, 5, 31))


def lacking(activity: Activity) -> Iterator[str]:
    """The letters of the parts that are not told."""
    parts = {"T": activity.time, "P": activity.place, "W": activity.people, "C": activity.account}
    yield from (letter for letter, told in parts.items() if not told)
