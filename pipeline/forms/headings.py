"""The headings of the blank form laid over those of a document.

All tables of a document count as one long grid, so that a form cut in two by a page break is one form. A row of
headings of the blank form belongs to the row of the document that holds most of the same texts, in order from top to
bottom; what finds no row in order may stand elsewhere (moved). Texts are compared without spaces, line breaks,
punctuation and width of signs; fonts, widths, blank rows, and rows above and below the headings do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from pipeline.model import Cell, Document, Form, FormDifference, Table

_MOST_ROWS: Final = 500  # of a document that are looked at; the forms have fifteen
_TURNED_FROM: Final = 0.6  # share of the headings from which tables are taken for a form, turned or upright
_LIKE_ROW: Final = 0.5  # share of a row's headings that must be there
_LIKE_HEADING: Final = 60.0  # 0 to 100: from here on a heading counts as renamed rather than replaced
_PARENTHESES: Final = re.compile(r"[(][^()]*[)]|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
# What a heading may be dressed with: 1.单位, 二、单位, ③单位; 单位①, 单位*; 活动照片2-3张; 活动写实，包括时间、地点.
_MARKS: Final = re.compile(r"[\u2460-\u24ff\u2776-\u2793¹²³⁰-⁹]")
_NUMBER: Final = re.compile(r"\s*(?:\d{1,2}[.、)](?!\d)|[一二三四五六七八九十]{1,2}、)")
_HINT: Final = re.compile(r"(?<=\w\w)\s*(?:[,;].*|\d+\s*[-~—–至到]\s*\d+\s*[张幅个字]?\s*)$", re.DOTALL)
_UNIT_LINE: Final = re.compile(r"^\s*(?:填报|报送|上报|填表)?单\s*位\s*(?:[(（][^)）]*[)）])?\s*[:：]")


@dataclass(frozen=True, slots=True)
class Overlay:
    """How a document's headings stand to the blank form's."""

    grid: Table  # all tables of the document, one below the other
    first_rows: tuple[int, ...]  # of the grid, at which the tables begin
    pairs: tuple[tuple[Cell, Cell], ...]  # heading of the blank form, and where it stands in the grid
    differences: tuple[FormDifference, ...]
    heading_rows: tuple[int, ...]  # of the grid, sorted
    share: float  # of the blank form's headings that are there, 0 to 1
    turned: bool = False  # the headings run down a column: rows of the grid are columns of the document

    def found(self, heading: Cell) -> Cell | None:
        """Where this heading of the blank form stands in the grid."""
        return next((there for blank, there in self.pairs if blank == heading), None)


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


def section_of(cell: Cell, form: Form) -> Cell | None:
    """The heading in the form's first column whose rows hold this cell; None where the form has no sections."""
    for other in form.blank.cells:
        if (
            other.column == 0
            and other.rows > 1
            and other.row <= cell.row < other.row + other.rows
            and other.text.strip()
        ):
            return other
    return None


@lru_cache(maxsize=16)  # a mail's documents with each form: filing, checks and marks all ask
def overlay(document: Document, form: Form) -> Overlay:
    """The blank form laid over the document; a share of 0 where they have nothing in common.

    A form that was turned, its headings one below the other, is read as if it stood upright, which is a difference too.
    """
    laid = _lay(document.tables, form)
    if laid.share >= _TURNED_FROM:
        return _filled_one(document.tables, laid, form)
    if not _may_be_turned(document, form):
        return laid
    turned = _lay([_turn(table) for table in document.tables], form)
    if turned.share < _TURNED_FROM:
        return laid
    difference = FormDifference("turned", shown(turned.pairs[0][1]))
    return replace(turned, differences=(difference, *turned.differences), turned=True)


def _filled_one(tables: Sequence[Table], laid: Overlay, form: Form) -> Overlay:
    """Where a form of figures stands there more than once (seen: a sheet left blank before the one filled in), the
    first that holds most. The rows of activity tables all count.
    """
    best = laid
    for start in range(1, len(tables) if form.figures else 1):
        later = _lay([*[Table(())] * start, *tables[start:]], form)
        if later.share >= laid.share and _count_told(later, form) > _count_told(best, form):
            best = later
    return best


def _count_told(laid: Overlay, form: Form) -> int:
    """How many cells from the first row of headings to just below the last say something of their own."""
    known = {text for row in heading_rows(form) for text in _texts(row)}
    first, last = laid.heading_rows[0], laid.heading_rows[-1] + 1
    return sum(first <= cell.row <= last and plain_heading(cell.text) not in {"", *known} for cell in laid.grid.cells)


def _may_be_turned(document: Document, form: Form) -> bool:
    wanted = {text for row in heading_rows(form) for text in _texts(row)}
    there = {plain_heading(cell.text) for table in document.tables for cell in table.cells}
    return len(wanted & there) >= _TURNED_FROM * len(wanted)


def _turn(table: Table) -> Table:
    """The table with columns for rows, titles over its whole width left out."""
    width = max((cell.column + cell.columns for cell in table.cells), default=0)
    return Table(
        tuple(
            replace(cell, row=cell.column, column=cell.row, rows=cell.columns, columns=cell.rows)
            for cell in table.cells
            if cell.columns < width
        ),
        table.name,
    )


