"""What tests of several packages share."""

from collections.abc import Iterator

import pytest

from tests.servers.dovecot import MISSING, Dovecot, find_dovecot, running_dovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One mail server for the whole run; each test takes an account of its own."""
    if not find_dovecot():
        pytest.fail(MISSING, pytrace=False)
    with running_dovecot() as server:
        yield server
