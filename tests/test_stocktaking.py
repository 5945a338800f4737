"""Server, ledger and cache held against one another: what is named, and what --repair mends."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.office import open_office
from tests.faults.office import Trial, ids, mail_of

BEFORE = 1_600_000_000  # a file's time, long before any round


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Trial:
    """Two mails, judged and answered."""
    found = Trial(tmp_path, capsys)
    found.configure()
    put(found, 1, 2)
    assert found.poll()[0] == 0
    return found


def put(trial: Trial, *numbers: int) -> None:
    for number in numbers:
        file = trial.folder / "mailbox" / f"{number}.eml"
        file.write_bytes(mail_of(number))
        os.utime(file, (BEFORE, BEFORE))


def place(trial: Trial, digest: str) -> Path:
    return trial.folder / "inbox_cache" / digest[:2] / digest


def digest_of(trial: Trial, number: int) -> str:
    """Of the octets as they were fetched; a mail is not made twice the same."""
    return hashlib.sha256((trial.folder / "mailbox" / f"{number}.eml").read_bytes()).hexdigest()


def named(trial: Trial) -> list[str]:
    """The differences that doctor names."""
    return [line for line in trial.run("doctor")[1] if line.startswith("有问题  对账：")]


def reported(trial: Trial) -> list[str]:
    """Those that the daily report names."""
    trial.run("report")
    (text,) = (trial.folder / "reports").glob("*.txt")
    return [line for line in text.read_text("utf-8").splitlines() if line.startswith("  · ") and "编号" in line]


def _lose_mail(trial: Trial) -> str:
    place(trial, digest_of(trial, 1)).unlink()
    return "原件不在缓存里"


def _spoil_mail(trial: Trial) -> str:
    file = place(trial, digest_of(trial, 1))
    octets = bytearray(file.read_bytes())
    octets[-20] ^= 1
    file.chmod(0o644)
    file.write_bytes(octets)
    return "原件已损坏"


def _lose_file(trial: Trial) -> str:
    place(trial, trial.messages()[0]["attachments"][0]["sha256"]).unlink()
    return "附件“方案.docx”不在缓存里"


def _stray_mail(trial: Trial) -> str:
    octets = b"Received: from village.test by mail.town.test; Thu, 4 May 2023 09:00:00 +0800\r\n" + mail_of(3)
    open_office(trial.config).cache.store([octets])
    return "台账没有登记"


@pytest.mark.parametrize("harm", [_lose_mail, _spoil_mail, _lose_file, _stray_mail])
def test_named_and_mended(trial: Trial, harm: Callable[[Trial], str]) -> None:
    """doctor and report name it; --repair mends it, ends with status 0, and nothing more is wrong."""
    said = harm(trial)
    lines = named(trial)
    assert [said in line for line in lines] == [True]
    assert [said in line for line in reported(trial)] == [True]
    status, output, _ = trial.run("poll", "--repair")
    assert (status, output[-1][:3]) == (0, "对账：")
    assert named(trial) == []
    assert trial.run("doctor")[0] == 0
    expected = ids(1, 2, 3) if harm is _stray_mail else ids(1, 2)
    assert trial.judged() == expected
    assert trial.answered() == dict.fromkeys(expected, 1)


def test_what_cannot_be_mended_stays_named(trial: Trial) -> None:
    """Gone from the cache and from the server: status 1, and the line remains."""
    _lose_mail(trial)
    (trial.folder / "mailbox" / "1.eml").unlink()
    status, output, _ = trial.run("poll", "--repair")
    assert status == 1
    assert ["原件不在缓存里" in line for line in output if line.startswith("需要处理")] == [True]


def test_mail_that_was_not_fetched(trial: Trial) -> None:
    """What lay there before the last round and is not ours yet is named; the next round fetches it anyway."""
    put(trial, 3)
    assert ["还没有收取" in line for line in named(trial)] == [True]
    assert trial.poll()[1] == "新收1封，核对1封，寄出1封。"
    assert named(trial) == []


def test_new_mail_is_no_difference(trial: Trial) -> None:
    """What came since the last round is nobody's fault."""
    (trial.folder / "mailbox" / "3.eml").write_bytes(mail_of(3))
    assert named(trial) == []


def test_a_forwarded_mail_is_no_stray(trial: Trial) -> None:
    """A mail within a mail is known by the one that carries it, though the ledger has no row for it."""
    inner = b"Received: from a by b; Thu, 4 May 2023 09:00:00 +0800\r\n" + mail_of(3)
    outer = (
        b"From: a@village.test\r\nTo: office@town.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: application/octet-stream\r\n'
        b"Content-Disposition: attachment; filename=a.bin\r\n\r\n" + inner + b"\r\n--b--\r\n"
    )
    (trial.folder / "mailbox" / "9.eml").write_bytes(outer)
    trial.poll()
    assert named(trial) == []


# --- quarantine -------------------------------------------------------------------------------------------------------


def test_quarantine_and_reread(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails three times is kept apart, shown, reported, told to no village, and read again by command."""
    (trial.folder / "mailbox" / "3.eml").write_bytes(mail_of(3))
    with monkeypatch.context() as broken:
        broken.setattr("pipeline.judging.reach_verdict", _fail)
        assert [trial.poll()[0] for _ in range(4)] == [1, 1, 1, 0]
    status, output, _ = trial.run("quarantine")
    assert status == 1
    assert digest_of(trial, 3)[:8] in output[0]
    assert "shiqiao@village.test" in output[0]
    assert "石桥村方案" in output[0]
    assert ["已隔离" in line for line in named(trial)] == [True]
    trial.run("report")
    (text,) = (trial.folder / "reports").glob("*.txt")
    assert "已隔离的来件（1件）" in text.read_text("utf-8")
    assert trial.answered() == dict.fromkeys(ids(1, 2), 1)
    assert trial.run("reread")[0] == 2
    assert trial.run("reread", "ffff")[0] == 2
    assert trial.run("reread", digest_of(trial, 3)[:6])[:2] == (0, ["新收0封，核对1封，寄出1封。"])
    assert trial.run("quarantine")[:2] == (0, ["没有隔离的邮件。"])
    assert trial.answered() == dict.fromkeys(ids(1, 2, 3), 1)


def _fail(*_: object) -> None:
    raise RuntimeError("our own fault")
