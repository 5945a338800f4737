"""The tree of parts."""

import base64
import time

import pytest

from pipeline.message.part import DEEPEST, MOST_PARTS, Part, parse_part, walk
from tests.mails import mixed, text_part


def _octets(part: Part) -> bytes:
    return b"".join(part.chunks())


def _leaves(root: Part) -> list[bytes]:
    return [_octets(part) for part in walk(root) if not part.is_multipart]


def test_parts_keep_their_own_octets() -> None:
    """The newline before a delimiter belongs to the delimiter, and no more than that."""
    root = parse_part(mixed([b"\r\none\r\n", b"Content-Type: text/plain\r\n\r\ntwo"]))
    assert _leaves(root) == [b"one\r\n", b"two"]


def test_an_inner_boundary_that_begins_like_the_outer_one() -> None:
    """``--b-1`` is no delimiter of ``b``."""
    inner = mixed([b"\r\none"], "b-1")
    assert _leaves(parse_part(mixed([inner, b"\r\ntwo"], "b"))) == [b"one", b"two"]


def test_a_mail_cut_short_keeps_its_last_part() -> None:
    """Without the closing delimiters what came is still there."""
    whole = mixed([text_part("甲"), text_part("乙")])
    assert [octets.decode() for octets in _leaves(parse_part(whole[: whole.rindex(b"------=")]))] == ["甲", "乙"]


def test_a_part_after_the_closing_delimiter_counts() -> None:
    """A delimiter opens it again; an epilogue without one is left out."""
    octets = (
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\none\r\n--b--\r\nepilogue\r\n--b\r\n\r\ntwo\r\n'
    )
    assert _leaves(parse_part(octets)) == [b"one", b"two\r\n"]


def test_a_missing_boundary_is_found_in_the_text() -> None:
    """The first line with two dashes stands for the parameter that was lost."""
    octets = b"Content-Type: multipart/mixed\r\n\r\n--abc\r\n\r\none\r\n--abc\r\n\r\ntwo\r\n--abc--\r\n"
    assert _leaves(parse_part(octets)) == [b"one", b"two"]


def test_a_field_folded_without_white_space() -> None:
    """Raw octets on a line of their own, with a known field after them, do not end the header."""
    root = parse_part("Subject: 孙庄\r\n村写实表\r\nContent-Type: text/html\r\n\r\nx".encode("gbk"))
    assert root.text_field("subject") == "孙庄 村写实表"
    assert root.content_type == "text/html"


@pytest.mark.parametrize("start", [b"\r\n  \r\n", b"From a@b Tue May  9 10:00:00 2023\r\n"])
def test_what_may_stand_before_the_header(start: bytes) -> None:
    """Blank lines and the separator of an mbox are passed over."""
    assert parse_part(start + b"Subject: x\r\n\r\ny").text_field("subject") == "x"


def test_a_message_in_base64_is_opened() -> None:
    """RFC 2046 forbids the encoding, Outlook uses it."""
    inner = base64.encodebytes(b"Subject: inner\r\n\r\ntext")
    root = parse_part(b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + inner)
    assert root.children[0].text_field("subject") == "inner"
    assert _octets(root) == b"Subject: inner\r\n\r\ntext"


@pytest.mark.parametrize(
    ("raw", "octets"),
    [
        (b"aGVs\r\nbG8=\r\n", b"hello"),
        (b"aGVsbG8", b"hello"),
        (b"aGVsbG8=\r\nd29ybGQ=\r\n", b"helloworld"),
        (b"aGVsbG8=\r\n-- \r\nscanned by x.y\r\n", b"hello"),
        (b"", b""),
        (b"a", b""),
    ],
)
def test_base64_as_it_comes(raw: bytes, octets: bytes) -> None:
    """Unpadded, in pieces that are padded each, or with a scanner's footer."""
    assert _octets(parse_part(b"Content-Transfer-Encoding: BASE64 \r\n\r\n" + raw)) == octets


def test_other_encodings() -> None:
    """Quoted-printable and uuencode."""
    quoted = parse_part(b"Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\nc")
    unix = parse_part(b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\n#0V%T\n`\nend\n")
    assert (_octets(quoted), _octets(unix)) == (b"a=bc", b"Cat")


def test_depth_and_number_have_limits() -> None:
    """A nest or a flood of parts is not taken apart, and that takes no time."""
    started = time.perf_counter()
    nest = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(3000))
    deep = [part for part in walk(parse_part(nest + b"a\n" * 300_000)) if part.beyond_limits]
    flood = parse_part(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 50_000)
    header = parse_part(b"X-A: b\r\n" * 100_000 + b"\r\n")
    assert len(deep) == 1
    assert flood.beyond_limits
    assert len(flood.children) < MOST_PARTS
    assert len(header.fields) <= 1000
    assert time.perf_counter() - started < 2
    assert DEEPEST > 8


@pytest.mark.parametrize(
    "octets", [b"", b"\0", b"\r", b":", b"--\n--", bytes(range(256)), b"Content-Type: ;;;=\r\n\r\n"]
)
def test_anything_is_some_part(octets: bytes) -> None:
    """What is no mail is one part of text."""
    assert parse_part(octets).content_type == "text/plain"
