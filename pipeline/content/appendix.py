"""The blank forms behind a notice, in the notice's own Word document: each cut out as a document of its own."""

from __future__ import annotations

import copy
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

# 附件1： alone or with its title; 附件：1、… is the list of them.
_HEADING: Final = re.compile(r"\s*附\s*件\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})?\s*(?:[:：.、－-]\s*)?(?![:：])")
_SIGNED: Final = re.compile(r"\s*(?:\d{4}|[二〇○零一三四五六七八九]{4})\s*年\s*\S{1,2}\s*月\s*\S{1,3}\s*日\s*")
_PRINTED: Final = re.compile(r".*印发\s*")
_NOTE: Final = re.compile(r"\s*(?:注|说明|备注|填表(?:说明|人))\s*\d*\s*[:：]")  # below a table, of that one
_ABOVE: Final = 3  # paragraphs over a table that may be its title and its line for the unit
# What python-docx raises on files that Word opens all the same.
_UNEXPECTED: Final = (
    OpcError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    OSError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
)


@dataclass(frozen=True, slots=True)
class Appendix:
    """One form behind a notice."""

    heading: str  # 附件1：, with its title where that stands on the same line; empty where there is none
    octets: bytes  # a docx that holds it alone, a bare heading left out


def cut_appendices(octets: bytes) -> tuple[Appendix, ...]:
    """The forms within a notice's docx, in order: what stands under 附件1： up to the next, where it holds a table.

    Without such headings, each table behind the day on which the notice was signed, with the lines right above it. None
    where the document cannot be taken apart.
    """
    try:
        document = docx.Document(io.BytesIO(octets))
        blocks = [each for each in document.element.body if each.tag in (qn("w:p"), qn("w:tbl"))]
        return tuple(Appendix(heading, _cut(octets, start, end)) for heading, start, end in _ranges(blocks))
    except _UNEXPECTED:
        return ()


def _ranges(blocks: Sequence[Any]) -> Iterator[tuple[str, int, int]]:
    """The heading, the first block, and the one behind the last."""
    headings = [number for number, block in enumerate(blocks) if _is_heading(block)]
    found = [
        (start, end) for start, end in pairwise([*headings, len(blocks)]) if any(map(_is_table, blocks[start:end]))
    ]
    if found:
        for start, end in found:
            heading = _text(blocks[start]).strip()
            alone = not _HEADING.sub("", heading, count=1).strip()
            yield heading, start + alone, _before_imprint(blocks, end)
        return
    signed = next((number for number, block in enumerate(blocks) if _SIGNED.fullmatch(_text(block))), None)
    if signed is None:
        return
    first = signed + 1
    tables = [number for number in range(first, len(blocks)) if _is_table(blocks[number])]
    starts = []
    for number in tables:
        start = number
        while start > first and number - start < _ABOVE and not _NOTE.match(_text(blocks[start - 1])):
            start -= 1
        starts.append(start)
        first = number + 1
    for start, end in pairwise([*starts, len(blocks)]):
        yield "", start, _before_imprint(blocks, end)


def _is_table(block: Any) -> bool:
    return bool(block.tag == qn("w:tbl"))


def _is_heading(block: Any) -> bool:
    text = _text(block)
    return not _is_table(block) and bool(_HEADING.match(text)) and len(text.strip()) < 60


def _before_imprint(blocks: Sequence[Any], end: int) -> int:
    """The end without blank lines and the line that says who printed the notice."""
    while not _is_table(blocks[end - 1]) and (
        not _text(blocks[end - 1]).strip() or _PRINTED.match(_text(blocks[end - 1]))
    ):
        end -= 1
    return end


def _text(block: Any) -> str:
    return "" if _is_table(block) else "".join(each.text or "" for each in block.iter(qn("w:t")))


def _cut(octets: bytes, start: int, end: int) -> bytes:
    """The document with these blocks alone, on the page that they stood on."""
    document = docx.Document(io.BytesIO(octets))
    body = document.element.body
    blocks = [each for each in body if each.tag in (qn("w:p"), qn("w:tbl"))]
    page = next((each for block in blocks[end - 1 :] for each in block.iter(qn("w:sectPr"))), None)
    kept = {id(each) for each in blocks[start:end]}
    own = body.find(qn("w:sectPr"))
    for child in list(body):
        if id(child) not in kept and child is not own:
            body.remove(child)
    if page is not None and own is not None and page is not own:
        body.replace(own, copy.deepcopy(page))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
