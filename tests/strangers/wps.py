# fmt: off
"""Files as WPS and the habits of its users leave them: pictures elsewhere than in their column, sheets that count."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import load_workbook

from tests.heldout.forms import HEADINGS, TITLE, Row, statistics_sheet
from tests.heldout.pictures import table_picture
from tests.heldout.word import Cell, Word, pack
from tests.strangers.mess import steady

_WIDTHS = (1400, 5200, 2800)


def _opened(village: str, unit: str) -> tuple[Word, list[list[Cell | str]]]:
    word = Word()
    word.add(word.paragraph(TITLE, bold=True, centred=True), word.paragraph(unit or f"单位：{village}"))
    return word, [list(HEADINGS)]


def _shown(word: Word, row: Row) -> str:
    return word.pictures([table_picture(scene) for scene in row.scenes])


def pictures_after_the_text(village: str, rows: Sequence[Row], *, unit: str = "") -> bytes:
    """The pictures of each row in its account, under the words; their own column says 见左."""
    word, lines = _opened(village, unit)
    for row in rows:
        lines.append([village, Cell(word.paragraphs(row.text) + _shown(word, row)), "见左"])
    word.add(word.table(lines, _WIDTHS))
    return word.octets()


def pictures_across(village: str, rows: Sequence[Row], *, unit: str = "") -> bytes:
    """The pictures of each row in a row of their own beneath it, as wide as the table."""
    word, lines = _opened(village, unit)
    for row in rows:
        lines += [[village, row.text, ""], [Cell(_shown(word, row), span=3)]]
    word.add(word.table(lines, _WIDTHS))
    return word.octets()


def pictures_beneath(village: str, rows: Sequence[Row], *, unit: str = "") -> bytes:
    """All pictures after the table, one row's after the other's."""
    word, lines = _opened(village, unit)
    lines += [[village, row.text, ""] for row in rows]
    word.add(word.table(lines, _WIDTHS), word.paragraph("活动照片："), *(_shown(word, row) for row in rows))
    return word.octets()


def captioned(village: str, rows: Sequence[Row], *, unit: str = "") -> bytes:
    """A line of words under the pictures of each row; whom to call under the table."""
    word, lines = _opened(village, unit)
    for number, row in enumerate(rows, 1):
        lines.append([village, row.text, Cell(_shown(word, row) + word.paragraph(f"图{number} 活动现场"))])
    word.add(word.table(lines, _WIDTHS), word.paragraph("负责人：×××　　填表人：××　　（盖章）"))
    return word.octets()


def counted(village: str, six: Sequence[int]) -> bytes:
    """Figures as sums, with what the program last reckoned beside each (ECMA-376 part 1, 18.3.1.40)."""
    book: Any = load_workbook(io.BytesIO(statistics_sheet(village, six)))
    cells = dict(zip(("F5", "G5", "F8", "G8", "F10", "G10"), six, strict=True))
    for cell, value in cells.items():
        book.active[cell] = f"={value - value // 2}+{value // 2}"
    return steady(_with_values(_saved(book), cells))


def _with_values(octets: bytes, values: Mapping[str, int]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for cell, value in values.items():
        sheet, found = re.subn(rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v ?(?:/>|></v>)', rf"\g<1><v>{value}</v>", sheet)
        assert found == 1
    return pack(parts | {"xl/worksheets/sheet1.xml": sheet.encode()})


def with_hidden(village: str, six: Sequence[object]) -> bytes:
    """Last year's figures in hidden rows under the form, and the hidden sheet that WPS keeps for itself."""
    book: Any = load_workbook(io.BytesIO(statistics_sheet(village, six)))
    sheet = book.active
    for number, words in enumerate((("2022年", 9, 999), ("2021年", 8, 888)), 19):
        for place, value in enumerate(words, 1):
            sheet.cell(number, place, value)
        sheet.row_dimensions[number].hidden = True
    book.create_sheet("WpsReserved_CellImgList").sheet_state = "hidden"
    return steady(_saved(book))


def with_total(village: str, six: Sequence[object], total: Sequence[object]) -> bytes:
    """A line of totals of the village's own under the form."""
    book: Any = load_workbook(io.BytesIO(statistics_sheet(village, six)))
    for place, value in enumerate(("合计", *total), 1):
        book.active.cell(18, place, value)
    return steady(_saved(book))


def _saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
