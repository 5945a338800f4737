"""Names within archives: what leads outside, and what nobody meant to send."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.text.charset import decode_octets

_PACKED_ENDING = re.compile(r"\.(?:gz|bz2|xz|zst|tgz|tbz2?|txz|tzst)\Z", re.IGNORECASE)
_NAMELESS = "未命名文件"


def leads_outside(name: str) -> bool:
    """Whether a name, taken for a path, could lead out of the archive's own folder: ``..``, a root, a drive."""
    slashed = name.replace("\\", "/")
    return slashed.startswith("/") or ".." in slashed.split("/") or bool(re.match(r"[A-Za-z]:", slashed))


def is_junk(name: str) -> bool:
    """Whether a file is a system's own trace that nobody meant to send: Thumbs.db, __MACOSX, ~$ lock files."""
    folders = name.replace("\\", "/").split("/")
    own = folders[-1].lower()
    return (
        "__MACOSX" in folders
        or own in {"thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db", "smime.p7s"}
        or own.startswith(("~$", "._", ".~"))
        or own.endswith((".ics", ".vcf"))
    )


def without_ending(name: str) -> str:
    """What a packed file of this name is called once it is unpacked: ``表.xlsx`` of ``表.xlsx.xz``."""
    own = name.replace("\\", "/").rsplit("/", 1)[-1]
    packed = _PACKED_ENDING.search(own)
    if packed is None:
        return own or _NAMELESS
    return f"{own[: packed.start()]}{'.tar' if packed[0].lower().startswith('.t') else ''}".strip() or _NAMELESS


def decode_names(names: Sequence[bytes]) -> list[str]:
    """The names of one archive, none of them marked with a charset: they are all in the same one, GB18030 or UTF-8."""
    lines = [name.replace(b"\n", b" ") for name in names]
    together = decode_octets(b"\n".join(lines)).split("\n")
    return together if len(together) == len(lines) else [decode_octets(line) for line in lines]
