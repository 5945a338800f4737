"""Notices of many subjects, each with what is to be drafted of it beside it under the same stem."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.content import read_content
from pipeline.drafting.composing import draft_campaign
from pipeline.drafting.plain import join_lines
from pipeline.drafting.values import DeliverableDraft, Draft, Notice
from pipeline.model.content import Document
from pipeline.model.files import FileKind

NOTICES = Path(__file__).parent / "notices"
STEMS = sorted(file.stem for file in NOTICES.glob("*.toml"))


def drafted(stem: str) -> Draft:
    """The campaign of this notice; the clock says years later."""
    document = read_content(NOTICES / f"{stem}.txt", FileKind.TEXT, f"{stem}.txt")
    assert isinstance(document, Document)
    return draft_campaign(Notice(f"{stem}.txt", join_lines(document.paragraphs)), today=date(2031, 7, 1))


def expected(stem: str) -> dict[str, Any]:
    return tomllib.loads((NOTICES / f"{stem}.toml").read_text("utf-8"))


@pytest.mark.parametrize("stem", STEMS)
def test_what_is_asked_for_by_when(stem: str) -> None:
    """Every material, in the notice's order, with its kind and all of its days."""
    wanted = [(each["name"], each["title"], each["kind"], each["due"]) for each in expected(stem)["deliverable"]]
    assert [(d.name, d.title, str(d.kind), list(d.days)) for d in drafted(stem).deliverables] == wanted


@pytest.mark.parametrize("stem", STEMS)
def test_the_frame(stem: str) -> None:
    """Title, issuer, period, whom to ask; whether a person must look."""
    draft, wanted = drafted(stem), expected(stem)
    found = {
        "title": draft.title,
        "issuer": draft.issuer,
        "contact": draft.contact,
        "opens": draft.opens_on,
        "closes": draft.closes_on,
        "clear": draft.clear,
    }
    assert found == {**found, **{key: wanted[key] for key in found if key in wanted}}


@pytest.mark.parametrize("stem", STEMS)
def test_formats_and_checks(stem: str) -> None:
    """What is said of a material is in its rules: formats, numbers, sizes."""
    by_name = {each.name: each for each in drafted(stem).deliverables}
    for wanted in expected(stem)["deliverable"]:
        each = by_name[wanted["name"]]
        assert list(each.formats) == wanted.get("formats", list(each.formats)), each.name
        assert each.nil_allowed == wanted.get("nil_allowed", False), each.name
        checks = {check.code: check.options for check in each.checks}
        for code, options in wanted.get("checks", {}).items():
            assert checks.get(code) == options, f"{each.name} {code}"


@pytest.mark.parametrize("stem", STEMS)
def test_nothing_is_dropped(stem: str) -> None:
    """What no rule can hold is told with the notice's own words; what is doubtful is marked."""
    draft, wanted = drafted(stem), expected(stem)
    by_name = {each.name: each for each in draft.deliverables}
    assert not missing(wanted.get("untold", []), [each.quote for each in draft.untold])
    assert not missing(wanted.get("undated", []), [name for name, _ in draft.undated])
    for each in wanted["deliverable"]:
        found: DeliverableDraft = by_name[each["name"]]
        assert not missing(each.get("untold", []), [untold.quote for untold in found.untold]), each["name"]
        assert not missing(each.get("doubts", []), found.doubts), each["name"]


def missing(wanted: list[str], told: Any) -> list[str]:
    """Which of these stand nowhere."""
    return [words for words in wanted if not any(words in each for each in told)]
