"""When a file cannot be marked: the letter alone does then."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from lxml import etree


class Unmarkable(Exception):  # noqa: N818 (no fault of ours nor of the village's: the letter says all)
    """Raised within this package alone."""


# What python-docx, openpyxl and zipfile raise on files that Word and WPS open all the same: a broken relationship is
# a KeyError, a form of another kind a ValueError, a missing element an AttributeError.
BROKEN = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    OSError,
    EOFError,
    RuntimeError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
)

_MOST_PICTURES = 128 << 20  # octets
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf")


def refuse_large(octets: bytes, most: int) -> None:
    """Raise Unmarkable where the package unpacks to more than ``most`` octets and 128 MB of pictures.

    zipfile reads no more of a member than the directory says, so a false size is no way round.
    """
    pictures = others = 0
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        for member in archive.infolist():
            if member.filename.lower().endswith(_PICTURES):
                pictures += member.file_size
            else:
                others += member.file_size
    if others > most or pictures > _MOST_PICTURES:
        raise Unmarkable("too large")
