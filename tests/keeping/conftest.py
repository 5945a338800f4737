"""An office at work, and the command line at a moment of rehearsal."""

from pathlib import Path

import pytest

from tests.flow.township import lay_out_office
from tests.keeping.offices import Run, put, runner


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on 6 May 2023."""
    return runner(capsys)


@pytest.fixture
def config(tmp_path: Path, run: Run) -> Path:
    """The config.toml of an office that has answered three mails of two villages."""
    office = lay_out_office(tmp_path / "office")
    put(office, "1", "石桥村", "shiqiao@village.test", 3)
    put(office, "2", "青禾村", "qinghe@village.test", 4)
    put(office, "3", "石桥村", "shiqiao@village.test", 5, files="photos")
    assert run(office, "poll")[0] == 0
    return office
