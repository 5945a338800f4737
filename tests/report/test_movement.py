"""What moved since yesterday, and who has long been silent."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.model.campaign import Village
from pipeline.model.ledger import JudgedMessage
from pipeline.model.standing import Standing, State
from pipeline.report.figures import Figures, count_figures
from pipeline.report.movement import find_moves, find_silent
from tests.report.sample import CAMPAIGN, NOW, at, make_file, make_message


def figures(now: Sequence[Standing], yesterday: Sequence[Standing] = (), *, villages: Sequence[str] = ()) -> Figures:
    names = villages or tuple(dict.fromkeys(each.village for each in now))
    return count_figures(CAMPAIGN, [Village(name) for name in names], NOW, now, yesterday)


def heading(before: State | None, now: State, deliverable: str = "photos") -> list[str]:
    """Under which headings one village's photos stand."""
    yesterday = [Standing("石桥村", deliverable, before)] if before else []
    moves = find_moves(figures([Standing("石桥村", deliverable, now)], yesterday))
    return [move.heading for move in moves if deliverable in {each.id for _, those in move.pieces for each in those}]


@pytest.mark.parametrize(
    ("before", "now", "headings"),
    [
        (None, State.ACCEPTED, ["新合格"]),
        (State.RETURNED, State.ACCEPTED, ["新合格"]),
        (State.RETURNED, State.NIL, ["新合格"]),
        (None, State.RETURNED, ["新退回待补正"]),
        (None, State.REVIEW, ["新到待审核"]),
        (State.RETURNED, State.WAIVED, ["改为免报"]),
        (State.ACCEPTED, State.RETURNED, ["由合格改为其他"]),
        (State.ACCEPTED, State.ACCEPTED, []),
        (State.RETURNED, State.RETURNED, []),
    ],
)
def test_each_change_has_its_heading(before: State | None, now: State, headings: list[str]) -> None:
    """By where it came from and where it went; what did not change is not told."""
    assert heading(before, now) == headings


def test_a_deadline_that_passed_in_the_night() -> None:
    """Nothing came, and since yesterday that is a debt: the sample's last round was due long ago, its plan longer."""
    moved = count_figures(CAMPAIGN, [Village("石桥村")], at(11, 9), (), ())
    titles = [each.id for move in find_moves(moved) for _, those in move.pieces for each in those]
    assert [move.heading for move in find_moves(moved)] == ["刚过截止还没有报"]
    assert {"statistics", "photos"} <= set(titles)
    assert "plan" not in titles


def test_so_many_villages_are_named_and_no_more() -> None:
    """The rest is counted, and stands in the workbook."""
    names = [f"{number}号村" for number in range(5)]
    (move,) = find_moves(figures([Standing(name, "photos", State.ACCEPTED) for name in names]))
    assert move.count == 5
    assert move.tell(2) == "0号村（精选活动照片）、1号村（精选活动照片），另有3个村，见附件“较昨日变化”"


def wrote(number: int, village: str, day: int) -> JudgedMessage:
    return make_message(number, at(day, 9), village, "材料", village=village, attachments=())


def test_the_silent_longest_stand_first() -> None:
    """Who never wrote, then by days; who wrote lately or owes nothing is not named."""
    villages = ("从未村", "早先村", "更早村", "昨日村", "齐全村")
    done = [Standing("齐全村", each.id, State.ACCEPTED) for each in CAMPAIGN.deliverables]
    messages = [wrote(1, "早先村", 4), wrote(2, "更早村", 2), wrote(3, "昨日村", 8), wrote(4, "早先村", 3)]
    silent = find_silent(figures(done, villages=villages), messages)
    assert [(each.village, each.days) for each in silent] == [("从未村", 0), ("更早村", 7), ("早先村", 5)]
    assert silent[0].last_at is None


def test_a_file_for_a_village_is_a_sign_of_it() -> None:
    """Mail that another writes for it counts; an auto-reply does not."""
    mail = make_message(1, at(8, 9), "别人", "代报", attachments=(make_file("a.docx", "石桥村", "plan"),))
    assert find_silent(figures((), villages=["石桥村"]), [mail]) == ()
