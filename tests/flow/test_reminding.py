"""Reminders, bounces and the breaker in a whole office: mail in a folder, letters into a Maildir."""

from __future__ import annotations

import email
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.cli import main
from pipeline.ledger import addresses, letters
from pipeline.ledger.views import messages
from pipeline.model.letter import AddressState, LetterState, RenderedLetter
from pipeline.model.message import Reason
from pipeline.office import Office, open_office
from pipeline.posting import send
from pipeline.reminding import find_unreachable, plan_reminders, store_reminders
from pipeline.reporting import report
from pipeline.run import poll
from tests.bounces import delivery_report, netease, qq
from tests.flow.township import OFFICE, VILLAGES, lay_out_office, plan, write_mail

BEIJING = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2023, 5, 5, 9, tzinfo=BEIJING)  # the plan's last day, a Friday of work


@dataclass
class Town:
    """An office, its clock and its villages."""

    config: Path
    moment: datetime = MORNING

    @property
    def office(self) -> Office:
        return open_office(self.config, lambda: self.moment)

    def receive(self, name: str, octets: bytes) -> None:
        """A mail arrives now, and the office polls."""
        stamp = f"Received: from x by y; {self.moment:%a, %d %b %Y %H:%M:%S %z}\r\n".encode()
        (self.config.parent / "mailbox" / f"{name}.eml").write_bytes(stamp + octets)
        poll(self.office)

    def hand_in(self, village: str, sender: str = "", name: str = "") -> None:
        sender = sender or f"{VILLAGES[village]}@village.test"
        name = name or VILLAGES[village]
        self.receive(
            name, write_mail(sender, f"{village}活动方案", ("方案.docx", plan(village)), message_id=f"<{name}@v.test>")
        )

    def remind(self) -> int:
        office = self.office
        stored = store_reminders(office, plan_reminders(office, by_hand=False))
        send(office)
        return stored

    def run(self, *arguments: str) -> int:
        return main(["--config", str(self.config), "--now", self.moment.isoformat(), *arguments])

    def sent(self, to: str = "") -> list[EmailMessage]:
        files = sorted((self.config.parent / "outgoing" / "new").glob("*"))
        mails = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [mail for mail in mails if to in str(mail["To"])]

    def read_report(self) -> str:
        return report(self.office, mail=False).text.read_text("utf-8")


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(lay_out_office(tmp_path))


def register(town: Town, *rows: str) -> None:
    text = "\n".join(["village,aliases,addresses,contact", *rows])
    (town.config.parent / "villages.csv").write_text(text, encoding="utf-8")


# --- reminders --------------------------------------------------------------------------------------------------------


def test_those_who_owe_are_reminded_once_a_day(town: Town) -> None:
    """One letter each, to those who have not handed in; not twice on a day, and counted in the day's report."""
    town.hand_in("石桥村")
    assert town.remind() == 2
    town.moment += timedelta(hours=2)
    assert town.remind() == 0
    reminders = [mail for mail in town.sent() if mail["Auto-Submitted"] == "auto-generated"]
    assert sorted(str(mail["To"]) for mail in reminders) == ["liudi@village.test", "qinghe@village.test"]
    assert all("活动月实施方案" in str(mail["Subject"]) for mail in reminders)
    rows = town.office.ledger, town.office.campaign
    assert letters.reminder_keys(rows[0], sent=True) == [
        f"reminder:2023-529:{village}:2023-05-05" for village in ("青禾村", "柳堤村")
    ]
    assert "已提醒1次" in town.read_report()


