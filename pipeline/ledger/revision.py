"""Which tables the code needs, and by what mark its entries are known to be there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

LEFT: Final = 2**31 - 1  # the place of a village that has left the register: behind all others
_KIND = "2"  # of rows: with another all entries are gone through once more
MIGRATIONS = Path(__file__).parent.parent / "migrations"


def newest_revision() -> str:
    """The revision that the code needs: the last of the files, which are named by number."""
    return max(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def mark_of(due: Mapping[str, datetime], villages: Iterable[str]) -> str:
    """A digest of all that a campaign's entries are made of: its deliverables' deadlines by id, the register's names.

    Kept beside the entries (table ``prepared``), whose rows are only ever made and moved, none is removed.
    """
    parts = [_KIND, repr([(id_, due_at.timestamp()) for id_, due_at in due.items()]), *villages]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
