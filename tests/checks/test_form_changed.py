"""The check `form-changed`."""

from pipeline.model.filled import FormDifference
from tests.checks.facts import find, form

FAULTY = form(FormDifference("added", "序号"), FormDifference("renamed", "活动照片", "图片"))


def test_every_kind_of_change_is_named() -> None:
    """One finding a form, all changes in it."""
    (finding,) = find(
        "form-changed",
        form(
            FormDifference("missing", "活动照片"),
            FormDifference("renamed", "单位", "村名"),
            FormDifference("added", "序号"),
            FormDifference("moved", "开展的具体活动写实"),
        ),
    )
    for words in ("缺少“活动照片”", "“单位”改成了“村名”", "多出“序号”", "“开展的具体活动写实”的位置变了"):
        assert words in finding.message


def test_a_turned_form_and_a_foreign_one() -> None:
    """What is wrong with the whole is one phrase."""
    (finding,) = find("form-changed", form(FormDifference("turned", "单位")))
    assert "由横排改成了竖排" in finding.message
    (finding,) = find("form-changed", form(FormDifference("foreign", "“单位”、“活动照片”")))
    assert "不是本次下发的表，没有“单位”、“活动照片”。" in finding.message
    (finding,) = find("form-changed", form(FormDifference("foreign", "")))
    assert "不是本次下发的表。" in finding.message


def test_an_unchanged_form() -> None:
    """Nothing to tell."""
    assert not find("form-changed", form())


def test_a_wholly_other_table_is_told_in_short() -> None:
    """Twenty missing headings say no more than six."""
    (finding,) = find("form-changed", form(*(FormDifference("missing", f"第{n}栏") for n in range(20))))
    assert finding.message.count("缺少") == 6
    assert "等。" in finding.message
