"""The office of these tests."""

from pathlib import Path

import pytest

from tests.faults.office import Trial


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Trial:
    """An office of its own; passwords as the scripted servers want them, which is anyhow."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "x")
    monkeypatch.setenv("BAOSONG_OUTGOING_PASSWORD", "x")
    monkeypatch.setattr("pipeline.fetching.PAUSES", (0.01, 0.01, 0.01))
    found = Trial(tmp_path, capsys)
    found.configure()
    return found
