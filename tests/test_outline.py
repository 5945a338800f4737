"""What opening an office came to is remembered, and forgotten as soon as anything that it rests on changes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.office import open_office
from pipeline.outline import outline_of, recall_outline
from tests.flow.township import lay_out_office


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An office that was opened once, its files older than that."""
    file = lay_out_office(tmp_path)
    age(file.parent)
    open_office(file)
    return file


def age(folder: Path) -> None:
    """Let an hour pass since the files were written."""
    for file in folder.glob("*.*"):
        os.utime(file, (time.time() - 3600,) * 2)


def test_an_opened_office_is_remembered(config: Path) -> None:
    """With campaign, deadlines, villages and where the ledger is."""
    office = open_office(config)
    assert recall_outline(config) == outline_of(office.config, office.campaign, office.register)


@pytest.mark.parametrize("name", ["config.toml", "villages.csv"])
def test_a_change_of_a_file_is_noticed(config: Path, name: str) -> None:
    """By its octets, whatever time it bears."""
    file = config.parent / name
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    file.write_bytes(file.read_bytes() + b"\n")
    os.utime(file, ns=times)
    assert recall_outline(config) is None


def test_a_copied_folder_has_a_memory_of_its_own(config: Path, tmp_path: Path) -> None:
    """It brings along what its original remembers, which tells of the original's files and ledger."""
    copied = shutil.copytree(config.parent, tmp_path / "copied") / config.name
    assert recall_outline(config) is not None
    assert recall_outline(copied) is None


def test_a_setting_in_the_environment_is_noticed(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It wins over the file; a password is none of the settings."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "secret")
    assert recall_outline(config) is not None
    monkeypatch.setenv("BAOSONG_DATABASE", "sqlite:///other.db")
    assert recall_outline(config) is None


def test_a_broken_memory_is_none(config: Path) -> None:
    """Cut off, or of another shape."""
    memory = config.with_suffix(".outline")
    memory.write_bytes(memory.read_bytes()[:100])
    assert recall_outline(config) is None
    memory.write_text("[]", encoding="utf-8")
    assert recall_outline(config) is None


def test_a_file_that_may_have_changed_while_it_was_read_is_not_remembered(tmp_path: Path) -> None:
    """Its time is not before the opening began."""
    file = lay_out_office(tmp_path)
    later = time.time() + 60
    os.utime(file, (later, later))
    open_office(file)
    assert recall_outline(file) is None


# Whatever of the model is not needed rests on one of these.
_MODEL = ("pipeline.model.content", "pipeline.model.filled", "pipeline.model.message")
_WEIGHTY = (*_MODEL, "psycopg", "pydantic", "rich", "sqlalchemy", "sqlmodel")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_status_loads_what_it_needs_and_no_more(config: Path, kind: str, request: pytest.FixtureRequest) -> None:
    """To load the ledger, or the whole model, takes longer than to read a township."""
    if kind == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
        config.write_text(f'database = "{url}"\noffice = "east"\n{config.read_text("utf-8")}', encoding="utf-8")
        age(config.parent)
        open_office(config)
    code = (
        f"import sys; from pipeline.cli import main; main(['--config', {str(config)!r}, 'status', '--json']);"
        f"print(*[name for name in {_WEIGHTY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stderr.strip() == ""
    assert len(json.loads(done.stdout)["villages"]) == 3
