"""OFD (GB/T 33190), the fixed-layout format of Chinese offices: its text. It is to a form what a PDF is.

A zip of XML: ``OFD.xml`` leads to documents, these to pages, and a page's text stands in ``TextCode`` elements, a line
or a piece of one each.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from lxml import etree

from pipeline.content.package import Package
from pipeline.content.refusal import Refusal
from pipeline.model.content import Document
from pipeline.model.files import FileKind, Problem

_PAGE = re.compile(r"(?:[^/]+/){1,3}content\.xml")
_NUMBER = re.compile(r"(\d+)")
_PAGES = 100


def read_ofd(path: Path) -> Document:
    """The text's lines as paragraphs; none where the pages are pictures (a scan). Raises Refusal."""
    package = Package(path.read_bytes())
    try:
        package.refuse_locked()
        if package.has("encryptions.xml"):
            raise Refusal(Problem.ENCRYPTED, "OFD")
        pages = sorted(package.parts(_PAGE), key=_in_order)
        lines = [line for page in pages[:_PAGES] for line in _lines(package.tree(page))]
    finally:
        package.close()
    return Document(kind=FileKind.OFD, paragraphs=tuple(lines), tables=())


def _in_order(part: str) -> list[tuple[str, int]]:
    """Page_2 before Page_10."""
    found = _NUMBER.split(posixpath.dirname(part))
    return [(words, int(number)) for words, number in zip(found[::2], [*found[1::2], "0"], strict=False)]


def _lines(page: etree._Element) -> list[str]:
    """Pieces of text that stand at one height are one line."""
    lines: dict[str, list[str]] = {}
    for text in page.iter("{*}TextObject"):
        height = next(iter(str(text.get("Boundary", "")).split()[1:2]), "")
        said = "".join(code.text or "" for code in text.iter("{*}TextCode"))
        lines.setdefault(height, []).append(said)
    return [line for pieces in lines.values() if (line := "".join(pieces).strip())]
