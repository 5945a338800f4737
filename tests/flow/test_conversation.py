"""Answers of villages to letters of ours, in a whole office: mail in a folder, letters into a Maildir."""

from __future__ import annotations

import email
import json
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.cli import main
from pipeline.office import open_office
from pipeline.posting import send
from pipeline.reminding import plan_reminders, store_reminders
from pipeline.run import poll
from tests.flow.township import FORMS, RULES, lay_out_office, photo, plan, progress, statistics, write_mail

BEIJING = ZoneInfo("Asia/Shanghai")
NIL_ALLOWED = '\n[[deliverable]]\nname     = "progress"\nnil_allowed = true\n'
FIRST, SECOND = "progress@2023-05-10", "progress@2023-05-20"


class Talk:
    """An office and the mails between it and its villages, one a step."""

    def __init__(self, folder: Path) -> None:
        rules = folder / "rules"
        shutil.copytree(RULES, rules)
        campaign = rules / "2023-529.toml"
        text = campaign.read_text("utf-8")
        assert '\nname     = "progress"\n' in text
        campaign.write_text(text.replace('\n[[deliverable]]\nname     = "progress"\n', NIL_ALLOWED), encoding="utf-8")
        self.config = lay_out_office(folder, campaign=campaign.as_posix())
        self.moment = datetime(2023, 5, 9, 9, tzinfo=BEIJING)
        self._number = 0
        self._shown: set[Path] = set()

    def say(
        self,
        text: str,
        *files: tuple[str, bytes],
        subject: str = "材料",
        sender: str = "shiqiao@village.test",
        answers: EmailMessage | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> EmailMessage | None:
        """A mail arrives, an hour after the last one; the office's letter, if it answers."""
        self.moment += timedelta(hours=1)
        self._number += 1
        known = dict(fields or {})
        if answers is not None:
            known["In-Reply-To"] = str(answers["Message-ID"])
            subject = f"回复：{answers['Subject']}"
        octets = write_mail(
            sender, subject, *files, text=text, message_id=f"<{self._number}@v.test>", arrived=self.moment, fields=known
        )
        (self.config.parent / "mailbox" / f"{self._number:02}.eml").write_bytes(octets)
        poll(open_office(self.config, lambda: self.moment))
        return self._letter()

    def remind(self) -> EmailMessage | None:
        """The office reminds; the letter to 石桥村."""
        office = open_office(self.config, lambda: self.moment)
        store_reminders(office, plan_reminders(office, by_hand=True))
        send(office)
        return self._letter("shiqiao")

    def _letter(self, to: str = "") -> EmailMessage | None:
        found = None
        for file in sorted((self.config.parent / "outgoing" / "new").glob("*")):
            if file not in self._shown:
                self._shown.add(file)
                mail = email.message_from_bytes(file.read_bytes(), policy=default)
                found = mail if to in str(mail["To"]) else found
        return found

    def ask(self, capsys: pytest.CaptureFixture[str], *command: str) -> Any:
        """What a command says as JSON."""
        capsys.readouterr()
        assert main(["--config", str(self.config), "--now", self.moment.isoformat(), *command, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    def state(self, capsys: pytest.CaptureFixture[str], deliverable: str, village: str = "石桥村") -> str:
        """How a deliverable of a village stands."""
        (row,) = (each for each in self.ask(capsys, "status")["villages"] if each["village"] == village)
        (found,) = (each for each in row["deliverables"] if each["id"] == deliverable)
        return str(found["state"])


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return Talk(tmp_path)


def words(letter: EmailMessage | None) -> str:
    """The text of a letter, its subject first."""
    assert letter is not None
    body = letter.get_body(("plain",))
    assert body is not None
    return f"{letter['Subject']}\n{body.get_content()}".replace("\r\n", "\n")


def quoting(text: str, letter: EmailMessage | None) -> str:
    """An answer as QQ's phone program writes it: the new words, then the letter below."""
    return (
        f"{text}\n\n\n发自我的手机\n\n------------------ 原始邮件 ------------------\n发件人: 办公室\n\n{words(letter)}"
    )


BAD = ("写实表.docx", progress("石桥村", place=False))


# --- nil reports ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["无", "零报告", "本期无活动。", "您好，我村本期没有开展活动，谢谢！"])
def test_nothing_to_report_in_an_answer(talk: Talk, capsys: pytest.CaptureFixture[str], said: str) -> None:
    """The whole new text says so: recorded for what the letter asked for, told apart from missing, and answered."""
    reminder = talk.remind()
    assert "回复“无”" in words(reminder)
    answer = talk.say(quoting(said, reminder), answers=reminder)
    assert talk.state(capsys, FIRST) == "nil"
    assert talk.state(capsys, FIRST, "青禾村") == "not-due"
    assert "零报告" in words(answer)
    (heard,) = talk.ask(capsys, "messages")["messages"]
    assert (heard["disposition"], heard["reply"]["state"], heard["findings"]) == ("submission", "sent", [])
    # Who said so is not asked again, and what comes after all counts.
    talk.moment += timedelta(days=2)
    assert FIRST not in words(talk.remind())
    talk.say("补报", ("5月10日写实表.docx", progress("石桥村")), subject="石桥村5月10日写实表")
    assert talk.state(capsys, FIRST) == "accepted"


@pytest.mark.parametrize(
    "keep", [pytest.param("mark", id="编号"), pytest.param("subject", id="主题"), pytest.param("ids", id="References")]
)
def test_a_program_that_drops_the_header(talk: Talk, capsys: pytest.CaptureFixture[str], keep: str) -> None:
    """The letter's own mark in the quoted text, or its subject, or References alone, lead back to it."""
    reminder = talk.remind()
    assert reminder is not None
    if keep == "mark":
        talk.say(quoting("无", reminder), subject="你好", sender="home@elsewhere.test")
    elif keep == "subject":
        talk.say("无", subject=f"回复：Re: {reminder['Subject']}")
    else:
        talk.say("无", subject="无", fields={"References": f"<0@v.test> {reminder['Message-ID']}"})
    assert talk.state(capsys, FIRST) == "nil"


def test_a_bare_no_without_a_letter_says_nothing(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """无 alone answers nothing; 零报告 with the deliverable's name says by itself what it means."""
    assert talk.say("无", subject="石桥村") is None
    assert talk.state(capsys, FIRST) == "not-due"
    assert talk.say("零报告", subject="石桥村写实表") is not None
    assert talk.state(capsys, FIRST) == "nil"


@pytest.mark.parametrize(
    "said", ["本期无活动，照片下周发", "没有收到附件", "无法打开附件", "> 无", "活动还没有开展，月底再报"]
)
def test_other_words_are_no_nil_report(talk: Talk, capsys: pytest.CaptureFixture[str], said: str) -> None:
    """A sentence that goes on, or a quotation, records nothing."""
    talk.say(said, answers=talk.remind())
    assert talk.state(capsys, FIRST) == "not-due"


def test_where_the_campaign_does_not_allow_it(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is recorded, and the village is told so, kindly."""
    talk.moment = datetime(2023, 6, 9, 9, tzinfo=BEIJING)
    reminder = talk.remind()
    answer = words(talk.say("活动总结：无", answers=reminder))
    assert "不能零报告" in answer
    assert "活动总结" in answer
    assert talk.state(capsys, "summary") == "not-due"


def test_an_automatic_no_is_not_heard(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """A machine's answer records nothing and gets no answer."""
    assert talk.say("无", answers=talk.remind(), fields={"Auto-Submitted": "auto-replied"}) is None
    assert talk.state(capsys, FIRST) == "not-due"


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_the_village_named_in_an_answer(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """An answer that only names the village settles the earlier mail: its arrival counts, it need not come again."""
    talk.moment = datetime(2023, 5, 5, 22, tzinfo=BEIJING)
    nameless = plan("某某")
    question = talk.say("请查收", ("方案.docx", nameless), sender="li@home.test")
    assert "我是××村" in words(question)
    answer = talk.say(quoting("我是石桥村", question), sender="li@home.test", answers=question)
    assert "活动月实施方案" in words(answer)
    assert "【已收到】石桥村" in words(answer)
    assert talk.state(capsys, "plan") == "accepted"
    plan_row = talk.ask(capsys, "status")["villages"][0]["deliverables"][0]
    assert (plan_row["late"], plan_row["received_at"]) == (False, "2023-05-05T23:00:00+08:00")
    first, second = talk.ask(capsys, "messages")["messages"]
    assert (first["disposition"], first["attachments"][0]["village"]) == ("submission", "石桥村")
    assert (second["disposition"], second["reply"]["state"]) == ("submission", "sent")
    # Said once more it changes nothing and is not answered.
    assert talk.say("我是青禾村", sender="li@home.test", answers=question) is None
    assert talk.state(capsys, "plan", "青禾村") == "missing"


def test_a_stranger_does_not_say_whose_it_is(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """Only who sent the files may."""
    question = talk.say("请查收", ("方案.docx", plan("某某")), sender="li@home.test")
    talk.say("我是石桥村", sender="wang@elsewhere.test", answers=question)
    assert talk.ask(capsys, "messages")["messages"][0]["disposition"] == "unrecognised"


def test_a_newer_delivery_is_not_undone(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """The village sent it again with its name, and then answers the question too: the newer one stays in force."""
    question = talk.say("请查收", ("方案.docx", plan("某某")), sender="li@home.test")
    talk.say("请查收", ("方案.docx", plan("石桥村")), sender="li@home.test", subject="石桥村方案")
    talk.say("我是石桥村", sender="li@home.test", answers=question)
    rows = talk.ask(capsys, "status")["villages"][0]["deliverables"]
    assert rows[0]["received_at"] == "2023-05-09T11:00:00+08:00"


# --- corrections ------------------------------------------------------------------------------------------------------


def test_a_correction_is_of_the_round_that_it_answers(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """On 19 May a table would be that of the 20th; in the answer about the 10th it mends that one."""
    letter = talk.say("请查收", BAD, subject="石桥村5月10日写实表")
    assert talk.state(capsys, FIRST) == "returned"
    talk.moment = datetime(2023, 5, 19, 9, tzinfo=BEIJING)
    talk.say("改好了", ("写实表.docx", progress("石桥村")), answers=letter)
    assert (talk.state(capsys, FIRST), talk.state(capsys, SECOND)) == ("accepted", "not-due")
    # The letter answered again when that is mended: now it is the next round's.
    talk.say("这次的", ("写实表.docx", progress("石桥村", rows=3)), answers=letter)
    assert talk.state(capsys, SECOND) == "accepted"


def test_a_correction_without_any_name(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """No village, no title, an address that nobody knows: the thread tells both."""
    short = plan("石桥村")
    letter = talk.say("请查收", ("石桥村方案.txt", "石桥村方案".encode()), sender="li@home.test", subject="石桥村方案")
    assert talk.state(capsys, "plan") == "returned"
    talk.say("改好了", ("a1.docx", short), sender="wang@elsewhere.test", subject="?", fields=_reply_to(letter))
    assert talk.state(capsys, "plan") == "accepted"


LACKING = ("写实表.docx", progress("石桥村", pictures=1))


@pytest.mark.parametrize("name", ["IMG_2023.jpg", "照片.jpg", "第二行照片.jpg"])
def test_a_photo_that_the_form_lacks_is_no_set(talk: Talk, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """The letter said that rows 1 and 2 have one photo each; one comes by itself: the form must come whole, kindly."""
    letter = talk.say("请查收", LACKING, subject="石桥村5月10日写实表")
    answer = words(talk.say("照片已补上", (name, photo("补")), answers=letter))
    assert (talk.state(capsys, FIRST), talk.state(capsys, "photos")) == ("returned", "not-due")
    assert "请把照片贴进第1、2行，再把整份表重新发来；如是“精选活动照片”，请写明后再发" in answer
    (message,) = talk.ask(capsys, "messages")["messages"][1:]
    assert [each["deliverable"] for each in message["attachments"]] == [None]
    assert [each["code"] for each in message["findings"]] == ["attachment-unrecognised"]
    talk.say("改好了", ("写实表.docx", progress("石桥村")), answers=letter)
    assert talk.state(capsys, FIRST) == "accepted"


def test_photos_for_many_rows_are_told_by_their_words(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """As many as would make a set, and no answer to our letter: but the rows are named."""
    talk.say("请查收", LACKING, subject="石桥村5月10日写实表")
    files = [(f"{number}.jpg", photo(f"补{number}")) for number in range(3)]
    talk.say("这是第1行、第2行要补的照片", *files, subject="石桥村补照片")
    assert talk.state(capsys, "photos") == "not-due"


@pytest.mark.parametrize("why", ["three", "named", "form", "mended", "another"])
def test_photos_that_are_the_set(talk: Talk, capsys: pytest.CaptureFixture[str], why: str) -> None:
    """Three, or called so, or beside the form, or when the form is mended, or where a photo of the set is asked for."""
    letter = talk.say("请查收", LACKING, subject="石桥村5月10日写实表")
    said, files, thread = "照片", [("1.jpg", photo("1"))], letter
    match why:
        case "three":
            files += [(f"{number}.jpg", photo(f"{number}")) for number in (2, 3)]
        case "named":
            said = "这是精选活动照片，先发一张"
        case "form":
            files.append(("写实表.docx", progress("石桥村")))
        case "mended":
            talk.say("改好了", ("写实表.docx", progress("石桥村")), answers=letter)
        case "another":
            thread = talk.say("精选照片", ("2.jpg", photo("2")), ("3.jpg", photo("3")), subject="石桥村精选照片")
    talk.say(said, *files, answers=thread)
    assert talk.state(capsys, "photos") == ("accepted" if why in ("three", "another") else "returned")


def _reply_to(letter: EmailMessage | None) -> dict[str, str]:
    assert letter is not None
    return {"In-Reply-To": str(letter["Message-ID"])}


def test_our_own_form_that_comes_back_is_no_delivery(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs send along what they answer or forward: our blank form beside a real file is left out, and said so."""
    blank = ("统计表.docx", (FORMS / "statistics.docx").read_bytes())
    answer = talk.say("请查收", ("石桥村方案.docx", plan("石桥村")), blank, subject="转发：通知")
    assert talk.state(capsys, "plan") == "accepted"
    assert talk.state(capsys, "statistics") == "not-due"
    assert "我们发出的原件" in words(answer)
    # The same for the notice itself, whose forms are blank too.
    notice = ("通知.docx", (FORMS / "notice.docx").read_bytes())
    answer = talk.say("请查收", ("石桥村方案.docx", plan("石桥村")), notice, subject="转发：通知")
    assert talk.state(capsys, FIRST) == "not-due"
    # The same for what went with a letter.
    letter = talk.say("请查收", BAD, subject="石桥村5月10日写实表")
    assert letter is not None
    (marked,) = (part for part in letter.walk() if part.get_content_disposition() == "attachment")
    octets = marked.get_payload(decode=True)
    assert isinstance(octets, bytes)
    before = talk.ask(capsys, "status")
    talk.say("照片", ("请补正.docx", octets), ("石桥村1.jpg", photo("1")), answers=letter)
    assert [row for row in talk.ask(capsys, "status")["villages"][0]["deliverables"] if row["id"] == FIRST] == [
        row for row in before["villages"][0]["deliverables"] if row["id"] == FIRST
    ]
    last = talk.ask(capsys, "messages")["messages"][-1]
    assert sha256(octets).hexdigest() in [each["sha256"] for each in last["attachments"]]
    # Alone it was sent on purpose, and is judged.
    talk.say("请查收", blank, subject="石桥村统计表")
    assert talk.state(capsys, "statistics") == "returned"


# --- the last answer of a day -----------------------------------------------------------------------------------------


def test_the_last_answer_of_a_day_says_so(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """The tenth answer to an address tells that no more come today and whom to call; the eleventh mail is judged."""
    letters = [
        talk.say("请查收", ("石桥村统计表.docx", statistics("石桥村", ((str(number), "9"), ("2", "8"), ("1", "4")))))
        for number in range(1, 12)
    ]
    said = ["不再逐封答复" in words(letter) for letter in letters if letter is not None]
    assert said == [False] * 9 + [True]
    assert "请联系街道计划生育协会办公室" in words(letters[9])
    last = talk.ask(capsys, "messages")["messages"][-1]
    assert (last["reply"]["state"], last["reply"]["reason"]) == ("none", "cap")
    assert talk.state(capsys, "statistics") == "accepted"


def test_a_robot_without_marks_is_left_alone(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """One that answers every letter with the same words gets one answer at the most, and the reason is shown."""
    letter = talk.say("请查收", ("石桥村方案.docx", plan("石桥村")))
    robot = "您的来信已收到，附件正在审阅，请勿回复。"
    answers = 0
    while letter is not None and answers < 5:
        letter = talk.say(robot, answers=letter)
        answers += letter is not None
    assert answers <= 2
    assert talk.ask(capsys, "messages")["messages"][-1]["reply"]["reason"] in ("repeated", "nothing-sent")
