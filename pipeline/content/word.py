"""Word documents in Office Open XML: docx, docm and their templates, by Word, WPS or any other program."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from pipeline.content.ole import refuse_encrypted_package
from pipeline.content.package import Package
from pipeline.content.refusal import Refusal
from pipeline.content.story import read_story
from pipeline.model.content import Document
from pipeline.model.files import FileKind, Problem
from pipeline.model.reading import Picture

_KINDS_BY_ENDING = {
    ".jpg": FileKind.JPEG,
    ".jpeg": FileKind.JPEG,
    ".png": FileKind.PNG,
    ".gif": FileKind.GIF,
    ".bmp": FileKind.BMP,
    ".tif": FileKind.TIFF,
    ".tiff": FileKind.TIFF,
}

_Relationships = dict[str, tuple[str, str]]  # of the main part, as the package tells them


def read_word(source: Path | bytes, kind: FileKind) -> Document:
    """The document's body: paragraphs with text, tables by grid, and every picture drawn in it, in order.

    Notes and comments are not part of it; the lines of page headers and footers stand apart, without their pictures. A
    picture that cannot be decoded (EMF, damaged) still counts, with a size of 0. Raises Refusal.
    """
    octets = source if isinstance(source, bytes) else source.read_bytes()
    refuse_encrypted_package(octets)
    package = Package(octets)
    try:
        main = _main_part(package)
        body = _body(package.tree(main))
        relationships = package.relationships(main)
        story = read_story(body, _picture_finder(package, relationships))
        margins = _margins(package, relationships)
        macros = package.carries_program()
    finally:
        package.close()
    return Document(
        kind=kind,
        paragraphs=tuple(line.rstrip() for line in story.lines if line.strip()),
        tables=tuple(story.tables),
        pictures=tuple(story.pictures),
        macros=macros,
        margins=margins,
        floating=frozenset(story.floating),
    )


def _main_part(package: Package) -> str:
    for kind, part in package.relationships("").values():
        if kind == "officeDocument":
            return part
    if package.has("word/document.xml"):
        return "word/document.xml"
    raise Refusal(Problem.DAMAGED, "no main part")


def _body(root: etree._Element) -> etree._Element:
    for child in root:
        if isinstance(child.tag, str) and child.tag.endswith("}body"):
            return child
    raise Refusal(Problem.DAMAGED, "no body")


def _margins(package: Package, relationships: _Relationships) -> tuple[str, ...]:
    """The lines of all page headers and footers, each once; a damaged one has none."""
    lines: dict[str, None] = {}
    for kind, part in relationships.values():
        if kind not in ("header", "footer"):
            continue
        try:
            story = read_story(package.tree(part), lambda _: None)
        except Refusal as refusal:
            if refusal.unreadable.problem is not Problem.DAMAGED:
                raise
            continue
        lines |= dict.fromkeys(line.strip() for line in story.lines if line.strip())
    return tuple(lines)


def _picture_finder(package: Package, relationships: _Relationships) -> Callable[[str], Picture | None]:
    """From relationship id to picture. Each part is read once, however often it is drawn."""
    known: dict[str, Picture] = {}

    def find(id: str) -> Picture | None:  # noqa: A002 (the standard's word)
        _, part = relationships.get(id, ("", ""))
        if not part:
            return None
        if part not in known:
            known[part] = read_drawn(package, part)
        return known[part]

    return find


def read_drawn(package: Package, part: str) -> Picture:
    """The picture that a part of an office document holds; Refusal where it is an attack."""
    name = posixpath.basename(part)
    try:
        octets = package.read(part)
    except Refusal as refusal:
        if refusal.unreadable.problem is Problem.HOSTILE:
            raise
        octets = b""
    from pipeline.content.picture import read_picture  # noqa: PLC0415 (a blank form has no photo)

    picture = read_picture(octets, name, drawn=True)
    if isinstance(picture, Picture):
        return picture
    if picture.problem is Problem.HOSTILE:
        raise Refusal(Problem.HOSTILE, f"{part}: {picture.detail}")
    # It was put there, so it counts; damaged octets differ by what the archive's directory says of them.
    known_by = octets or package.fingerprint(part).encode()
    return Picture(
        digest=hashlib.sha256(known_by).hexdigest(),
        kind=_KINDS_BY_ENDING.get(posixpath.splitext(name)[1].lower(), FileKind.UNKNOWN),
        width=0,
        height=0,
        sharpness=0.0,
        likeness=0,
        name=name,
    )
