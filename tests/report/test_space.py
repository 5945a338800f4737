"""How much room is left, in words and as a matter for the coordinator."""

from __future__ import annotations

import pytest

from pipeline.report import Space
from pipeline.report.figures import count_figures
from pipeline.report.matters import find_matters
from pipeline.report.needs import DISK, MAILBOX
from pipeline.report.space import write_size, write_space
from tests.report.sample import CAMPAIGN, NOW

GB = 1024**3


@pytest.mark.parametrize(
    ("octets", "words"),
    [(0, "0KB"), (5 * 1024, "5KB"), (300 << 20, "300MB"), (2 * GB, "2GB"), (3 * GB // 2, "1.5GB"), (74 * GB, "74GB")],
)
def test_sizes(octets: int, words: str) -> None:
    """As a clerk reads them off his own machine."""
    assert write_size(octets) == words


def test_what_is_not_known_is_not_told() -> None:
    """No quota, no sentence of it; nothing at all, nothing."""
    assert write_space(Space()) == ""
    assert write_space(Space(disk_free=74 * GB)) == "电脑磁盘剩余74GB"
    assert write_space(Space(74 * GB, GB, 0)) == "电脑磁盘剩余74GB"
    assert write_space(Space(74 * GB, 3 * GB, 4 * GB)) == "电脑磁盘剩余74GB；邮箱已用3GB，共4GB（75%）"


@pytest.mark.parametrize(
    ("space", "needs"),
    [
        (Space(), []),
        (Space(3 * GB, 89, 100), []),
        (Space(3 * GB, 90, 100), [MAILBOX]),
        (Space(GB, 100, 100), [MAILBOX, DISK]),
    ],
)
def test_little_room_is_a_matter(space: Space, needs: list[object]) -> None:
    """Before the villages' mail is refused."""
    figures = count_figures(CAMPAIGN, (), NOW, (), ())
    assert [matter.need for matter in find_matters(figures, (), space=space)] == needs
