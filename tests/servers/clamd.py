"""The real clamd, with one signature of our own: that of the EICAR test file. Nothing is downloaded."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.ports import free_port

# Put together here, so that no scanner takes this file away. https://www.eicar.org/download-anti-malware-testfile/
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def find_clamd() -> str | None:
    """Debian's package clamav-daemon puts it where users do not look."""
    return shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin")


@contextmanager
def running_clamd(most_octets: int = 1_000_000) -> Iterator[int]:
    """Its port."""
    program = find_clamd()
    assert program
    with tempfile.TemporaryDirectory(prefix="baosong-clamd-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        signature = f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Eicar-Test-File\n"
        (folder / "eicar.hdb").write_text(signature)
        (folder / "clamd.conf").write_text(
            f"TCPSocket {port}\nTCPAddr 127.0.0.1\nDatabaseDirectory {folder}\nForeground yes\n"
            f"OfficialDatabaseOnly no\nStreamMaxLength {most_octets}\n"
        )
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen([program, "-c", str(folder / "clamd.conf")], stdout=log, stderr=log)
        try:
            _wait_for(port, server, folder / "log")
            yield port
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        else:
            return
