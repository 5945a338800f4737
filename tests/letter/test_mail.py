"""Letters as octets."""

import email
import email.policy
import re
from base64 import b64decode
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from typing import Literal

import pytest

from pipeline.errors import BaosongError
from pipeline.letter.mail import LOOP_FIELD, is_sendable, render_mail, reply_message_id
from pipeline.model.letter import Letter, LetterFile
from pipeline.model.message import Address

OFFICE = Address("青禾街道计生协办公室", "office@town.test")
AT = datetime(2023, 5, 9, 12, tzinfo=timezone(timedelta(hours=8)))
LONG = "石桥村5·29会员活动日活动进展情况表（第二次报送，已按批注修改，含活动照片六张，请查收）𠮷.docx"
LETTER = Letter(
    key="reply:" + "0a" * 32,
    kind="reply",
    to=Address("石桥村委会", "shiqiao@village.test"),
    subject="【请补正】石桥村 5·29会员活动日材料：进展情况表第2行缺少活动地点，请于5月20日前补报，谢谢配合",
    text="石桥村委会：\n\n来件收悉。\n",
    html="<p>石桥村委会：</p>",
    message_id=reply_message_id("reply:1", "town.test"),
    in_reply_to="<b@qq.test>",
    references=("<a@qq.test>",),
    files=(LetterFile(LONG, "application/pdf", bytes(range(256)) * 40),),
)


def _render(letter: Letter, sender: Address = OFFICE) -> bytes:
    return render_mail(letter, sender=sender, at=AT)


