"""One file packed by itself: gzip (RFC 1952), bzip2, xz and Zstandard (RFC 8878)."""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable, Generator, Iterator
from itertools import chain
from pathlib import Path
from typing import Protocol

from pipeline.archive.limits import CHUNK, Broken, Chunks
from pipeline.model.files import FileKind, Problem
from pipeline.text.charset import decode_octets

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_MEMORY = 256 << 20  # octets for xz's dictionary; xz -9 asks for 65 MB
_LARGEST_WINDOW = 27  # bits, as zstd --long=27 and the program itself without being told otherwise
_GZIP_NAME, _GZIP_EXTRA = 0x08, 0x04
_HEAD = 1 << 17  # octets; a name stands within the first 67,000
_ERRORS = (zlib.error, lzma.LZMAError, zstd.ZstdError, OSError, ValueError, EOFError)


class _Unpacker(Protocol):
    """What the decompressors of bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def read_packed(path: Path, kind: FileKind, name: str) -> Generator[tuple[str, Chunks]]:
    """The file by the name that it had when it was packed, else by ``name``. What follows the last stream is passed."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        pieces = chain((head,), iter(lambda: file.read(CHUNK), b""))
        if kind is FileKind.GZIP:
            yield _gzip_name(head) or name, _gzip_chunks(pieces)
            return
        magic, begin = _STREAMS[kind]
        yield name, _chunks(pieces, magic, begin)


def _begin_xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)


def _begin_zstd() -> zstd.ZstdDecompressor:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW})


# How each stream of a file begins, and what unpacks it.
_STREAMS: dict[FileKind, tuple[bytes, Callable[[], _Unpacker]]] = {
    FileKind.BZIP2: (b"BZh", bz2.BZ2Decompressor),
    FileKind.XZ: (b"\xfd7zXZ\0", _begin_xz),
    FileKind.ZSTD: (b"\x28\xb5\x2f\xfd", _begin_zstd),
}


def _chunks(pieces: Iterator[bytes], magic: bytes, begin: Callable[[], _Unpacker]) -> Chunks:
    rest = _at_least(len(magic), b"", pieces)
    try:
        while rest.startswith(magic):
            unpacker = begin()
            while not unpacker.eof:
                if not rest and unpacker.needs_input:
                    rest = next(pieces, b"")
                    if not rest:
                        raise Broken(Problem.DAMAGED)  # cut short
                yield unpacker.decompress(rest, CHUNK)
                rest = b""  # it has kept what it did not use yet
            rest = _at_least(len(magic), unpacker.unused_data, pieces)
    except _ERRORS as error:
        raise Broken(Problem.DAMAGED) from error


def _at_least(size: int, octets: bytes, pieces: Iterator[bytes]) -> bytes:
    """These octets and, where they are fewer than so many, those that follow."""
    while len(octets) < size and (piece := next(pieces, b"")):
        octets += piece
    return octets


def _gzip_name(head: bytes) -> str:
    """FNAME (section 2.3.1): Latin-1 by the letter; seen: UTF-8 and GBK, whatever the system had."""
    flags = head[3] if len(head) > 10 else 0
    if not flags & _GZIP_NAME:
        return ""
    start = 10 + (2 + int.from_bytes(head[10:12], "little") if flags & _GZIP_EXTRA else 0)
    return decode_octets(head[start : start + 1000].partition(b"\0")[0])


def _gzip_chunks(pieces: Iterator[bytes]) -> Chunks:
    rest = _at_least(2, b"", pieces)
    try:
        while rest.startswith(b"\x1f\x8b"):
            member = zlib.decompressobj(wbits=31)
            while not member.eof:
                chunk = member.decompress(rest, CHUNK)
                rest = member.unconsumed_tail
                yield chunk
                if not rest and not member.eof:
                    rest = next(pieces, b"")
                    if not chunk and not rest:
                        raise Broken(Problem.DAMAGED)  # cut short
            rest = _at_least(2, member.unused_data, pieces)
    except zlib.error as error:
        raise Broken(Problem.DAMAGED) from error
