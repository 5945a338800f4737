"""Zip archives as village computers write them: names in GBK without a flag, or shut with a password.

The standard library writes neither, nor twice the same octets for the same files; hence these few lines.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime

_ENCRYPTED, _UTF8 = 0x1, 0x800  # general purpose bits, APPNOTE 4.4.4
_DEFLATED = 8
_MADE_ON_WINDOWS = 20
_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")


def pack_zip(
    members: Mapping[str, bytes], moment: datetime, *, names: str = "gbk", password: bytes | None = None
) -> bytes:
    """An archive of these members. ``names`` is the charset of the names: the UTF-8 flag is set for ``utf-8`` alone.

    With a password the members are shut by PKWARE's own cipher (APPNOTE 6.1).
    """
    flags = (_UTF8 if names == "utf-8" else 0) | (_ENCRYPTED if password is not None else 0)
    stamp = _dos_time(moment)
    body, directory = bytearray(), bytearray()
    for name, octets in members.items():
        encoded, checksum = name.encode(names), zlib.crc32(octets)
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(octets) + packer.flush()
        if password is not None:
            packed = _shut(packed, password, checksum)
        fields = (20, flags, _DEFLATED, *stamp, checksum, len(packed), len(octets), len(encoded), 0)
        directory += (
            struct.pack("<4s6H3I5H2I", b"PK\1\2", _MADE_ON_WINDOWS, *fields, 0, 0, 0, 0x20, len(body)) + encoded
        )
        body += struct.pack("<4s5H3I2H", b"PK\3\4", *fields) + encoded + packed
    count = len(members)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


def settle_time(octets: bytes, moment: datetime) -> bytes:
    """The same OOXML package dated ``moment`` within and without, where its writer had taken the clock's."""
    stream = io.BytesIO()
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with zipfile.ZipFile(io.BytesIO(octets)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            # Pictures within are compressed already.
            entry.compress_type = zipfile.ZIP_STORED if name.endswith((".jpg", ".png")) else zipfile.ZIP_DEFLATED
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp.encode() + rb"\g<2>", content)
            target.writestr(entry, content, compresslevel=4)
    return stream.getvalue()


def _dos_time(moment: datetime) -> tuple[int, int]:
    time = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    return time, (moment.year - 1980) << 9 | moment.month << 5 | moment.day


def _shut(octets: bytes, password: bytes, checksum: int) -> bytes:
    """Encrypt by APPNOTE 6.1; the twelve octets in front should be random, and are zero but for the check octet."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def turn(octet: int) -> None:
        keys[0] = _crc_step(keys[0], octet)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = _crc_step(keys[2], keys[1] >> 24)

    for octet in password:
        turn(octet)
    shut = bytearray()
    for octet in bytes(11) + bytes([checksum >> 24]) + octets:
        mask = (keys[2] | 2) & 0xFFFF
        shut.append(octet ^ (mask * (mask ^ 1) >> 8 & 0xFF))
        turn(octet)
    return bytes(shut)


def _crc_step(key: int, octet: int) -> int:
    # zlib inverts before and after; the cipher's own CRC does not.
    return zlib.crc32(bytes([octet]), key ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
