"""How everything stands, read over the database's driver alone, for who merely looks.

SQLAlchemy and SQLModel take longer to load than a township takes to be read. The statements are the ledger's own
(:mod:`pipeline.ledger.standing`); whatever is not as it ought to be is left to the ledger, which mends or tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from pipeline.errors import AccessError
from pipeline.ledger.revision import LEFT, mark_of, newest_revision
from pipeline.ledger.standing import Rows, read_standings, select_standings, write_moment
from pipeline.model.standing import Standing

# ruff: noqa: PLC0415  one of the two drivers is needed, and the other may not be there

Found = Sequence[Sequence[Any]]

# One row where the tables are there; the mark is that of :func:`pipeline.ledger.entries.prepare_entries`.
_PREPARED: Final = "SELECT version_num, (SELECT mark FROM prepared WHERE campaign = :campaign) FROM alembic_version"

# Whether something was delivered by a village that has left the register, or changed its name.
_GONE: Final = "SELECT 1 FROM entry WHERE campaign = :campaign AND ordinal = :left AND state IS NOT NULL LIMIT 1"


def glance(
    database: str,
    office: str,
    campaign: str,
    villages: Sequence[str],
    due: Mapping[str, datetime],
    as_of: datetime,
    village: str | None = None,
) -> list[Standing] | None:
    """As :func:`pipeline.ledger.views.standings`, of a campaign with these villages, deliverables and deadlines.

    None where the database cannot be read so, its tables are not today's, or a village or deadline is not in it yet;
    of one ``village`` also where some of it may stand under another name.
    """
    sqlite = database.startswith("sqlite")
    moment = write_moment(as_of, sqlite=sqlite)

    def read(rows: Rows) -> Found | None:
        prepared = [tuple(row) for row in rows(_PREPARED, {"campaign": campaign})]
        if prepared != [(newest_revision(), mark_of(due, villages))]:
            return None
        if village is not None and [*rows(_GONE, {"campaign": campaign, "left": LEFT})]:
            return None
        return [*select_standings(rows, campaign, moment, village)]

    found = _over_sqlite(database, read) if sqlite else _over_postgresql(database, office, read)
    return None if found is None else list(read_standings(found, list(due), as_of))


def _over_sqlite(database: str, read: Callable[[Rows], Found | None]) -> Found | None:
    import sqlite3

    path = database.removeprefix("sqlite:///").partition("?")[0]
    try:
        with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as connection:
            connection.execute("BEGIN")
            return read(connection.execute)
    except sqlite3.Error:
        return None


def _over_postgresql(database: str, office: str, read: Callable[[Rows], Found | None]) -> Found | None:
    from pipeline.ledger.driver import reading

    try:
        with reading(database, office) as rows:
            return read(rows)
    except AccessError:
        return None
