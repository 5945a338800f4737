"""The database, opened: SQLite as an office needs it, migrations by Alembic."""

from __future__ import annotations

import atexit
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from weakref import WeakSet

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, event, func, inspect, make_url, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import CreateSchema
from sqlmodel import Session, create_engine

from pipeline.errors import AccessError, TransientError
from pipeline.ledger.revision import MIGRATIONS, newest_revision

_BUSY_SECONDS = 30
_MAKING = 0x62616F736F6E67  # the advisory lock of whoever makes tables
ENGINE_SCHEMA = "baosong_engine"  # of the distributed engine's tables

_DAMAGED = ("not a database", "malformed", "no such table", "no such column")

_OPEN: WeakSet[Engine] = WeakSet()
_together: ContextVar[tuple[Engine, Session] | None] = ContextVar("together", default=None)


class DamagedError(AccessError):
    """What is in the database's place is no ledger (any more): waiting, room or rights would not help."""


@dataclass(frozen=True)
class Ledger:
    """An open database. Its parts are the modules beside this one: intake, verdicts, letters, views."""

    engine: Engine
    office: str = ""  # its schema, in a database of many
    distributed: bool = False  # work is asked for of the distributed engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, and never waits for a writer."""
        if (joined := self._joined()) is not None:
            yield joined
            return
        with self._session(self._reader) as session:
            yield session

    @cached_property
    def _reader(self) -> Engine:
        return self.engine.execution_options(baosong_reading=True)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: all of it is durable when the block ends, or nothing is."""
        if (joined := self._joined()) is not None:
            yield joined
            joined.flush()
            return
        with self._session(self.engine) as session:
            yield session
            session.commit()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Whatever this thread reads and writes within the block is one transaction.

        An exception that leaves the block undoes all of it, also where the block stands within another that goes on;
        one that is caught within must not come from the ledger.
        """
        if (joined := self._joined()) is not None:
            with joined.begin_nested():
                yield
            return
        with self.writing() as session:
            token = _together.set((self.engine, session))
            try:
                yield
            finally:
                _together.reset(token)

    def _joined(self) -> Session | None:
        """The session of the block that this thread is in."""
        engine, session = _together.get() or (None, None)
        return session if engine is self.engine else None

    def rest(self) -> None:
        """Give up the connections that nobody uses; the next one who asks opens his own."""
        self.engine.dispose()

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """Hold this ledger's lock of this name; False where another process holds it. A dead one cannot keep it.

        Whoever works on the same ledger meets here, from whatever folder or machine he was started. Another office in
        the same database has locks of its own, also where it reads the same mailbox.
        """
        if self.engine.dialect.name == "postgresql":
            with self._advisory_lock(f"{self.office} {name}" if self.office else name) as granted:
                yield granted
            return
        digest = hashlib.sha256(name.encode()).hexdigest()
        path = self.engine.url.database
        lock = FileLock(f"{path}.{digest[:8]}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
        except OSError as error:
            raise AccessError(
                f"锁文件无法建立（{error.strerror}），请检查文件夹的写入权限：{lock.lock_file}"
            ) from error
        try:
            yield True
        finally:
            lock.release()

    @contextmanager
    def _advisory_lock(self, name: str) -> Iterator[bool]:
        """PostgreSQL's own, of a connection: the server gives it up when the connection is gone."""
        key = int(hashlib.sha256(name.encode()).hexdigest()[:15], 16)
        try:
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            granted = bool(connection.execute(select(func.pg_try_advisory_lock(key))).scalar())
        except DBAPIError as error:
            raise AccessError(f"数据库出错：{explain(error)}") from error
        try:
            yield granted
        finally:
            with suppress(DBAPIError):  # the server may be gone, and the lock with it
                if granted:  # the server learns of an end later than the next one asks
                    connection.execute(select(func.pg_advisory_unlock(key)))
            connection.invalidate()  # not back to the pool, which would keep what could not be unlocked
            connection.close()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        try:
            with Session(engine, expire_on_commit=False, info={"ledger": self}) as session:
                yield session
        except OperationalError as error:
            if "locked" in str(error.orig):
                raise TransientError(f"数据库正忙：{explain(error)}") from error
            raise _refusal("数据库出错", error) from error
        except DatabaseError as error:
            raise _refusal("数据库出错", error) from error


def open_ledger(url: str, office: str = "", *, distributed: bool = False) -> Ledger:
    """The ledger in the database of this url, brought up to today's tables. Raises AccessError.

    With ``office``, in a schema of that name: many offices in one PostgreSQL database, none of which sees another's
    rows, whatever is asked. ``distributed``: work is asked for of the distributed engine in that database.
    """
    ledger = Ledger(open_engine(url, office, beside=ENGINE_SCHEMA if distributed else ""), office, distributed)
    if distributed:
        from pipeline.ledger.engine import install  # noqa: PLC0415 (the province's extra)

        with ledger.writing() as session:
            install(session.connection())
    return ledger


def open_engine(url: str, office: str = "", *, beside: str = "") -> Engine:
    """The engine of this url, its tables those of the newest revision. Raises AccessError in the operator's words.

    ``beside``: a schema whose tables and functions are reached as well.
    """
    try:
        sqlite = make_url(url).get_backend_name() == "sqlite"
        engine = _open_sqlite(url) if sqlite else _open_postgresql(url, office, beside)
        _OPEN.add(engine)
        if (revision := _revision(engine)) != newest_revision():
            if revision is not None and revision > newest_revision():
                raise AccessError("数据库由较新的版本建立或升级过，请先升级本程序；数据完好，没有改动")
            _migrate(engine)
    except DBAPIError as error:
        raise _refusal("数据库打不开", error) from error
    except SQLAlchemyError as error:
        raise AccessError(f"数据库地址不对（{type(error).__name__}），请检查 config.toml 中的 database") from error
    return engine


@atexit.register
def _close() -> None:
    """With the last connection SQLite's WAL goes into the file that people copy: pipeline.cli ends without a search of
    memory, which would find what is open."""
    for engine in tuple(_OPEN):
        engine.dispose()


def _revision(engine: Engine) -> str | None:
    """The revision that the database has; None for an empty one. Asked without Alembic, whose import takes longer."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _refusal(heading: str, error: DBAPIError) -> AccessError:
    kind = DamagedError if any(words in str(error.orig) for words in _DAMAGED) else AccessError
    return kind(f"{heading}：{explain(error)}")


def explain(error: DBAPIError) -> str:
    """What the operator can do about a database error."""
    said = str(error.orig)
    for words, remedy in (
        ("disk is full", "磁盘已满，请清理磁盘空间后再运行"),
        ("unable to open", "文件夹不存在或没有写入权限，请检查 config.toml 中的 database"),
        ("readonly", "文件是只读的，请检查权限"),
        ("locked", "另一个程序正在使用，请稍后再试"),
        ("not a database", "文件已损坏或不是数据库，请用备份恢复；没有备份的，请运行 baosong rebuild"),
        ("malformed", "文件已损坏，请用备份恢复；没有备份的，请运行 baosong rebuild"),
        ("disk I/O", "磁盘读写出错或空间已满，请检查磁盘"),
        ("Connection refused", "连不上PostgreSQL，请检查它是否在运行、地址和端口是否正确"),
        ("could not translate host name", "找不到PostgreSQL的服务器，请检查服务器名和网络"),
        ("authentication failed", "PostgreSQL的用户名或密码不对，请检查 ~/.pgpass"),
        ("no password supplied", "没有PostgreSQL的密码，请写在 ~/.pgpass"),
        ("too many clients", "PostgreSQL的连接已用完，请调大 max_connections 或少启动几个处理进程"),
        ("starting up", "PostgreSQL正在启动，请稍后再试"),
        ("shutting down", "PostgreSQL正在关闭，请稍后再试"),
        ("terminating connection", "PostgreSQL断开了连接（可能在重启），请稍后再试"),
        ("server closed the connection", "PostgreSQL断开了连接（可能在重启），请稍后再试"),
        ("permission denied", "数据库用户没有权限，请按 docs/operating.md 授权（{said}）"),
    ):
        if words in said:
            return remedy.format(said=said.splitlines()[0])
    return said.splitlines()[0] if said else type(error.orig).__name__


def _open_sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AccessError(f"数据库所在的文件夹无法建立（{error.strerror}）：{Path(path).parent}") from error
    waiting = {} if "timeout" in make_url(url).query else {"timeout": _BUSY_SECONDS}
    engine = create_engine(url, connect_args=waiting)

    @event.listens_for(engine, "connect")
    def _connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver shall not begin transactions by itself: https://docs.sqlalchemy.org/en/20/dialects/sqlite.html
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # an answer must not outlive the verdict that it tells
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A reader that later writes would fail with SQLITE_BUSY at once; take the lock when the work begins.
        options = connection.get_execution_options()
        if not options.get("baosong_bare", False):  # VACUUM stands in no transaction
            connection.exec_driver_sql("BEGIN" if options.get("baosong_reading", False) else "BEGIN IMMEDIATE")

    return engine


def _open_postgresql(url: str, office: str, beside: str) -> Engine:
    if not office:
        return create_engine(url, pool_pre_ping=True)
    # No other office's schema is searched: a table that this one lacks is not taken from somebody else.
    path = ",".join(filter(None, (office, beside)))
    engine = create_engine(url, pool_pre_ping=True, connect_args={"options": f"-csearch_path={path}"})
    with engine.begin() as connection:
        if not connection.dialect.has_schema(connection, office):
            make_alone(connection)
            connection.execute(CreateSchema(office, if_not_exists=True))
    return engine


def make_alone(connection: Connection) -> None:
    """Until the transaction ends nobody else makes tables or their first rows: two who do so at once would fail, even
    by PostgreSQL's IF NOT EXISTS."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))


def _migrate(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 (only needed when the tables change)
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415

    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        make_alone(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
