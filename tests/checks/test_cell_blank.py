"""The check `cell-blank`."""

from tests.checks.facts import figure, figures, find

EVENTS, PEOPLE = figure("e", "宣传活动的活动场次", 4), figure("p", "宣传活动的宣传人数", 120)
BLANK = figure("e", "宣传活动的活动场次", None, "")
FAULTY = figures(BLANK, PEOPLE)


def test_blank_cells_are_told_together() -> None:
    """One finding a table, naming each; full-width blanks are blanks."""
    (finding,) = find("cell-blank", figures(BLANK, figure("p", "宣传活动的宣传人数", None, "　\n")))
    assert finding.where == "宣传活动的活动场次、宣传活动的宣传人数"


def test_filled_cells() -> None:
    """Zero is a figure."""
    assert not find("cell-blank", figures(EVENTS, figure("p", "宣传人数", 0)))


def test_a_word_is_not_blank() -> None:
    """It is told as cell-not-number."""
    assert not find("cell-blank", figures(figure("p", "宣传人数", None, "/")))
