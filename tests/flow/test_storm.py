"""A storm on real servers: three days of sixty villages, robots, bounces and a list. No loop, nobody flooded.

The villages' mail lies in a Dovecot, what the office writes goes through a Postfix into Maildirs; whatever arrives
there is answered as its owner would, within the hour.
"""

from __future__ import annotations

import email
import imaplib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.cli import main
from pipeline.letter.answer import MOST_ANSWERS_A_DAY
from tests.bounces import delivery_report, netease, qq
from tests.flow.township import lay_out_office, plan, progress, write_mail
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.postfix import Postfix, running_postfix

pytestmark = pytest.mark.servers

OFFICE = "storm-office@town.test"
BEGINS = datetime(2023, 5, 9, 8, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday; the table is due on the 10th
HOURS = [BEGINS + timedelta(days=day, hours=hour) for day in range(3) for hour in range(13)]
NAMES = [f"{first}{second}村" for first, second in product("东西南北中", "柳槐桑枣榆杏梨桃松柏椿楸")]
ADDRESSES = [f"v{number:02}@storm.test" for number in range(len(NAMES))]

# Who owns which mailbox, by its number.
VACATION = range(10)  # RFC 3834, null path
MARKED_BY_SUBJECT = range(10, 15)  # 自动回复：…, as QQ writes it
PARROTS = range(15, 17)  # a robot without any mark: always the same words
CHATTERERS = range(17, 19)  # another: new words each time, of a file and of the village
BOUNCING = range(20, 24)  # taken, and returned afterwards
GONE = range(24, 26)  # refused at once
LIST = 26
RECEIPTS = 27
CARELESS = range(30, 40)  # send something to be mended, and mend it in answer to the letter


@dataclass
class World:
    """The villages and their mailboxes."""

    config: Path
    dovecot: Dovecot
    postfix: Postfix
    capture: pytest.CaptureFixture[str]
    moment: datetime = BEGINS
    submissions: dict[str, int] = field(default_factory=dict)  # Message-ID of what a person sent -> the village
    automatic: set[str] = field(default_factory=set)  # Message-IDs of what a machine with marks sent
    letters: dict[int, list[EmailMessage]] = field(default_factory=lambda: defaultdict(list))
    wrote: dict[int, datetime] = field(default_factory=dict)  # when a person of the village last did
    outgoing: list[bytes] = field(default_factory=list)  # to the office, in this hour
    _seen: set[Path] = field(default_factory=set)
    _number: int = 0

    def write(self, village: int, subject: str, *files: tuple[str, bytes], text: str = "请查收", **fields: str) -> str:
        """Somebody, or something, writes to the office; the Message-ID."""
        self._number += 1
        message_id = f"<{self._number}@storm.test>"
        known = {name: value for name, value in fields.items() if value}
        octets = write_mail(ADDRESSES[village], subject, *files, text=text, message_id=message_id, fields=known)
        self.outgoing.append(octets)
        return message_id

    def submit(self, village: int, subject: str, *files: tuple[str, bytes], **fields: str) -> None:
        self.wrote[village] = self.moment
        self.submissions[self.write(village, subject, *files, **fields)] = village

    def pass_hour(self, *command: str) -> None:
        """What was written arrives, the office works, and what it wrote is answered."""
        with self.dovecot.session(OFFICE) as client:
            for octets in self.outgoing:
                client.append("INBOX", "", imaplib.Time2Internaldate(self.moment), octets)
        self.outgoing.clear()
        self.run(*command)
        for village, letter in self._arrivals():
            self.letters[village].append(letter)
            self.answer(village, letter)

    def run(self, *command: str) -> str:
        self.capture.readouterr()
        main(["--config", str(self.config), "--now", self.moment.isoformat(), *command])
        return self.capture.readouterr().out

    def ask(self, *command: str) -> Any:
        return json.loads(self.run(*command, "--json"))

    def _arrivals(self) -> Iterator[tuple[int, EmailMessage]]:
        """The letters that are new in the villages' mailboxes, as soon as Postfix has nothing left to deliver."""
        queue = self.postfix.folder / "queue"
        until = time.monotonic() + 20
        while any(path.is_file() for name in ("incoming", "active", "deferred") for path in (queue / name).rglob("*")):
            assert time.monotonic() < until, self.postfix.log()
            time.sleep(0.02)
        for village, address in enumerate(ADDRESSES):
            folder = self.postfix.folder / "mail" / "storm.test" / address.partition("@")[0] / "new"
            for file in sorted(folder.glob("*")) if folder.is_dir() else []:
                if file not in self._seen:
                    self._seen.add(file)
                    yield village, email.message_from_bytes(file.read_bytes(), policy=default)

    def answer(self, village: int, letter: EmailMessage) -> None:
        """What the owner of a mailbox does with a letter."""
        subject, letter_id = str(letter["Subject"]), str(letter["Message-ID"])
        thread = {"In_Reply_To": letter_id, "References": letter_id}
        address, name = ADDRESSES[village], NAMES[village]
        if village in VACATION:
            marks = {"Auto_Submitted": "auto-replied", "Return_Path": "<>", **thread}
            self.automatic.add(
                self.write(village, f"自动回复: {subject}", text=f"{name}外出学习，附件改日报送", **marks)
            )
        elif village in MARKED_BY_SUBJECT:
            self.automatic.add(self.write(village, f"自动回复：{subject}", text="您好，邮件已收到，稍后查收附件。"))
        elif village in PARROTS:
            self.write(village, f"Re: {subject}", text="您的来信已收到，附件正在审阅。", **thread)
        elif village in CHATTERERS:
            text = f"您是今天第{len(self.letters[village])}位来信者。{name}的附件已报送，请查收。"
            self.write(village, f"Re: {subject}", text=text, **thread)
        elif village in BOUNCING:
            self.outgoing.append(self._bounce(village, address, subject, letter_id))
        elif village == LIST:
            marks = {"List_Id": "<all.storm.test>", "Precedence": "list"}
            self.automatic.add(self.write(village, subject, text="转发给全体成员，附件见上", **marks))
        elif village == RECEIPTS:
            self.automatic.add(self.write(village, f"已读：{subject}", text="您的邮件已被阅读", **thread))
        elif village in CARELESS and "【请补正】" in subject:
            mended = ("方案.docx", plan(name))
            self.submit(village, f"回复：{subject}", mended, text="已改好", **thread)

    @staticmethod
    def _bounce(village: int, address: str, subject: str, letter_id: str) -> bytes:
        match village % 3:
            case 0:
                return netease(
                    address,
                    subject,
                    "收件人邮件地址（" + address + "）不存在。",
                    "SMTP error, RCPT TO: 550 User not found",
                )
            case 1:
                return qq(address, subject, "收件人邮件地址（" + address + "）不存在")
            case _:
                return delivery_report(address, status="5.1.1", words="550 5.1.1 no such user", letter_id=letter_id)


@pytest.fixture
def world(
    tmp_path: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", PASSWORD)
    known = [address for village, address in enumerate(ADDRESSES) if village not in GONE]
    with running_postfix(known, size_limit=10_000_000) as postfix:
        config = lay_out_office(tmp_path, mailbox=dovecot.url(OFFICE), outgoing=postfix.url, office=OFFICE)
        rows = [f"{name},,{address}," for name, address in zip(NAMES, ADDRESSES, strict=True)]
        (tmp_path / "villages.csv").write_text("\n".join(["village,aliases,addresses,contact", *rows]), "utf-8")
        yield World(config, dovecot, postfix, capsys)


def test_three_days(world: World) -> None:
    """Each submission is answered once; no machine is, no address gets more than its share, none that is dead."""
    for number, moment in enumerate(HOURS):
        world.moment = moment
        for village in range(number * 6, number * 6 + 6) if number < 10 else []:  # the plans, six villages an hour
            name, careless = NAMES[village], village in CARELESS
            plans = ("方案.txt", "方案".encode()) if careless else ("方案.docx", plan(name))
            world.submit(village, f"{name}活动方案", plans)
        for village in range((number - 13) * 6, (number - 13) * 6 + 6) if 13 <= number < 23 else []:
            if village in (*GONE, *BOUNCING):
                continue  # who writes again is written to again: its mailbox is there after all
            table = ("写实表.docx", progress(NAMES[village], rows=1))  # and their tables on the second day
            world.submit(village, f"{NAMES[village]}5月10日写实表", table)
        world.pass_hour("remind" if moment.hour == 9 else "poll")

    answered = Counter(str(letter["In-Reply-To"]) for each in world.letters.values() for letter in each)
    lost = {*GONE, *BOUNCING, *CHATTERERS}
    owed_answers = {message_id for message_id, village in world.submissions.items() if village not in lost}
    assert {each: answered[each] for each in owed_answers} == dict.fromkeys(owed_answers, 1)
    assert max(answered[each] for each in world.submissions) == 1
    assert not world.automatic & set(answered)

    for village, letters in world.letters.items():
        times = sorted(parsedate_to_datetime(letter["Date"]) for letter in letters)
        busiest = max(sum(begin <= each < begin + timedelta(days=1) for each in times) for begin in times)
        assert busiest <= MOST_ANSWERS_A_DAY, NAMES[village]
        assert [str(letter["To"]) for letter in letters] == [ADDRESSES[village]] * len(letters)
    for village in PARROTS:  # two answers, three reminders, and to the robot one for each subject that it repeats
        assert len(world.letters[village]) <= 2 + 3 + 4
    assert all(len(world.letters[village]) >= MOST_ANSWERS_A_DAY for village in CHATTERERS)  # the cap was needed
    assert not any(world.letters[village] for village in GONE)
    for village in BOUNCING:  # the answer to its own mail is the last letter: it came back
        written = [parsedate_to_datetime(letter["Date"]) for letter in world.letters[village]]
        assert max(written) <= world.wrote[village], NAMES[village]

    assert world.run("poll").startswith("新收")
    told = world.ask("messages")["messages"]
    assert [
        each for each in told if each["reply"]["state"] == "none" and not (each["reason"] or each["reply"]["reason"])
    ] == []
    assert not [each for each in told if each["trouble"]]
    states = {
        (row["village"], each["id"]): each["state"]
        for row in world.ask("status")["villages"]
        for each in row["deliverables"]
        if each["id"] in ("plan", "progress@2023-05-10")
    }
    silent = {(NAMES[village], "progress@2023-05-10") for village in (*GONE, *BOUNCING)}
    assert {key for key, state in states.items() if state != "accepted"} == silent
    report = world.run("report")
    assert "日报" in report
    page = next(world.config.parent.glob("reports/*.txt")).read_text("utf-8")
    assert all(ADDRESSES[village] in page for village in [*GONE, *BOUNCING])
