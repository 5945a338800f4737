# ruff: noqa: E501 a record is read as a whole
# fmt: off
"""Files of the fourth office's clerks: a PDF with text, an Excel 97 sheet, forms filled in otherwise than meant, pictures
that have been through three phones."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from PIL import Image

from tests.content.compound import compound_file
from tests.heldout.forms import HEADINGS, TITLE, Row, statistics_grid
from tests.heldout.pictures import draw, table_picture
from tests.heldout.word import Cell, Word
from tests.strangers.mess import steady

_WIDTHS = (1400, 5200, 2800)


def pdf(text: str) -> bytes:
    """A PDF of this text in a font that is not embedded, with its letters told by ToUnicode (ISO 32000-1, 9.10.3)."""
    pieces = [line[place : place + 36] for line in text.split("\n") for place in range(0, len(line), 36)]
    lines = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in pieces)
    page = zlib.compress(f"BT /F1 12 Tf 18 TL 50 780 Td {lines} ET".encode())
    letters = sorted({sign for sign in text if sign != "\n"})
    chunks = [letters[place : place + 100] for place in range(0, len(letters), 100)]
    pairs = "\n".join(f"{len(chunk)} beginbfchar\n" + "\n".join(f"<{ord(sign):04x}> <{ord(sign):04x}>" for sign in chunk) + "\nendbfchar" for chunk in chunks)
    unicode = f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n1 begincodespacerange <0000> <ffff> endcodespacerange\n{pairs}\nendcmap end end".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(page) + page + b"\nendstream",
        b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 8 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/FontDescriptor 7 0 R>>",
        b"<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 859/Descent -141/CapHeight 700/StemV 80>>",
        b"<</Length %d>>stream\n" % len(unicode) + unicode + b"\nendstream",
    ]
    octets, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(octets))
        octets += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return octets + b"xref\n0 9\n0000000000 65535 f \n" + table + b"trailer<</Size 9/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(octets)


def excel_97(title: str, rows: Sequence[Sequence[object]], merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """A sheet as Excel 97 and WPS keep it ([MS-XLS], BIFF8): shared strings, numbers, one font. ``merged``: first and
    last row, first and last column, from 0."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    words = list(dict.fromkeys(str(each) for row in rows for each in row if isinstance(each, str)))
    strings = struct.pack("<II", len(words), len(words)) + b"".join(struct.pack("<HB", len(each), 1) + each.encode("utf-16-le") for each in words)
    assert len(strings) < 8000, "no CONTINUE record"
    font = record(0x31, struct.pack("<5H4B", 240, 0, 0x7FFF, 400, 0, 0, 0, 134, 0) + b"\x02\x01" + "宋体".encode("utf-16-le"))
    formats = b"".join(record(0xE0, struct.pack("<3H4BIIH", 0, 0, 0xFFF5 if number < 15 else 1, 0x20, 0, 0, 0, 0, 0, 0x20C0)) for number in range(16))
    start = record(0x809, struct.pack("<4HII", 0x600, 5, 0x1FAA, 0x7CD, 0x41, 0x6)) + record(0x42, struct.pack("<H", 1200)) + font * 4 + formats
    start += record(0x293, struct.pack("<HBB", 0x8000, 0, 0xFF))
    bound = struct.pack("<HBB", 0, len(title), 1) + title.encode("utf-16-le")
    rest = record(0xFC, strings) + record(0x0A)
    begin = len(start) + 4 + 4 + len(bound) + len(rest)
    sheet = record(0x809, struct.pack("<4HII", 0x600, 0x10, 0x1FAA, 0x7CD, 0x41, 0x6))
    sheet += record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet += record(0xFD, struct.pack("<3HI", number, place, 15, words.index(value)))
            elif isinstance(value, int):
                sheet += record(0x203, struct.pack("<3Hd", number, place, 15, float(value)))
    sheet += record(0xE5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<4H", *each) for each in merged)) if merged else b""
    sheet += record(0x23E, struct.pack("<HHHHHHI", 0x6B6, 0, 0, 64, 0, 0, 0)) + record(0x0A)
    return compound_file({"Workbook": start + record(0x85, struct.pack("<I", begin) + bound) + rest + sheet})


def statistics_97(village: str, six: Sequence[object]) -> bytes:
    """The statistics form as .xls or .et."""
    across = [(row, row, place, place + 1) for row, last in ((2, 5), (5, 5), (10, 7)) for place in range(1, last + 1, 2)]
    down = [(2, 4, 0, 0), (5, 9, 0, 0), (10, 12, 0, 0), (13, 15, 0, 0)]
    return excel_97("Sheet1", [["2023年“5.29会员活动月”信息统计表"], [f"单位：{village}"], *statistics_grid(six)], [*across, *down])


def _workbook(rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    for each in rows:
        sheet.append(each)
    stream = io.BytesIO()
    book.save(stream)
    return steady(stream.getvalue())


def statistics_short(village: str, four: Sequence[object]) -> bytes:
    """The statistics form in Excel without its third section, for there was nothing to enter."""
    grid = statistics_grid([*four, None, None])
    return _workbook((["2023年“5.29会员活动月”信息统计表"], [f"单位：{village}"], *grid[:6], *grid[8:]))


def progress_sheet(village: str, rows: Sequence[Row]) -> bytes:
    """The progress form typed into Excel."""
    return _workbook(([TITLE], [f"单位：{village}"], HEADINGS, *((village, row.text, "见照片") for row in rows)))


def roll() -> bytes:
    """A list of farmers and what they are paid, which nobody asked for."""
    return _workbook((("序号", "户主", "亩数", "金额"), (1, "甲", 3.2, 371.2), (2, "乙", 2.4, 278.4)))


def blank_progress(village: str) -> bytes:
    """The form with the unit filled in, and nothing else."""
    word = Word()
    word.add(word.paragraph(TITLE, bold=True, centred=True), word.paragraph(f"单位：{village}"))
    word.add(word.table([list(HEADINGS), *([village, "", ""] for _ in range(4))], _WIDTHS))
    return word.octets()


def two_in_a_column(village: str, rows: Sequence[Row]) -> bytes:
    """Unit merged over all rows; pictures one above the other, each with its name; words in several paragraphs."""
    word = Word()
    word.add(word.paragraph("附件１"), word.paragraph(TITLE, bold=True), word.paragraph(f"单位：　{village}　　　　　填表日期：　年　月　日"))
    lines: list[list[Cell | str]] = [list(HEADINGS)]
    for number, row in enumerate(rows):
        unit = Cell(word.paragraph(village) if number == 0 else "", merge="continue" if number else "restart")
        shown = "".join(word.pictures([table_picture(scene)]) + word.paragraph(f"（照片{place}）") for place, scene in enumerate(row.scenes, 1))
        lines.append([unit, Cell(word.paragraphs(row.text.replace("，", "，\n", 1))), Cell(shown)])
    word.add(word.table(lines, _WIDTHS), word.paragraph("审核人：　　　　填报人："))
    return word.octets()


def handed_round(scene: int, *, size: tuple[int, int] = (960, 720), quality: int = 38, mode: str = "RGB", turned: bool = False) -> bytes:
    """A photo after a chat program has made it smaller and coarser; grey or CMYK if so asked, or turned by EXIF alone."""
    image = draw(scene).resize(size, Image.Resampling.LANCZOS).convert(mode)
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, progressive=True, exif=exif if turned else b"")
    return stream.getvalue()
