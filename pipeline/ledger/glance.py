"""How everything stands, read over the database's driver alone, for who merely looks.

SQLAlchemy and SQLModel take longer to load than a township takes to be read. The statements are the ledger's own
(:mod:`pipeline.ledger.standing`); whatever is not as it ought to be is left to the ledger, which mends or tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any
from urllib.parse import quote

from pipeline.errors import AccessError
from pipeline.ledger.revision import newest_revision
from pipeline.ledger.standing import Rows, read_moment, read_standings, select_standings, write_moment
from pipeline.standing import Standing

# ruff: noqa: PLC0415  one of the two drivers is needed, and the other may not be there

Found = Sequence[Sequence[Any]]


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

    None where the database cannot be read so, its tables are not today's, or a village or deadline is not in it yet.
    """
    sqlite = database.startswith("sqlite")
    moment = write_moment(as_of, sqlite=sqlite)

    def read(rows: Rows) -> Found | None:
        revisions = [row[0] for row in rows("SELECT version_num FROM alembic_version", {})]
        return [*select_standings(rows, campaign, moment, village)] if revisions == [newest_revision()] else None

    found = _over_sqlite(database, read) if sqlite else _over_postgresql(database, office, read)
    shown = villages if village is None else (village,)
    if found is None or not _is_prepared(found, villages, shown, due):
        return None
    return list(read_standings(found, list(due), as_of))


def _is_prepared(found: Found, villages: Sequence[str], shown: Sequence[str], due: Mapping[str, datetime]) -> bool:
    """Whether there is a row for each, as :func:`pipeline.ledger.entries.prepare_entries` makes them."""
    places = {name: ordinal for ordinal, name in enumerate(villages)}
    ruled = {written: read_moment(written) for written in {row[4] for row in found}}
    known = {(row[0], row[1]): (row[2], ruled[row[4]]) for row in found}
    return all(known.get((name, id_)) == (places.get(name), due_at) for name in shown for id_, due_at in due.items())


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
