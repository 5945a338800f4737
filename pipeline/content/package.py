"""An Office Open XML package, opened as tolerantly as Word opens it.

python-docx refuses a whole document for one broken relationship (seen: ``word/NULL``, ``#_top``), for a damaged
thumbnail, and for a docm; here each part is read when it is asked for, and only that part can fail.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from urllib.parse import unquote

from lxml import etree

from pipeline.content.ole import carries_program
from pipeline.content.refusal import Refusal, refuse
from pipeline.model.files import Problem

_LARGEST_PART = 128 << 20
_LARGEST_PACKAGE = 512 << 20  # octets unpacked in all; a mail holds some 50 MB, and pictures do not shrink
_ENCRYPTED = 0x1  # APPNOTE.TXT 4.4.4

# What zipfile raises on hostile or damaged archives (seen over the fuzzers' files of POI and commons-compress).
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    RuntimeError,  # NotImplementedError too: an unknown method of compression
)


class Package:
    """The parts of one package by name. A part's name has no leading slash and is found in any case."""

    def __init__(self, octets: bytes) -> None:
        """Raises Refusal where this is no archive at all."""
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(octets))
        except _ZIP_ERRORS as error:
            raise refuse(Problem.DAMAGED, error) from error
        # seen: member names with backslashes, from old .NET zip writers
        self._members = {
            member.filename.replace("\\", "/").lstrip("/").lower(): member for member in self._archive.infolist()
        }
        self._unpacked = 0

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part.lower() in self._members

    def parts(self, pattern: re.Pattern[str]) -> list[str]:
        """The names, in lower case, of all parts that fit."""
        return [part for part in self._members if pattern.fullmatch(part)]

    def refuse_entities(self, pattern: re.Pattern[str]) -> None:
        """Raise Refusal if any XML part that fits declares entities; not where it is damaged."""
        for part in self.parts(pattern):
            if _declares_entities(self._octets_of(part)):
                raise Refusal(Problem.HOSTILE, f"{part} declares entities")

    def carries_program(self) -> bool:
        """Whether the document has macros, or a program put in as an object."""
        return any(
            part.endswith("vbaproject.bin") or ("/embeddings/" in part and carries_program(self._octets_of(part)))
            for part in self._members
        )

    def _octets_of(self, part: str) -> bytes:
        try:
            return self.read(part)
        except Refusal as refusal:
            if refusal.unreadable.problem is Problem.HOSTILE:
                raise
            return b""

    def refuse_locked(self) -> None:
        """Raise Refusal if any part has a password of the archive's own."""
        if any(member.flag_bits & _ENCRYPTED for member in self._members.values()):
            raise Refusal(Problem.ENCRYPTED, "a part of the archive")

    def fingerprint(self, part: str) -> str:
        """Tells one unreadable part from another: its name, size and CRC as the archive's directory has them."""
        member = self._members[part.lower()]
        return f"{part.lower()}:{member.file_size}:{member.CRC:08x}"

    def read(self, part: str) -> bytes:
        """The octets of a part; Refusal where it is missing, damaged, locked or a bomb."""
        member = self._members.get(part.lower())
        if member is None:
            raise Refusal(Problem.DAMAGED, f"no part {part}")
        if member.flag_bits & _ENCRYPTED:
            raise Refusal(Problem.ENCRYPTED, part)
        try:
            with self._archive.open(member) as stream:
                octets = stream.read(_LARGEST_PART + 1)
        except _ZIP_ERRORS as error:
            raise refuse(Problem.DAMAGED, error) from error
        self._unpacked += len(octets)
        if len(octets) > _LARGEST_PART or self._unpacked > _LARGEST_PACKAGE:
            raise Refusal(Problem.HOSTILE, f"{part} unpacks to more than a document can hold")
        return octets

    def markup(self, part: str) -> bytes:
        """The octets of an XML part; HOSTILE where it declares entities: no office program does."""
        octets = self.read(part)
        if _declares_entities(octets):
            raise Refusal(Problem.HOSTILE, f"{part} declares entities")
        return octets

    def tree(self, part: str) -> etree._Element:
        """The root of an XML part; Refusal where it cannot be parsed, or declares entities. Nothing is fetched."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(self.markup(part), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise refuse(Problem.DAMAGED, error) from error
        return root

    def relationships(self, part: str) -> dict[str, tuple[str, str]]:
        """Id -> (last word of the type, name of the target part), of those that lead to a part that exists.

        ``part`` is "" for the package itself. Empty where the relationships are missing or damaged.
        """
        folder, name = posixpath.split(part)
        source = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(source):
            return {}
        try:
            root = self.tree(source)
        except Refusal as refusal:
            if refusal.unreadable.problem is Problem.DAMAGED:
                return {}
            raise
        found = {}
        for element in root:
            target = element.get("Target", "")
            if element.get("TargetMode") == "External" or not target:
                continue
            for spelling in (target, unquote(target)):
                resolved = posixpath.normpath(posixpath.join("/", folder, spelling.replace("\\", "/"))).lstrip("/")
                if self.has(resolved):
                    kind = element.get("Type", "").rpartition("/")[2]
                    found[element.get("Id", "")] = (kind, resolved)
                    break
        return found


def _declares_entities(octets: bytes) -> bool:
    """Whether the document type has entities: of themselves (a bomb), or of this machine's files. UTF-16 too."""
    return b"<!ENTITY" in octets or (
        (octets[1:2] == b"\0" or octets[:1] in b"\xff\xfe\0") and (b"<!ENTITY" in octets.replace(b"\0", b""))
    )