def status(town: Town, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[list[str], str]:
    """The villages that are listed, and what is said besides."""
    capsys.readouterr()
    assert town.run(*arguments) == 0
    said = capsys.readouterr()
    return [line.partition("\t")[0] for line in said.out.splitlines()], said.err


def test_a_village_that_was_renamed_before_anything_came(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Its old name is told no more."""
    rows = [f"{village},,{name}@village.test," for village, name in VILLAGES.items() if village != "石桥村"]
    assert status(town, capsys, "status")[0] == list(VILLAGES)
    register(town, "石桥新村,石桥村,shiqiao@village.test,", *rows)
    for _ in range(2):  # the second time at a glance
        assert status(town, capsys, "status") == (["石桥新村", "青禾村", "柳堤村"], "")


def test_a_renamed_village_is_not_asked_for_what_it_sent(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Until its deliveries are moved to its new name the operator is told how; other villages are reminded."""
    town.hand_in("石桥村")
    rows = [f"{village},,{name}@village.test," for village, name in VILLAGES.items() if village != "石桥村"]
    register(town, *rows)
    town.run("doctor")
    assert "石桥村（若是改名" in capsys.readouterr().out
    register(town, "石桥新村,石桥村,shiqiao@village.test,", *rows)
    assert [each.village for each in find_unreachable(town.office)] == ["石桥新村"]
    assert town.remind() == 2
    assert town.sent("shiqiao@")[1:] == []
    assert "recheck --apply" in town.read_report()
    assert town.run("doctor") == 1
    assert "村名改过" in capsys.readouterr().out
    for arguments in (["status"], ["status", "--village", "石桥新村"]):
        assert "recheck --apply" in status(town, capsys, *arguments)[1]
    assert town.run("recheck", "--apply") == 0
    assert find_unreachable(town.office) == ()
    assert status(town, capsys, "status") == (["石桥新村", "青禾村", "柳堤村"], "")
    assert status(town, capsys, "status", "--village", "石桥新村") == (["石桥新村"], "")
    capsys.readouterr()
    town.run("doctor")
    assert "村名册" not in capsys.readouterr().out


def test_who_hands_in_before_the_reminder_goes_gets_none(town: Town) -> None:
    """A reminder that waits in the outbox is taken back when the village is complete."""
    office = town.office
    assert store_reminders(office, plan_reminders(office, by_hand=False)) == 3
    town.hand_in("青禾村")
    assert [str(mail["Auto-Submitted"]) for mail in town.sent("qinghe@")] == ["auto-replied"]
    assert len(town.sent("liudi@")) == 1


def test_a_reminder_that_could_not_be_sent_waits_for_morning(town: Town) -> None:
    """The way out is away until night: nobody is written to then. In the morning the letter tells what is owed by then.

    Who has handed in meanwhile gets none, and nobody gets two.
    """
    town.moment = datetime(2023, 5, 10, 17, tzinfo=BEIJING)  # a Wednesday, the day of a deadline
    office = town.office
    assert store_reminders(office, plan_reminders(office, by_hand=False)) == 3
    for hour in (20, 23):
        town.moment = town.moment.replace(hour=hour)
        assert send(town.office).sent == 0
    town.hand_in("青禾村")
    assert [str(mail["Auto-Submitted"]) for mail in town.sent()] == ["auto-replied"]
    town.moment = datetime(2023, 5, 11, 7, 59, tzinfo=BEIJING)
    assert send(town.office).sent == 0
    town.moment = datetime(2023, 5, 11, 8, 1, tzinfo=BEIJING)
    assert send(town.office).sent == 3  # 青禾村 still owes the table
    (letter,) = town.sent("liudi@")
    assert "2023年5月11日" in words(letter)
    assert "时限已过" in words(letter)
    assert town.remind() == 0
    assert send(town.office).sent == 0


def test_a_reminder_waits_over_a_weekend(town: Town) -> None:
    """What could not be sent on a Friday goes out on Monday, in words of Monday."""
    assert store_reminders(town.office, plan_reminders(town.office, by_hand=True)) == 3
    for day in (6, 7):  # Saturday the 6th was a working day in 2023, exchanged for May Day
        town.moment = datetime(2023, 5, day, 21 if day == 6 else 10, tzinfo=BEIJING)
        assert send(town.office).sent == 0
    town.moment = datetime(2023, 5, 8, 9, tzinfo=BEIJING)
    assert send(town.office).sent == 3
    assert "2023年5月8日" in words(town.sent("liudi@")[0])


def words(letter: EmailMessage) -> str:
    """The text of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_to_whom(town: Town) -> None:
    """A village without an address is written to where it wrote from last; one that never wrote is to be called."""
    register(town, "石桥村,,,", "青禾村,,,李主任 6000002", "柳堤村,,liudi@village.test,")
    town.hand_in("石桥村", sender="wang@home.test")
    town.moment = datetime(2023, 5, 10, 9, tzinfo=BEIJING)
    assert town.remind() == 2
    assert len(town.sent("wang@home.test")) == 2
    (missing,) = find_unreachable(town.office)
    assert (missing.village, missing.contact) == ("青禾村", "李主任 6000002")
    assert "没有登记邮箱" in town.read_report()


def test_one_clerk_for_many_villages_keeps_room_for_answers(town: Town) -> None:
    """Five reminders a day to one address; the other villages are named, to be called."""
    register(town, *(f"{name}村,,clerk@village.test," for name in "甲乙丙丁戊己庚"))
    planned = plan_reminders(town.office, by_hand=True)
    assert len(planned.letters) == 5
    assert [each.village for each in planned.unreachable] == ["己村", "庚村"]


def test_the_command_shows_before_it_sends(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """--dry-run: who, what, one text, the words for the work group; nothing is written. Then it is done, once."""
    register(town, "石桥村,,shiqiao@village.test,", "青禾村,,,李主任 6000002")
    assert town.run("remind", "--dry-run") == 0
    shown = capsys.readouterr().out
    for words in (
        "shiqiao@village.test",
        "【温馨提示】石桥村",
        "24:00",
        "请打电话：青禾村",
        "可转发到工作群",
        "没有发出",
    ):
        assert words in shown
    assert town.sent() == []
    assert letters.reminder_keys(town.office.ledger) == []
    assert town.run("remind") == 1  # somebody must be called
    assert len(town.sent()) == 1
    assert town.run("remind") == 1
    assert "今天已提醒过" in capsys.readouterr().out
    assert len(town.sent()) == 1


def test_the_command_reads_the_mail_first(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Who has handed in is not reminded; where mail cannot be read, nobody is."""
    folder = town.config.parent / "mailbox"
    stamp = f"Received: from x by y; {town.moment:%a, %d %b %Y %H:%M:%S %z}\r\n".encode()
    mail = write_mail("shiqiao@village.test", "石桥村方案", ("方案.docx", plan("石桥村")), message_id="<1@v.test>")
    (folder / "1.eml").write_bytes(stamp + mail)
    assert town.run("remind") == 0
    assert [str(mail["Auto-Submitted"]) for mail in town.sent("shiqiao@")] == ["auto-replied"]
    town.moment = datetime(2023, 5, 10, 9, tzinfo=BEIJING)
    folder.rename(folder.with_name("gone"))
    before = len(town.sent())
    assert town.run("remind") == 1
    assert "没有提醒" in capsys.readouterr().out
    assert len(town.sent()) == before


@pytest.mark.parametrize("moment", [datetime(2023, 5, 1, 10), datetime(2023, 5, 5, 21), datetime(2023, 6, 10, 10)])  # noqa: DTZ001 (the zone is given below)
def test_rest_is_kept_unless_told(town: Town, moment: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    """On a holiday, at night and on a Saturday nothing goes out; the coordinator may insist."""
    town.moment = moment.replace(tzinfo=BEIJING)
    assert town.run("remind") == 1
    assert "--anyway" in capsys.readouterr().out
    assert town.sent() == []
    assert town.run("remind", "--anyway") == 0
    assert len(town.sent()) == 3


# --- bounces ----------------------------------------------------------------------------------------------------------


def answer_to(town: Town, village: str = "石桥村") -> EmailMessage:
    """The answer to this village's mail."""
    town.hand_in(village)
    (answer,) = town.sent(VILLAGES[village])
    return answer


def test_a_bounced_answer_is_shown_and_the_address_left_alone(town: Town) -> None:
    """A DSN names our letter: the address is dead, reminders pass it by, the report names village and address."""
    answer = answer_to(town)
    town.moment += timedelta(minutes=5)
    town.receive(
        "bounce",
        delivery_report(
            "shiqiao@village.test",
            status="5.1.1",
            words="550 5.1.1 User unknown",
            letter_id=str(answer["Message-ID"]),
            subject=str(answer["Subject"]),
        ),
    )
    (lost,) = addresses.lost_addresses(town.office.ledger, town.office.campaign)
    assert (lost.address, lost.state, lost.village) == ("shiqiao@village.test", AddressState.DEAD, "石桥村")
    shown = {each.sender.address: each for each in messages(town.office.ledger)}
    assert shown["shiqiao@village.test"].reply.note.startswith("被退回")
    assert shown["mailer-daemon@mx.village.test"].reply.reason is Reason.BOUNCE
    page = town.read_report()
    assert "收不到信的邮箱" in page
    assert "有一封退信" not in page
    town.moment = datetime(2023, 5, 10, 9, tzinfo=BEIJING)
    assert town.remind() == 2
    assert len(town.sent("shiqiao@")) == 1
    assert [each.village for each in find_unreachable(town.office)] == ["石桥村"]
    town.hand_in("石桥村", name="again")  # a mail from the address: it is there after all
    assert addresses.dead_addresses(town.office.ledger) == frozenset()
    assert len(town.sent("shiqiao@")) == 2


def test_a_mail_from_before_the_bounce_is_not_answered(town: Town) -> None:
    """What was sent before the address was lost, and is read after it, gets no answer; the reason is kept."""
    answer = answer_to(town)
    early = town.moment
    town.moment += timedelta(hours=1)
    town.receive(
        "bounce",
        delivery_report("shiqiao@village.test", status="5.1.1", words="", letter_id=str(answer["Message-ID"])),
    )
    town.moment = early + timedelta(minutes=30)
    town.hand_in("石桥村", name="delayed")
    assert len(town.sent("shiqiao@")) == 1
    silent = [each for each in messages(town.office.ledger) if each.reply.reason is Reason.DEAD_ADDRESS]
    assert [each.reply.state for each in silent] == [LetterState.NONE]


@pytest.mark.parametrize(
    ("bounce", "state"),
    [
        (netease("shiqiao@village.test", "SUBJECT", "收件人地址不存在", "User not found"), AddressState.DEAD),
        (qq("shiqiao@village.test", "SUBJECT", "收件人空间不足"), AddressState.FAILING),
    ],
    ids=["NetEase", "QQ"],
)
def test_bounces_in_words(town: Town, bounce: bytes, state: AddressState) -> None:
    """They name only the address: the letter that went there last is meant."""
    answer_to(town)
    town.moment += timedelta(minutes=5)
    town.receive("bounce", bounce)
    assert [each.state for each in addresses.lost_addresses(town.office.ledger, town.office.campaign)] == [state]
    assert ("被退回的信" in town.read_report()) is (state is AddressState.FAILING)


def test_a_forged_bounce_harms_nobody(town: Town) -> None:
    """Of an address that we never wrote to, or of a letter that is not ours."""
    town.receive("bounce", delivery_report("shiqiao@village.test", status="5.1.1", words="550 User unknown"))
    assert addresses.lost_addresses(town.office.ledger, town.office.campaign) == []
    assert "有一封退信" in town.read_report()


# --- the breaker ------------------------------------------------------------------------------------------------------


def test_no_flood_leaves_the_office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So many letters an hour and no more; the rest goes out later, and the coordinator is told."""
    town = Town(lay_out_office(tmp_path, more="most_per_hour = 3\n"))
    office = town.office
    for number in range(5):
        octets = f"Message-ID: <{number}@town.test>\r\nSubject: {number}\r\n\r\n{number}\r\n".encode()
        to = f"v{number}@village.test"
        letter = RenderedLetter(f"reply:{number}", "reply", OFFICE, to, "x", f"<{number}@town.test>", octets)
        letters.enqueue(office.ledger, letter, town.moment)
    assert town.run("poll") == 1
    assert "其余2封稍后自动发出" in capsys.readouterr().out.replace("\n", "")
    assert len(town.sent()) == 3
    town.moment += timedelta(minutes=30)
    assert poll(town.office).sending.sent == 0
    town.moment += timedelta(minutes=31)
    done = poll(town.office)
    assert (done.sending.sent, done.troubles) == (2, ())
    assert "一小时发信达到3封的上限" in town.read_report()
    town.moment += timedelta(days=2)
    assert "上限" not in town.read_report()


def test_everything_is_told_as_json(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """A bounced answer stays an answer that was sent, as the contract has it."""
    answer = answer_to(town)
    town.moment += timedelta(minutes=5)
    town.receive(
        "bounce",
        delivery_report("shiqiao@village.test", status="5.1.1", words="", letter_id=str(answer["Message-ID"])),
    )
    capsys.readouterr()
    assert town.run("messages", "--json") == 0
    told = json.loads(capsys.readouterr().out)["messages"]
    assert [(each["disposition"], each["reason"], each["reply"]["state"]) for each in told] == [
        ("submission", None, "sent"),
        ("ignored", "bounce", "none"),
    ]
