"""The check `placeholder-left`."""

from tests.checks.facts import activity, find, row, table

FAULTY = table(row(activity(), number=2, samples=("ＸＸ村委", "2-3张活动照片")))


def test_sample_text_in_a_filled_row() -> None:
    """One finding a row, with the samples, each once."""
    (finding,) = find("placeholder-left", table(row(activity(), number=2, samples=("ＸＸ村委", "ＸＸ村委", "……"))))
    assert finding.where == "第2行"
    assert "“ＸＸ村委”、“……”" in finding.message


def test_rows_without_samples() -> None:
    """Rows that are not filled are no rows here."""
    assert not find("placeholder-left", table(row(activity())))
    assert not find("placeholder-left", table())


def test_rows_with_the_same_samples_are_told_together() -> None:
    """Those with others apart."""
    rows = [row(activity(), number=n, samples=("……",)) for n in (1, 3)]
    other = row(activity(), number=4, samples=("ＸＸ村委",))
    assert [finding.where for finding in find("placeholder-left", table(*rows, other))] == ["第1、3行", "第4行"]
