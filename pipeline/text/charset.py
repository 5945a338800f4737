"""Octets to text, where the declared charset is a hint and not a fact.

Seen: text labelled gb2312 that holds GBK or GB18030 characters (names such as 喆, 堃, 镕), GBK labelled ISO-8859-1 or
not at all, UTF-8 labelled gb2312. What decodes strictly and reads like Chinese wins over the label.
"""

from __future__ import annotations

import codecs
import re

# gb2312 and gbk are subsets of gb18030, and their labels are put on text that needs the larger one.
_GB_NAMES = frozenset({"gb2312", "gbk", "gb18030", "hz"})
# Labels that mailers put where they did not know: to be believed only if nothing better fits.
_WEAK_NAMES = frozenset({"ascii", "iso8859-1", "cp1252", "latin_1"})
# Python codecs that are no charset of a mail; punycode takes quadratic time on long input.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "palmos"})
_ALIASES = {"gb_2312-80": "gb2312", "gb_2312": "gb2312", "x-gbk": "gbk", "x-gb2312": "gb2312", "chinese": "gb2312"}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def decode_octets(octets: bytes, declared: str = "") -> str:
    """The text of these octets; never fails. What cannot be read becomes U+FFFD, control characters are left out."""
    return _CONTROLS.sub("", _decode(octets, declared))


def _decode(octets: bytes, declared: str) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if octets.startswith(mark):
            return octets.decode(name, "replace")
    name = _codec(declared)
    if name.startswith(("utf-16", "utf-32", "utf-7", "iso2022", "hz")):
        # Not supersets of ASCII: the label is all there is. Lone surrogates of utf-7 must not get further.
        return octets.decode(name, "replace").encode("utf-8", "replace").decode("utf-8")
    if octets.isascii():
        return octets.decode("ascii")
    if name in _GB_NAMES:
        return _decode_gb(octets)
    if name and name != "utf-8" and name not in _WEAK_NAMES:
        strict = _strictly(octets, name)
        if strict is not None:
            return strict
    return _guess(octets, name)


def _decode_gb(octets: bytes) -> str:
    chinese, unicode = _strictly(octets, "gb18030"), _strictly(octets, "utf-8")
    if unicode is not None and (chinese is None or _share_of_chinese(unicode) > 0.9):
        return unicode  # seen: UTF-8 labelled gb2312; GBK text hardly ever forms UTF-8 of three octets a character
    return chinese if chinese is not None else octets.decode("gb18030", "replace")


def _guess(octets: bytes, name: str) -> str:
    """Text whose label is utf-8, missing, unknown or not to be believed."""
    unicode, chinese = _strictly(octets, "utf-8"), _strictly(octets, "gb18030")
    if unicode is not None and (name == "utf-8" or chinese is None or _share_of_chinese(unicode) > 0.5):
        return unicode
    if chinese is not None and _share_of_chinese(chinese) > 0.7:  # one rare character in a name of five: 喆, 堃
        return chinese
    if unicode is not None:
        return unicode
    if name in _WEAK_NAMES:
        return octets.decode("cp1252", "replace")
    candidates = [octets.decode("utf-8", "replace"), octets.decode("gb18030", "replace")]
    return min(candidates, key=lambda text: text.count("\ufffd"))


def _strictly(octets: bytes, name: str) -> str | None:
    try:
        return octets.decode(name)
    except (UnicodeError, ValueError):  # some codecs of multi-byte charsets raise a bare ValueError
        return None


def _codec(declared: str) -> str:
    """Python's name of the declared charset; empty where there is none that a mail may use."""
    label = declared.strip().strip("\"'").lower()
    try:
        found = codecs.lookup(_ALIASES.get(label, label)) if label else None
    except (LookupError, ValueError):  # ValueError: a NUL or a non-ASCII character in the label
        return ""
    if found is None or found.name in _NO_CHARSETS or not _is_text(found.name):
        return ""
    return found.name


def _is_text(name: str) -> bool:
    try:
        b"".decode(name)
    except (LookupError, UnicodeError):  # LookupError: base64, zlib and the like are codecs but no charsets
        return False
    return True


def _share_of_chinese(text: str) -> float:
    """How many of the first 2,000 characters beyond ASCII are everyday Chinese, those of GB 2312; from 0 to 1."""
    beyond = [character for character in text[:20_000] if character > "\x7f"][:2_000]
    if not beyond:
        return 0.0
    return sum(1 for character in beyond if _in_gb2312(character)) / len(beyond)


def _in_gb2312(character: str) -> bool:
    if not (character >= "\u4e00" or "\u2010" <= character <= "\u303f"):
        return False  # GB 2312 holds Greek, Cyrillic and Latin too: those speak for another charset
    try:
        character.encode("gb2312")
    except UnicodeError:
        return False
    return True
