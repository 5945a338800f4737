"""What the system is told, so that the service starts with the machine."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path, PureWindowsPath

import pytest

from pipeline.wizard.service import write_task, write_unit

TASKS = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def unit(folder: Path, *, user: str = "wang", has_environment: bool = True) -> str:
    program, config = Path("/opt/baosong/bin/baosong"), folder / "config.toml"
    return write_unit(program=program, config=config, user=user, has_environment=has_environment).octets.decode()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """systemd finds no fault with it, blanks and percent signs in the folder's name included."""
    folder = tmp_path / "报送 100%"
    folder.mkdir()
    program = folder / "baosong"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    file = tmp_path / "baosong.service"
    made = write_unit(program=program, config=folder / "config.toml", user="root", has_environment=False)
    file.write_bytes(made.octets.replace(b"User=baosong\n", b""))
    verified = subprocess.run(["systemd-analyze", "verify", file], capture_output=True, text=True, check=False)
    assert "baosong.service" not in verified.stderr
    assert verified.returncode == 0


def test_the_service_writes_nowhere_else() -> None:
    """All but the office's own folder is read-only; the password comes from a file that the unit only names."""
    written = unit(Path("/srv/office")).splitlines()
    assert "ProtectSystem=strict" in written
    assert 'ReadWritePaths="/srv/office"' in written
    assert "NoNewPrivileges=yes" in written
    assert "User=wang" in written
    assert "EnvironmentFile=/srv/office/baosong.env" in written
    assert not any(line.startswith("EnvironmentFile") for line in unit(Path("/x"), has_environment=False).splitlines())


def test_never_root() -> None:
    """Where root sets it up the service gets a user of its own, and the folder is handed to it first."""
    made = write_unit(program=Path("/b"), config=Path("/srv/o/config.toml"), user="root", has_environment=True)
    assert "User=baosong" in made.octets.decode()
    assert [command.split()[1] for command in made.commands[:2]] == ["useradd", "chown"]


def test_the_windows_task() -> None:
    """Well-formed, in the encoding that schtasks wants; starts the program with this configuration, without rights."""
    program, config = PureWindowsPath(r"C:\baosong\baosong.exe"), PureWindowsPath(r"D:\报送 & 材料\config.toml")
    made = write_task(program=program, config=config)
    assert made.octets.startswith(b"\xff\xfe")
    root = ET.fromstring(made.octets.decode("utf-16"))
    assert root.findtext(f".//{TASKS}Arguments") == r'--config "D:\报送 & 材料\config.toml" run'
    assert root.findtext(f".//{TASKS}RunLevel") == "LeastPrivilege"
    assert root.findtext(f".//{TASKS}ExecutionTimeLimit") == "PT0S"
    assert r'"D:\报送 & 材料\service\baosong-task.xml"' in made.commands[0]
