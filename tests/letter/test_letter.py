"""What a village is told, word for word, and when it is told nothing. After a wanted change of words:
SNAPSHOTS=write pytest tests/letter/test_letter.py, then read the difference."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from lxml import html as lxml_html

from pipeline.errors import ConfigError
from pipeline.letter.answer import MOST_ANSWERS_A_DAY, may_not_answer, write_reply
from pipeline.letter.proof import check_letters
from pipeline.model.content import Content, Other, Unreadable
from pipeline.model.files import FileKind, Problem
from pipeline.model.letter import Enclosures, Letter, LetterFile
from pipeline.model.message import Address, Message, Reason
from pipeline.model.past import Ask, Past, Thread
from pipeline.model.standing import State
from pipeline.model.verdict import Disposition, Verdict
from tests.snapshots import assert_letter
from tests.submissions import (
    CAMPAIGN,
    DAMAGED,
    account,
    after,
    at,
    cloud_link,
    judge_mail,
    mail,
    past,
    picture,
    plan,
    progress,
    sent,
    standing,
    statistics,
    text,
    video,
)

SENDER = "shiqiao@village.test"

Given = tuple[Message, list[Content]]


# As the project's own, but both tables may be reported nil.
RULES = replace(
    CAMPAIGN, deliverables=tuple(replace(each, nil_allowed=each.form is not None) for each in CAMPAIGN.deliverables)
)


def reply(given: Given, known: Past = Past(), now: datetime | None = None) -> Letter:  # noqa: B008 (frozen)
    """The answer to a mail, written an hour after it came."""
    message, _ = given
    moment = now or message.received_at.replace(hour=message.received_at.hour + 1)
    return write_reply(judge_mail(given, known, RULES), known, RULES, domain="town.test", now=moment)


# --- the words --------------------------------------------------------------------------------------------------------

ALL_DONE = past(
    *(standing(State.ACCEPTED, each.id) for each in CAMPAIGN.deliverables if each.id not in ("summary", "video")),
    standing(State.WAIVED, "video"),
)
PLAN = sent("石桥村方案.docx", plan("石桥村"))
BAD_TABLE = sent("写实表.docx", progress("石桥村", account(2, place=""), account(3, people=""), "5月4日"))
PHOTOS = [sent(f"石桥村活动{seed}.jpg", picture(seed)) for seed in ("a", "b", "c")]
NAMELESS = sent("活动方案.docx", text("活动月实施方案", "内容"))
BAD_PHOTOS = [
    *PHOTOS[:1],
    sent("石桥村截图.png", picture("p", kind=FileKind.PNG)),
    sent("石桥村坏.jpg", DAMAGED, kind=FileKind.JPEG),
]
NEIGHBOURS_TABLE = sent("写实表.docx", progress("青禾村", account(2, place="")))
WRONG_VILLAGE = sent("写实表.docx", progress("青禾村"))

ALL_ASKED = Past(thread=Thread(("石桥村",), tuple(Ask("石桥村", each.id, False) for each in CAMPAIGN.deliverables)))
NIL_ASKED = Past(
    thread=Thread(("石桥村",), tuple(Ask("石桥村", each, False) for each in ("progress@2023-05-10", "summary")))
)

LETTERS: dict[str, tuple[Given, Past]] = {
    "accepted": (mail(PLAN, sender=SENDER), Past()),
    "complete": (mail(sent("石桥村总结.docx", plan("石桥村")), sender=SENDER, received_at=at(6, 9)), ALL_DONE),
    "please mend": (mail(BAD_TABLE, sender=SENDER), past(standing(State.RETURNED, "plan"))),
    "photos to mend": (mail(*BAD_PHOTOS, sender=SENDER, received_at=at(6, 2)), ALL_DONE),
    "figures to look at": (
        mail(sent("统计表.docx", statistics("石桥村", ("3", "0", "若干", "", "1", "40"))), sender=SENDER),
        Past(),
    ),
    "unknown village": (mail(NAMELESS, sent("1.jpg", picture("q"))), Past()),
    "missing attachment": (mail(subject="石桥村活动方案", sender=SENDER), Past()),
    "late": (mail(PLAN, sender=SENDER, received_at=at(5, 8)), Past()),
    "returned after the deadline": (mail(BAD_TABLE, sender=SENDER, received_at=at(5, 12)), Past()),
    "link": (mail(links=(cloud_link(),), sender=SENDER), Past()),
    "kept earlier": (mail(BAD_TABLE, sender=SENDER), past(standing(State.ACCEPTED, "progress@2023-05-10"))),
    "the same again": (mail(PLAN, sender=SENDER, number=2), after(judge_mail(mail(PLAN, sender=SENDER)))),
    "an older version again": (
        mail(PLAN, sender=SENDER),
        past(
            replace(
                standing(State.ACCEPTED, attachments=("n" * 64,)), superseded=frozenset({PLAN.attachment.blob.digest})
            )
        ),
    ),
    "several villages": (
        mail(PLAN, NEIGHBOURS_TABLE, *PHOTOS, sender="both@village.test"),
        Past(),
    ),
    "a paper of another village": (mail(WRONG_VILLAGE, sender=SENDER), Past()),
    "only a person may look": (mail(sent("石桥村方案.zip", Unreadable(Problem.HOSTILE), kind=FileKind.ZIP)), Past()),
    "a file that fits nothing": (mail(PLAN, sent("石桥村歌曲.mp3", Other()), sender=SENDER), Past()),
    "nil report": (mail(body="本期无活动", sender=SENDER, received_at=at(5, 9)), NIL_ASKED),
    "nil report of what is wanted": (mail(body="活动总结：无", sender=SENDER, received_at=at(6, 9)), NIL_ASKED),
    "nil report of nobody knows what": (mail(body="无", sender=SENDER, received_at=at(5, 9)), ALL_ASKED),
    "everything at once": (
        mail(
            PLAN, BAD_TABLE, *BAD_PHOTOS, sent("石桥村视频.mp4", video(2)), sent("石桥村总结.docx", text("石桥村总结")),
            sender=SENDER, received_at=at(6, 11),
        ),
        Past(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LETTERS)
def test_words(name: str) -> None:
    """Subject, text and HTML, as the village's clerk reads them."""
    given, known = LETTERS[name]
    letter = reply(given, known)
    assert_letter(name.replace(" ", "-"), letter.subject, letter.text, letter.html)


