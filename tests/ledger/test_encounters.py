"""Pictures and texts met again, out of the ledger's indexes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.ledger import entries, intake, memory, verdicts
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.model.reading import Picture
from pipeline.model.standing import Remembered, State
from pipeline.model.verdict import Outcome
from tests.ledger.literals import CAMPAIGN, REGISTER, at, outcome, raw, verdict
from tests.looks import taken

PLAN = "为开展好会员活动月，我村制定如下方案。一是在文化广场发放宣传材料，二是请医生讲课，三是走访困难家庭，四是演出。"


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    """An empty ledger, its entries prepared; on SQLite and on PostgreSQL."""
    opened = open_ledger(database)
    entries.prepare_entries(opened, CAMPAIGN, REGISTER)
    yield opened
    opened.engine.dispose()


def deliver(ledger: Ledger, number: int, brought: Outcome) -> None:
    """A mail that brought this."""
    source = raw(f"mail {number}", at(4), str(number))
    intake.receive(ledger, source, at(4))
    verdicts.record(ledger, verdict(source, brought, message_id=f"<{number}@x>"), None, None, CAMPAIGN, at(4))


def seen(ledger: Ledger, picture: Picture) -> list[tuple[str, bool]]:
    past = memory.recall(ledger, CAMPAIGN, [], [picture])
    return [(each.village, each.exact) for each in past.seen[picture.digest]]


def test_a_picture_is_met_again(ledger: Ledger) -> None:
    """The same octets; saved anew, smaller, cut; not another one."""
    photos = replace(
        outcome(State.ACCEPTED), deliverable="photos", remembered=Remembered(pictures=(taken(1), taken(2)))
    )
    deliver(ledger, 1, photos)
    assert seen(ledger, taken(1)) == [("甲村", True)]
    assert seen(ledger, taken(1, width=480, quality=40)) == [("甲村", False)]
    assert seen(ledger, taken(2, cut=(0.05, 0.04, 0, 0.03), width=640)) == [("甲村", False)]
    assert seen(ledger, taken(3)) == []


def test_a_picture_is_kept_once_for_each_deliverable(ledger: Ledger) -> None:
    """Sent again with the next version, it is met once."""
    photos = replace(outcome(State.ACCEPTED), deliverable="photos", remembered=Remembered(pictures=(taken(1),)))
    deliver(ledger, 1, photos)
    deliver(ledger, 2, photos)
    assert seen(ledger, taken(1)) == [("甲村", True)]


def test_a_copied_text_is_found_by_its_sketch(ledger: Ledger) -> None:
    """The text in force of the village that it is copied from; nothing for another text, or for an older version."""
    deliver(ledger, 1, outcome(State.ACCEPTED, text=PLAN))

    def alike(text: str) -> list[str]:
        past = memory.recall(ledger, CAMPAIGN, [], [], [text])
        return [each.village for each in past.texts.get("plan", ())]

    assert alike(PLAN.replace("我村", "乙村")) == ["甲村"]
    assert alike("我们村的打算是这样的：先把大家喊到村部开个会，把任务分下去，再挨家挨户去说，月底前做完。") == []
    deliver(ledger, 2, outcome(State.ACCEPTED, text="本村重新写了一份方案，内容与以前完全不同，请以这一份为准。"))
    assert alike(PLAN) == []
