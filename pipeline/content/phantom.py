"""Cells that nobody sees, at the far end of a sheet: a blank typed by mistake in row 1,048,576.

calamine makes room for the whole rectangle from A1 to the last cell that holds anything, and one blank so far off asks
for more memory than there is. Such cells are taken out of the file before it is read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Final

from pipeline.content.package import Package

_MOST_PLACES: Final = 5_000_000  # of a rectangle that costs nothing to speak of: about 150 MB for a moment
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(rb"""<(?:\w{1,20}:)?(?:c|row)\b[^<>]*?\br=["']([A-Z]{0,3})(\d{1,7})["']""")
_ROW = re.compile(rb"<((?:\w{1,20}:)?row)\b([^<>]*?)(?:/>|>.*?</\1\s*>)", re.DOTALL)
_CELL_WHOLE = re.compile(rb"<((?:\w{1,20}:)?c)\b([^<>]*?)(?:/>|>.*?</\1\s*>)", re.DOTALL)
_PLACE = re.compile(rb"""\br=["']([A-Z]{0,3})(\d{1,7})["']""")


def without_far_cells(
    package: Package, octets: bytes, rows: int, columns: int, *, look: Callable[[bytes], None] | None = None
) -> bytes:
    """The workbook's octets; where a sheet is too large to be laid out, without its cells beyond so many rows and
    columns. Raises Refusal where a sheet is a bomb or damaged, and whatever ``look`` raises, which is given each sheet.
    """
    changed: dict[str, bytes] = {}
    for part in package.parts(_SHEET):
        sheet = package.markup(part)
        if look is not None:
            look(sheet)
        if _places(sheet) > _MOST_PLACES:
            changed[part] = _ROW.sub(lambda row: _within(row, rows, columns), sheet)
    return _rewritten(octets, changed) if changed else octets


def _places(sheet: bytes) -> int:
    """The rectangle that holds all cells; some programs name no places, and then nothing can be far."""
    last_row = last_column = 1
    for letters, digits in _CELL.findall(sheet):
        last_row = max(last_row, int(digits))
        last_column = max(last_column, _column(letters))
    return last_row * last_column


def _within(row: re.Match[bytes], rows: int, columns: int) -> bytes:
    place = _PLACE.search(row[2])
    if place and int(place[2]) > rows:
        return b""
    return _CELL_WHOLE.sub(lambda cell: b"" if _is_beyond(cell[2], columns) else cell[0], row[0])


def _is_beyond(attributes: bytes, columns: int) -> bool:
    place = _PLACE.search(attributes)
    return place is not None and _column(place[1]) > columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _rewritten(octets: bytes, changed: dict[str, bytes]) -> bytes:
    """The archive with these parts in place of its own; the others' octets are copied as they unpack."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            name = entry.filename.replace("\\", "/").lstrip("/")
            if name.lower() in changed:
                new.writestr(name, changed[name.lower()])
            elif not _is_heavy(name):
                new.writestr(name, old.read(entry))
    return stream.getvalue()


def _is_heavy(name: str) -> bool:
    """What the reader of cells does not ask for."""
    return name.lower().startswith(("xl/media/", "xl/embeddings/", "docprops/thumbnail"))
