"""A statement compiled once and given to the driver as often as it is needed, with other values each time.

SQLAlchemy writes the statement for the database at hand and says how each value is written and read. What it does for
every execution besides (cache keys, events, an execution context) takes four fifths of a short statement's time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import ARRAY, JSON, BindParameter, ColumnElement, Connection, Dialect, Executable, Select, bindparam
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

_Processor = Callable[[Any], Any] | None  # None: the value goes as it is


class Compiled:
    """One statement for one kind of database."""

    def __init__(self, statement: Executable, dialect: Dialect, columns: Sequence[str] | None = None) -> None:
        """``columns``: those that an INSERT is given."""
        compiled = statement.compile(dialect=dialect, column_keys=columns)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)
        assert not compiled.insert_prefetch, "every column must be given"
        assert not compiled.post_compile_params, "among stands for IN"
        self._text = compiled.string
        self._order = compiled.positiontup  # of the values; None where the driver knows them by name
        self._fixed = compiled.params
        self._write = _processors(compiled.binds, dialect)
        self._read = _readers(statement, dialect) if isinstance(statement, Select) else ()
        self._dialect = dialect

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """What a question yields."""
        with closing(connection.connection.cursor()) as cursor:
            self._execute(cursor, values)
            found = cursor.fetchall()
        if not any(self._read):
            return list(found)
        return [
            tuple(read(value) if read else value for read, value in zip(self._read, row, strict=True)) for row in found
        ]

    def change(self, connection: Connection, *rows: Mapping[str, Any]) -> int:
        """Run it for each of these; how many rows of the table it met."""
        with closing(connection.connection.cursor()) as cursor:
            self._execute(cursor, *rows)
            return cursor.rowcount

    def insert(self, connection: Connection, row: Mapping[str, Any]) -> int:
        """Insert it; the number that the table gave it, which PostgreSQL is asked for by RETURNING."""
        with closing(connection.connection.cursor()) as cursor:
            self._execute(cursor, row)
            (number,) = (cursor.lastrowid,) if self._dialect.name == "sqlite" else cursor.fetchall()[0]
        assert isinstance(number, int)
        return number

    def _execute(self, cursor: DBAPICursor, *rows: Mapping[str, Any]) -> None:
        given = [self._given(values) for values in rows]
        try:
            if len(given) == 1:
                cursor.execute(self._text, given[0])
            else:
                cursor.executemany(self._text, given)
        except self._dialect.dbapi.Error as error:  # type: ignore[union-attr]
            raise DBAPIError.instance(self._text, None, error, self._dialect.dbapi.Error) from error  # type: ignore[union-attr]

    def _given(self, values: Mapping[str, Any]) -> Any:
        given, write = {**self._fixed, **values}, self._write
        names = given if self._order is None else self._order
        written = [processor(given[name]) if (processor := write.get(name)) else given[name] for name in names]
        return written if self._order is not None else dict(zip(names, written, strict=True))


def _processors(binds: Mapping[str, BindParameter[Any]], dialect: Dialect) -> dict[str, _Processor]:
    return {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}


def _readers(statement: Select[Any], dialect: Dialect) -> tuple[_Processor, ...]:
    types = (column.type for column in statement.selected_columns)
    return tuple(each.dialect_impl(dialect).result_processor(dialect, None) for each in types)


# --- one of many ------------------------------------------------------------------------------------------------------


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Whether a column holds one of the values given under this name: one value for the driver, however many they are.

    With ``IN`` each number of values is another statement, and SQLite took no more than 999 before 3.32.
    """
    found: ColumnElement[bool] = column.op("IN", is_comparison=True)(_Values(name, column.type))
    return found


class _Values(ColumnElement[Any]):
    """The values as a column of their own."""

    inherit_cache = False

    def __init__(self, name: str, each: TypeEngine[Any]) -> None:
        self.given = bindparam(name, type_=_Many(each))


@compiles(_Values, "sqlite")
def _values_sqlite(element: _Values, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.given, **options)}))"  # noqa: S608 (a placeholder)


@compiles(_Values, "postgresql")
def _values_postgresql(element: _Values, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.given, **options)}))"


class _Many(TypeDecorator[Sequence[Any]]):
    """Values of one type: an array where the database has them, else JSON."""

    impl = JSON
    cache_ok = True

    def __init__(self, each: TypeEngine[Any]) -> None:
        super().__init__()
        self.each = each

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """By the database at hand."""
        several: TypeEngine[Any] = ARRAY(self.each) if dialect.name == "postgresql" else JSON()
        return dialect.type_descriptor(several)

    def process_bind_param(self, value: Any, dialect: Dialect) -> list[Any]:
        """A list, whatever they were in."""
        return list(value)
