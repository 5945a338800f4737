"""A gzip file (RFC 1952): the one file in it."""

from __future__ import annotations

import zlib
from collections.abc import Generator

from pipeline.archive.limits import CHUNK, Broken, Chunks
from pipeline.charset import decode_octets
from pipeline.model import Problem

_HAS_NAME, _HAS_EXTRA = 0x08, 0x04
_NAMELESS = "未命名文件"


def read_gzip(octets: bytes) -> Generator[tuple[str, Chunks]]:
    """The file by the name it had when it was packed. What follows the last member of the file is passed over."""
    yield _name(octets) or _NAMELESS, _chunks(octets)


def _name(octets: bytes) -> str:
    """FNAME (section 2.3.1): Latin-1 by the letter; seen: UTF-8 and GBK, whatever the system had."""
    flags = octets[3] if len(octets) > 10 else 0
    if not flags & _HAS_NAME:
        return ""
    start = 10 + (2 + int.from_bytes(octets[10:12], "little") if flags & _HAS_EXTRA else 0)
    return decode_octets(octets[start : start + 1000].partition(b"\0")[0])


def _chunks(octets: bytes) -> Chunks:
    rest = octets
    try:
        while rest.startswith(b"\x1f\x8b"):
            member = zlib.decompressobj(wbits=31)
            while not member.eof:
                chunk = member.decompress(rest, CHUNK)
                rest = member.unconsumed_tail
                if not chunk and not rest and not member.eof:
                    raise Broken(Problem.DAMAGED)  # cut short
                yield chunk
            rest = member.unused_data
    except zlib.error as error:
        raise Broken(Problem.DAMAGED) from error