def _parse(octets: bytes) -> EmailMessage:
    mail = email.message_from_bytes(octets, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_wire_form() -> None:
    """Only ASCII, every line ends with CRLF, and none is over 90 octets (RFC 5322 allows 998)."""
    octets = _render(LETTER)
    assert octets.isascii()
    lines = octets.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 90  # our own mark, which is not folded


def test_read_back() -> None:
    """A reader of the standards finds subject, names, texts, file and its Chinese name as they were."""
    mail = _parse(_render(LETTER))
    assert mail["Subject"] == LETTER.subject
    assert mail["From"].addresses[0].display_name == OFFICE.name
    assert mail["From"].addresses[0].addr_spec == OFFICE.address
    assert [address.addr_spec for address in mail["To"].addresses] == ["shiqiao@village.test"]
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"] == LETTER.message_id
    assert mail["In-Reply-To"] == "<b@qq.test>"
    assert mail["References"].split() == ["<a@qq.test>", "<b@qq.test>"]
    assert mail[LOOP_FIELD] == LETTER.key
    for kind, text in (("plain", "石桥村委会：\r\n\r\n来件收悉。\r\n"), ("html", "<p>石桥村委会：</p>\r\n")):
        part = mail.get_body((kind,))
        assert part is not None
        assert part.get_payload(decode=True) == text.encode()
    (file,) = mail.iter_attachments()
    assert file.get_content_type() == "application/pdf"
    assert file.get_filename() == LONG
    assert file.get_content() == LETTER.files[0].octets


def test_file_name_is_rfc_2047_in_both_fields() -> None:
    """QQ Mail reads name= and filename= with encoded words, and no RFC 2231."""
    octets = _render(LETTER)
    assert b"*=" not in octets
    assert b"*0" not in octets
    for parameter in (rb"\bname", rb"\bfilename"):
        match = re.search(parameter + rb'="((?:[^"])+)"', octets)
        assert match is not None
        assert _decode_words(match[1].decode()) == LONG


def test_each_word_holds_whole_characters() -> None:
    """A reader that decodes every encoded word by itself reads no broken character, beyond the BMP neither."""
    octets = _render(replace(LETTER, subject="𠮷" * 80, to=Address("喆堃镕𠮷" * 12, "shiqiao@village.test")))
    words = re.findall(r"=\?utf-8\?b\?[^?]*\?=", octets.decode())
    assert len(words) > 10
    assert all(len(word) <= 75 for word in words)  # RFC 2047 section 2
    for word in words:
        _decode_words(word)  # strict: raises on half a character


def _decode_words(text: str) -> str:
    """What a simple client does: each word by itself."""
    return "".join(b64decode(found, validate=True).decode() for found in re.findall(r"=\?utf-8\?b\?([^?]*)\?=", text))


def test_address_stands_outside_the_encoded_word() -> None:
    """NetEase refuses a From that is one encoded word as spam."""
    fields = _render(LETTER).partition(b"\r\n\r\n")[0].decode()
    assert re.search(r"^From: =\?utf-8\?b\?\S+\?=\r\n <office@town\.test>\r$", fields, re.MULTILINE)


@pytest.mark.parametrize(
    ("kind", "mark"),
    [("reply", "auto-replied"), ("reminder", "auto-generated"), ("report", "auto-generated")],
)
def test_automatic_mail_says_so(kind: Literal["reply", "reminder", "report"], mark: str) -> None:
    """RFC 3834 section 5, and Exchange's own field: no robot need answer us."""
    mail = _parse(_render(replace(LETTER, kind=kind)))
    assert mail["Auto-Submitted"] == mark
    assert mail["X-Auto-Response-Suppress"] == "All"


def test_same_arguments_same_octets() -> None:
    """A letter rendered again is the same letter; another key makes other boundaries."""
    assert _render(LETTER) == _render(LETTER)
    boundary = _parse(_render(LETTER)).get_boundary()
    assert _parse(_render(replace(LETTER, key="reply:2"))).get_boundary() != boundary


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\0"])
def test_no_field_can_be_smuggled_in(end: str) -> None:
    """Whatever a stranger's subject, name or file name holds, the fields are ours alone."""
    attack = f"石桥村{end}Bcc: all@village.test{end}{end}<script>"
    letter = replace(
        LETTER,
        subject=attack,
        to=Address(attack, LETTER.to.address),
        files=(LetterFile(attack, f"text/plain{end}X-Evil: 1", b""),),
        in_reply_to=f"<a@b>{end}Bcc: <c@d>",
        references=(f"<a{end}b@c>", "<a@b> <c@d>", "no id"),
        key=f"reply{end}Bcc: <c@d>",
    )
    mail = _parse(_render(letter, Address(attack, OFFICE.address)))
    fields = (
        "Date From To Subject Message-ID Auto-Submitted X-Auto-Response-Suppress X-Baosong MIME-Version Content-Type"
    )
    assert mail.keys() == fields.split()
    assert mail["Subject"] == "石桥村 Bcc: all@village.test <script>"
    (file,) = mail.iter_attachments()
    assert file.keys() == ["Content-Type", "Content-Disposition", "Content-Transfer-Encoding"]
    assert file.get_content_type() == "application/octet-stream"


def test_plain_words_that_look_encoded() -> None:
    """An ASCII subject that holds an encoded word is shown as typed, and an ASCII name with a comma is one name."""
    letter = replace(LETTER, subject="see =?utf-8?q?x?=", to=Address('Shi, "Qiao"', "shiqiao@village.test"))
    mail = _parse(_render(letter))
    assert mail["Subject"] == "see =?utf-8?q?x?="
    assert mail["To"].addresses[0].display_name == 'Shi, "Qiao"'


def test_invisible_and_broken_characters() -> None:
    """A bidi override cannot disguise a file's ending; half a character from a broken mail is shown as such."""
    letter = replace(LETTER, subject="a\udcff", text="\udcff", files=(LetterFile("表\u202efdp.exe", "a/b", b""),))
    mail = _parse(_render(letter))
    assert mail["Subject"] == "a\ufffd"
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "表fdp.exe"


def test_long_thread_keeps_first_and_newest() -> None:
    """Ten references at the most; the one answered is always the last, and is there once."""
    letter = replace(
        LETTER, references=tuple(f"<{number}@qq.test>" for number in range(50)), in_reply_to="<49@qq.test>"
    )
    references = _parse(_render(letter))["References"].split()
    assert len(references) == 10
    assert (references[0], references[-1]) == ("<0@qq.test>", "<49@qq.test>")


def test_letter_without_html_or_files_is_one_part() -> None:
    """No multipart where there is one text; an empty name leaves the bare address."""
    mail = _parse(
        _render(replace(LETTER, html="", files=(), in_reply_to=None, references=()), Address("", "o@town.test"))
    )
    assert mail.get_content_type() == "text/plain"
    assert mail["From"] == "o@town.test"
    assert "References" not in mail


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("1234567@qq.com", True),
        ("a.b-c_d+e@mail.village.test", True),
        ("root@localhost", True),
        ("", False),
        ("nobody", False),
        ("a@b@c", False),
        ("a b@c.test", False),
        ("a@c.test\n", False),
        ("<a@c.test>", False),
        ("村@village.test", False),
        ("a@" + "b" * 260, False),
    ],
)
def test_sendable(address: str, expected: bool) -> None:
    """What may stand in a header and on the wire."""
    assert is_sendable(address) is expected


@pytest.mark.parametrize("address", ["a@b.test>\r\nBcc: c@d.test", ""])
def test_unsendable_address_is_refused(address: str) -> None:
    """No mail is made for what is no address, on either side."""
    with pytest.raises(BaosongError):
        _render(replace(LETTER, to=Address("", address)))
    with pytest.raises(BaosongError):
        _render(LETTER, Address("", address))


def test_reply_message_id() -> None:
    """One key, one Message-ID."""
    assert reply_message_id("reply:1", "town.test") == reply_message_id("reply:1", "town.test")
    assert reply_message_id("reply:1", "town.test") != reply_message_id("reply:2", "town.test")
    assert re.fullmatch(r"<baosong\.[0-9a-f]{32}@town\.test>", reply_message_id("reply:1", "town.test"))
