"""A phrase book: what the clerks of one office have in their heads when they write."""

from __future__ import annotations

from dataclasses import dataclass

from tests.strangers.days import Writing


@dataclass(frozen=True)
class Book:
    """Everything that one half's clerks say. ``{t}`` stands for the day."""

    days: tuple[Writing, ...]
    deeds: tuple[str, ...]  # the deed; after a bar, the same deed told again by the same clerk
    no_time: tuple[str, ...]
    no_place: tuple[str, ...]
    no_people: tuple[str, ...]
    no_content: tuple[str, ...]
    plans: tuple[str, ...]  # sentences of plans; each is used once
    summaries: tuple[str, ...]
    subjects: tuple[str, ...]  # {v} the village, {what} what is sent
    bodies: tuple[str, ...]
    elders: tuple[str, ...]  # deeds of the autumn campaign
    elder_plans: tuple[str, ...]
    elder_reports: tuple[str, ...]
    cells: tuple[tuple[str, str], ...] = ()  # cells of several activities, lines and headings; what each lacks, by /


def lines(text: str) -> tuple[str, ...]:
    """A phrase a line."""
    return tuple(line.strip() for line in text.strip().splitlines() if line.strip())
