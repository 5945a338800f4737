"""Octets kept in a file until they are asked for."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from pipeline.cache.spool import Spool


def test_each_comes_back_as_it_was_in_any_order() -> None:
    """What is asked for last is not what was kept last."""
    spool = Spool()
    kept = [spool.keep(bytes([number]) * 1000 * number) for number in range(5)]
    assert [kept[number]() for number in (3, 0, 4, 1, 2, 3)] == [
        bytes([number]) * 1000 * number for number in (3, 0, 4, 1, 2, 3)
    ]
    spool.close()


def test_no_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no file can be made, nothing is lost."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    spool = Spool()
    assert spool.keep(b"octets")() == b"octets"
    spool.close()
