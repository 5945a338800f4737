"""The check `not-cumulative`."""

from datetime import date

from pipeline.model.reading import Activity
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


def weekly(day: int) -> Activity:
    return activity(date(2023, 5, day), time=f"5月{day}日上午")


def test_who_does_the_same_each_week_tells_each_time_of_it() -> None:
    """Words that agree in all but the day are a mended day only where nothing else is told by them."""
    earlier = (weekly(2), weekly(9))
    kept = table(row(weekly(2)), row(weekly(8)), earlier=earlier, earlier_told_on=date(2023, 5, 10))
    assert not find("not-cumulative", kept)
    for rows in ((row(weekly(2)),), (row(weekly(2)), row(weekly(16), number=2))):
        (finding,) = find("not-cumulative", table(*rows, earlier=earlier, earlier_told_on=date(2023, 5, 10)))
        assert "5月9日" in finding.message


def test_several_merged_into_one() -> None:
    """What was done within the days of one activity, in words that it holds, is told; what is not in them is not."""
    merged = activity(
        date(2023, 5, 6),
        time="5月6日至8日",
        place="文化广场、村委会会议室",
        people="村民55人",
        account="组织义诊，为老年人量血压，举办优生优育知识讲座",
    )
    assert not find("not-cumulative", table(row(merged), earlier=(CLINIC, TALK)))
    assert not find("not-cumulative", table(row(CLINIC), row(TALK, number=2), earlier=(merged,)))
    film = activity(date(2023, 5, 7), time="5月7日", place="村小学", people="学生30人", account="放映婚育新风电影")
    (finding,) = find("not-cumulative", table(row(merged), earlier=(CLINIC, TALK, film)))
    assert "电影" in finding.message
    assert "讲座" not in finding.message


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
