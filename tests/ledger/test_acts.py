"""What people did, kept and taken back, on a real ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.ledger import acts, addresses, again, entries, histories, intake, memory, verdicts, views
from pipeline.ledger.decisions import confirm_address, decide, extend
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.ledger.succession import ruled
from pipeline.ledger.undoing import undo
from pipeline.model.files import FileKind
from pipeline.model.ledger import ActKind, Rule
from pipeline.model.reading import Picture
from pipeline.model.standing import Remembered, Standing, State
from pipeline.model.verdict import Outcome
from pipeline.ruling import yield_to_newer
from tests.ledger.literals import CAMPAIGN, REGISTER, at, outcome, raw, verdict

PICTURE = Picture("p" * 64, FileKind.JPEG, 800, 600, 99.0, 0x0123_4567_89AB_CDEF)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger, its entries prepared."""
    opened = open_ledger(f"sqlite:///{tmp_path}/b.db")
    entries.prepare_entries(opened, CAMPAIGN, REGISTER)
    yield opened
    opened.engine.dispose()


def receive(ledger: Ledger, day: int, *outcomes: Outcome) -> str:
    """A mail judged; its digest."""
    source = raw(f"mail {day}", at(day), str(day))
    intake.receive(ledger, source, at(day))
    verdicts.record(ledger, verdict(source, *outcomes), None, None, CAMPAIGN, at(day))
    return source.blob.digest


def assign(ledger: Ledger, day: int, village: str, *outcomes: Outcome, now: datetime) -> int:
    """The mail of that day assigned to a village."""
    source = raw(f"mail {day}", at(day), str(day))
    rule = Rule(village, who="王")
    return again.record_again(
        ledger, verdict(source, *outcomes), CAMPAIGN, rule=rule, who="王", why="", letter=None, now=now
    )


def plan_of(ledger: Ledger, village: str = "甲村", day: int = 30) -> Standing:
    """How a village's plan stood on a day."""
    rows = views.standings(ledger, CAMPAIGN, at(day))
    return next(each for each in rows if (each.village, each.deliverable) == (village, "plan"))


def judge(ledger: Ledger, state: State, day: int) -> int:
    """A person's decision on the plan of 甲村."""
    return decide(ledger, CAMPAIGN, "甲村", "plan", state=state, who="王", why="看过", now=at(day))


def take_back(ledger: Ledger, number: int, day: int) -> int:
    return undo(ledger, CAMPAIGN, number, who="李", why="看错", now=at(day))


@pytest.mark.parametrize("state", [State.ACCEPTED, State.RETURNED, State.WAIVED])
def test_a_decision_taken_back_leaves_what_was(ledger: Ledger, state: State) -> None:
    """And at the moments between it stood as decided."""
    receive(ledger, 4, outcome(State.REVIEW))
    before = plan_of(ledger)
    number = judge(ledger, state, 10)
    take_back(ledger, number, 12)
    assert plan_of(ledger) == before
    assert [plan_of(ledger, day=day).state for day in (9, 11, 13)] == [State.REVIEW, state, State.REVIEW]


def test_a_waiver_taken_back_is_missing_again(ledger: Ledger) -> None:
    """Nothing had come: nothing is there."""
    number = judge(ledger, State.WAIVED, 2)
    take_back(ledger, number, 3)
    assert plan_of(ledger, day=4).state is State.NOT_DUE
    assert plan_of(ledger, day=10).state is State.MISSING
    assert memory.recall(ledger, CAMPAIGN, ["甲村"], []).standings["甲村", "plan"].state is State.MISSING


def test_two_decisions_are_taken_back_in_turn(ledger: Ledger) -> None:
    """The earlier one only after the later."""
    receive(ledger, 4, outcome(State.REVIEW))
    first, second = judge(ledger, State.RETURNED, 6), judge(ledger, State.ACCEPTED, 7)
    with pytest.raises(ConfigError):
        take_back(ledger, first, 8)
    assert plan_of(ledger).state is State.ACCEPTED
    take_back(ledger, second, 8)
    assert plan_of(ledger).state is State.RETURNED


def test_what_came_since_is_not_undone(ledger: Ledger) -> None:
    """A delivery after the decision has the word."""
    receive(ledger, 4, outcome(State.REVIEW))
    number = judge(ledger, State.RETURNED, 6)
    receive(ledger, 8, outcome(State.ACCEPTED))
    with pytest.raises(ConfigError):
        take_back(ledger, number, 9)
    assert plan_of(ledger).state is State.ACCEPTED


def test_an_act_is_undone_once(ledger: Ledger) -> None:
    """Neither twice, nor an undoing, nor what is not there; nothing of it is kept."""
    number = judge(ledger, State.WAIVED, 2)
    undoing = take_back(ledger, number, 3)
    for wrong in (number, undoing, 99):
        with pytest.raises(ConfigError):
            take_back(ledger, wrong, 4)
    assert [each.kind for each in acts.all_acts(ledger, CAMPAIGN)] == [ActKind.UNDO, ActKind.WAIVE]


def test_an_extension_is_an_act(ledger: Ledger) -> None:
    """Kept with its day, and given back."""
    number = extend(ledger, CAMPAIGN, "甲村", "plan", due_at=at(20, 0), who="王", why="停电", now=at(6))
    assert plan_of(ledger, day=10).state is State.NOT_DUE
    assert acts.all_acts(ledger, CAMPAIGN)[0].detail["until"] == at(20, 0).isoformat()
    take_back(ledger, number, 7)
    assert plan_of(ledger, day=10).state is State.MISSING


