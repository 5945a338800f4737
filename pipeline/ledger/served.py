"""Which offices the distributed engine's workers serve, and what mailboxes those read: a table beside the engine's own.

The engine itself knows queues and not who looks after them: what was asked for of an office that no worker was given
would wait for ever, and nobody would be told.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, inspect, text

from pipeline.errors import ConfigError
from pipeline.ledger.opening import ENGINE_SCHEMA, Ledger

AWAY: Final = timedelta(minutes=5)  # without a word of an office: no worker serves it any more

_TABLE: Final = "served"
_MAKE = text(f"CREATE TABLE {ENGINE_SCHEMA}.{_TABLE} (office text PRIMARY KEY, reads text, seen_at timestamptz)")

# By the engine's connection. In the order of their names: two workers that write the same rows wait, and never for each
# other. Told of are those that nobody served until now.
NOTE: Final = """
    INSERT INTO served SELECT *, now() FROM unnest(%(offices)s::text[], %(reads)s::text[]) AS given (office, reads)
     ORDER BY office
        ON CONFLICT (office) DO UPDATE SET reads = excluded.reads, seen_at = excluded.seen_at
    RETURNING office, xmax = 0 AS is_new
"""
# Of an office whose schema is gone nothing is left to be done.
SWEEP: Final = """
    DELETE FROM procrastinate_jobs
     WHERE task_name = %(task)s AND status <> 'doing'
       AND NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = args ->> 'office')
       AND NOT EXISTS (SELECT FROM served WHERE office = args ->> 'office' AND seen_at > now() - %(away)s::interval)
"""

_READS = text("SELECT office, reads FROM served")
_IS_SERVED = text("SELECT EXISTS (SELECT FROM served WHERE office = :office AND seen_at > now() - :away)")
_TAKE_OUT = text("DELETE FROM served WHERE office = :office")
_DROP = text("DELETE FROM procrastinate_jobs WHERE task_name = :task AND args ->> 'office' = :office")


def has_table(connection: Connection) -> bool:
    """Whether the table is there."""
    return inspect(connection).has_table(_TABLE, schema=ENGINE_SCHEMA)


def make_table(connection: Connection) -> None:
    """Make it, within the connection's transaction."""
    connection.execute(_MAKE)


def write_reads(reads: Collection[tuple[str, tuple[str, ...]]]) -> str:
    """Accounts and the folders read of them, as a row has them."""
    return json.dumps(list(reads), ensure_ascii=False)


def all_reads(ledger: Ledger) -> Mapping[str, list[tuple[str, tuple[str, ...]]]]:
    """What each office reads that a worker serves, or served: urls of accounts, and folders. Raises AccessError."""
    with ledger.reading() as session:
        rows = session.connection().execute(_READS).all()
    return {office: [(account, tuple(folders)) for account, folders in json.loads(reads)] for office, reads in rows}


def drop_office(ledger: Ledger, office: str, task: str) -> int:
    """Forget what was asked for of an office that no worker serves any more; how many jobs that were.

    ConfigError where one does. Its rows are left as they are.
    """
    with ledger.writing() as session:
        connection = session.connection()
        if connection.execute(_IS_SERVED, {"office": office, "away": AWAY}).scalar_one():
            mend = f"请先移走它的文件夹，重新启动 baosong worker，{AWAY.seconds // 60}分钟后再试"
            raise ConfigError(f"{office} 还有处理进程在处理：{mend}", key="--drop")
        connection.execute(_TAKE_OUT, {"office": office})
        return connection.execute(_DROP, {"office": office, "task": task}).rowcount