def _signs(written: str) -> str:
    """Han characters, letters and figures only, without the numbers of a list."""
    return re.sub(r"[^\w]|_", "", re.sub(r"(?m)^\d+\. |^ *- ", "", written))


@pytest.mark.parametrize("name", LETTERS)
def test_both_forms_say_the_same(name: str) -> None:
    """The HTML has the words of the text, in the same order; nothing else to read."""
    letter = reply(*LETTERS[name])
    assert _signs("".join(map(str, lxml_html.fromstring(letter.html).itertext()))) == _signs(letter.text)


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_chinese_and_blames_nobody(name: str) -> None:
    """No word of English but a file's ending, no code, no rude word, no blank lines in a row."""
    letter = reply(*LETTERS[name])
    written = letter.subject + letter.text
    assert set(re.findall(r"[A-Za-z]+", written)) <= {"docx", "jpg", "png", "mp", "zip", "Word", "PDF", "QQ"}
    assert not re.search("错误|失败|违规|必须|不得|严禁|None|Severity", written)
    assert "\n\n\n" not in letter.text
    assert len(letter.subject) < 60


def test_what_is_enclosed_is_told() -> None:
    """Each kind of file that goes with the letter has its sentence; a letter without files speaks of none."""
    given = mail(BAD_TABLE, sender=SENDER)
    plain = reply(given)
    assert plain.files == ()
    assert "附件" not in plain.text
    files = tuple(LetterFile(f"{name}.docx", "application/msword", b"x") for name in ("批注", "小图", "空白表"))
    enclosures = Enclosures(files[:1], files[1:2], files[2:])
    letter = write_reply(
        judge_mail(given), Past(), CAMPAIGN, domain="town.test", now=at(5, 4, 10), enclosures=enclosures
    )
    assert letter.files == files
    assert [word for word in ("批注", "小图", "空白表") if word not in letter.text or word not in letter.html] == []


