"""The whole ledger copied while others work on it, and a copy put to use again.

A copy is always a SQLite file, whatever database the office has: it can be looked at anywhere, and an office can go
from one kind of database to the other through it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, col, select, update

from pipeline.errors import AccessError, ConfigError
from pipeline.ledger.opening import Ledger, explain, open_engine
from pipeline.ledger.revision import newest_revision
from pipeline.ledger.tables import AttachmentRow, LetterRow, MessageRow, RestorationRow
from pipeline.model.letter import LetterState
from pipeline.model.message import MessageState

_ROWS_AT_ONCE = 500


def copy_to_file(ledger: Ledger, file: Path) -> None:
    """The ledger as it is at one moment, as a SQLite file that is new. Nobody who reads or writes waits for it."""
    try:
        if ledger.engine.dialect.name == "sqlite":
            connection = ledger.engine.raw_connection()  # VACUUM stands in no transaction
            try:
                connection.cursor().execute("VACUUM INTO ?", (str(file),))
            finally:
                connection.close()
        else:
            copy_rows(ledger.engine, file_engine := open_engine(f"sqlite:///{file.as_posix()}"))
            _close_file(file_engine)
    except DBAPIError as error:
        raise AccessError(f"数据库备份失败：{explain(error)}") from error
    except ledger.engine.dialect.loaded_dbapi.Error as error:  # by the raw connection
        raise AccessError(f"数据库备份失败（{error}），请检查磁盘空间") from error


def put_into(file: Path, url: str, office: str = "") -> Ledger:
    """A copy's rows, put into another database that has none; into a schema of this name in a database of many.

    ConfigError where there are rows already, or where others' offices are and this one has no name.
    """
    if not office and url.startswith("postgresql"):
        _refuse_others(url)
    target = open_engine(url, office)
    if count_messages(Ledger(target)):
        raise ConfigError("这个数据库里已有台账，为防覆盖未恢复，请换一个空的数据库", key="--database")
    source = open_engine(f"sqlite:///{file.as_posix()}")
    try:
        copy_rows(source, target)
    except DBAPIError as error:
        raise AccessError(f"数据库恢复失败：{explain(error)}") from error
    finally:
        _close_file(source)
    return Ledger(target, office)


def _refuse_others(url: str) -> None:
    from pipeline.ledger.rollup import offices_in  # noqa: PLC0415 (the province's extra)

    if others := [each for each in offices_in(url) if each != "public"]:
        raise ConfigError(
            f"这个数据库里有别的单位（{'、'.join(others[:3])}等{len(others)}个），请用 --office 写明本单位的代号",
            key="--office",
        )


def copy_rows(source: Engine, target: Engine) -> None:
    """All rows of all tables, as they are at one moment, into tables that are empty."""
    options = {"baosong_reading": True, **_one_moment(source)}
    with source.connect().execution_options(**options) as old, target.begin() as new:
        for table in SQLModel.metadata.sorted_tables:
            rows = old.execute(table.select()).mappings()
            while chunk := rows.fetchmany(_ROWS_AT_ONCE):
                new.execute(insert(table), [dict(row) for row in chunk])
            _count_on(new, table.name, numbered="id" in table.columns)


def _one_moment(engine: Engine) -> dict[str, Any]:
    """What makes one transaction see one moment; SQLite's always do."""
    return {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}


def _count_on(connection: Connection, table: str, *, numbered: bool) -> None:
    """PostgreSQL numbers new rows by a sequence of its own, which copied rows do not move."""
    if numbered and connection.dialect.name == "postgresql":
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\"))")  # noqa: S608 (the name is ours)
        )


def _close_file(engine: Engine) -> None:
    """The file whole by itself, without a log beside it."""
    connection = engine.raw_connection()
    connection.cursor().execute("PRAGMA journal_mode = DELETE")
    connection.close()
    engine.dispose()


def count_messages(ledger: Ledger) -> int:
    """How many messages it knows."""
    with ledger.reading() as session:
        return session.exec(select(func.count()).select_from(MessageRow)).one()


def needed_octets(ledger: Ledger) -> frozenset[str]:
    """The digests of all octets that the ledger speaks of and that must be in the cache."""
    with ledger.reading() as session:
        messages = session.exec(select(MessageRow.digest).where(MessageRow.state != MessageState.FORGOTTEN))
        attachments = session.exec(
            select(AttachmentRow.digest)
            .join(MessageRow, col(AttachmentRow.message) == col(MessageRow.digest))
            .where(MessageRow.state != MessageState.FORGOTTEN)
        )
        return frozenset((*messages, *attachments))


def begin_anew(ledger: Ledger, *, at: datetime) -> None:
    """Note that this ledger goes on from an earlier state, so that nothing is answered twice.

    What waits in the outbox may have gone out since, and mail that arrived before now may have been answered: all of
    that is in doubt, and settled as after a crash (:mod:`pipeline.outbox`).
    """
    with ledger.writing() as session:
        session.add(RestorationRow(at=at))
        session.exec(
            update(LetterRow).where(col(LetterRow.state) == LetterState.QUEUED).values(state=LetterState.SENDING)
        )


def revision_is_known(revision: str) -> bool:
    """Whether this program knows tables of this revision."""
    return revision <= newest_revision()


def without_password(url: str) -> str:
    """A database's url as it may stand in a file."""
    return make_url(url)._replace(password=None).render_as_string()  # set() takes None for unchanged
