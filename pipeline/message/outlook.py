"""Outlook's two wrappers -> what they hold: winmail.dat (TNEF, MS-OXTNEF) and mails saved as .msg (MS-OXMSG).

No kept library does the first (tnefparse: 2021) and the one for the second brings a dozen packages for what are a few
streams of a compound file.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import olefile

from pipeline.cache.workplace import Loose
from pipeline.octets import Octets
from pipeline.sniff import OLE_ERRORS
from pipeline.text.charset import decode_octets

_MOST = 500  # files of one wrapper, values of one property
_DEEPEST = 5  # messages within each other

# TNEF attributes (MS-OXTNEF 2.1.3.2), properties (MS-OXPROPS), and property types (MS-OXCDATA 2.11.1).
_RENDER_DATA, _TITLE, _DATA, _PROPERTIES, _CODE_PAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_ATTACH_DATA, _SHORT_NAME, _LONG_NAME, _DISPLAY_NAME = 0x3701, 0x3704, 0x3707, 0x3001
_FIXED_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING8, _UNICODE = 0x1E, 0x1F
_MULTIPLE = 0x1000
_OF_ATTACHMENT = 2
_LONGEST_NAME = 4096  # octets

Lay = Callable[[Iterable[bytes]], Loose]  # puts the octets of one file where they can be read again
_Span = tuple[int, int]  # where octets begin and end in the source


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What a wrapper holds. Names run from the outermost message within it inwards."""

    subject: str = ""
    text: str = ""
    files: tuple[tuple[tuple[str, ...], Loose], ...] = ()


def read_tnef(path: Path, lay: Lay) -> Wrapped | None:
    """The files in a winmail.dat; None if it is damaged."""
    with path.open("rb") as file:
        source = Octets(file)
        try:
            found = list(_tnef_files(source, (0, len(source)), 0))
        except (struct.error, IndexError):
            return None
        return Wrapped(files=tuple((names, lay(source.chunks(*span))) for names, span in found))


def _tnef_files(source: Octets, within: _Span, depth: int) -> Iterator[tuple[tuple[str, ...], _Span]]:
    nothing = (within[0], within[0])
    charset, name, data, begun = "gbk", "", nothing, False
    position, end = within[0] + 6, within[1]  # signature and key
    while position + 9 <= end:
        level, attribute, size = _unpack("<BHxxL", source, position, end)
        if level not in {1, 2}:
            break  # seen: garbage after the last attribute
        if level == _OF_ATTACHMENT and position + 9 + size > end:
            raise IndexError(position)  # cut short within a file
        value = (position + 9, min(position + 9 + size, end))
        position += 9 + size + 2  # a checksum follows
        if attribute == _CODE_PAGE and size >= 4:
            charset = f"cp{_unpack('<L', source, *value)[0]}"
        elif attribute == _RENDER_DATA:
            if begun:
                yield from _tnef_file(source, name, data, depth)
            name, data, begun = "", nothing, True
        elif attribute == _TITLE:
            name = name or _text(_STRING8, _first(source, value), charset)
        elif attribute == _DATA:
            data = value
        elif attribute == _PROPERTIES and begun:
            found = _tnef_properties(source, value)
            longer = found.get(_LONG_NAME) or found.get(_DISPLAY_NAME)
            name = _text(longer[0], _first(source, longer[1]), charset) if longer else name
            data = data if data[0] < data[1] else found.get(_ATTACH_DATA, (0, nothing))[1]
    if begun:
        yield from _tnef_file(source, name, data, depth)


def _tnef_file(source: Octets, name: str, data: _Span, depth: int) -> Iterator[tuple[tuple[str, ...], _Span]]:
    # An embedded object is preceded by the 16 octets of its interface; an embedded message is TNEF again.
    start, end = data
    if source[start + 16 : min(start + 20, end)] == b"\x78\x9f\x3e\x22" and depth < _DEEPEST:
        for names, span in _tnef_files(source, (start + 16, end), depth + 1):
            yield (name or "转发邮件", *names), span
    elif start < end or name:
        yield (name or "未命名附件",), data


def _tnef_properties(source: Octets, within: _Span) -> dict[int, tuple[int, _Span]]:
    """Property id -> its type and its (first) value."""
    found: dict[int, tuple[int, _Span]] = {}
    position, end = within
    count = _unpack("<L", source, position, end)[0]
    position += 4
    for _ in range(min(count, _MOST)):
        if position + 4 > end:
            break
        kind, number = _unpack("<HH", source, position, end)
        position += 4
        if number >= 0x8000:  # named: a set, a kind, and a number or a name
            by_name = _unpack("<L", source, position + 16, end)[0] == 1
            position += 20
            size = _unpack("<L", source, position, end)[0] if by_name else 0
            position += 4 + size + -size % 4
        single = kind & ~_MULTIPLE
        if single in _FIXED_SIZES:
            values = 1
            if kind & _MULTIPLE:
                values = _unpack("<L", source, position, end)[0]
                position += 4
            found[number] = (single, _span(position, _FIXED_SIZES[single], end))
            position += values * _FIXED_SIZES[single]
            continue
        values = _unpack("<L", source, position, end)[0]
        position += 4
        for _ in range(min(values, _MOST)):
            size = _unpack("<L", source, position, end)[0]
            found.setdefault(number, (single, _span(position + 4, size, end)))
            position += 4 + size + -size % 4
    return found


def _unpack(shape: str, source: Octets, position: int, end: int) -> tuple[int, ...]:
    """The numbers that stand here; struct.error where they do not stand before the end."""
    return struct.unpack(shape, source[position : min(position + struct.calcsize(shape), end)])


def _span(start: int, size: int, end: int) -> _Span:
    return min(start, end), min(start + size, end)


def _first(source: Octets, span: _Span) -> bytes:
    """As much of a value as any name is long."""
    return source[span[0] : min(span[1], span[0] + _LONGEST_NAME)]


def _text(kind: int, octets: bytes, charset: str) -> str:
    if kind == _UNICODE:
        return octets.decode("utf-16-le", "replace").rstrip("\0")
    return decode_octets(octets.rstrip(b"\0"), charset)


def read_msg(path: Path, lay: Lay) -> Wrapped | None:
    """The subject, text and files of a mail saved by Outlook; None if it cannot be opened."""
    try:
        with path.open("rb") as file:
            compound: olefile.OleFileIO[str] = olefile.OleFileIO(file)
            with closing(compound):
                return Wrapped(
                    _msg_text(compound, "", 0x0037),
                    _msg_text(compound, "", 0x1000),
                    tuple((names, lay((octets,))) for names, octets in _msg_files(compound, "", 0)),
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
