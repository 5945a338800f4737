"""The check `text-too-short`."""

from tests.checks.facts import find, prose

FAULTY = prose("孙家村活动方案\n按照街道通知执行。\n孙家村村委会\n2023年5月2日")


def test_a_title_and_one_sentence() -> None:
    """Digits and marks are no characters."""
    (finding,) = find("text-too-short", prose("孙家村活动方案。" + "1234567890，。" * 50))
    assert "7个字" in finding.message


def test_no_text_at_all() -> None:
    """A scan has none."""
    assert find("text-too-short", prose(""))


def test_the_least_that_is_enough() -> None:
    """As many as the option says, of Han characters, rare ones too."""
    assert not find("text-too-short", prose("字" * 99 + "𠀀"), minimum=100)
    assert find("text-too-short", prose("字" * 99), minimum=100)
