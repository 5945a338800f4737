"""The whole flow on real servers: Postfix takes the villages' mail, Dovecot keeps it, answers go the same way."""

from __future__ import annotations

import email
import itertools
import json
import os
import smtplib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from tests.flow.township import VILLAGES, lay_out_office, photo, plan, progress, statistics, write_mail
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.ports import free_port
from tests.servers.postfix import Postfix, running_postfix

pytestmark = pytest.mark.servers

_numbers = itertools.count()


@pytest.fixture(scope="module")
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    """A server for every address of town and villages, that hands their mail to Dovecot."""
    with running_postfix(["@town.test", "@village.test"], lmtp_port=dovecot.lmtp_port) as server:
        yield server


@dataclass(frozen=True)
class Town:
    """An office and its villages, with accounts that no other test uses."""

    folder: Path
    dovecot: Dovecot
    postfix: Postfix
    mark: str
    capture: pytest.CaptureFixture[str]

    @property
    def office(self) -> str:
        return f"office{self.mark}@town.test"

    def address(self, village: str) -> str:
        return f"{VILLAGES[village]}{self.mark}@village.test"

    def configure(self, *, mailbox: str = "", outgoing: str = "", more: str = "") -> None:
        lay_out_office(
            self.folder,
            mailbox=mailbox or self.dovecot.url(self.office),
            outgoing=outgoing or self.postfix.url,
            office=self.office,
            mark=self.mark,
            more=more,
        )

    def send(self, village: str, subject: str, *files: tuple[str, bytes], **fields: str) -> str:
        """A village writes to the office by SMTP; the mail's Message-ID."""
        message_id = f"<{next(_numbers)}{self.mark}@village.test>"
        sender = self.address(village) if village in VILLAGES else village
        mail = write_mail(sender, subject, *files, message_id=message_id, fields=fields)
        with smtplib.SMTP("127.0.0.1", self.postfix.port, "[127.0.0.1]") as server:
            server.sendmail(sender, [self.office], mail)
        return message_id

    def mails(self, address: str, count: int, folder: str = "INBOX") -> list[EmailMessage]:
        """All mails of an account, by arrival, as soon as there are ``count``."""
        until = time.monotonic() + 10
        with self.dovecot.session(address) as client:
            while (found := int(client.select(folder)[1][0] or b"0")) < count:
                assert time.monotonic() < until, f"{found} of {count} for {address}\n{self.postfix.log()}"
                time.sleep(0.02)
            if not found:
                return []
            parts = client.fetch(f"1:{found}", "(BODY.PEEK[])")[1]
        octets = [part[1] for part in parts if isinstance(part, tuple)]
        return [email.message_from_bytes(each, policy=default) for each in octets]

    def answers(self, village: str, count: int) -> list[EmailMessage]:
        return self.mails(self.address(village), count)

    def arrived(self, count: int) -> None:
        """Return when the office's INBOX has so many mails."""
        self.mails(self.office, count)

    def run(self, *arguments: str) -> tuple[int, list[str], list[str]]:
        """Exit status, lines of output, lines of complaint."""
        self.capture.readouterr()
        status = main(["--config", str(self.folder / "config.toml"), *arguments])
        said = self.capture.readouterr()
        return status, said.out.splitlines(), said.err.splitlines()

    def poll(self) -> str:
        """One round in which nothing is wrong; what it said."""
        status, (said,), complaints = self.run("poll")
        assert (status, complaints) == (0, [])
        return said

    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads("\n".join(self.run("messages", "--json")[1]))["messages"]
        return found

    def states(self) -> dict[tuple[str, str], str]:
        """What the ledger says of everything that came."""
        told = json.loads("\n".join(self.run("status", "--json")[1]))
        return {
            (village["village"], each["id"]): each["state"]
            for village in told["villages"]
            for each in village["deliverables"]
            if each["received_at"]
        }


