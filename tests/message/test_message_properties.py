"""What holds of every mail: any octets are a message, and what somebody put in comes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.archive import is_junk
from pipeline.message.bounce import read_bounce
from pipeline.model.files import ARCHIVE_KINDS, FileKind
from pipeline.sniff import sniff_kind
from tests.mails import Kept, gateway, netease_web, parse, qq_web

File = tuple[str, bytes]

# Names as villages give them; what marks a folder, or a name that a mailer makes up, is left to other tests.
_LETTERS = st.sampled_from("石桥村青禾方案写实表照片统计（）、-_. 0123456789abcXYZ①ＡＢ【】“”")
_STEMS = st.text(_LETTERS, min_size=1, max_size=30).map(str.strip).filter(lambda stem: re.search(r"[^\s_.-]", stem))
_NAMES = st.builds("{}.{}".format, _STEMS, st.sampled_from(["docx", "doc", "xls", "jpg", "pdf", "mp4", "wps"]))
_FILES = st.lists(st.tuples(_NAMES, st.binary(min_size=1, max_size=300)), max_size=5)
_WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"]), max_size=60)

# Pieces of mails, to be put together in ways that no mailer does.
_PIECES = st.sampled_from(
    [
        b"From: ", b"Subject: ", b"Content-Type: multipart/mixed; boundary=b\r\n", b"--b\r\n", b"--b--\r\n", b"\r\n",
        b"\n", b"\r", b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Disposition: attachment; filename=", b"=?gb18030?B?yq/H5bTl?=", b"=?utf-8?Q?=E7=9F?=", b"=?", b"?=",
        b"filename*0*=utf-8''%E7", b'"', b"<a@b.cn>", b";", b"\0", b"\xca\xaf\xc7\xc5", b"\xe7\x9f\xb3", b"=E7=9F=B3",
        b"Content-Type: message/rfc822\r\n\r\n", b"Content-Type: text/html\r\n\r\n", b"<a href='", b"begin 644 x\n",
        b"PK\x03\x04", b"MIME-Version: 1.0\r\n", b"Message-ID: <1@x>\r\n", b"Date: Tue, 99 May 2023 25:00 +9999\r\n",
        b"Received: x; Tue, 9 May 2023 09:00:00 +0800\r\n", b"Authentication-Results: x; spf=fail\r\n", b"(" * 40,
    ]
)  # fmt: skip
_OCTETS = st.one_of(
    st.binary(max_size=400),
    st.lists(st.one_of(_PIECES, st.binary(max_size=12)), max_size=30).map(b"".join),
)


@settings(max_examples=400, deadline=None)
@given(_OCTETS)
def test_any_octets_are_a_message(octets: bytes) -> None:
    """Nothing is raised; the same octets say the same again; what is kept is what is told of."""
    kept = Kept()
    message = parse(octets, kept)
    assert parse(octets) == message
    assert {each.blob.digest for each in message.attachments} <= kept.keys()
    assert all(each.blob.size == len(kept[each.blob.digest]) for each in message.attachments)
    assert all(each.path and each.path[-1] for each in message.attachments)
    for line in (message.subject, message.sender.name, message.sender.address, message.message_id or ""):
        assert "\n" not in line
        assert "\r" not in line
    read_bounce(octets)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([qq_web, netease_web, gateway]), _FILES)
def test_what_chinese_mailers_carry_comes_out(compose: Callable[..., bytes], files: list[File]) -> None:
    """Every file by its name, its octets as they were, in their order."""
    files = [each for each in files if _is_plain(each)]
    if compose is not qq_web:
        assume(all(_is_gbk(name) for name, _ in files))
    assert _found(compose("石桥村", "请查收", files)) == _expected(files)


@settings(max_examples=150, deadline=None)
@given(_FILES, _WORDS, _WORDS)
def test_what_a_standard_mailer_carries_comes_out(files: list[File], subject: str, text: str) -> None:
    """By RFC 2231 as the standard library writes it: names, octets and the subject."""
    files = [each for each in files if _is_plain(each)]
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"] = "a@b.cn", subject
    mail.set_content(text)
    for name, octets in files:
        mail.add_attachment(octets, maintype="application", subtype="octet-stream", filename=name)
    octets = mail.as_bytes()
    assert _found(octets) == _expected(files)
    assert "".join(parse(octets).subject.split()) == "".join(subject.split())


@settings(max_examples=100, deadline=None)
@given(_FILES, st.integers(0, 10_000))
def test_a_mail_that_was_cut_off_gives_no_more_than_there_was(files: list[File], place: int) -> None:
    """Of what is left of a mail every file but the last is whole or not there at all."""
    files = [each for each in files if _is_plain(each)]
    mail = qq_web("石桥村", "请查收", files)
    found = _found(mail[: place % (len(mail) + 1)])
    assert len(found) <= len(files)
    assert found[:-1] == _expected(files)[: max(len(found) - 1, 0)]


def _found(octets: bytes) -> list[tuple[str, str]]:
    return [(each.name, each.blob.digest) for each in parse(octets).attachments]


def _expected(files: list[File]) -> list[tuple[str, str]]:
    return [(" ".join(name.split()), sha256(octets).hexdigest()) for name, octets in files]


def _is_plain(file: File) -> bool:
    """No container, which would come out as its files, and no trace of a system."""
    name, octets = file
    return sniff_kind(octets) not in {*ARCHIVE_KINDS, FileKind.EML, FileKind.TNEF, FileKind.MSG} and not is_junk(name)


def _is_gbk(name: str) -> bool:
    try:
        name.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
