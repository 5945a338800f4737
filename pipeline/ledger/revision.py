"""Which tables the code needs."""

from __future__ import annotations

from pathlib import Path

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def newest_revision() -> str:
    """The revision that the code needs: the last of the files, which are named by number."""
    return max(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
