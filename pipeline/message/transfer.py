"""Transfer encodings undone in a stream (RFC 2045 section 6, and uuencode as mailers of the nineties wrote it).

base64 is decoded by pybase64: what a mail carries is nearly all base64, and the standard library's decoder alone would
take a tenth of the time that a mail with photos takes in all. Which characters count, and what is made of text that is
not as it should be, is as in :func:`binascii.a2b_base64`.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

import pybase64

from pipeline.octets import CHUNK, Octets

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(set(range(256)) - set(_ALPHABET))
_OF_BASE64 = _ALPHABET + b"= \t\n\r\f\v"
_RUN = re.compile(rb"=+|[^=]+")
_BEGIN = re.compile(rb"[\r\n]begin ")
_LONGEST_LINE = 2 * CHUNK


def undone(encoding: str, source: Octets, start: int, end: int) -> Iterator[bytes]:
    """The octets between the two places with this encoding undone, in pieces; never fails on them."""
    match encoding:
        case "base64":
            return _from_base64(source, start, end)
        case "quoted-printable":
            return _from_quoted_printable(source, start, end)
        case "x-uuencode" | "uuencode" | "x-uue":
            return _from_uuencode(source, start, end)
    return source.chunks(start, end)


# --- base64 -----------------------------------------------------------------------------------------------------------


def _from_base64(source: Octets, start: int, end: int) -> Iterator[bytes]:
    """Missing padding is supplied, a single left-over character dropped; what stands after the padding is left out."""
    line = source.find(b"\n", start, min(start + 1000, end)) + 1 - start
    # Whole lines: most chunks can then be decoded as they are.
    step = source.step // line * line if 0 < line <= source.step else source.step
    left, pads, in_pieces = b"", 0, None
    for number, chunk in enumerate(source.chunks(start, end, step)):
        padding = chunk.find(b"=")
        if padding < 0:
            octets, left = _decode(left, chunk)
            yield octets
            continue
        if in_pieces is None:
            in_pieces = _is_in_pieces(source, start + number * step + padding, end)
        for run in _RUN.findall(chunk):
            if not run.startswith(b"="):
                before = left
                octets, left = _decode(left, run)
                pads = pads if not octets and left == before else 0
                yield octets
            elif in_pieces:
                yield _end(left)
                left = b""
            elif len(left) >= 2:
                pads += len(run)
                if len(left) + pads >= 4:
                    yield _end(left)
                    return
    yield _end(left)


def _decode(left: bytes, text: bytes) -> tuple[bytes, bytes]:
    """What the characters left over before and these make, and those left over now."""
    if not left:
        try:
            return pybase64.b64decode(text, validate=False), b""
        except binascii.Error:
            pass
    characters = left + text.translate(None, _FOREIGN)
    whole = len(characters) - len(characters) % 4
    return pybase64.b64decode(characters[:whole], validate=True), characters[whole:]


def _end(left: bytes) -> bytes:
    return binascii.a2b_base64(left + b"=" * (4 - len(left))) if len(left) > 1 else b""


def _is_in_pieces(source: Octets, start: int, end: int) -> bool:
    """Whether base64 goes on after its first padding, and nothing else does.

    Seen: base64 put together from pieces that are padded each. A footer of a scanner has other characters too.
    """
    return not any(chunk.translate(None, _OF_BASE64) for chunk in source.chunks(start, end))


# --- the others -------------------------------------------------------------------------------------------------------


def _from_quoted_printable(source: Octets, start: int, end: int) -> Iterator[bytes]:
    rest = b""
    for chunk in source.chunks(start, end):
        text = rest + chunk
        cut = text.rfind(b"\n") + 1
        if not cut and len(text) > _LONGEST_LINE:
            cut = len(text) - (2 if b"=" in text[-2:] else 0)  # not within an escape
        yield binascii.a2b_qp(text[:cut])
        rest = text[cut:]
    yield binascii.a2b_qp(rest)


def _from_uuencode(source: Octets, start: int, end: int) -> Iterator[bytes]:
    if source[start : min(start + 6, end)] == b"begin ":
        begin = start
    else:
        found = source.search(_BEGIN, start, end, 7)
        begin = found[0] + 1 if found else -1
    lines = _lines(source, max(start, begin), end)
    if begin >= 0:
        next(lines)
    for line in lines:
        if not line.strip() or line.strip() == b"end":
            return
        try:
            yield binascii.a2b_uu(line)
        except binascii.Error:  # seen: trailing garbage on a line; its first character tells the true length
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                yield binascii.a2b_uu(line[:length])
            except binascii.Error:
                return


def _lines(source: Octets, start: int, end: int) -> Iterator[bytes]:
    rest = b""
    for chunk in source.chunks(start, end):
        text = rest + chunk
        cut = max(text.rfind(b"\n"), text.rfind(b"\r", 0, -1)) + 1  # a last CR may be half of a line's end
        if not cut and len(text) > _LONGEST_LINE:
            cut = len(text)
        yield from text[:cut].splitlines()
        rest = text[cut:]
    yield from rest.splitlines()
