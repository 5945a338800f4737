"""The check `unit-blank`."""

from tests.checks.facts import find, form

FAULTY = form(line="", column=())


def test_neither_place_is_filled() -> None:
    """Blanks are nothing, full-width ones too."""
    assert find("unit-blank", form(line="", column=()))
    assert find("unit-blank", form(line="　", column=("", " ")))


def test_one_place_is_enough() -> None:
    """The line above the table or its first column."""
    assert not find("unit-blank", form(line="孙家村委会", column=()))
    assert not find("unit-blank", form(line="", column=("", "孙家村")))


def test_both_places() -> None:
    """As the form asks."""
    assert not find("unit-blank", form())