def test_which_of_several_files_is_meant() -> None:
    """Four photos, one of a wrong format: the letter says which."""
    letter = reply(mail(*PHOTOS, BAD_PHOTOS[1], sender=SENDER, received_at=at(6, 2)))
    assert "“石桥村截图.png”：这张照片" in letter.text
    second = sent("石桥村截图2.png", picture("q", kind=FileKind.PNG))
    letter = reply(mail(*PHOTOS, BAD_PHOTOS[1], second, sender=SENDER, received_at=at(6, 2)))
    assert "“石桥村截图.png”、“石桥村截图2.png”：这几张照片" in letter.text


def test_villages_stand_apart() -> None:
    """Each village's part begins after a blank line."""
    assert "\n\n青禾村：\n" in reply(*LETTERS["several villages"]).text


def test_a_file_name_is_no_markup() -> None:
    """What a stranger wrote is shown as he wrote it, never obeyed."""
    letter = reply(mail(sent("<b>{{ campaign }}</b>&.docx", text("x", "y"))))
    assert "<b>{{ campaign }}</b>&.docx" in letter.text
    assert "&lt;b&gt;{{ campaign }}&lt;/b&gt;&amp;.docx" in letter.html


# --- the mail ---------------------------------------------------------------------------------------------------------


def test_thread_and_key() -> None:
    """It answers the mail in its thread; one key for one mail, so that there is never a second answer."""
    message, contents = mail(PLAN, sender=SENDER)
    message = replace(message, references=("<0@village.test>",))
    letter = reply((message, contents))
    assert (letter.key, letter.kind) == (f"reply:{message.blob.digest}", "reply")
    assert letter.in_reply_to == "<1@village.test>"
    assert letter.references == ("<0@village.test>", "<1@village.test>")
    assert letter.to == message.sender
    assert letter == reply((message, contents))
    nameless = reply((replace(message, message_id=None, references=()), contents))
    assert (nameless.in_reply_to, nameless.references) == (None, ())


def test_an_extension_is_told() -> None:
    """Whose deadline was moved reads the new day."""
    known = past(standing(State.RETURNED, "progress@2023-05-10", due_at=at(5, 16, 0)))
    letter = reply(mail(BAD_TABLE, sender=SENDER, received_at=at(5, 12)), known)
    assert "请于5月15日（星期一）24:00前报来" in letter.text


# --- whether ----------------------------------------------------------------------------------------------------------

VERDICT = judge_mail(mail(PLAN, sender=SENDER))


def _from(address: str) -> Verdict:
    return replace(VERDICT, message=replace(VERDICT.message, sender=Address("", address)))


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (VERDICT, None),
        (replace(VERDICT, disposition=Disposition.UNRECOGNISED), None),
        (replace(VERDICT, disposition=Disposition.IGNORED), Reason.NOTHING_SENT),
        (replace(VERDICT, reason=Reason.AUTO_REPLY), Reason.AUTO_REPLY),
        (replace(VERDICT, message=replace(VERDICT.message, return_path="")), Reason.AUTO_REPLY),
        (replace(VERDICT, message=replace(VERDICT.message, return_path=None)), None),
        (_from("MAILER-DAEMON@qq.test".lower()), Reason.AUTO_REPLY),
        (_from("no-reply@qq.test"), Reason.AUTO_REPLY),
        (_from("noreply-2023@qq.test"), Reason.AUTO_REPLY),
        (_from("nobody"), Reason.NO_ADDRESS),
        (_from(""), Reason.NO_ADDRESS),
        (_from("村@village.test"), Reason.NO_ADDRESS),
    ],
)
def test_may_not_answer(verdict: Verdict, reason: Reason | None) -> None:
    """Machines, null senders and addresses that are none get no answer (RFC 3834 section 2)."""
    assert may_not_answer(verdict, answers_today=0) is reason


def test_the_days_most() -> None:
    """Two robots that answer each other come to an end."""
    assert may_not_answer(VERDICT, answers_today=MOST_ANSWERS_A_DAY - 1) is None
    assert may_not_answer(VERDICT, answers_today=MOST_ANSWERS_A_DAY) is Reason.CAP


