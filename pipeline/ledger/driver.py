"""PostgreSQL over its driver alone, for who merely reads.

Psycopg 2 and not 3, which the ledger itself uses: to load the latter takes as long as all that ``status`` may take.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import UNICODE, new_type, register_type

from pipeline.errors import AccessError
from pipeline.ledger.standing import Rows

# Moments and JSON stay as PostgreSQL writes them, as they are in SQLite: the driver would read each anew, and most of
# thousands are the same few. The numbers are the types' own (pg_type.dat).
_AS_WRITTEN = new_type((114, 1184), "AS_WRITTEN", UNICODE)  # json, timestamptz


@contextmanager
def reading(database: str, office: str = "") -> Iterator[Rows]:
    """Run statements with their :values in one transaction, in this office's schema where it is named. AccessError."""
    url = re.sub(r"^postgresql\+\w+:", "postgresql:", database)
    try:
        with closing(psycopg2.connect(url, options=f"-csearch_path={office}" if office else None)) as connection:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            register_type(_AS_WRITTEN, connection)

            def rows(sql: str, values: Any) -> list[tuple[Any, ...]]:
                with connection.cursor() as cursor:
                    cursor.execute(re.sub(r"(?<!:):(\w+)", r"%(\1)s", sql), values)
                    return cursor.fetchall()

            yield rows
    except psycopg2.Error as error:
        raise AccessError(f"数据库出错：{str(error).splitlines()[0] or type(error).__name__}") from error
