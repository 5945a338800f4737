"""The check `text-off-topic`."""

from tests.checks.facts import find, prose

WORDS = ("会员活动", "计生协", "5.29")
FAULTY = (prose("三夏生产工作总结。今年小麦全部收割完毕。"), {"words": WORDS})


def test_no_word_is_found() -> None:
    """Another work's paper was sent."""
    assert find("text-off-topic", prose("三夏生产工作总结。"), words=WORDS)


def test_one_word_is_enough() -> None:
    """Broken by a line, or in full-width digits."""
    assert not find("text-off-topic", prose("本村计\n生协组织义诊。"), words=WORDS)
    assert not find("text-off-topic", prose("“５．２９”活动总结"), words=WORDS)


def test_without_words_or_text_there_is_no_topic() -> None:
    """An empty text is told as too short."""
    assert not find("text-off-topic", prose("三夏生产工作总结。"))
    assert not find("text-off-topic", prose(" \n"), words=WORDS)
