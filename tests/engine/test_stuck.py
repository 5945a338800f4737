"""Which troubles are told to the coordinator's group, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pipeline.engine.stuck import Stuck, weigh_troubles

BEGIN = datetime(2023, 5, 9, 8, tzinfo=UTC)
PATIENCE = timedelta(minutes=30)


def titles(*rounds: Sequence[str] | None, held: int = 0) -> list[list[str]]:
    """The notices' titles, round by round, ten minutes apart; None is a round that left sending alone."""
    known, told = Stuck(), []
    for number, troubles in enumerate(rounds):
        now = BEGIN + number * timedelta(minutes=10)
        untried = ("发信",) if troubles is None else ()
        known, notices = weigh_troubles(known, troubles or (), now=now, patience=PATIENCE, untried=untried, held=held)
        told.append([notice.title.removeprefix("报送系统：") for notice in notices])
    return told


def test_what_lasts_is_told_once_and_its_end_too() -> None:
    """After half an hour, whatever the figures in its words; then when it is over."""
    line = "发信：登录发信邮箱被拒，其余{}封稍后"
    told = titles([], *([line.format(n)] for n in range(5)), [], [])
    assert told == [[], [], [], [], ["有事需要处理"], [], ["已恢复正常"], []]


def test_what_passes_by_itself_is_not_told() -> None:
    """Two rounds of trouble, and never a word."""
    assert titles(["发信：超时"], ["发信：超时"], [], ["发信：超时"], ["发信：超时"]) == [[]] * 5


def test_a_stage_at_rest_is_neither_over_nor_new() -> None:
    """After a refused login nothing is tried for a while: the trouble lasts, and is told when met again."""
    told = titles(["发信：被拒"], None, None, ["发信：被拒"], None, ["发信：被拒"], [])
    assert told == [[], [], [], ["有事需要处理"], [], [], ["已恢复正常"]]


def test_two_troubles_are_told_each_and_end_together() -> None:
    """That one of them is over is no news yet."""
    both = ["收信：中断", "发信：中断"]
    told = titles(both, both, both, both, both[:1], [])
    assert told == [[], [], [], ["有事需要处理"] * 2, [], ["已恢复正常"]]


def test_a_letter_that_needs_a_person_is_told_at_once() -> None:
    """It will not go out by itself."""
    assert titles([], held=1) == [["有信没能发出"]]
