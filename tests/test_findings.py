"""Findings as a person reads them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.check import all_checks
from pipeline.findings import join_places, settle
from pipeline.model.finding import Audience, Finding, Severity
from tests.submissions import account, judge_mail, mail, progress, sent

HIDES = {"file-unreadable": frozenset({"attachment-unrecognised"})}


def finding(code: str, severity: Severity = Severity.ERROR, attachment: str | None = "a.docx") -> Finding:
    """One on a file."""
    return Finding(code, severity, Audience.VILLAGE, code, "甲村", "plan", attachment)


@pytest.mark.parametrize(
    ("places", "joined"),
    [
        ([], ""),
        (["第2行"], "第2行"),
        (["第2行", "第5行", "第2行"], "第2、5行"),
        (["第2行", "第3行第1、2项", "第4行"], "第2、4行、第3行第1、2项"),
        (["第1张", "第3张"], "第1、3张"),
        (["慰问人数", ""], "慰问人数"),
        (["第1行", "第2行", "第3行", "第5行", "第6行"], "第1至3、5、6行"),
        ([f"第{n}行" for n in range(1, 31)], "第1至30行"),
        ([f"第{n}行" for n in range(1, 31, 2)], "第1、3、5、7、9、11、13、15、17、19、21、23行等15处"),
    ],
)
def test_places_are_joined(places: list[str], joined: str) -> None:
    """Rows and pictures by their numbers, all else one after the other, and no more than a person reads."""
    assert join_places(places) == joined


def test_what_says_nothing_more_is_dropped() -> None:
    """Of the same file only."""
    unrecognised = finding("attachment-unrecognised", Severity.WARNING)
    elsewhere = replace(unrecognised, attachment="b.docx")
    assert settle([unrecognised, finding("file-unreadable"), elsewhere], HIDES) == [
        finding("file-unreadable"),
        elsewhere,
    ]


def test_errors_come_first() -> None:
    """What must be mended, what is remarked, what is only noted."""
    given = [finding("c", Severity.INFO), finding("b", Severity.WARNING), finding("a")]
    assert [each.code for each in settle(given, {})] == ["a", "b", "c"]


def test_what_a_check_hides_is_a_check() -> None:
    """A misspelt code would hide nothing."""
    assert {code for found in all_checks().values() for code in found.check.hides} <= set(all_checks())


def test_thirty_rows_without_place_are_one_finding() -> None:
    """With all its cells for the file that goes back."""
    table = progress("石桥村", *(account(day % 9 + 1, place="") for day in range(30)))
    (outcome,) = judge_mail(mail(sent("石桥村写实表.docx", table))).outcomes
    (told,) = [each for each in outcome.findings if each.code == "activity-no-place"]
    assert told.where == "第1至30行"
    assert len(told.cells) == 30
