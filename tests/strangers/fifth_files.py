# ruff: noqa: E501 a record is read as a whole
# fmt: off
"""Files of the fifth office's clerks: the table on its side, a heading renamed, a letterhead, a photo of paper."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from PIL import Image

from tests.content.compound import word_97
from tests.heldout.forms import HEADINGS, TITLE, Row, statistics_word
from tests.heldout.pictures import draw, table_picture
from tests.heldout.word import Cell, Word
from tests.strangers.mess import steady


def sideways(village: str, rows: Sequence[Row]) -> bytes:
    """The progress table turned by a right angle: a line for each heading, a column for each activity."""
    word = Word()
    word.add(word.paragraph(TITLE, bold=True, centred=True), word.paragraph(f"单位：{village}"))
    lines: list[list[Cell | str]] = [[heading] for heading in HEADINGS]
    for row in rows:
        lines[0].append(village)
        lines[1].append(row.text)
        lines[2].append(Cell(word.pictures([table_picture(scene) for scene in row.scenes])))
    word.add(word.table(lines, (1600, *[3900] * len(rows))))
    return word.octets()


def statistics_renamed(village: str, six: Sequence[str], old: str, new: str) -> bytes:
    """The statistics form in Word with one heading in other words, wherever it stands."""
    document: Any = docx.Document(io.BytesIO(statistics_word(village, six)))
    for line in document.tables[0].rows:
        for cell in line.cells:
            if cell.text.strip() == old:
                cell.text = new
    stream = io.BytesIO()
    document.save(stream)
    return steady(stream.getvalue())


def letter(head: str, text: str) -> bytes:
    """A paper under a red head, which alone names its village."""
    word = Word()
    title, *lines = text.strip().split("\n")
    word.add(word.paragraph(head, bold=True, centred=True), word.paragraph("〔2023〕3号", centred=True))
    word.add(word.paragraph(title, bold=True, centred=True), *(word.paragraph(line) for line in lines))
    return word.octets()


def without_column(village: str, rows: Sequence[Row]) -> bytes:
    """The progress table without its unit column; the unit stands above."""
    word = Word()
    word.add(word.paragraph(TITLE, bold=True, centred=True), word.paragraph(f"单位：{village}"))
    lines: list[list[Cell | str]] = [list(HEADINGS[1:])]
    lines += [[row.text, Cell(word.pictures([table_picture(scene) for scene in row.scenes]))] for row in rows]
    word.add(word.table(lines, (6200, 2800)))
    return word.octets()


def half_filled(village: str, rows: Sequence[Row]) -> bytes:
    """Filled to the half: further rows have the unit typed in already, for next time."""
    word = Word()
    word.add(word.paragraph(TITLE, bold=True, centred=True), word.paragraph(f"单位：　{village}　　（盖章）　　2023年5月"))
    lines: list[list[Cell | str]] = [list(HEADINGS)]
    lines += [[village, row.text, Cell(word.pictures([table_picture(scene) for scene in row.scenes]))] for row in rows]
    lines += [[village, "", ""] for _ in range(3)]
    word.add(word.table(lines, (1400, 5200, 2800)))
    return word.octets()


def doc(text: str) -> bytes:
    """A Word 97 file of this text."""
    return word_97(text.split("\n"))


def paper(scene: int) -> bytes:
    """A photo of a page: bright, tall, lines of dark."""
    image = draw(scene, (1200, 1600)).point(lambda value: 200 + value // 5)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=70)
    return stream.getvalue()


def strip(scene: int) -> bytes:
    """A long picture pieced together by a phone, as JPEG."""
    whole = Image.new("RGB", (1080, 2400))
    for number in range(3):
        whole.paste(draw(scene + number), (0, 800 * number))
    stream = io.BytesIO()
    whole.save(stream, "JPEG", quality=70)
    return stream.getvalue()
