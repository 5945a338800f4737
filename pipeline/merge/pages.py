"""On which page each text of a volume begins, counted as a typist counts: signs to the line, lines to the page.

Neither Word nor LibreOffice counts the numbers of a table of contents when it opens a document, so they must be right
as written. They can be, for the volume's lines have a fixed height and its text is Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LINE = 22  # points from line to line
_PAGE_LINES = 32  # 24.9 cm
_LINE_SIGNS = 37  # 15.8 cm of 12 points
_HEADING_LINES = 2
_TITLE_LINES = 5  # title, office, the word for contents
_CLOSING_LINES = 1  # the space before the closing words
_WORD = re.compile(r"[0-9A-Za-z.%:/-]+|.")
_STOPS = "，。、；：！？"


def count_lines(text: str, *, indent: int = 0) -> int:
    """How many lines a paragraph fills. A word or number stays whole, a stop may hang over the end of its line."""
    lines, reached = 1, float(indent)
    for word in _WORD.findall(text):
        width = sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in word)
        if _is_foreign(word):
            width += 0.5  # a quarter before and behind it
        if reached + width > _LINE_SIGNS + (1 if word in _STOPS else 0):
            lines, reached = lines + 1, 0.0
        reached += width
    return lines


def _is_foreign(word: str) -> bool:
    return word[0].isascii() and word[0].isalnum()


def count_starts(texts: Sequence[Sequence[str]], closing: Sequence[str]) -> list[int]:
    """The first page of each text, each of which begins a page, after the contents and their closing paragraphs."""
    front = _TITLE_LINES + len(texts) + _CLOSING_LINES + sum(map(count_lines, closing))
    page = 1 + _pages(front)
    starts: list[int] = []
    for lines in texts:
        starts.append(page)
        page += _pages(_HEADING_LINES + sum(count_lines(line, indent=2) for line in lines))
    return starts


def _pages(lines: int) -> int:
    return max(1, -(-lines // _PAGE_LINES))
