"""Who is charged with what."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.merge.statement import Tally, count_villages, total
from pipeline.model.standing import Standing, State
from tests.merge.literals import CAMPAIGN, at, gathered

IDS = [deliverable.id for deliverable in CAMPAIGN.deliverables]


def count(*standings: Standing, month: int = 6, day: int = 20) -> Tally:
    """The tally of 石桥村; of deliverables that are not named nothing came."""
    return count_villages(gathered(*standings, as_of=at(month, day), villages=["石桥村"]))[0]


def standing(deliverable: str, state: State, *, late: bool = False, until: tuple[int, int] | None = None) -> Standing:
    return Standing("石桥村", deliverable, state, late=late, due_at=at(*until) if until else None)


@pytest.mark.parametrize(
    ("state", "late", "handed_in", "in_time"),
    [
        (State.ACCEPTED, False, 1, 1),
        (State.ACCEPTED, True, 1, 0),
        (State.NIL, False, 1, 1),
        (State.REVIEW, False, 1, 1),  # the village has done its part
        (State.RETURNED, False, 0, 0),
        (State.MISSING, False, 0, 0),
    ],
)
def test_what_counts_as_handed_in(state: State, late: bool, handed_in: int, in_time: int) -> None:
    """After all deadlines, all eight are due; one that was handed in counts, in time or not."""
    tally = count(standing("plan", state, late=late))
    assert (tally.due, tally.handed_in, tally.in_time) == (8, handed_in, in_time)


def test_what_was_waived_is_not_due() -> None:
    """Nobody is charged with what nobody asked for; it is remarked."""
    tally = count(standing("video", State.WAIVED))
    assert tally.due == 7
    assert tally.remark.endswith("活动视频免报")


def test_before_a_deadline_only_what_came_is_due() -> None:
    """On 12 May plan and first round are due; a second round that came early counts, so that nobody has over 100."""
    tally = count(
        standing("plan", State.ACCEPTED),
        standing("progress@2023-05-10", State.ACCEPTED),
        standing("progress@2023-05-20", State.ACCEPTED),
        month=5,
        day=12,
    )
    assert (tally.due, tally.handed_in, tally.share) == (3, 3, Decimal("100.0"))


def test_an_extension_moves_what_is_due() -> None:
    """One with more time is not charged before it is up."""
    assert count(standing("video", State.NOT_DUE, until=(6, 25))).due == 7
    assert count(standing("video", State.MISSING, until=(6, 15))).due == 8


def test_shares_are_rounded_down() -> None:
    """100 means all: 299 of 300 is 99.6. Nothing due has no share."""
    assert Tally("", 300, 299, 200).share == Decimal("99.6")
    assert Tally("", 300, 299, 200).share_in_time == Decimal("66.6")
    assert Tally("", 0, 0, 0).share is None


def test_the_total_is_of_pieces() -> None:
    """Not the mean of the villages' shares."""
    whole = total([Tally("甲", 1, 1, 1), Tally("乙", 9, 0, 0)])
    assert (whole.due, whole.handed_in, whole.share) == (10, 1, Decimal("10.0"))


def test_rounds_are_remarked_together() -> None:
    """One line a village: rounds in brackets, each state once, late at the end."""
    given = [standing(id_, State.ACCEPTED) for id_ in IDS if not id_.startswith("progress")]
    tally = count(*given, standing("progress@2023-05-20", State.ACCEPTED, late=True))
    assert tally.remark == ("工作进展情况写实表（5月10日、5月31日）未报；工作进展情况写实表（5月20日）迟报")


def test_who_sent_nothing_has_one_remark() -> None:
    """Not a list of all there is: sixty villages of such lists would be pages of one word."""
    assert count().remark == "各项材料均未报"
