"""Statements that are built once, and rows put in as they stand: what every mail needs.

Built anew and run through the unit of work, a statement of SQLAlchemy's costs five to seven times as much; at thirty a
mail that was most of the time that recording took. What is rare stays with the ORM. Rows that a session holds are
written out before, and read anew after, so that both see one state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, Insert, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def run(session: Session, question: Executable, **values: Any) -> Sequence[tuple[Any, ...]]:
    """The rows that a question yields with these values for its ``bindparam``."""
    session.flush()
    return [tuple(row) for row in session.connection().execute(question, values)]


def change(session: Session, statement: Executable, **values: Any) -> int:
    """Run an INSERT, UPDATE or DELETE with these values; the number of rows that it met."""
    session.flush()
    changed = session.connection().execute(statement, values).rowcount
    session.expire_all()
    return changed


def put(session: Session, *rows: SQLModel, once: bool = False) -> None:
    """Insert these rows of one table. ``once``: one that is there already stays as it is, and is no error."""
    if rows:
        session.flush()
        insert = _insert_once if once else _insert
        session.connection().execute(
            insert(type(rows[0]), session.get_bind().dialect.name), [_columns(row) for row in rows]
        )


def put_values(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many small rows by their columns: to make an object of each would take longer than to insert it."""
    if rows:
        session.flush()
        session.connection().execute(_insert(table, session.get_bind().dialect.name), rows)


def put_one(session: Session, row: SQLModel) -> int:
    """Insert a row whose table numbers its rows; its number."""
    session.flush()
    statement = _insert(type(row), session.get_bind().dialect.name)
    (number,) = session.connection().execute(statement, _columns(row)).inserted_primary_key or (None,)
    assert isinstance(number, int)
    return number


@cache
def _insert(table: type[SQLModel], _dialect: str) -> Insert:
    return insert(table)


@cache
def _insert_once(table: type[SQLModel], dialect: str) -> Insert:
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


@cache
def _names(table: type[SQLModel]) -> tuple[str, ...]:
    return tuple(table.model_fields)


def _columns(row: SQLModel) -> Mapping[str, Any]:
    """By column; a number that the database is to give is left out."""
    values = {name: getattr(row, name) for name in _names(type(row))}
    if values.get("id", 0) is None:
        del values["id"]
    return values
