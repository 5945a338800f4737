"""Mutation without guidance: a file changed in a few places, as disks, gateways and enemies change them."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
_WORDS = (
    b"\r\n", b"\0", b"=?", b"?=", b"--", b'"', b";", b"=", b"<", b">", b"&#", b"../", b"\\", b"{", b"}", b"\xff\xfe",
    b"9999999999", b"-1", b"Content-Type: multipart/mixed; boundary=x\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"<w:tbl>", b"</w:tc>", b'w:val="99999999"', b"\\'", b"\\u-70000", b"\\trowd", b"xmlns:x='y'", b"<![CDATA[",
)  # fmt: skip


def mutate(octets: bytes, chance: Random) -> bytes:
    """The octets changed in one to eight places; of a zip now and then a file within, packed again as it should be."""
    if octets.startswith(b"PK\x03\x04") and chance.random() < 0.8:
        return mutate_member(octets, chance, _scramble)
    return _scramble(octets, chance)


def mutate_member(octets: bytes, chance: Random, change: Callable[[bytes, Random], bytes]) -> bytes:
    """A zip with one of its files changed; the octets themselves where they are no zip any more."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()[:100]}
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ):
        return _scramble(octets, chance)
    if not members:
        return octets
    name = chance.choice(sorted(members))
    members[name] = change(members[name], chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in members.items():
            archive.writestr(zipfile.ZipInfo(each or "x"), content)
    return stream.getvalue()


def _scramble(octets: bytes, chance: Random) -> bytes:
    changed = bytearray(octets)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(changed) + 1)
        _CHANGES[chance.randrange(len(_CHANGES))](changed, place, chance)
    return bytes(changed)


def _flip(octets: bytearray, place: int, chance: Random) -> None:
    if place < len(octets):
        octets[place] ^= 1 << chance.randrange(8)


def _put_word(octets: bytearray, place: int, chance: Random) -> None:
    octets[place:place] = chance.choice(_WORDS)


def _put_number(octets: bytearray, place: int, chance: Random) -> None:
    size = chance.choice((1, 2, 4))
    number = chance.choice(_NUMBERS) & (1 << 8 * size) - 1
    octets[place : place + size] = number.to_bytes(size, chance.choice(("little", "big")))


def _cut(octets: bytearray, place: int, chance: Random) -> None:
    del octets[place : place + chance.choice((1, 4, 64, 4096))]


def _cut_off(octets: bytearray, place: int, chance: Random) -> None:
    if chance.random() < 0.2:
        del octets[place:]


def _repeat(octets: bytearray, place: int, chance: Random) -> None:
    piece = octets[place : place + chance.choice((4, 40, 400))]
    octets[place:place] = piece * chance.choice((1, 2, 30))


def _move(octets: bytearray, place: int, chance: Random) -> None:
    start = chance.randrange(len(octets) + 1)
    octets[place:place] = octets[start : start + chance.choice((4, 40, 400))]


_CHANGES: Sequence[Callable[[bytearray, int, Random], None]] = (
    _flip, _put_word, _put_number, _cut, _cut_off, _repeat, _move,
)  # fmt: skip
