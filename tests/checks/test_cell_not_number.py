"""The check `cell-not-number`."""

import pytest

from tests.checks.facts import figure, figures, find

FAULTY = figures(figure("p", "慰问人数", None, "许多"))


@pytest.mark.parametrize("raw", ["许多", "几十", "/", "无", "3.5"])
def test_what_cannot_be_read_with_certainty(raw: str) -> None:
    """The cell is named and quoted."""
    (finding,) = find("cell-not-number", figures(figure("p", "慰问人数", None, raw)))
    assert finding.where == "慰问人数"
    assert f"“{raw}”" in finding.message


def test_a_negative_number() -> None:
    """Whether or not the reader took it for a number."""
    assert find("cell-not-number", figures(figure("p", "慰问人数", -1)))
    assert find("cell-not-number", figures(figure("p", "慰问人数", None, "-1")))


def test_what_can_be_read() -> None:
    """With its unit, in full-width digits, zero."""
    good = [figure("a", "甲", 12, "12场"), figure("b", "乙", 204, "２０４"), figure("c", "丙", 0)]
    assert not find("cell-not-number", figures(*good))


def test_a_blank_cell_is_told_otherwise() -> None:
    """That is cell-blank."""
    assert not find("cell-not-number", figures(figure("p", "慰问人数", None, " ")))
