"""The virus scanner: the real clamd, and one that fails by script."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pipeline.config import ScanConfig
from pipeline.errors import AccessError, TransientError
from pipeline.scanner import is_infected, ping
from tests.flow.township import lay_out_office, plan, write_mail
from tests.keeping.offices import Run, at, messages, runner
from tests.mails import zip_of
from tests.servers.clamd import EICAR, running_clamd
from tests.servers.ports import free_port

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def clamd() -> Iterator[ScanConfig]:
    with running_clamd() as port:
        yield ScanConfig(f"127.0.0.1:{port}", "127.0.0.1", port)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(capsys)


@contextmanager
def scripted(answer: bytes) -> Iterator[ScanConfig]:
    """A scanner that hears everything and says this; nothing at all where it is empty."""

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    while not connection.recv(65536).endswith((b"\0\0\0\0", b"VERSION\0")):
                        pass
                    connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        port = listener.getsockname()[1]
        yield ScanConfig(f"127.0.0.1:{port}", "127.0.0.1", port, timeout=5)


def test_the_test_file_is_found(clamd: ScanConfig) -> None:
    """Every scanner knows the EICAR file; a plan is clean, an empty file too."""
    assert is_infected(clamd, io.BytesIO(EICAR))
    assert not is_infected(clamd, io.BytesIO(plan("石桥村")))
    assert not is_infected(clamd, io.BytesIO(b""))
    assert "ClamAV" in ping(clamd)


def test_what_is_larger_than_it_takes_passes(clamd: ScanConfig) -> None:
    """A long video is not held up: clamd closes the connection in the middle."""
    assert not is_infected(clamd, io.BytesIO(b"video" * 2_000_000))


@pytest.mark.parametrize("answer", [b"", b"INSTREAM: No memory. ERROR\0", b"COMMAND READ TIMED OUT\0"])
def test_a_scanner_that_fails_is_asked_again_later(answer: bytes) -> None:
    """Whatever is no clear word is no clean bill."""
    with scripted(answer) as scan, pytest.raises(TransientError):
        is_infected(scan, io.BytesIO(b"x"))


def test_a_scanner_that_is_away(tmp_path: Path) -> None:
    """On a port or on a socket."""
    port = free_port()
    for scan in (ScanConfig(f"127.0.0.1:{port}", "127.0.0.1", port), ScanConfig(str(tmp_path / "clamd.ctl"))):
        with pytest.raises(TransientError):
            is_infected(scan, io.BytesIO(b"x"))
        with pytest.raises(AccessError):
            ping(scan)


def office_with_virus(folder: Path, scan: ScanConfig) -> Path:
    """An office with two mails: a clean plan, and another's with the test file in an archive beside it."""
    config = lay_out_office(folder, more=f'\n[scan]\nclamd = "{scan.place}"\n')
    clean = write_mail("qinghe@village.test", "青禾村方案", ("方案.docx", plan("青禾村")), arrived=at(3))
    packed = zip_of([("方案.docx", plan("石桥村")), ("照片.exe", EICAR)])
    bad = write_mail("shiqiao@village.test", "石桥村方案", ("材料.zip", packed), arrived=at(4))
    (folder / "mailbox" / "1.eml").write_bytes(clean)
    (folder / "mailbox" / "2.eml").write_bytes(bad)
    return config


def test_an_infected_file_is_quarantined(tmp_path: Path, clamd: ScanConfig, run: Run) -> None:
    """It is kept and never opened, the coordinator is told, and what came beside it counts."""
    config = office_with_virus(tmp_path, clamd)
    assert run(config, "poll")[0] == 0
    clean, bad = messages(run, config)
    assert [each["code"] for each in clean["findings"]] == []
    hostile = [each for each in bad["findings"] if each["code"] == "file-hostile"]
    assert [(each["attachment"], each["audience"]) for each in hostile] == [("照片.exe", "coordinator")]
    assert run(config, "doctor")[1].count("ClamAV") == 1


def test_mail_waits_for_a_scanner_that_is_away(tmp_path: Path, clamd: ScanConfig, run: Run) -> None:
    """It is kept, the operator is told, nobody is answered; once the scanner is back it is judged, however long that
    took."""
    port = free_port()
    config = office_with_virus(tmp_path, ScanConfig(f"127.0.0.1:{port}"))
    for _ in range(4):
        status, out, _ = run(config, "poll")
        assert (status, "clamd" in out) == (1, True)
    assert [each["disposition"] for each in messages(run, config)] == [None, None]
    config.write_text(config.read_text("utf-8").replace(f"127.0.0.1:{port}", clamd.place), encoding="utf-8")
    assert run(config, "poll")[0] == 0
    assert [each["disposition"] for each in messages(run, config)] == ["submission", "submission"]


@pytest.mark.parametrize("written", ["clamd", "127.0.0.1", "127.0.0.1:x", ":3310", "127.0.0.1:99999", "127.0.0.1:²"])
def test_a_place_that_is_none_is_refused(tmp_path: Path, run: Run, written: str) -> None:
    """With file, line and key."""
    config = lay_out_office(tmp_path, more=f'\n[scan]\nclamd = "{written}"\n')
    status, _, complaint = run(config, "status")
    assert (status, "scan.clamd" in complaint) == (2, True)
