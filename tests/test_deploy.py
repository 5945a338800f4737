"""The systemd units: what the service and a worker may do on their machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parent.parent / "deploy"

# The exposure level that systemd-analyze gives to a service without any limits is 9.6.
WORST_EXPOSURE = 2.0


@pytest.fixture(params=["baosong.service", "baosong-worker@.service"])
def unit(request: pytest.FixtureRequest) -> Path:
    return DEPLOY / str(request.param)


def settings(unit: Path) -> dict[str, str]:
    """The unit's settings; of one that is repeated the first."""
    found: dict[str, str] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", unit.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, value)
    return found


def test_only_its_own_folder_can_be_written(unit: Path) -> None:
    """The whole file system is read-only but for the office's folder; no rights, and no way to more of them."""
    found = settings(unit)
    assert (found["ProtectSystem"], found["ReadWritePaths"]) == ("strict", "@FOLDER@")
    assert (found["CapabilityBoundingSet"], found["NoNewPrivileges"]) == ("", "yes")
    assert found["User"] == "@USER@"
    assert found["UMask"] == "0077"


def test_no_password_stands_in_the_unit(unit: Path) -> None:
    """Everybody may read a unit; the passwords' own file is read by systemd before it drops root's rights."""
    found = settings(unit)
    assert "Environment" not in found
    assert found["EnvironmentFile"].startswith("-/etc/")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_little_exposed(unit: Path, tmp_path: Path) -> None:
    """systemd's own judgement of the unit, filled in."""
    filled = unit.read_text("utf-8").replace("@USER@", "office").replace("@FOLDER@", "/srv/baosong")
    written = tmp_path / unit.name.replace("@", "@1")
    written.write_text(filled.replace("@COMMAND@", "/srv/baosong/.venv/bin/baosong"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "security", "--no-pager", "--offline=yes", str(written)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    said = re.search(rf"exposure level for {re.escape(written.name)}: ([\d.]+)", done.stdout)
    assert said, done.stdout + done.stderr
    assert float(said[1]) <= WORST_EXPOSURE
