"""An office with some mail, and what tests ask of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.cli import main
from tests.flow.township import photo, plan, write_mail

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = "2023-05-06T12:00:00+08:00"

Run = Callable[..., tuple[int, str, str]]


def at(day: int, hour: int = 9) -> datetime:
    """A moment in May 2023."""
    return datetime(2023, 5, day, hour, tzinfo=BEIJING)


def runner(capsys: pytest.CaptureFixture[str], now: str = NOW) -> Run:
    """Runs a command at this moment of rehearsal; exit status, output, complaints. Never a traceback."""

    def run(config: Path | None, *arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        before = ["--config", str(config)] if config else []
        status = main([*before, "--now", now, *map(str, arguments)])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return status, said.out, said.err

    return run


def put(config: Path, name: str, village: str, address: str, day: int, *, files: str = "plan") -> None:
    """A mail of this village into the office's mailbox."""
    if files == "plan":
        attached = [("方案.docx", plan(village))]
    else:
        attached = [(f"{number}.jpg", photo(f"{name}{number}")) for number in range(3)]
    octets = write_mail(
        address, f"{village}{'活动方案' if files == 'plan' else '活动照片'}", *attached, arrived=at(day),
        message_id=f"<{name}@village.test>",
    )  # fmt: skip
    (config.parent / "mailbox" / f"{name}.eml").write_bytes(octets)


def answers(config: Path) -> list[str]:
    """The names of all letters that went out; each is made from the letter's Message-ID."""
    folder = config.parent / "outgoing" / "new"
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []


def states(run: Run, config: Path) -> Any:
    """What the ledger says."""
    status, out, _ = run(config, "status", "--json")
    assert status == 0
    return json.loads(out)


def messages(run: Run, config: Path) -> list[dict[str, Any]]:
    """What became of each mail."""
    found: list[dict[str, Any]] = json.loads(run(config, "messages", "--json")[1])["messages"]
    return found
