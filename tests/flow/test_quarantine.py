"""Hostile files from the mail to the coordinator's eyes, and never further."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.cli import main
from pipeline.ledger.quarantine import quarantined_files
from pipeline.ledger.tables import QuarantineRow
from pipeline.merge.gathering import gather
from pipeline.model.content import Unreadable
from pipeline.model.files import FileKind, Problem
from pipeline.office import open_office
from pipeline.opening import read_contents
from pipeline.sandbox.readers import Readers
from tests.flow.township import lay_out_office, plan, write_mail
from tests.mails import parse, qq_web, zip_of

NOW = "2023-05-04T12:00:00+08:00"
ARRIVED = datetime(2023, 5, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
TRAVERSAL = zip_of([("照片/1.jpg", b"x"), ("../../cron.d/x", b"x")])


def with_entities(document: bytes) -> bytes:
    """A document that would unfold for ever."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            octets = old.read(entry)
            if entry.filename == "word/document.xml":
                octets = octets.replace(b"?>", b'?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>', 1)
            new.writestr(entry, octets)
    return out.getvalue()


HOSTILE_PLAN = with_entities(plan("石桥村"))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return lay_out_office(tmp_path)


def put(config: Path, name: str, village: str, *files: tuple[str, bytes]) -> None:
    addresses = {"石桥村": "shiqiao@village.test", "青禾村": "qinghe@village.test"}
    mail = write_mail(
        addresses[village], f"{village}材料", *files, arrived=ARRIVED, message_id=f"<{name}@village.test>"
    )
    (config.parent / "mailbox" / f"{name}.eml").write_bytes(mail)


def run(config: Path, *arguments: str) -> None:
    assert main(["--config", str(config), "--now", NOW, *arguments]) in {0, 1}


def messages(config: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    run(config, "messages", "--json")
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["messages"]
    return found


def marks(message: dict[str, Any]) -> dict[str, bool]:
    return {each["name"]: each["quarantined"] for each in message["attachments"]}


def sent_files(config: Path) -> set[str]:
    """Digests of all that went out."""
    return {
        hashlib.sha256(bytes(part.get_content())).hexdigest()
        for file in (config.parent / "outgoing" / "new").iterdir()
        for part in message_from_bytes(file.read_bytes(), policy=default).iter_attachments()
    }


def test_hostile_files_go_into_quarantine(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By their digests; the coordinator sees them in messages and report, and nothing of them goes out."""
    put(config, "1", "石桥村", ("照片.zip", TRAVERSAL), ("石桥村实施方案.docx", HOSTILE_PLAN), ("说明.txt", b"text"))
    run(config, "poll")
    (message,) = messages(config, capsys)
    assert marks(message) == {"照片.zip": True, "石桥村实施方案.docx": True, "说明.txt": False}
    hostile = [each for each in message["findings"] if each["code"] == "file-hostile"]
    assert {each["attachment"] for each in hostile} == {"照片.zip", "石桥村实施方案.docx"}
    digests = {hashlib.sha256(each).hexdigest() for each in (TRAVERSAL, HOSTILE_PLAN)}
    assert quarantined_files(open_office(config).ledger) == digests
    assert all(any(digest[:12] in each["message"] for digest in digests) for each in hostile)
    assert sent_files(config) & digests == set()
    run(config, "report")
    (report,) = (config.parent / "reports").glob("*.txt")
    assert all(digest[:12] in report.read_text("utf-8") for digest in digests)


def test_what_is_in_quarantine_is_known_again(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In another mail, of another village, under another name; and no document of the office is made of it."""
    put(config, "1", "石桥村", ("石桥村实施方案.docx", HOSTILE_PLAN))
    run(config, "poll")
    good = plan("青禾村")  # so that it shows whether it was opened
    office = open_office(config)
    (first,) = messages(config, capsys)
    with office.ledger.writing() as session:
        row = session.get_one(QuarantineRow, first["attachments"][0]["sha256"])
        digest = hashlib.sha256(good).hexdigest()
        session.add(QuarantineRow(digest=digest, message=row.message, since=ARRIVED))
    put(config, "2", "青禾村", ("青禾村实施方案.docx", good))
    run(config, "poll")
    (second,) = [each for each in messages(config, capsys) if each["message_id"] == "<2@village.test>"]
    assert marks(second) == {"青禾村实施方案.docx": True}
    assert "file-hostile" in {each["code"] for each in second["findings"]}
    run(config, "accept", "青禾村", "plan", "--why", "纸质稿已看过")
    gathered = gather(office.ledger, office.campaign, office.register, datetime.fromisoformat(NOW))
    assert gathered.delivered["青禾村", "plan"].sources == ()


def test_a_container_in_quarantine_is_not_opened() -> None:
    """Not even to look whether it has become better."""
    archive = zip_of([("1.txt", b"text")])
    digest = hashlib.sha256(archive).hexdigest()
    mail = qq_web("材料", "见附件", [("材料.zip", archive)])
    (opened,) = parse(mail).attachments
    (barred,) = parse(mail, quarantined={digest}).attachments
    assert (opened.path, opened.problem) == (("材料.zip", "1.txt"), None)
    assert (barred.path, barred.problem) == (("材料.zip",), Problem.HOSTILE)


def test_a_file_in_quarantine_is_not_read() -> None:
    """No reader is given it: there is not even a cache to take it from."""
    (attachment,) = parse(qq_web("材料", "见附件", [("方案.docx", plan("石桥村"))])).attachments
    assert attachment.sniffed_kind is FileKind.DOCX
    with Readers() as readers:
        nowhere: Any = None
        contents = read_contents(readers, nowhere, [attachment], {attachment.blob.digest})
    assert contents == [Unreadable(Problem.HOSTILE)]
