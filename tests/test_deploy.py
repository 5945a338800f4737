"""The systemd unit: what the service may do on its machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parent.parent / "deploy" / "baosong.service"

# The exposure level that systemd-analyze gives to a service without any limits is 9.6.
WORST_EXPOSURE = 2.0


def settings() -> dict[str, str]:
    """The unit's settings; of one that is repeated the first."""
    found: dict[str, str] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, value)
    return found


def test_only_its_own_folder_can_be_written() -> None:
    """The whole file system is read-only but for the office's folder; no rights, and no way to more of them."""
    unit = settings()
    assert (unit["ProtectSystem"], unit["ReadWritePaths"]) == ("strict", "@FOLDER@")
    assert (unit["CapabilityBoundingSet"], unit["NoNewPrivileges"]) == ("", "yes")
    assert unit["User"] == "@USER@"
    assert unit["UMask"] == "0077"


def test_no_password_stands_in_the_unit() -> None:
    """Everybody may read a unit; the passwords' own file is read by systemd before it drops root's rights."""
    unit = settings()
    assert "Environment" not in unit
    assert unit["EnvironmentFile"].startswith("-/etc/")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_little_exposed(tmp_path: Path) -> None:
    """systemd's own judgement of the unit, filled in."""
    filled = UNIT.read_text("utf-8").replace("@USER@", "office").replace("@FOLDER@", "/srv/baosong")
    unit = tmp_path / "baosong.service"
    unit.write_text(filled.replace("@COMMAND@", "/srv/baosong/.venv/bin/baosong"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "security", "--no-pager", "--offline=yes", str(unit)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    said = re.search(r"exposure level for baosong\.service: ([\d.]+)", done.stdout)
    assert said, done.stdout + done.stderr
    assert float(said[1]) <= WORST_EXPOSURE
