"""The audit of dependencies: an answer that is none is no pass."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

SAY = runpy.run_path(str(Path(__file__).parent.parent / ".ci" / "audit.py"))["say"]

CLEAN: dict[str, Any] = {"name": "a", "version": "1", "vulns": []}
FAULTY: dict[str, Any] = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}
SKIPPED: dict[str, Any] = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited: c (1)"}


@pytest.mark.parametrize(
    ("dependencies", "status", "words"),
    [
        ([CLEAN, CLEAN], 0, "2 packages, no known fault"),
        ([CLEAN, FAULTY], 1, "b 2: CVE-1, mended in 3"),
        ([FAULTY, SKIPPED], 1, "CVE-1"),
        ([CLEAN, SKIPPED], 3, "AUDIT NOT DONE: 1 of 2"),
        ([SKIPPED], 3, "AUDIT NOT DONE: 0 of 1"),
        ([], 3, "AUDIT NOT DONE"),
    ],
)
def test_what_is_said(
    capsys: pytest.CaptureFixture[str], dependencies: list[dict[str, Any]], status: int, words: str
) -> None:
    """A known fault fails; a package that was not looked up is told apart from one that is clean."""
    assert SAY(dependencies, "offline") == status
    assert words in capsys.readouterr().out
