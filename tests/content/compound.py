"""Makes OLE compound files ([MS-CFB]) and Word 97 documents ([MS-DOC]) from nothing, for the readers of old formats."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams in its root, each filled to 4096 octets: no mini stream is needed."""
    contents = {name: octets.ljust(4096, b"\0") for name, octets in streams.items()}
    names = sorted(contents, key=lambda name: (len(name), name.upper()))
    blocks, table = bytearray(), [_FAT]
    starts = {}
    directory_size = -(-(len(names) + 1) * 128 // _SECTOR)
    directory_start = len(table)
    table += [*range(directory_start + 1, directory_start + directory_size), _END]
    for name in names:
        octets = contents[name]
        padded = octets.ljust(-(-len(octets) // _SECTOR) * _SECTOR, b"\0")
        starts[name] = len(table)
        count = len(padded) // _SECTOR
        table += [*range(len(table) + 1, len(table) + count), _END]
        blocks += padded
    directory = _entry("Root Entry", 5, 0, 0, child=1 if names else _FREE)
    for number, name in enumerate(names, 1):
        following = number + 1 if number < len(names) else _FREE
        directory += _entry(name, 2, starts[name], len(contents[name]), right=following)
    assert len(table) <= 128, "one FAT sector only"
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16)
    header += struct.pack("<5H6x4I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory_start, 0)
    header += struct.pack("<5I", 4096, _END, 0, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    fat = struct.pack("<128I", *table, *[_FREE] * (128 - len(table)))
    return header + fat + bytes(directory.ljust(directory_size * _SECTOR, b"\0")) + bytes(blocks)


def _entry(name: str, kind: int, start: int, size: int, *, right: int = _FREE, child: int = _FREE) -> bytes:
    spelled = name.encode("utf-16-le") + b"\0\0"
    return (
        spelled.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(spelled), kind, 1, _FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start if size else _END if kind == 5 else start, size)
    )


def word_97(
    paragraphs: Sequence[str],
    rows: Sequence[Sequence[str]] = (),
    *,
    encrypted: bool = False,
    identifier: int = 0xA5EC,
    extra: Mapping[str, bytes] | None = None,
) -> bytes:
    """A .doc of these paragraphs and, after them, one table with equal columns."""
    runs: list[tuple[str, bytes]] = [(text + "\r", b"") for text in paragraphs]
    inside, ending = struct.pack("<HB", 0x2416, 1), struct.pack("<HB", 0x2417, 1)
    for row in rows:
        width = len(row)
        definition = struct.pack(f"<B{width + 1}h", width, *[2000 * edge for edge in range(width + 1)]) + bytes(
            20 * width
        )
        runs += [(text + "\x07", inside) for text in row]
        runs.append(("\x07", inside + ending + struct.pack("<HH", 0xD608, len(definition) + 1) + definition))
    runs.append(("\r", b""))
    text = "".join(run for run, _ in runs)
    octets = text.encode("utf-16-le")
    page = -(-(1024 + len(octets)) // _SECTOR)
    document = bytearray(1024) + octets
    document = document.ljust(page * _SECTOR, b"\0") + _paragraph_page(runs)
    pieces = struct.pack("<2I", 0, len(text)) + struct.pack("<HIH", 0, 1024, 0)
    places = struct.pack("<3I", 1024, 1024 + len(octets), page)
    tables = b"\x02" + struct.pack("<I", len(pieces)) + pieces + places
    base = struct.pack("<5H", identifier, 0x00C1, 0, 0x0804, 0)
    base += struct.pack("<HHIBB12x", 0x0200 | (0x0100 if encrypted else 0), 0x00BF, 0, 0, 0)
    longs = [0] * 22
    longs[0], longs[3] = len(document), len(text)
    pairs = [(0, 0)] * 93
    pairs[33] = (0, 5 + len(pieces))
    pairs[13] = (5 + len(pieces), len(places))
    fib = base + struct.pack("<H28xH22IH", 14, 22, *longs, 93) + b"".join(struct.pack("<2I", *pair) for pair in pairs)
    document[: len(fib)] = fib
    return compound_file({"WordDocument": bytes(document), "1Table": tables, **(extra or {})})


def _paragraph_page(runs: Sequence[tuple[str, bytes]]) -> bytes:
    """A PapxFkp ([MS-DOC] 2.9.180): where each paragraph ends and how it is formatted."""
    page = bytearray(_SECTOR)
    at, edges, top = 1024, [1024], _SECTOR - 2
    offsets = bytearray()
    for text, properties in runs:
        at += 2 * len(text)
        edges.append(at)
        papx = struct.pack("<H", 0) + properties
        papx += bytes(len(papx) % 2)
        record = bytes([0, len(papx) // 2]) + papx
        top -= len(record)
        page[top : top + len(record)] = record
        offsets += bytes([top // 2]) + bytes(12)
    header = struct.pack(f"<{len(edges)}I", *edges) + bytes(offsets)
    assert len(header) < top, "one page only"
    page[: len(header)] = header
    page[-1] = len(runs)
    return bytes(page)
