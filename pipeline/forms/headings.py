"""What counts as a heading, and when two are the same.

Texts are compared without spaces, line breaks, punctuation and width of signs, and without numbers, footnote marks and
remarks: fonts, widths and blank rows never matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from pipeline.model.campaign import Form
from pipeline.model.content import Cell

_PARENTHESES: Final = re.compile(r"[(][^()]*[)]|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
# What a heading may be dressed with: 1.单位, 二、单位, ③单位; 单位①, 单位*; 活动照片2-3张; 活动写实，包括时间、地点.
_MARKS: Final = re.compile(r"[\u2460-\u24ff\u2776-\u2793¹²³⁰-⁹]")
_NUMBER: Final = re.compile(r"\s*(?:\d{1,2}[.、)](?!\d)|[一二三四五六七八九十]{1,2}、)")
_HINT: Final = re.compile(r"(?<=\w\w)\s*(?:[,;].*|\d+\s*[-~—–至到]\s*\d+\s*[张幅个字]?\s*)$", re.DOTALL)
_UNIT_LINE: Final = re.compile(r"^\s*(?:填报|报送|上报|填表)?单\s*位\s*(?:[(（][^)）]*[)）])?\s*[:：]")


@lru_cache(maxsize=4096)
def plain_heading(text: str) -> str:
    """The text without spaces and punctuation, and without what a heading is dressed with: numbers, footnote marks,
    remarks in parentheses or behind a comma. In half-width form.
    """
    plain = unicodedata.normalize("NFKC", text)
    undressed = _PARENTHESES.sub("", unicodedata.normalize("NFKC", _MARKS.sub("", text)))
    bare = _signs(_HINT.sub("", _NUMBER.sub("", undressed)))
    return bare or _signs(plain)


def _signs(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def shown(cell: Cell) -> str:
    """The heading as a letter names it."""
    return _without_blanks(cell.text)


@lru_cache(maxsize=4096)
def _without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", text)


def is_sample(text: str, form: Form) -> bool:
    """Whether the text is one of the blank form's own samples and nothing besides."""
    return _bare(text) in map(_bare, form.samples)


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=16)
def heading_rows(form: Form) -> Sequence[Sequence[Cell]]:
    """The rows of headings of the blank form, each from left to right."""
    rows = []
    for number in range(form.blank.height):
        row = [
            cell
            for cell in form.blank.row(number)
            if plain_heading(cell.text) and not is_sample(cell.text, form) and not _UNIT_LINE.match(cell.text)
        ]
        titles = {plain_heading(heading) for heading in form.columns.values()}
        if row and (not titles or titles & {plain_heading(cell.text) for cell in row}):
            rows.append(sorted(row, key=lambda cell: cell.column))
    return rows


@lru_cache(maxsize=16)
def sections(form: Form) -> Mapping[Cell, Cell | None]:
    """Each heading of the blank form, with the heading in its first column whose rows hold it; None where the form has
    no sections."""
    return {cell: _section_of(cell, form) for row in heading_rows(form) for cell in row}


def _section_of(cell: Cell, form: Form) -> Cell | None:
    for other in form.blank.cells:
        if (
            other.column == 0
            and other.rows > 1
            and other.row <= cell.row < other.row + other.rows
            and other.text.strip()
        ):
            return other
    return None
