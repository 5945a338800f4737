"""What tests of several packages share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.ceph import MISSING as MISSING_CEPH
from tests.servers.ceph import find_ceph
from tests.servers.dovecot import MISSING, Dovecot, find_dovecot, running_dovecot
from tests.servers.postgres import Postgres, running_postgres
from tests.servers.storage import Storage, running_storage


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One mail server for the whole run; each test takes an account of its own."""
    if not find_dovecot():
        pytest.fail(MISSING, pytrace=False)
    with running_dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run; each test takes a database of its own."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def storage() -> Iterator[Storage]:
    """One S3-compatible storage for the whole run; each test takes a prefix of its own."""
    if os.geteuid() == 0 and not (find_ceph() or os.environ.get("BAOSONG_TEST_S3")):
        pytest.fail(MISSING_CEPH, pytrace=False)
    with running_storage() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The url of an empty database: a test that takes it runs on each of the two."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/b.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()
