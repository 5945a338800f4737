"""The villages' words: enough of them, and not the same twice."""

from datetime import date
from itertools import combinations
from typing import Literal

import pytest
from rapidfuzz import fuzz

from pipeline.activity import parse_activities
from pipeline.demo.activities import Event, describe, plan_events
from pipeline.demo.chance import seeded
from pipeline.demo.prose import Writer
from pipeline.demo.villages import VILLAGES

EVENTS = plan_events(seeded(1), first_scene=0)


def test_plans_and_summaries_differ_between_villages() -> None:
    """No two villages write nearly the same plan or summary, and none is too short to be one."""
    writer = Writer(seeded(529))
    plans = ["\n".join(writer.plan(village.name)) for village in VILLAGES]
    summaries = [
        "\n".join(writer.summary(village.name, plan_events(seeded(number), first_scene=0)))
        for number, village in enumerate(VILLAGES)
    ]
    for texts in (plans, summaries):
        assert min(map(len, texts)) > 250
        assert max(fuzz.ratio(one, other) for one, other in combinations(texts, 2)) < 70


def test_events_span_the_month() -> None:
    """Two activities in each third of May, told in order, the last on the day itself; no picture belongs to two."""
    days = [event.held_on.day for event in EVENTS]
    assert days == sorted(days)
    assert [(day > 10) + (day > 20) for day in days] == [0, 0, 1, 1, 2, 2]
    assert days[-1] == 29
    scenes = [scene for event in EVENTS for scene in event.scenes]
    assert len(scenes) == len(set(scenes))
    assert all(2 <= len(event.scenes) <= 3 for event in EVENTS)


def test_account_leaves_out_a_part() -> None:
    """A part that is left out is not told at all; the others stand in the sentence."""
    event: Event = EVENTS[0]
    assert all(part in describe(event) for part in (event.when, event.where, event.who, event.what))
    assert event.when not in describe(event, without="when")
    assert event.where not in describe(event, without="where")
    assert event.who not in describe(event, labelled=True, without="who")


@pytest.mark.parametrize("labelled", [False, True])
def test_accounts_read_as_they_are_meant(labelled: bool) -> None:
    """What is told is read, and what is left out is missed: the clerk's slip is a slip and nothing else is."""
    for seed in range(12):
        for event in plan_events(seeded(seed), first_scene=0):
            left_out: tuple[Literal["when", "where"] | None, ...] = (None, "when", "where")
            for without in left_out:
                text = describe(event, labelled=labelled, without=without)
                (read,) = parse_activities(text, opens_on=date(2023, 5, 1), closes_on=date(2023, 5, 31))
                told = (bool(read.time), bool(read.place), bool(read.people), bool(read.account))
                assert told == (without != "when", without != "where", True, True), text
                assert read.held_on == (None if without == "when" else event.held_on)