@pytest.fixture
def town(
    tmp_path: Path,
    dovecot: Dovecot,
    postfix: Postfix,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Town:
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", PASSWORD)
    town = Town(tmp_path, dovecot, postfix, f"{next(_numbers)}-{os.getpid()}", capsys)
    town.configure()
    return town


def codes(message: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in message["findings"]}


def seen(town: Town, folders: Sequence[str] = ("INBOX", "Junk")) -> list[bytes]:
    """The numbers of all mails that are marked as read."""
    with town.dovecot.session(town.office) as client:
        return [client.select(folder, readonly=True) and client.search(None, "SEEN")[1][0] for folder in folders]


def test_from_the_villages_mail_to_the_answer_in_its_mailbox(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Good, bad, unknown and automatic mail over TLS: each is judged, and answered once, in thread, or not at all."""
    monkeypatch.setenv("SSL_CERT_FILE", str(town.dovecot.authority))
    town.configure(mailbox=town.dovecot.url(town.office, "imaps", "localhost"))
    asked = town.send("石桥村", "石桥村活动方案", ("方案.docx", plan("石桥村")))
    town.send("青禾村", "写实表 第一次", ("写实表.docx", progress("青禾村", place=False)))
    pictures = [(f"活动{number}.jpg", photo(f"柳堤{number}")) for number in range(3)]
    town.send("柳堤村", "柳堤村材料", ("统计表.docx", statistics("柳堤村")), *pictures)
    stranger = f"stranger{town.mark}@village.test"
    town.send(stranger, "材料", ("1.docx", b"PK no document"))
    town.send("石桥村", "自动回复：外出", Auto_Submitted="auto-replied")
    town.arrived(5)

    assert town.poll() == "新收5封，核对5封，寄出4封。"

    assert town.states() == {
        ("石桥村", "plan"): "accepted",
        ("青禾村", "progress@2023-05-10"): "returned",
        ("柳堤村", "statistics"): "accepted",
        ("柳堤村", "photos"): "accepted",
    }
    (answer,) = town.answers("石桥村", 1)
    assert answer["In-Reply-To"] == asked
    assert answer["References"] == asked
    assert answer["Auto-Submitted"] == "auto-replied"
    assert answer["From"].addresses[0].addr_spec == town.office
    assert answer["To"].addresses[0].addr_spec == town.address("石桥村")
    text = answer.get_body(("plain",))
    assert text is not None
    assert "石桥村" in text.get_content()
    (returned,) = town.answers("青禾村", 1)
    text = returned.get_body(("plain",))
    assert text is not None
    assert "第1、2行" in text.get_content()
    assert len(town.answers("柳堤村", 1)) == 1
    assert len(town.mails(stranger, 1)) == 1
    by_sender = {each["from"]: each for each in town.messages() if each["disposition"] != "ignored"}
    assert by_sender[stranger]["disposition"] == "unrecognised"
    assert codes(by_sender[town.address("青禾村")]) >= {"activity-no-place"}
    (ignored,) = (each for each in town.messages() if each["disposition"] == "ignored")
    assert ignored["reason"] == "auto-reply"
    assert ignored["reply"]["state"] == "none"
    assert not any(seen(town))


def test_polled_twice_is_done_once(town: Town) -> None:
    """A second round fetches, judges and sends nothing."""
    town.send("石桥村", "石桥村活动方案", ("方案.docx", plan("石桥村")))
    town.arrived(1)
    assert town.poll() == "新收1封，核对1封，寄出1封。"
    assert town.poll() == "新收0封，核对0封，寄出0封。"
    assert len(town.answers("石桥村", 1)) == 1


def test_a_mended_table_in_answer_to_our_letter(town: Town) -> None:
    """A village answers the letter with the mended table: its own mail is judged, and what was returned is accepted."""
    town.send("青禾村", "青禾村写实表（5月10日）", ("写实表.docx", progress("青禾村", place=False)))
    town.arrived(1)
    town.poll()
    (letter,) = town.answers("青禾村", 1)
    mended = town.send(
        "青禾村",
        f"回复：{letter['Subject']}",
        ("写实表5月10日.docx", progress("青禾村")),
        In_Reply_To=letter["Message-ID"],
        References=letter["Message-ID"],
    )
    town.arrived(2)
    assert town.poll() == "新收1封，核对1封，寄出1封。"
    assert town.states() == {("青禾村", "progress@2023-05-10"): "accepted"}
    letters = town.answers("青禾村", 2)
    assert [each["In-Reply-To"] for each in letters][1:] == [mended]
    assert letters[1]["References"].split() == [letter["Message-ID"], mended]


def test_mail_in_the_junk_folder_counts(town: Town) -> None:
    """What the provider took for junk is a submission all the same, and is left where and as it was."""
    town.dovecot.append(
        town.office, write_mail(town.address("石桥村"), "石桥村活动方案", ("方案.docx", plan("石桥村"))), folder="Junk"
    )
    assert town.poll() == "新收1封，核对1封，寄出1封。"
    assert town.states() == {("石桥村", "plan"): "accepted"}
    assert len(town.mails(town.office, 1, "Junk")) == 1
    assert not any(seen(town))


def test_an_identical_copy_is_not_answered_again(town: Town) -> None:
    """The same mail once more, in the junk folder or sent twice by an impatient program, gets no second answer."""
    mail = write_mail(
        town.address("石桥村"),
        "石桥村活动方案",
        ("方案.docx", plan("石桥村")),
        message_id=f"<copy{town.mark}@village.test>",
    )
    town.dovecot.append(town.office, mail)
    town.dovecot.append(town.office, b"Received: by mail.village.test\r\n" + mail)
    town.dovecot.append(town.office, mail, folder="Junk")
    assert town.poll() == "新收2封，核对2封，寄出1封。"
    assert sorted(each["reason"] or "" for each in town.messages()) == ["", "duplicate"]


def test_the_mail_server_is_away(town: Town) -> None:
    """Nobody answers: one line, status 1. The next round goes on as if nothing had been."""
    town.send("石桥村", "石桥村活动方案", ("方案.docx", plan("石桥村")))
    town.arrived(1)
    town.dovecot.stop()
    try:
        status, said, complaints = town.run("poll")
    finally:
        town.dovecot.start()
    assert status == 1
    assert complaints == []
    assert said[0] == "新收0封，核对0封，寄出0封。"
    assert [line.startswith("需要处理：收信：") for line in said[1:]] == [True]
    assert town.poll() == "新收1封，核对1封，寄出1封。"


def test_the_way_out_is_away(town: Town) -> None:
    """The mail is judged and recorded; its answer waits, and goes out once with the next round."""
    town.configure(outgoing=f"smtp://127.0.0.1:{free_port()}")
    town.send("石桥村", "石桥村活动方案", ("方案.docx", plan("石桥村")))
    town.arrived(1)
    status, said, complaints = town.run("poll")
    assert (status, complaints) == (1, [])
    assert said[0] == "新收1封，核对1封，寄出0封。"
    assert [line.startswith("需要处理：发信：") for line in said[1:]] == [True]
    assert [each["reply"]["state"] for each in town.messages()] == ["queued"]
    town.configure()
    assert town.poll() == "新收0封，核对0封，寄出1封。"
    assert [each["reply"]["state"] for each in town.messages()] == ["sent"]
    assert len(town.answers("石桥村", 1)) == 1


def test_wrong_password(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator is told in one line, which does not hold the password; nothing is lost."""
    town.send("石桥村", "石桥村活动方案", ("方案.docx", plan("石桥村")))
    town.arrived(1)
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "wrong-password")
    status, said, complaints = town.run("poll")
    assert (status, complaints, len(said)) == (1, [], 2)
    assert town.office in said[1]
    assert "密码" in said[1]
    assert "wrong-password" not in said[1]
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", PASSWORD)
    assert town.poll() == "新收1封，核对1封，寄出1封。"


def test_no_password_at_all(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither the environment nor a keyring knows the password, the line says where to put it."""
    monkeypatch.delenv("BAOSONG_MAILBOX_PASSWORD")
    status, said, complaints = town.run("poll")
    assert (status, complaints, len(said)) == (1, [], 2)
    assert "BAOSONG_MAILBOX_PASSWORD" in said[1]


def test_a_new_uidvalidity_does_nothing_twice(town: Town) -> None:
    """A folder made anew on the server shows old mail under new numbers: it is known by its octets."""
    old = write_mail(town.address("石桥村"), "石桥村活动方案", ("方案.docx", plan("石桥村")))
    new = write_mail(town.address("青禾村"), "青禾村活动方案", ("方案.docx", plan("青禾村")))
    town.dovecot.append(town.office, old, folder="各村")
    assert town.poll() == "新收1封，核对1封，寄出1封。"
    with town.dovecot.session(town.office) as client:
        client.delete("&VARnUQ-")
    for octets in (old, new):
        town.dovecot.append(town.office, octets, folder="各村")
    assert town.poll() == "新收1封，核对1封，寄出1封。"
    assert len(town.answers("石桥村", 1)) == 1
    assert len(town.messages()) == 2


def test_a_damaged_attachment_stops_nothing(town: Town) -> None:
    """A file that nobody can open is a finding on that file; the mail's other files are judged, and it is answered."""
    broken = progress("青禾村")[:4000]
    town.send("青禾村", "青禾村材料", ("5月10日写实表.docx", broken), ("活动方案.docx", plan("青禾村")))
    town.arrived(1)
    assert town.poll() == "新收1封，核对1封，寄出1封。"
    assert town.states() == {("青禾村", "progress@2023-05-10"): "returned", ("青禾村", "plan"): "accepted"}
    (message,) = town.messages()
    damaged = [each["attachment"] for each in message["findings"] if each["code"] == "file-unreadable"]
    assert damaged == ["5月10日写实表.docx"]


def test_the_daily_report_reaches_its_reader(town: Town) -> None:
    """``report --send`` mails the day's report with its workbook; nobody is asked to answer it."""
    reader = f"director{town.mark}@town.test"
    town.configure(more=f'[report]\nto = ["主任 <{reader}>"]\n')
    town.send("石桥村", "石桥村活动方案", ("方案.docx", plan("石桥村")))
    town.arrived(1)
    town.poll()
    assert town.run("report", "--send")[0] == 0
    (report,) = town.mails(reader, 1)
    assert report["Auto-Submitted"] == "auto-generated"
    assert [file.get_content_type().rpartition(".")[2] for file in report.iter_attachments()] == ["sheet"]


def test_copies_in_the_sent_folder(town: Town) -> None:
    """Each letter lies once in the folder of sent mail, as read, where the coordinator looks for it; nobody polls it.

    While the folder is missing the letters go out all the same, and the copy follows.
    """
    more = "keep_sent = true\n"
    town.configure(more=more + 'sent_folder = "没有这个夹"\n')
    town.send("石桥村", "石桥村活动方案", ("方案.docx", plan("石桥村")))
    town.arrived(1)
    status, said, _ = town.run("poll")
    assert (status, said[0]) == (1, "新收1封，核对1封，寄出1封。")
    assert "已发送" in said[1]
    town.configure(more=more)
    with town.dovecot.session(town.office) as client:
        client.create("Sent")
    for _ in range(2):
        assert town.poll() == "新收0封，核对0封，寄出0封。"
    (copy,) = town.mails(town.office, 1, "Sent")
    (letter,) = town.answers("石桥村", 1)
    assert copy["Message-ID"] == letter["Message-ID"]
    assert seen(town, ["Sent"]) == [b"1"]
