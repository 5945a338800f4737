"""Files written into a mail's text between ``begin 644 NAME`` and ``end``, as mailers did before MIME (uuencode)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from pipeline.text.charset import decode_octets

_BLOCK = re.compile(
    rb"^begin [0-7]{3,4} (?P<name>[^\r\n]{1,200})\r?\n(?P<lines>(?:[!-_][ -`]{0,90}\r?\n)+)[ `]?\r?\n?end[ \t]*\r?$",
    re.MULTILINE,
)
# In a text too long to be read as a whole the end is missing.
_IN_TEXT = re.compile(
    r"^begin [0-7]{3,4} [^\r\n]{1,200}\r?\n(?:[!-_][ -`]{0,90}\r?\n)+(?:[ `]?\r?\n?end[ \t]*\r?$|[ -`]*\Z)",
    re.MULTILINE,
)


def find_uuencoded(octets: bytes, charset: str) -> Iterator[tuple[str, bytes]]:
    """Name and octets of each file in a text; a block that cannot be decoded is none."""
    for block in _BLOCK.finditer(octets):
        try:
            file = b"".join(map(_decode_line, block["lines"].splitlines()))
        except binascii.Error:
            continue
        yield decode_octets(block["name"], charset).strip(), file


def without_uuencoded(text: str) -> str:
    """The words of a text, without the files in it."""
    return _IN_TEXT.sub("", text) if "begin " in text else text


def _decode_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # seen: writers that pad the last group with more than its signs
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
