"""Outlook's two wrappers -> what they hold: winmail.dat (TNEF, MS-OXTNEF) and mails saved as .msg (MS-OXMSG).

No kept library does the first (tnefparse: 2021) and the one for the second brings a dozen packages for what are a few
streams of a compound file.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import olefile

from pipeline.charset import decode_octets
from pipeline.sniff import OLE_ERRORS

_MOST = 500  # files of one wrapper, values of one property
_DEEPEST = 5  # messages within each other

# TNEF attributes (MS-OXTNEF 2.1.3.2), properties (MS-OXPROPS), and property types (MS-OXCDATA 2.11.1).
_RENDER_DATA, _TITLE, _DATA, _PROPERTIES, _CODE_PAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_ATTACH_DATA, _SHORT_NAME, _LONG_NAME, _DISPLAY_NAME = 0x3701, 0x3704, 0x3707, 0x3001
_FIXED_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING8, _UNICODE = 0x1E, 0x1F
_MULTIPLE = 0x1000
_OF_ATTACHMENT = 2


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What a wrapper holds. Names run from the outermost message within it inwards."""

    subject: str = ""
    text: str = ""
    files: tuple[tuple[tuple[str, ...], bytes], ...] = ()


def read_tnef(octets: bytes) -> Wrapped | None:
    """The files in a winmail.dat; None if it is damaged."""
    try:
        return Wrapped(files=tuple(_tnef_files(octets, 0)))
    except (struct.error, IndexError):
        return None


def _tnef_files(octets: bytes, depth: int) -> Iterator[tuple[tuple[str, ...], bytes]]:
    charset, name, data, begun = "gbk", "", b"", False
    position = 6  # signature and key
    while position + 9 <= len(octets):
        level, attribute, size = struct.unpack_from("<BHxxL", octets, position)
        if level not in {1, 2}:
            break  # seen: garbage after the last attribute
        if level == _OF_ATTACHMENT and position + 9 + size > len(octets):
            raise IndexError(position)  # cut short within a file
        value = octets[position + 9 : position + 9 + size]
        position += 9 + size + 2  # a checksum follows
        if attribute == _CODE_PAGE and size >= 4:
            charset = f"cp{struct.unpack_from('<L', value)[0]}"
        elif attribute == _RENDER_DATA:
            if begun:
                yield from _tnef_file(name, data, depth)
            name, data, begun = "", b"", True
        elif attribute == _TITLE:
            name = name or decode_octets(value.rstrip(b"\0"), charset)
        elif attribute == _DATA:
            data = value
        elif attribute == _PROPERTIES and begun:
            found = _tnef_properties(value)
            longer = found.get(_LONG_NAME) or found.get(_DISPLAY_NAME)
            name = _text(*longer, charset) if longer else name
            data = data or found.get(_ATTACH_DATA, (0, b""))[1]
    if begun:
        yield from _tnef_file(name, data, depth)


def _tnef_file(name: str, data: bytes, depth: int) -> Iterator[tuple[tuple[str, ...], bytes]]:
    # An embedded object is preceded by the 16 octets of its interface; an embedded message is TNEF again.
    if data[16:20] == b"\x78\x9f\x3e\x22" and depth < _DEEPEST:
        for names, octets in _tnef_files(data[16:], depth + 1):
            yield (name or "转发邮件", *names), octets
    elif data or name:
        yield (name or "未命名附件",), data


def _tnef_properties(octets: bytes) -> dict[int, tuple[int, bytes]]:
    """Property id -> its type and its (first) value."""
    found: dict[int, tuple[int, bytes]] = {}
    count = struct.unpack_from("<L", octets)[0]
    position = 4
    for _ in range(min(count, _MOST)):
        if position + 4 > len(octets):
            break
        kind, number = struct.unpack_from("<HH", octets, position)
        position += 4
        if number >= 0x8000:  # named: a set, a kind, and a number or a name
            by_name = struct.unpack_from("<L", octets, position + 16)[0] == 1
            position += 20
            size = struct.unpack_from("<L", octets, position)[0] if by_name else 0
            position += 4 + size + -size % 4
        single = kind & ~_MULTIPLE
        if single in _FIXED_SIZES:
            values = 1
            if kind & _MULTIPLE:
                values = struct.unpack_from("<L", octets, position)[0]
                position += 4
            found[number] = (single, octets[position : position + _FIXED_SIZES[single]])
            position += values * _FIXED_SIZES[single]
            continue
        values = struct.unpack_from("<L", octets, position)[0]
        position += 4
        for _ in range(min(values, _MOST)):
            size = struct.unpack_from("<L", octets, position)[0]
            found.setdefault(number, (single, octets[position + 4 : position + 4 + size]))
            position += 4 + size + -size % 4
    return found


def _text(kind: int, octets: bytes, charset: str) -> str:
    if kind == _UNICODE:
        return octets.decode("utf-16-le", "replace").rstrip("\0")
    return decode_octets(octets.rstrip(b"\0"), charset)


def read_msg(octets: bytes) -> Wrapped | None:
    """The subject, text and files of a mail saved by Outlook; None if it cannot be opened."""
    try:
        compound: olefile.OleFileIO[str] = olefile.OleFileIO(io.BytesIO(octets))
        with closing(compound):
            return Wrapped(
                _msg_text(compound, "", 0x0037),
                _msg_text(compound, "", 0x1000),
                tuple(_msg_files(compound, "", 0)),
            )
    except OLE_ERRORS:
        return None


def _msg_files(compound: olefile.OleFileIO[str], within: str, depth: int) -> Iterator[tuple[tuple[str, ...], bytes]]:
    for number in range(_MOST):
        storage = f"{within}__attach_version1.0_#{number:08X}/"
        if not compound.exists(storage.rstrip("/")):
            break
        names = (_msg_text(compound, storage, each) for each in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME))
        name = next((each for each in names if each), "")
        embedded = f"{storage}__substg1.0_3701000D"
        if compound.exists(f"{embedded}/__properties_version1.0") and depth < _DEEPEST:
            for inner, octets in _msg_files(compound, f"{embedded}/", depth + 1):
                yield (name or "转发邮件", *inner), octets
            continue
        data = _msg_stream(compound, f"{storage}__substg1.0_37010102")
        if data or name:
            yield (name or "未命名附件",), data


def _msg_text(compound: olefile.OleFileIO[str], within: str, number: int) -> str:
    unicode = _msg_stream(compound, f"{within}__substg1.0_{number:04X}001F")
    if unicode:
        return _text(_UNICODE, unicode, "").replace("\r\n", "\n").strip()
    return _text(_STRING8, _msg_stream(compound, f"{within}__substg1.0_{number:04X}001E"), "").strip()


def _msg_stream(compound: olefile.OleFileIO[str], name: str) -> bytes:
    if not compound.exists(name) or compound.get_type(name) != olefile.STGTY_STREAM:
        return b""
    with compound.openstream(name) as stream:
        return bytes(stream.read())
