"""A document once more, for the octets of the pictures that stand in it.

The readers beside this module judge a picture and keep its facts alone. Who puts a village's pictures into a document
of the office needs them themselves, and needs no facts: nothing is decoded here.
"""

from __future__ import annotations

import binascii
import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.content import read_content
from pipeline.content.legacy import convert_doc
from pipeline.content.ole import refuse_encrypted_package
from pipeline.content.package import Package
from pipeline.content.refusal import Refusal
from pipeline.content.story import read_story
from pipeline.content.word import _body, _main_part
from pipeline.model.content import Document, Other, Unreadable
from pipeline.model.files import FileKind, Problem
from pipeline.model.reading import Picture

# Is given the digest and the octets of each picture, once; they are not kept here.
Take = Callable[[str, bytes], None]

# A control word with its number is passed over, so that the number is not taken for the picture's first digits.
_HEX_RUN = re.compile(rb"\\[a-zA-Z]+-?\d* ?|(?P<digits>[0-9a-fA-F\r\n\t ]{64,})")


def read_embedded(path: Path, kind: FileKind, take: Take) -> Document | Unreadable:
    """The document, its tables and text as :func:`~pipeline.content.read_content` gives them, its pictures handed over.

    A picture of the document bears the digest under which ``take`` was given it, and no other fact. One whose octets
    cannot be had is not handed over. What ``take`` raises passes through.
    """
    try:
        match kind:
            case FileKind.DOCX | FileKind.DOCM:
                return _read_word(path.read_bytes(), kind, take)
            case FileKind.DOC:
                return _read_word(convert_doc(path), kind, take)
            case _:
                return _read_other(path, kind, take)
    except Refusal as refusal:
        return refusal.unreadable


def _read_word(octets: bytes, kind: FileKind, take: Take) -> Document:
    refuse_encrypted_package(octets)
    package = Package(octets)
    try:
        main = _main_part(package)
        story = read_story(_body(package.tree(main)), _picture_finder(package, main, take))
    finally:
        package.close()
    return Document(
        kind=kind,
        paragraphs=tuple(line.rstrip() for line in story.lines if line.strip()),
        tables=tuple(story.tables),
        pictures=tuple(story.pictures),
        floating=frozenset(story.floating),
    )


def _picture_finder(package: Package, main: str, take: Take) -> Callable[[str], Picture | None]:
    relationships = package.relationships(main)
    known: dict[str, Picture] = {}

    def find(id: str) -> Picture | None:  # noqa: A002 (the standard's word)
        _, part = relationships.get(id, ("", ""))
        if part and part not in known:
            known[part] = _hand_over(package, part, take)
        return known.get(part)

    return find


def _hand_over(package: Package, part: str, take: Take) -> Picture:
    try:
        octets = package.read(part)
    except Refusal as refusal:
        if refusal.unreadable.problem is Problem.HOSTILE:
            raise
        return _picture(hashlib.sha256(package.fingerprint(part).encode()).hexdigest(), part)
    digest = hashlib.sha256(octets).hexdigest()
    take(digest, octets)
    return _picture(digest, part)


def _picture(digest: str, part: str) -> Picture:
    return Picture(digest, FileKind.UNKNOWN, 0, 0, sharpness=0.0, likeness=0, name=posixpath.basename(part))


def _read_other(path: Path, kind: FileKind, take: Take) -> Document | Unreadable:
    content = read_content(path, kind, path.name)
    if isinstance(content, Unreadable):
        return content
    if not isinstance(content, Document):
        detail = "no document" if isinstance(content, Other) else type(content).__name__
        return Unreadable(Problem.UNSUPPORTED, detail)
    wanted = {picture.digest for picture in content.pictures}
    for octets in _rtf_pictures(path.read_bytes()) if kind is FileKind.RTF and wanted else ():
        digest = hashlib.sha256(octets).hexdigest()
        if digest in wanted:
            wanted.discard(digest)
            take(digest, octets)
    return content


def _rtf_pictures(octets: bytes) -> Iterator[bytes]:
    """Whatever may be a picture; the digests tell which are."""
    for run in _HEX_RUN.finditer(octets):
        digits = (run["digits"] or b"").translate(None, b" \r\n\t")
        if digits and len(digits) % 2 == 0:
            yield binascii.unhexlify(digits)
    for start in re.finditer(rb"\\bin(\d{1,9}) ?", octets):
        yield octets[start.end() : start.end() + int(start[1])]
