"""What a reader approved. After a wanted change: SNAPSHOTS=write pytest …, and read the difference."""

from __future__ import annotations

import os
from pathlib import Path

LETTERS = Path(__file__).parent / "letters"
DRAFTS = Path(__file__).parent / "drafts"


def assert_snapshot(path: Path, text: str) -> None:
    """The text is as it was approved."""
    if os.environ.get("SNAPSHOTS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text("utf-8")


def assert_letter(name: str, subject: str, text: str, html: str) -> None:
    """Both forms of a letter are as they were approved."""
    assert_snapshot(LETTERS / f"{name}.txt", f"{subject}\n\n{text}")
    assert_snapshot(LETTERS / f"{name}.html", html)