def _lay(tables: Sequence[Table], form: Form) -> Overlay:
    grid, first_rows = _stack(tables)
    blank_rows = heading_rows(form)
    filled_rows = _text_rows(grid)
    matched = _match_rows(blank_rows, filled_rows)
    pairs: list[tuple[Cell, Cell]] = []
    differences: list[FormDifference] = []
    for index, blank_row in enumerate(blank_rows):
        if index in matched:
            row_pairs, row_differences = _compare(blank_row, filled_rows[matched[index]], form)
            pairs += row_pairs
            differences += row_differences
    absent = [index for index in range(len(blank_rows)) if index not in matched]
    elsewhere = _match_elsewhere(absent, blank_rows, filled_rows, set(matched.values()))
    for index, row in elsewhere.items():
        pairs += _compare(blank_rows[index], filled_rows[row], form)[0]
    lost = [cell for index in absent if index not in elsewhere for cell in blank_rows[index]]
    moved = [cell for index in elsewhere for cell in blank_rows[index]]
    used = {*matched.values(), *elsewhere.values()}
    differences = _settle_sections(differences, pairs, grid, form)
    differences += [FormDifference("missing", shown(cell)) for cell in _by_section(lost, blank_rows, form)]
    differences += [FormDifference("moved", shown(cell)) for cell in _by_section(moved, blank_rows, form)]
    differences += _added_rows(filled_rows, used, blank_rows)
    total = sum(map(len, blank_rows))
    exact = sum(plain_heading(blank.text) == plain_heading(there.text) for blank, there in pairs)
    share = (exact + 0.5 * (len(pairs) - exact)) / total if total else 0.0
    rows = tuple(sorted(filled_rows[row][0].row for row in used))
    return Overlay(grid, first_rows, tuple(pairs), tuple(differences), rows, share)


def _stack(tables: Sequence[Table]) -> tuple[Table, tuple[int, ...]]:
    cells: list[Cell] = []
    first_rows: list[int] = []
    height = 0
    for table in tables:
        if height >= _MOST_ROWS:
            break
        first_rows.append(height)
        cells += [replace(cell, row=cell.row + height) for cell in table.cells if cell.row < _MOST_ROWS]
        height += min(table.height, _MOST_ROWS)
    return Table(tuple(cells)), tuple(first_rows)


def _text_rows(grid: Table) -> Sequence[Sequence[Cell]]:
    """The rows that hold text, each from left to right, without their blank cells."""
    rows: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        if plain_heading(cell.text):
            rows.setdefault(cell.row, []).append(cell)
    return [sorted(rows[number], key=lambda cell: cell.column) for number in sorted(rows)]


def _texts(row: Sequence[Cell]) -> list[str]:
    return [plain_heading(cell.text) for cell in row]


def _common(blank_row: Sequence[Cell], filled_row: Sequence[Cell]) -> int:
    """How many headings both rows hold."""
    return (Counter(_texts(blank_row)) & Counter(_texts(filled_row))).total()


