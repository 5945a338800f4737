"""The words for the work group."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from pipeline.model.standing import Standing, State
from pipeline.report.figures import count_figures
from pipeline.report.group_text import render_group_text
from tests.report.sample import CAMPAIGN, IDS, NAMES, NOW, REGISTER, STANDINGS, at


def render(now: datetime, standings: tuple[Standing, ...]) -> str:
    """The words as of this moment."""
    return render_group_text(count_figures(CAMPAIGN, REGISTER, now, standings, ()))


ALL_DONE = tuple(Standing(name, deliverable, State.ACCEPTED) for name in NAMES for deliverable in IDS)


def test_thanks_come_first_and_nobody_is_blamed() -> None:
    """First who is complete; no village's faults, no judgement for the office alone, no threat, no ranking."""
    text = render(NOW, STANDINGS)
    assert text.index("感谢") < text.index("还请补充") < text.index("还没有收到")
    assert not re.search("雷同|相同|宏|核实|通报批评|考核|排名|倒数|问责|迟|逾期|收到2张", text)


def test_all_complete() -> None:
    """When nothing is owed the village names and the request are left out."""
    text = render(NOW, ALL_DONE)
    assert "全部报齐" in text
    assert NAMES[0] not in text
    assert "抽空" not in text


@pytest.mark.parametrize(("now", "expected"), [(at(9, 17), True), (at(11, 0), False)])
def test_next_deadline_is_recalled_while_it_is_ahead(now: datetime, expected: bool) -> None:
    """The last day is named as the notice names it, and no deadline once all have passed."""
    assert ("请于6月10日前报送（含当日）" in render(now, ALL_DONE)) is expected


def test_every_owing_village_is_named_once() -> None:
    """A village that owes something is told so exactly once."""
    text = render(NOW, STANDINGS)
    for name in NAMES[4:6] + NAMES[18:]:
        assert text.count(name) == 1