def test_a_person_may_be_called_as_the_program_is(ledger: Ledger) -> None:
    """Who works under the service's own login, baosong, has decided all the same: it is noted, a recheck keeps it."""
    receive(ledger, 4, outcome(State.REVIEW))
    decide(ledger, CAMPAIGN, "甲村", "plan", state=State.RETURNED, who="baosong", why="看过", now=at(5))
    (note,) = acts.act_notes(ledger)
    assert (note.village, note.act, note.who) == ("甲村", ActKind.RETURN, "baosong")
    assert ruled(ledger, CAMPAIGN) == {("甲村", "plan")}
    assert [each.who for each in histories.changes(ledger, CAMPAIGN)] == ["", "baosong"]


def test_what_is_judged_after_a_decision_counts_after_it(ledger: Ledger) -> None:
    """A mail that had arrived before, but was judged later: entry and history say the same."""
    receive(ledger, 4, outcome(State.RETURNED))
    source = raw("late", at(5), "x")
    intake.receive(ledger, source, at(6))
    judge(ledger, State.WAIVED, 6)
    verdicts.record(ledger, verdict(source, outcome(State.ACCEPTED)), None, None, CAMPAIGN, at(7))
    assert plan_of(ledger).state is State.ACCEPTED


def test_an_assigned_mail_leaves_the_village_that_it_was_taken_for(ledger: Ledger) -> None:
    """甲村 stands as before it, pictures forgotten; undone, all is as it was."""
    kept = Remembered(pictures=(PICTURE,))
    receive(ledger, 3, outcome(State.RETURNED))
    receive(ledger, 4, replace(outcome(State.ACCEPTED), remembered=kept))
    before = plan_of(ledger)
    number = assign(ledger, 4, "乙村", replace(outcome(State.ACCEPTED), village="乙村", remembered=kept), now=at(10))
    assert plan_of(ledger).state is State.RETURNED
    assert plan_of(ledger, "乙村").state is State.ACCEPTED
    assert [each.village for each in histories.pictures(ledger)] == ["乙村"]
    assert [each.void for each in histories.versions(ledger, CAMPAIGN, "甲村")] == [True, False]
    take_back(ledger, number, 11)
    assert plan_of(ledger) == before
    assert plan_of(ledger, "乙村").state is State.MISSING
    assert [each.village for each in histories.pictures(ledger)] == ["甲村"]


def test_the_past_without_a_mail(ledger: Ledger) -> None:
    """Judged again, a mail does not meet itself: neither its state nor its pictures nor its text."""
    digest = receive(
        ledger, 4, replace(outcome(State.ACCEPTED), remembered=Remembered(text="same", pictures=(PICTURE,)))
    )
    past = memory.recall(ledger, CAMPAIGN, ["甲村"], [PICTURE])
    assert past.seen[PICTURE.digest]
    forgotten = again.forget(ledger, CAMPAIGN, past, digest)
    assert forgotten.standings["甲村", "plan"].state is State.MISSING
    assert forgotten.seen[PICTURE.digest] == ()
    assert forgotten.texts["plan"] == ()


def test_a_later_assignment_stands_upon_an_earlier_one(ledger: Ledger) -> None:
    """Rules add up in their order; the earlier is undone after the later."""
    digest = receive(ledger, 4)
    first = assign(ledger, 4, "甲村", outcome(State.ACCEPTED), now=at(6))
    second = assign(ledger, 4, "乙村", replace(outcome(State.ACCEPTED), village="乙村"), now=at(7))
    assert [each.village for each in again.standing_rules(ledger, CAMPAIGN, digest)] == ["甲村", "乙村"]
    with pytest.raises(ConfigError):
        take_back(ledger, first, 8)
    take_back(ledger, second, 8)
    assert [each.village for each in again.standing_rules(ledger, CAMPAIGN, digest)] == ["甲村"]
    assert plan_of(ledger).state is State.ACCEPTED


def test_a_mail_judged_late_yields_to_what_came_after_it(ledger: Ledger) -> None:
    """Unless what came after was returned, and only this is as it should be."""
    receive(ledger, 8, outcome(State.ACCEPTED))
    past = memory.recall(ledger, CAMPAIGN, ["甲村"], [])
    assert [each.stands for each in yield_to_newer([outcome(State.ACCEPTED)], past, at(4))] == [False]
    assert [each.stands for each in yield_to_newer([outcome(State.ACCEPTED)], past, at(9))] == [True]
    receive(ledger, 9, outcome(State.RETURNED))
    past = memory.recall(ledger, CAMPAIGN, ["甲村"], [])
    assert [each.stands for each in yield_to_newer([outcome(State.ACCEPTED)], past, at(4))] == [True]


def test_a_confirmed_address_is_known(ledger: Ledger) -> None:
    """To the judge, in any case of its letters, until that is taken back."""
    number = confirm_address(ledger, CAMPAIGN, REGISTER, "甲村", "New@X.cn", who="王", why="", now=at(4))
    assert [each.village for each in addresses.known_writers(ledger, "new@x.cn", REGISTER)] == ["甲村"]
    take_back(ledger, number, 5)
    assert addresses.known_writers(ledger, "new@x.cn", REGISTER) == ()


def test_of_two_words_on_an_address_the_last_is_taken_back_first(ledger: Ledger) -> None:
    """What was said before counts again then."""
    first = confirm_address(ledger, CAMPAIGN, REGISTER, "甲村", "a@x.cn", who="王", why="", now=at(4))
    second = confirm_address(ledger, CAMPAIGN, REGISTER, "甲村", "a@x.cn", who="王", why="调走", now=at(5), holds=False)
    with pytest.raises(ConfigError, match="后一次"):
        take_back(ledger, first, 6)
    take_back(ledger, second, 6)
    assert [each.village for each in addresses.known_writers(ledger, "a@x.cn", REGISTER)] == ["甲村"]
