"""Statements that are compiled once, and rows put in as they stand: what every mail needs.

Built anew and run through the unit of work, a statement of SQLAlchemy's costs many times as much; at thirty a mail that
was most of the time that recording took. What is rare stays with the ORM. Rows that a session holds are written out
before, and read anew after, so that both see one state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Executable, Insert, insert, inspect
from sqlmodel import Session, SQLModel

from pipeline.ledger.compiled import Compiled

T = TypeVar("T")

_AT_ONCE: Final = 500


def run(session: Session, question: Executable, **values: Any) -> Sequence[tuple[Any, ...]]:
    """The rows that a question yields with these values for its ``bindparam``."""
    session.flush()
    connection = _connection(session)
    return _compiled(question, connection).rows(connection, values)


def change(session: Session, statement: Executable, **values: Any) -> int:
    """Run an INSERT, UPDATE or DELETE with these values; the number of rows that it met.

    What is no ``bindparam`` of the statement is a column's new value.
    """
    session.flush()
    connection = _connection(session)
    changed = _compiled(statement, connection, tuple(values)).change(connection, values)
    session.expire_all()
    return changed


def portions(values: Iterable[T]) -> Iterator[list[T]]:
    """As many at a time as go into one ``IN``: SQLite took no more than 999 values before 3.32."""
    left = iter(values)
    while portion := list(islice(left, _AT_ONCE)):
        yield portion


def put(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, once: bool = False) -> None:
    """Insert rows by their columns, what they leave out as the table has it; all of them name the same columns.

    To make an object of each would take longer than to insert it. ``once``: one that is there already stays as it is,
    and is no error.
    """
    if rows:
        _put(session, table, rows, _insert_once if once else _insert)


def put_over(
    session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, key: tuple[str, ...]
) -> None:
    """The same; one whose ``key`` is there already takes the new values."""
    if rows:
        changed = tuple(name for name in {**_defaults(table), **rows[0]} if name not in key)
        _put(session, table, rows, partial(_insert_over, key=key, changed=changed))
        session.expire_all()


def _put(
    session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], write: Callable[[Any, str], Insert]
) -> None:
    session.flush()
    connection = _connection(session)
    given = [{**_defaults(table), **row} for row in rows]
    statement = write(table, connection.dialect.name)
    _compiled(statement, connection, tuple(given[0])).change(connection, *given)


def put_one(session: Session, table: type[SQLModel], **row: Any) -> int:
    """Insert a row into a table that numbers its rows; its number."""
    session.flush()
    connection = _connection(session)
    given = {**_defaults(table), **row}
    statement = _insert_numbered(table, connection.dialect.name)
    return _compiled(statement, connection, tuple(given)).insert(connection, given)


def _connection(session: Session) -> Connection:
    """The session's own, kept for as long as its transaction lasts: to ask for it takes a third of a short question."""
    held: Connection | None = session.info.get(_CONNECTION)
    if held is None or held.closed or not held.in_transaction():
        held = session.info[_CONNECTION] = session.connection()
    return held


_CONNECTION: Final = "connection"


def _compiled(statement: Executable, connection: Connection, columns: tuple[str, ...] | None = None) -> Compiled:
    """Once for each kind of database: all dialects of one name write alike."""
    key = (statement, connection.dialect.name, columns)
    found = _COMPILED.get(key)
    if found is None:
        found = _COMPILED[key] = Compiled(statement, connection.dialect, columns)
    return found


_COMPILED: Final[dict[tuple[Executable, str, tuple[str, ...] | None], Compiled]] = {}


@cache
def _insert(table: type[SQLModel], _dialect: str) -> Insert:
    return insert(table)


@cache
def _insert_numbered(table: type[SQLModel], dialect: str) -> Insert:
    statement = insert(table)
    return statement if dialect == "sqlite" else statement.returning(inspect(table).primary_key[0])


@cache
def _insert_once(table: type[SQLModel], dialect: str) -> Insert:
    found: Insert = insert_into(table, dialect).on_conflict_do_nothing()
    return found


@cache
def _insert_over(table: type[SQLModel], dialect: str, *, key: tuple[str, ...], changed: tuple[str, ...]) -> Insert:
    new = insert_into(table, dialect)
    over: Insert = new.on_conflict_do_update(index_elements=key, set_={name: new.excluded[name] for name in changed})
    return over


def insert_into(table: type[SQLModel], dialect: str) -> Any:
    """An INSERT of SQLite's or PostgreSQL's, which know ON CONFLICT under the same names."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)  # no office needs both


@cache
def _defaults(table: type[SQLModel]) -> Mapping[str, Any]:
    """By column, of those that have one; a number that the database is to give is left out."""
    fields = {name: field for name, field in table.model_fields.items() if not field.is_required()}
    values = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
    if values.get("id", 0) is None:
        del values["id"]
    return values
