"""All checks together: the codes promised, their documentation, their words."""

import importlib
import os
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from pipeline.check import Found, all_checks, placeholders
from pipeline.model.finding import Audience, Finding, Severity
from tests.checks.facts import find

# What the contract promises: code, severity (of photo-count: that of too few), who is told.
CONTRACT = {
    "late": (Severity.WARNING, Audience.VILLAGE),
    "village-unknown": (Severity.ERROR, Audience.VILLAGE),
    "village-mismatch": (Severity.WARNING, Audience.VILLAGE),
    "sender-unregistered": (Severity.INFO, Audience.COORDINATOR),
    "sender-unverified": (Severity.WARNING, Audience.COORDINATOR),
    "attachment-unrecognised": (Severity.WARNING, Audience.VILLAGE),
    "attachment-missing": (Severity.ERROR, Audience.VILLAGE),
    "cloud-link": (Severity.WARNING, Audience.VILLAGE),
    "file-unreadable": (Severity.ERROR, Audience.VILLAGE),
    "file-empty": (Severity.ERROR, Audience.VILLAGE),
    "file-encrypted": (Severity.ERROR, Audience.VILLAGE),
    "file-format": (Severity.ERROR, Audience.VILLAGE),
    "file-mislabelled": (Severity.WARNING, Audience.VILLAGE),
    "file-macro": (Severity.WARNING, Audience.COORDINATOR),
    "file-hostile": (Severity.ERROR, Audience.COORDINATOR),
    "form-changed": (Severity.ERROR, Audience.VILLAGE),
    "unit-blank": (Severity.ERROR, Audience.VILLAGE),
    "placeholder-left": (Severity.WARNING, Audience.VILLAGE),
    "no-activity": (Severity.ERROR, Audience.VILLAGE),
    "activity-no-time": (Severity.ERROR, Audience.VILLAGE),
    "activity-no-place": (Severity.ERROR, Audience.VILLAGE),
    "activity-no-people": (Severity.ERROR, Audience.VILLAGE),
    "activity-no-content": (Severity.ERROR, Audience.VILLAGE),
    "activity-photos": (Severity.ERROR, Audience.VILLAGE),
    "activity-date-outside": (Severity.WARNING, Audience.VILLAGE),
    "not-cumulative": (Severity.ERROR, Audience.VILLAGE),
    "cell-blank": (Severity.ERROR, Audience.VILLAGE),
    "cell-not-number": (Severity.ERROR, Audience.VILLAGE),
    "figures-inconsistent": (Severity.WARNING, Audience.VILLAGE),
    "figures-unlike-progress": (Severity.WARNING, Audience.COORDINATOR),
    "text-too-short": (Severity.ERROR, Audience.VILLAGE),
    "text-off-topic": (Severity.WARNING, Audience.VILLAGE),
    "text-copied": (Severity.WARNING, Audience.COORDINATOR),
    "photo-count": (Severity.ERROR, Audience.VILLAGE),
    "photo-format": (Severity.ERROR, Audience.VILLAGE),
    "photo-small": (Severity.WARNING, Audience.VILLAGE),
    "photo-blurred": (Severity.WARNING, Audience.VILLAGE),
    "photo-duplicate": (Severity.WARNING, Audience.VILLAGE),
    "photo-reused": (Severity.WARNING, Audience.COORDINATOR),
    "photo-date-outside": (Severity.WARNING, Audience.COORDINATOR),
    "video-count": (Severity.WARNING, Audience.VILLAGE),
    "video-unreadable": (Severity.ERROR, Audience.VILLAGE),
    "video-short": (Severity.WARNING, Audience.VILLAGE),
}
HEADINGS = ["查什么", "为什么", "不合格", "合格", "怎么改"]
# File formats are called by these names in every office; the machine's own words stay out.
FORMATS = re.compile(r"Word|Excel|PDF|PPT|WPS|jpe?g|JPE?G|png|heic|MP4|mp4|docm?x?|xlsm?x?|wps")
SNAPSHOT = Path(__file__).parents[1] / "snapshots" / "check_messages.txt"

by_code = pytest.mark.parametrize("code", sorted(CONTRACT))


def found(code: str) -> Found:
    """The loaded check."""
    return all_checks()[code]


def faulty(code: str) -> list[Finding]:
    """What the check finds in the faulty fact of its own test module."""
    module = importlib.import_module(f"tests.checks.test_{code.replace('-', '_')}")
    fact: Any = module.FAULTY
    fact, options = fact if isinstance(fact, tuple) else (fact, {})
    return find(code, fact, **options)


def test_every_code_of_the_contract_has_a_check_and_no_other() -> None:
    """A check is found by its file name."""
    assert set(all_checks()) == set(CONTRACT)


def test_every_check_has_a_test_module_and_no_other() -> None:
    """One module, one test file."""
    there = {path.stem.removeprefix("test_").replace("_", "-") for path in Path(__file__).parent.glob("test_*.py")}
    assert there - {"all"} == set(CONTRACT)


@by_code
def test_weight_and_audience_are_the_contracts(code: str) -> None:
    """A campaign may change the severity; the audience stands."""
    check = found(code).check
    assert (check.severity, check.audience) == CONTRACT[code]


@by_code
def test_documentation_has_the_five_headings(code: str) -> None:
    """In this order, each with words under it; a sixth tells of the options, each by its name."""
    text = found(code).documentation
    options = [each.name for each in fields(found(code).check.options)]
    assert re.findall(r"^(\S+)$", text, re.MULTILINE)[1:] == HEADINGS + (["选项"] if options else [])
    assert len(re.findall(r"^\S+\n {4}\S", text, re.MULTILINE)) == 5 + bool(options)
    assert re.findall(r"^ {4}([a-z_]+) ", text.partition("选项\n")[2], re.MULTILINE) == options


@by_code
def test_every_option_has_a_default(code: str) -> None:
    """A check that is added runs without an edit elsewhere."""
    found(code).check.options()


@by_code
def test_message_is_plain_chinese(code: str) -> None:
    """No Latin letters but placeholders and the names of formats; a whole sentence that asks for something."""
    message = found(code).check.message
    plain = FORMATS.sub("", re.sub(r"{\w+}", "", message))
    assert not re.search(r"[A-Za-z]", plain)
    assert not re.search(r"[,;:?!()]", plain), "Chinese punctuation"
    assert message.endswith("。")
    assert found(code).check.audience is Audience.COORDINATOR or re.search("请|不必", message)


@by_code
def test_placeholders_are_all_filled(code: str) -> None:
    """Whatever a message of a campaign's own may name is there, and says something."""
    findings = faulty(code)
    assert findings
    for finding in findings:
        assert not re.search(r"[{}]|None|\w+\.[A-Z]|“”|（）", finding.message)
        assert finding.where or "where" not in placeholders(found(code).check.message)


def test_the_words_are_under_snapshot() -> None:
    """As a clerk reads them. After a wanted change: SNAPSHOTS=write pytest tests/checks/test_all.py."""
    text = "".join(f"{code}\n    {finding.message}\n" for code in sorted(CONTRACT) for finding in faulty(code))
    if os.environ.get("SNAPSHOTS") == "write":
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8")
