"""Octets by the window, and what is decoded of them in a stream: the same as of the whole at once."""

from __future__ import annotations

import binascii
import io
import random
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.cache.workplace import open_workplace
from pipeline.errors import AccessError
from pipeline.message.parsing import parse_message
from pipeline.message.transfer import undone
from pipeline.model.message import Blob
from pipeline.octets import Octets
from tests.fuzz.mutation import mutate
from tests.mails import DOCX, gateway, netease_web, qq_web, zip_of

WINDOW = 128  # octets: the least that the longest search of the parser may look at
_LINES = st.lists(st.sampled_from([b"a", b"b\r", b"\n", b"--x", b"PK\1\2", b" " * 90, b"q" * 200]), max_size=40)


def by_window(octets: bytes, window: int = WINDOW) -> Octets:
    """The same octets, of which so many are held."""
    return Octets(io.BytesIO(octets), window)


@given(
    _LINES.map(b"".join), st.integers(0, 400), st.integers(0, 400), st.sampled_from([b"\n", b"--x", b"PK\1\2", b"qb"])
)
@example(b"q" * 200 + b"\n--x", 100, 400, b"\n")  # it matches at the very end, and more is asked for than there is
def test_whatever_the_window(octets: bytes, start: int, end: int, sought: bytes) -> None:
    """Slices, searches, counts and pieces are those of the bytes themselves."""
    source, pattern = by_window(octets), re.compile(rb"\n--(\S{0,9})(?=\r?\n|\r?\Z)")
    assert source[start:end] == octets[start:end]
    assert source.find(sought, start, end) == octets.find(sought, start, end)
    assert source.count(sought, len(octets)) == octets.count(sought)
    assert b"".join(source.chunks(start, end, 7)) == octets[start:end]
    found, expected = source.search(pattern, start, end, 20), pattern.search(octets, start, end)
    assert (found and (found[0], found[1][1])) == (expected and (expected.start(), expected[1]))


def _base64_at_once(raw: bytes) -> bytes:
    """What has always been made of base64 as it comes, all of it held."""
    padding = raw.find(b"=")
    rest = raw[padding:].lstrip(b"= \t\r\n") if padding >= 0 else b""
    if rest and re.fullmatch(rb"[A-Za-z0-9+/=\s]*", rest):
        return b"".join(map(_decode, re.split(rb"=+", raw)))
    return _decode(raw)


def _decode(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


@given(
    st.lists(st.sampled_from([*b"Aaz09+/", *b"==", *b"\r\n \t", *b"-_.\x80"]), max_size=120).map(bytes), st.randoms()
)
def test_base64_in_a_stream(raw: bytes, chance: random.Random) -> None:
    """Byte for byte what the standard library makes of the whole, padding and foreign characters where they will."""
    lines = binascii.b2a_base64(chance.randbytes(chance.randrange(200)))
    for text in (raw, lines[:-1] + raw, raw + lines):
        assert b"".join(undone("base64", by_window(text), 0, len(text))) == _base64_at_once(text)


@given(st.lists(st.sampled_from([b"=", b"\r\n", b"\n", b"3D", b"x", b" ", b"=C4=E3", b"y" * 300]), max_size=60))
def test_quoted_printable_in_a_stream(pieces: list[bytes]) -> None:
    """Soft line ends and escapes at the edge of a piece are no trouble."""
    text = b"".join(pieces)
    assert b"".join(undone("quoted-printable", by_window(text), 0, len(text))) == binascii.a2b_qp(text)


def test_uuencode_in_a_stream() -> None:
    """Lines at the edge of a piece, with CRLF and with LF alone."""
    octets = random.Random(1).randbytes(3000)
    lines = [binascii.b2a_uu(octets[start : start + 45]).rstrip(b"\n") for start in range(0, len(octets), 45)]
    for newline in (b"\r\n", b"\n"):
        text = newline.join([b"preamble", b"begin 644 a.jpg", *lines, b"`", b"end", b"footer"])
        assert b"".join(undone("x-uuencode", by_window(text), 0, len(text))) == octets


def _parsed(source: Octets | bytes) -> object:
    with open_workplace() as workplace:
        blob = Blob("0" * 64, 0)
        return parse_message(source, blob=blob, received_at=datetime(2023, 5, 9, tzinfo=UTC), workplace=workplace)


@pytest.mark.parametrize("client", [qq_web, netease_web, gateway])
def test_a_mail_says_the_same_whatever_the_window(client: object) -> None:
    """Whole, and changed at random: no delimiter, header or encoding is cut by the edge of a window."""
    files = [("写实表（一）.docx", DOCX), ("照片.zip", zip_of([("1.txt", b"x" * 900)]))]
    mail: bytes = client("孙庄村写实表", "见附件。" * 40, files)  # type: ignore[operator]  # one shape
    chance = random.Random(3)
    for octets in (mail, *(mutate(mail, chance) for _ in range(60))):
        assert _parsed(by_window(octets, 512)) == _parsed(octets)


def test_a_file_that_ends_too_soon(tmp_path: Path) -> None:
    """A fault of the disk is told; it neither kills the process nor passes for the mail's own end."""
    path = tmp_path / "mail"
    path.write_bytes(b"x" * 10_000)
    with path.open("rb", buffering=0) as file:
        source = Octets(file, WINDOW)
        path.write_bytes(b"x" * 100)
        with pytest.raises(AccessError, match="磁盘"):
            source[5_000:5_010]