# --- the office's own wording -----------------------------------------------------------------------------------------


def test_the_offices_own_words(tmp_path: Path) -> None:
    """Words can be changed in the campaign's folder; a slip is told with file and line, a lost file with its name."""
    letters = tmp_path / "letters"
    shutil.copytree(CAMPAIGN.letters, letters)
    campaign = replace(CAMPAIGN, letters=letters)
    template = letters / "reply.txt.j2"
    words = template.read_text("utf-8")
    template.write_text(words.replace("感谢报送", "辛苦了"), encoding="utf-8")
    check_letters(campaign)
    letter = write_reply(VERDICT, Past(), campaign, domain="town.test", now=at(5, 5))
    assert "辛苦了" in letter.text

    template.write_text(words.replace("{% if unknown %}", "{% if unknown }", 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        check_letters(replace(campaign, letters=_other(letters, tmp_path)))
    assert caught.value.line is not None
    assert "reply.txt.j2" in str(caught.value)
    template.unlink()
    with pytest.raises(ConfigError, match=r"reply\.txt\.j2：找不到"):
        check_letters(campaign)


def _other(letters: Path, tmp_path: Path) -> Path:
    """The same folder under another name: a running program keeps what it has read."""
    link = tmp_path / "again"
    link.symlink_to(letters)
    return link


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        pytest.param("reply.txt.j2", "{{ today }}", "{{ todya }}", "today", id="名称写错"),
        pytest.param("reply.html.j2", "{{ most_answers }}", "{{ most }}", "most", id="少用之处"),
        pytest.param("reply.txt.j2", "{{ nil_unclear[0] }}", "{{ nil_unclear[0].x.y }}", "x", id="零报告一段"),
        pytest.param("reminder.txt.j2", "{% for debt in debts %}", "{% for debt in debts }", "大括号", id="括号"),
        pytest.param("reminder.html.j2", "{% endmacro %}", "", "大括号", id="少一句"),
        pytest.param("reply.txt.j2", 'join("、")', "joined", "大括号", id="没有这个用法"),
        pytest.param("reply.html.j2", '<li style="margin:3px 0">{{ sentence }}</li>', "", "补正", id="删去了问题"),
        pytest.param("reminder.txt.j2", "{{ campaign.contact }}", "办公室", "office", id="没有联系人"),
    ],
)
def test_a_slip_is_told_when_the_rules_are_loaded(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    """Also in a corner that few letters reach: file, line where there is one, and what to do; before any letter."""
    letters = tmp_path / "letters"
    shutil.copytree(CAMPAIGN.letters, letters)
    template = letters / file
    text = template.read_text("utf-8")
    assert old in text
    template.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        check_letters(replace(CAMPAIGN, letters=letters, contact="office"))
    told = str(caught.value)
    assert told.startswith(str(template))
    assert says in told
    assert "复制" in told
    if new and says not in ("补正", "office"):
        assert caught.value.line is not None
        assert caught.value.line >= text[: text.index(old)].count("\n") + 1


def test_a_template_in_another_encoding(tmp_path: Path) -> None:
    """Saved by an old editor in GB18030: told, not taken."""
    letters = tmp_path / "letters"
    shutil.copytree(CAMPAIGN.letters, letters)
    template = letters / "reply.txt.j2"
    template.write_bytes(template.read_text("utf-8").encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        check_letters(replace(CAMPAIGN, letters=letters))


def test_a_placeholder_that_is_not_there(tmp_path: Path) -> None:
    """A mistyped name is told when the letter is written, and no half letter goes out."""
    letters = tmp_path / "letters"
    shutil.copytree(CAMPAIGN.letters, letters)
    template = letters / "reply.txt.j2"
    template.write_text(template.read_text("utf-8").replace("{{ today }}", "{{ todya }}"), encoding="utf-8")
    with pytest.raises(ConfigError, match="todya"):
        write_reply(VERDICT, Past(), replace(CAMPAIGN, letters=letters), domain="town.test", now=at(5, 5))
