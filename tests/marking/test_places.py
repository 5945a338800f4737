"""Where in the village's own form a finding stands, so that it can be marked there."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.check import all_checks
from pipeline.model.facts import ActivityTable, Fact, FigureTable
from pipeline.model.filled import FilledForm, FormDifference
from pipeline.model.finding import Audience, FormCell
from tests.checks.facts import activity, figure, figures, find, form, row, table

FULL = activity()
SECOND = FormCell(2, "account")
EVENTS, PEOPLE = figure("events", "场次", 0), figure("people", "人数", 5)
PLACES = [
    ("activity-no-time", table(row(activity(None, time=""), number=2)), [SECOND]),
    ("activity-no-place", table(row(activity(place=""), number=2)), [SECOND]),
    ("activity-no-people", table(row(activity(people=""), number=2)), [SECOND]),
    ("activity-no-content", table(row(activity(account=""), number=2)), [SECOND]),
    ("activity-date-outside", table(row(activity(date(2023, 4, 30)), number=2)), [SECOND]),
    ("activity-photos", table(row(FULL, number=2, pictures=())), [FormCell(2, "photos")]),
    ("placeholder-left", table(row(FULL, number=2, samples=("……",))), [FormCell(2)]),
    ("no-activity", table(), [FormCell(column="account")]),
    (
        "not-cumulative",
        table(row(FULL), earlier=(activity(date(2023, 5, 2), account="走访孤寡老人"),)),
        [FormCell(column="account")],
    ),
    ("unit-blank", form(line="", column=()), [FormCell(column="unit")]),
    ("form-changed", form(FormDifference("renamed", "活动照片", "照片")), [FormCell(heading="照片")]),
    ("form-changed", form(FormDifference("missing", "活动照片")), [FormCell(heading="活动照片")]),
    (
        "cell-blank",
        figures(figure("events", "场次", None, ""), PEOPLE, figure("visits", "慰问", None, "")),
        [FormCell(figure="events"), FormCell(figure="visits")],
    ),
    ("cell-not-number", figures(figure("people", "人数", None, "许多")), [FormCell(figure="people")]),
]


@pytest.mark.parametrize(("code", "fact", "cells"), PLACES)
def test_places(code: str, fact: Fact, cells: list[FormCell]) -> None:
    """By row and column, by figure, or by heading."""
    (finding,) = find(code, fact)
    assert list(finding.cells) == cells


def test_two_figures_that_do_not_agree() -> None:
    """At the first of them."""
    (finding,) = find("figures-inconsistent", figures(EVENTS, PEOPLE), pairs=(("events", "people"),))
    assert finding.cells == (FormCell(figure="events"),)


def test_every_check_of_a_form_has_its_place() -> None:
    """What a village is told of a form can be marked in it, also by a check that is added later."""
    told = {
        code
        for code, found in all_checks().items()
        if found.check.on in {FilledForm, ActivityTable, FigureTable} and found.check.audience is Audience.VILLAGE
    }
    assert told == {code for code, _, _ in PLACES} | {"figures-inconsistent"}
