"""File names made of the villages' names, safe on any system and in any archive."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pipeline.model.files import FileKind

# Windows forbids these ("Naming Files, Paths, and Namespaces"); with controls and marks that turn the reading round.
_FORBIDDEN = re.compile('[\\\\/:*?"<>|\x00-\x1f\x7f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
_LONGEST = 60  # characters: 180 octets of UTF-8, of the 255 that a name may have

ENDINGS = {
    FileKind.JPEG: ".jpg",
    FileKind.HEIC: ".heic",
    FileKind.TIFF: ".tif",
    FileKind.THREEGP: ".3gp",
    FileKind.MPEG: ".mpg",
}


def ending(kind: FileKind) -> str:
    """What the name of a file of this kind ends in."""
    return ENDINGS.get(kind, f".{kind.value}")


def file_stem(name: str) -> str:
    """The name as a file's name without ending: no path, no device, nothing that a file system forbids."""
    plain = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" .")[:_LONGEST].strip(" .")
    return _DEVICES.sub(r"\1_", plain) if plain.strip("_") else "_"


def file_stems(names: Iterable[str]) -> dict[str, str]:
    """A stem for each name, no two alike even where capitals do not count."""
    stems: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        stem = base = file_stem(name)
        number = 1
        while stem.casefold() in taken:
            number += 1
            stem = f"{base}（{number}）"
        taken.add(stem.casefold())
        stems[name] = stem
    return stems