def _match_rows(blank_rows: Sequence[Sequence[Cell]], filled_rows: Sequence[Sequence[Cell]]) -> dict[int, int]:
    """Index of a blank row -> index of its filled row, in order, so that most headings agree (dynamic programming)."""
    best = [[0.0] * (len(filled_rows) + 1) for _ in range(len(blank_rows) + 1)]
    scores = [[_row_score(blank, filled) for filled in filled_rows] for blank in blank_rows]
    for i in range(len(blank_rows) - 1, -1, -1):
        for j in range(len(filled_rows) - 1, -1, -1):
            taken = best[i + 1][j + 1] + scores[i][j] if scores[i][j] else 0.0
            best[i][j] = max(taken, best[i + 1][j], best[i][j + 1])
    matched: dict[int, int] = {}
    i = j = 0
    while i < len(blank_rows) and j < len(filled_rows):
        if scores[i][j] and best[i][j] == best[i + 1][j + 1] + scores[i][j]:
            matched[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return matched


def _row_score(blank_row: Sequence[Cell], filled_row: Sequence[Cell]) -> float:
    """Weight of putting these rows together; 0 where they are no match. A lesser surplus weighs more."""
    common = _common(blank_row, filled_row)
    likeness = common
    if common < len(blank_row) and len(filled_row) >= len(blank_row):
        likeness += _renamed_count(blank_row, filled_row)
    if common < 1 or likeness < _LIKE_ROW * len(blank_row):
        return 0.0
    return common + 0.5 * (likeness - common) - 0.01 * max(len(filled_row) - common, 0)


def _renamed_count(blank_row: Sequence[Cell], filled_row: Sequence[Cell]) -> int:
    mine = list((Counter(_texts(blank_row)) - Counter(_texts(filled_row))).elements())
    theirs = list((Counter(_texts(filled_row)) - Counter(_texts(blank_row))).elements())
    return sum(any(_is_like(heading, other) for other in theirs) for heading in mine)


def _is_like(heading: str, other: str) -> bool:
    return len(other) <= 2 * len(heading) + 4 and (
        fuzz.ratio(heading, other) >= _LIKE_HEADING or (len(other) >= 2 and (other in heading or heading in other))
    )


def _match_elsewhere(
    absent: list[int], blank_rows: Sequence[Sequence[Cell]], filled_rows: Sequence[Sequence[Cell]], used: set[int]
) -> dict[int, int]:
    """Rows that stand out of order."""
    found: dict[int, int] = {}
    for index in absent:
        free = [row for row in range(len(filled_rows)) if row not in used and row not in found.values()]
        scores = {row: _common(blank_rows[index], filled_rows[row]) / len(blank_rows[index]) for row in free}
        row = max(scores, key=lambda each: scores[each], default=None)
        if row is not None and scores[row] >= 0.99:
            found[index] = row
    return found


def _compare(
    blank_row: Sequence[Cell], filled_row: Sequence[Cell], form: Form
) -> tuple[list[tuple[Cell, Cell]], list[FormDifference]]:
    """The headings of two rows that belong together, and how the rows differ."""
    mine, theirs = _texts(blank_row), _texts(filled_row)
    pairs: list[tuple[Cell, Cell]] = []
    differences: list[FormDifference] = []
    lost: list[Cell] = []
    surplus: list[Cell] = []
    for tag, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += zip(blank_row[a:b], filled_row[c:d], strict=True)
        else:
            lost += blank_row[a:b]
            surplus += filled_row[c:d]
    for cell in list(lost):
        there = next((each for each in surplus if plain_heading(each.text) == plain_heading(cell.text)), None)
        if there:
            differences.append(FormDifference("moved", shown(cell)))
            pairs.append((cell, there))
            lost.remove(cell)
            surplus.remove(there)
    for cell in list(lost):
        if there := _renamed_to(cell, surplus, blank_row, filled_row):
            differences.append(FormDifference("renamed", shown(cell), shown(there)))
            pairs.append((cell, there))
            lost.remove(cell)
            surplus.remove(there)
    differences += [FormDifference("missing", shown(cell)) for cell in lost]
    harmless = {plain_heading(there.text) for _, there in pairs}  # a merged heading, split and written twice
    section = section_of(blank_row[0], form)
    if section:
        harmless.add(plain_heading(section.text))
    differences += [
        FormDifference("added", shown(each)) for each in surplus if plain_heading(each.text) not in harmless
    ]
    return pairs, differences


def _renamed_to(
    cell: Cell, surplus: Sequence[Cell], blank_row: Sequence[Cell], filled_row: Sequence[Cell]
) -> Cell | None:
    """The heading that stands in this one's stead: a like one, or the one at its place in a row of as many headings."""
    heading = plain_heading(cell.text)
    like = [each for each in surplus if _is_like(heading, plain_heading(each.text))]
    if like:
        return max(like, key=lambda each: fuzz.ratio(heading, plain_heading(each.text)))
    if len(blank_row) == len(filled_row):
        there = filled_row[list(blank_row).index(cell)]
        return there if there in surplus else None
    return None


def _settle_sections(
    differences: list[FormDifference], pairs: list[tuple[Cell, Cell]], grid: Table, form: Form
) -> list[FormDifference]:
    """A section's name that stands a row lower, because its cells were not merged, is not missing."""
    settled = list(differences)
    for cell in form.blank.cells:
        name = plain_heading(cell.text)
        missing = FormDifference("missing", shown(cell))
        if cell.column or cell.rows < 2 or missing not in settled:
            continue
        rows = [there.row for blank, there in pairs if cell.row <= blank.row < cell.row + cell.rows]
        if rows:
            reach = range(min(rows), max(rows) + 2)
            there = next((each for each in grid.cells if each.row in reach and plain_heading(each.text) == name), None)
            if there:
                settled.remove(missing)
                pairs.append((cell, there))
    return settled


def _by_section(cells: list[Cell], blank_rows: Sequence[Sequence[Cell]], form: Form) -> list[Cell]:
    """Where all headings of a section are among these, the section's own heading alone."""
    if not cells:
        return []
    among = set(cells)
    sections = {cell: section_of(cell, form) for row in blank_rows for cell in row}
    broken = {section for cell, section in sections.items() if cell not in among}
    named: dict[Cell, None] = {}
    for cell in cells:
        section = sections[cell]
        named[section if section and section not in broken else cell] = None
    return list(named)


def _added_rows(
    filled_rows: Sequence[Sequence[Cell]], used: set[int], blank_rows: Sequence[Sequence[Cell]]
) -> list[FormDifference]:
    """Rows among the form's that look like headings of their own: a section that the village made up."""
    if not used:
        return []
    known = {text for row in blank_rows for text in _texts(row)}
    header = {tuple(_texts(filled_rows[row])) for row in used}
    added = []
    for number in range(min(used), max(used)):
        row = filled_rows[number]
        texts = _texts(row)
        if number in used or tuple(texts) in header or len(texts) < 2:
            continue
        if sum(text in known for text in texts) * 2 >= len(texts):
            added += [FormDifference("added", shown(cell)) for cell in row if plain_heading(cell.text) not in known][:1]
    return added
