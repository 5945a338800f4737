"""One town for all tests that only look at what was merged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.merge.town import lay_out_town, merge


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office's folder, its mail polled: to be copied by whoever changes it."""
    return lay_out_town(tmp_path_factory.mktemp("town")).parent


@pytest.fixture(scope="session")
def merged(town: Path) -> Path:
    """The folder of the merged documents."""
    assert merge(town / "config.toml") == 0
    return town / "merged"
