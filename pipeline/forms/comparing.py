"""Rows of headings of the blank form against rows of a document: which belong together, and how they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from rapidfuzz import fuzz

from pipeline.forms.headings import plain_heading, sections, shown
from pipeline.model.campaign import Form
from pipeline.model.content import Cell, Table
from pipeline.model.filled import FormDifference

_LIKE_ROW: Final = 0.5  # share of a row's headings that must be there
_LIKE_HEADING: Final = 60.0  # 0 to 100: from here on a heading counts as renamed rather than replaced


def text_rows(grid: Table) -> Sequence[Sequence[Cell]]:
    """The rows that hold text, each from left to right, without their blank cells."""
    rows: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        if plain_heading(cell.text):
            rows.setdefault(cell.row, []).append(cell)
    return [sorted(rows[number], key=lambda cell: cell.column) for number in sorted(rows)]


def texts_of(row: Sequence[Cell]) -> list[str]:
    """Its headings as they are compared."""
    return [plain_heading(cell.text) for cell in row]


def _counted(rows: Sequence[Sequence[Cell]]) -> list[Counter[str]]:
    """Of each row how often each heading stands in it."""
    return [Counter(texts_of(row)) for row in rows]


def match_rows(blank_rows: Sequence[Sequence[Cell]], filled_rows: Sequence[Sequence[Cell]]) -> dict[int, int]:
    """Index of a blank row -> index of its filled row, in order, so that most headings agree (dynamic programming)."""
    best = [[0.0] * (len(filled_rows) + 1) for _ in range(len(blank_rows) + 1)]
    theirs = _counted(filled_rows)
    scores = [[_row_score(blank, filled) for filled in theirs] for blank in _counted(blank_rows)]
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


def _row_score(blank: Counter[str], filled: Counter[str]) -> float:
    """Weight of putting these rows together; 0 where they are no match. A lesser surplus weighs more."""
    common = (blank & filled).total()
    if not common:
        return 0.0
    renamed = 0
    if common < blank.total() <= filled.total():
        lost, surplus = blank - filled, filled - blank
        renamed = sum(any(_is_like(heading, other) for other in surplus) for heading in lost.elements())
    if common + renamed < _LIKE_ROW * blank.total():
        return 0.0
    return common + 0.5 * renamed - 0.01 * (filled.total() - common)


def _is_like(heading: str, other: str) -> bool:
    return len(other) <= 2 * len(heading) + 4 and (
        fuzz.ratio(heading, other) >= _LIKE_HEADING or (len(other) >= 2 and (other in heading or heading in other))
    )


def match_elsewhere(
    absent: list[int], blank_rows: Sequence[Sequence[Cell]], filled_rows: Sequence[Sequence[Cell]], used: set[int]
) -> dict[int, int]:
    """Index of a blank row -> index of the filled row that holds all of it, out of order; of these ``absent`` ones."""
    found: dict[int, int] = {}
    mine, theirs = _counted(blank_rows), _counted(filled_rows)
    for index in absent:
        free = [row for row in range(len(filled_rows)) if row not in used and row not in found.values()]
        scores = {row: (mine[index] & theirs[row]).total() / mine[index].total() for row in free}
        row = max(scores, key=lambda each: scores[each], default=None)
        if row is not None and scores[row] >= 0.99:
            found[index] = row
    return found


def compare(
    blank_row: Sequence[Cell], filled_row: Sequence[Cell], form: Form
) -> tuple[list[tuple[Cell, Cell]], list[FormDifference]]:
    """The headings of two rows that belong together, the blank form's first in each pair, and how the rows differ."""
    mine, theirs = texts_of(blank_row), texts_of(filled_row)
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
    section = sections(form)[blank_row[0]]
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


def settle_sections(
    differences: Sequence[FormDifference], pairs: Sequence[tuple[Cell, Cell]], grid: Table, form: Form
) -> tuple[list[FormDifference], list[tuple[Cell, Cell]]]:
    """The differences and pairs, where a section's name that stands a row lower, because its cells were not merged, is
    found and not missing.
    """
    settled, found = list(differences), list(pairs)
    for cell in form.blank.cells:
        if cell.column or cell.rows < 2:
            continue
        name, missing = plain_heading(cell.text), FormDifference("missing", shown(cell))
        if missing not in settled:
            continue
        rows = [there.row for blank, there in found if cell.row <= blank.row < cell.row + cell.rows]
        if rows:
            reach = range(min(rows), max(rows) + 2)
            there = next((each for each in grid.cells if each.row in reach and plain_heading(each.text) == name), None)
            if there:
                settled.remove(missing)
                found.append((cell, there))
    return settled, found


def by_section(cells: list[Cell], form: Form) -> list[Cell]:
    """Where all headings of a section are among these, the section's own heading alone."""
    if not cells:
        return []
    among = set(cells)
    broken = {section for cell, section in sections(form).items() if cell not in among}
    named: dict[Cell, None] = {}
    for cell in cells:
        section = sections(form)[cell]
        named[section if section and section not in broken else cell] = None
    return list(named)


def added_rows(
    filled_rows: Sequence[Sequence[Cell]], used: set[int], blank_rows: Sequence[Sequence[Cell]]
) -> list[FormDifference]:
    """Rows among the form's that look like headings of their own: a section that the village made up."""
    if not used:
        return []
    known = {text for row in blank_rows for text in texts_of(row)}
    header = {tuple(texts_of(filled_rows[row])) for row in used}
    added = []
    for number in range(min(used), max(used)):
        row = filled_rows[number]
        texts = texts_of(row)
        if number in used or tuple(texts) in header or len(texts) < 2:
            continue
        if sum(text in known for text in texts) * 2 >= len(texts):
            added += [FormDifference("added", shown(cell)) for cell in row if plain_heading(cell.text) not in known][:1]
    return added
