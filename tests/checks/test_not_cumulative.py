"""The check `not-cumulative`."""

from datetime import date

from tests.checks.facts import activity, find, row, table

CLINIC = activity()
TALK = activity(
    date(2023, 5, 8),
    time="5月8日下午",
    place="村委会会议室",
    people="育龄妇女25人",
    account="举办优生优育知识讲座，由村医讲解孕期保健",
)
FAULTY = table(row(CLINIC), earlier=(CLINIC, TALK))


def test_an_earlier_activity_is_gone() -> None:
    """It is named by its date and its own words."""
    (finding,) = find("not-cumulative", table(row(CLINIC), earlier=(CLINIC, TALK)))
    assert "5月8日“举办优生优育知识讲座" in finding.message
    assert "义诊" not in finding.message


def test_all_are_still_there() -> None:
    """New ones beside them do not matter, nor which row they stand in."""
    assert not find("not-cumulative", table(row(TALK), row(CLINIC, number=2), earlier=(CLINIC,)))
    assert not find("not-cumulative", table(row(TALK, CLINIC), earlier=(CLINIC, TALK)))


def test_the_first_round_has_nothing_before_it() -> None:
    """Nothing earlier was accepted."""
    assert not find("not-cumulative", table(row(CLINIC)))


def test_an_empty_table_is_told_otherwise() -> None:
    """no-activity says it all."""
    assert not find("not-cumulative", table(earlier=(CLINIC,)))


def test_many_missing_ones_are_counted() -> None:
    """Three are quoted, the rest counted."""
    kinds = ("放映婚育新风电影一场", "清扫文化广场卫生死角", "走访慰问留守老人", "更换宣传栏两期", "评选好婆婆好媳妇")
    gone = [
        activity(date(2023, 5, day), time=f"5月{day}日", place=f"第{day}小组", people=f"村民{day}人", account=account)
        for day, account in zip((10, 12, 14, 16, 18), kinds, strict=True)
    ]
    (finding,) = find("not-cumulative", table(row(CLINIC), earlier=tuple(gone)))
    assert "等5项" in finding.message
