"""No stranger's words become a header field, whatever they are."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime
from email.policy import default

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.letter.mail import render_mail
from pipeline.model.letter import Letter, LetterFile
from pipeline.model.message import Address

_FIELDS = [
    "Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "X-Baosong", "MIME-Version", "Content-Type",
]  # fmt: skip
_LETTER = Letter(
    key="reply:x",
    kind="reply",
    to=Address("", "a@b.cn"),
    subject="",
    text="",
    html="<p></p>",
    message_id="<1@x>",
)
_SENDER = Address("办公室", "office@x.cn")

# Any characters, and often those with which a field, a line, a word or a direction begins or ends.
_WORDS = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            ["\r\nBcc: all@b.cn", "\n\n", "\r", "\u2028", "\x85", "\x0b", "\u202e", "\u2066", "\0", "=?utf-8?B?DQo=?=",
             '"', "\\", "<x@y>", ">", ",", ";", "\udcff", "\ufeff", "x" * 2000]
        ),
    ),
    max_size=6,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(subject=_WORDS, name=_WORDS, file=_WORDS, answered=_WORDS, text=_WORDS, kind=_WORDS)
def test_every_field_is_ours(subject: str, name: str, file: str, answered: str, text: str, kind: str) -> None:
    """The fields are those that we write, each once; the octets are 7-bit lines that every server takes."""
    letter = replace(
        _LETTER,
        subject=subject,
        to=Address(name, "a@b.cn"),
        text=text,
        html=f"<p>{text}</p>",
        in_reply_to=answered,
        references=(answered, "<2@y>"),
        files=(LetterFile(file, kind, b"octets"),),
    )
    octets = render_mail(letter, sender=_SENDER, at=datetime(2023, 5, 9, tzinfo=UTC))
    lines = octets.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    octets.decode("ascii")
    mail = email.message_from_bytes(octets, policy=default)
    assert [each for each in _FIELDS if each in mail or each == "In-Reply-To"] == _FIELDS
    assert len(mail.keys()) == len(set(mail.keys()))
    assert set(mail.keys()) <= set(_FIELDS)
    assert [part.get_content_type() for part in mail.walk()][:4] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    [attached] = [part for part in mail.walk() if part.get_content_disposition() == "attachment"]
    assert attached.get_payload(decode=True) == b"octets"
    shown = f"{mail['Subject']}{mail['To']}{attached.get_filename()}"
    assert not set(shown) & set("\r\n\0\u202e\u2066\u2028\x85\ufeff")
    addresses = [each.addr_spec for field in ("From", "To") for each in mail[field].addresses]
    assert addresses == ["office@x.cn", "a@b.cn"]
