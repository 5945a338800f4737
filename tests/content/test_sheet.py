"""Workbooks."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.drawing.image import Image
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.content import read_content
from pipeline.content import sheet as sheets
from pipeline.content.package import Package
from pipeline.content.phantom import without_far_cells
from pipeline.model.content import Content, Document, Unreadable
from pipeline.model.files import FileKind, Problem
from tests.content import scenes
from tests.content.compound import compound_file
from tests.content.scenes import scene, store
from tests.content.word_files import archive


def workbook() -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return book, sheet


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(folder: Path, content: bytes, kind: FileKind = FileKind.XLSX) -> Content:
    return read_content(store(folder, content), kind, "统计表.xlsx")


def document(folder: Path, content: bytes, kind: FileKind = FileKind.XLSX) -> Document:
    found = read(folder, content, kind)
    assert isinstance(found, Document), found
    return found


def old_workbook(*cells: tuple[int, int, str | float], merge: tuple[int, int, int, int]) -> bytes:
    """A BIFF8 workbook ([MS-XLS]) with one sheet; ``merge`` is first row, last row, first column, last column."""

    def record(number: int, content: bytes) -> bytes:
        return struct.pack("<HH", number, len(content)) + content

    beginning = struct.pack("<4H8x", 0x0600, 5, 0, 0)
    name = "表一".encode("utf-16-le")
    head = len(record(0x809, beginning)) + 4 + 8 + len(name) + 4
    book = record(0x809, beginning) + record(0x85, struct.pack("<IHBB", head, 0, 2, 1) + name) + record(0x0A, b"")
    sheet = record(0x809, beginning[:2] + struct.pack("<H", 0x10) + beginning[4:])
    for row, column, value in cells:
        place = struct.pack("<3H", row, column, 0)
        if isinstance(value, str):
            text = value.encode("utf-16-le")
            sheet += record(0x204, place + struct.pack("<HB", len(value), 1) + text)
        else:
            sheet += record(0x203, place + struct.pack("<d", value))
    sheet += record(0xE5, struct.pack("<5H", 1, *merge)) + record(0x0A, b"")
    return compound_file({"Workbook": book + sheet})


def test_values_are_written_as_a_person_would(tmp_path: Path) -> None:
    """Whole numbers have no .0, dates are ISO, empty places have their cell."""
    book, sheet = workbook()
    sheet.title = "统计"
    sheet.append(["单位：东村", 12.0, 0.5, None, date(2023, 5, 12), datetime(2023, 5, 12, 9, 30), True, "４"])  # noqa: DTZ001
    found = document(tmp_path, saved(book))
    (table,) = found.tables
    assert (found.kind, found.paragraphs, found.macros, table.name) == (FileKind.XLSX, (), False, "统计")
    texts = [cell.text for cell in table.row(0)]
    assert texts == ["单位：东村", "12", "0.5", "", "2023-05-12", "2023-05-12 09:30:00", "TRUE", "４"]


def test_merged_cells_and_places_from_a1(tmp_path: Path) -> None:
    """A merged cell stands once with its extent; rows and columns count from A1 though the first are empty."""
    book, sheet = workbook()
    sheet["B2"], sheet["C4"] = "合并", "尾"
    sheet.merge_cells("B2:C3")
    cells = [cell for cell in document(tmp_path, saved(book)).tables[0].cells if cell.text]
    places = [(cell.row, cell.column, cell.rows, cell.columns, cell.text) for cell in cells]
    assert places == [(1, 1, 2, 2, "合并"), (3, 2, 1, 1, "尾")]


def test_pictures_stand_in_the_cell_under_their_corner(tmp_path: Path) -> None:
    """In a merged cell too, and below the last row that says anything."""
    book, sheet = workbook()
    sheet.append(["单位", "活动照片"])
    sheet.append(["西村", ""])
    sheet.merge_cells("B2:B3")
    for number, place in enumerate(("B2", "B3", "B6"), 1):
        sheet.add_image(Image(io.BytesIO(scenes.octets(scene(number, (160, 120))))), place)
    found = document(tmp_path, saved(book))
    (table,) = found.tables
    assert [(each.row, each.column, len(each.pictures)) for each in table.cells if each.pictures] == [
        (1, 1, 2),
        (5, 1, 1),
    ]
    assert len(found.pictures) == len({picture.digest for picture in found.pictures}) == 3


def test_pictures_that_wps_put_into_cells(tmp_path: Path) -> None:
    """The formula DISPIMG shows the picture of its name; what it says is not the cell's text."""
    book, sheet = workbook()
    sheet.append(["西村", '=DISPIMG("ID_1F",1)', '=DISPIMG("ID_GONE",1)'])
    for cell in sheet[1]:
        cell.data_type = "s"  # as its value: openpyxl computes none
    kind = "http://www.wps.cn/officeDocument/2017/etCustomData"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    images = (
        f'<etc:cellImages xmlns:etc="{kind}" xmlns:xdr="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main"'
        f' xmlns:r="{related}"><etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_1F"/></xdr:nvPicPr>'
        '<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        f' Type="{related}/image" Target="media/image1.jpeg"/></Relationships>'
    )
    stream = io.BytesIO(saved(book))
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/cellimages.xml", images)
        package.writestr("xl/_rels/cellimages.xml.rels", relations)
        package.writestr("xl/media/image1.jpeg", scenes.octets(scene(1, (160, 120))))
    (table,) = document(tmp_path, stream.getvalue()).tables
    assert [(each.text, len(each.pictures)) for each in table.cells] == [("西村", 0), ("", 1), ("", 0)]


@pytest.mark.parametrize("formula", ["=1+3", "=SUM(A1,3)", '=IF(A1=1,4,"")'])
def test_a_formula_that_nobody_computed(tmp_path: Path, formula: str) -> None:
    """What it comes to is not known here: no blank of the village's."""
    book, sheet = workbook()
    sheet["A1"], sheet["B1"] = 1, formula
    found = read(tmp_path, saved(book))
    assert isinstance(found, Unreadable)
    assert found.problem is Problem.UNSUPPORTED


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<c r='B1'><f>1+3</f><v>4</v></c>", "4"),
        ("<c r='B1' t='str'><f>IF(A1=1,&quot;&quot;)</f><v></v></c>", ""),
        ("<c r='B1'><f t='shared' si='0'/><v>4</v></c>", "4"),
        ("<c r='B1'/><c r='C1'><v>4</v></c>", ""),
    ],
)
def test_what_was_computed_stands_by_its_value(tmp_path: Path, cell: str, text: str) -> None:
    """An empty text is a value too."""
    book, sheet = workbook()
    sheet["A1"], sheet["B1"] = "甲", "乙"
    with zipfile.ZipFile(io.BytesIO(saved(book))) as file:
        members = {name: file.read(name) for name in file.namelist()}
    part = "xl/worksheets/sheet1.xml"
    members[part] = re.sub(rb'<c r="B1".*?</c>', cell.encode(), members[part])
    (table,) = document(tmp_path, archive(members)).tables
    assert [each.text for each in table.cells][:2] == ["甲", text]


def test_only_visible_sheets_that_hold_something(tmp_path: Path) -> None:
    """Hidden sheets and the empty Sheet2 and Sheet3 are none."""
    book, sheet = workbook()
    sheet["A1"] = "甲"
    book.create_sheet("空")
    hidden = book.create_sheet("隐")
    hidden["A1"], hidden.sheet_state = "乙", "hidden"
    book.create_sheet("丙")["A1"] = "丙"
    assert [table.cells[0].text for table in document(tmp_path, saved(book)).tables] == ["甲", "丙"]


def test_an_old_workbook(tmp_path: Path) -> None:
    """xls and Kingsoft's et (BIFF8) are read like xlsx, merged cells too."""
    content = old_workbook((0, 0, "宣传活动"), (1, 0, 4.0), (1, 1, "无"), merge=(0, 0, 0, 1))
    (table,) = document(tmp_path, content, FileKind.XLS).tables
    assert table.name == "表一"
    places = [(cell.row, cell.column, cell.columns, cell.text) for cell in table.cells]
    assert places == [(0, 0, 2, "宣传活动"), (1, 0, 1, "4"), (1, 1, 1, "无")]


def test_passwords(tmp_path: Path) -> None:
    """A password of the modern and of the old kind ([MS-XLS] FilePass) is told."""
    old = old_workbook((0, 0, "甲"), merge=(0, 0, 0, 0))
    locked = old.replace(struct.pack("<HH", 0x85, 12), struct.pack("<HHH10x", 0x2F, 12, 1)[:4], 1)
    for content, kind in ((compound_file({"EncryptedPackage": b"x"}), FileKind.XLSX), (locked, FileKind.XLS)):
        found = read(tmp_path, content, kind)
        assert isinstance(found, Unreadable)
        assert found.problem is Problem.ENCRYPTED


@pytest.mark.parametrize("place", ["XFD1048576", "C1048576", "XFD2"])
@pytest.mark.parametrize("value", [" ", "乙"])
def test_a_cell_at_the_far_end_costs_nothing(tmp_path: Path, place: str, value: str) -> None:
    """A blank typed there by mistake asks for a rectangle larger than memory; what stands near is read."""
    book, sheet = workbook()
    sheet["A1"], sheet["B2"], sheet[place] = "甲", 3, value
    (table,) = document(tmp_path, saved(book)).tables
    assert [cell.text for cell in table.cells if cell.text] == ["甲", "3"]


def test_far_cells_without_harm() -> None:
    """A sheet that can be laid out is not touched; one that names no places cannot be too large."""
    book, sheet = workbook()
    sheet["A1"], sheet["C60000"] = "甲", "乙"
    for octets in (saved(book), archive({"xl/worksheets/sheet1.xml": b"<worksheet><row><c/></row></worksheet>"})):
        assert without_far_cells(Package(octets), octets, 2000, 200) is octets


def test_entities_are_hostile(tmp_path: Path) -> None:
    """A billion laughs in a sheet is no mere damage."""
    book, sheet = workbook()
    sheet["A1"] = "甲"
    with zipfile.ZipFile(io.BytesIO(saved(book))) as file:
        members = {name: file.read(name) for name in file.namelist()}
    declared = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    members["xl/worksheets/sheet1.xml"] = declared + members["xl/worksheets/sheet1.xml"].replace(b"<v>", b"<v>&b;")
    found = read(tmp_path, archive(members))
    assert isinstance(found, Unreadable)
    assert found.problem is Problem.HOSTILE


def test_a_long_sheet_is_cut(tmp_path: Path) -> None:
    """At most 2000 rows and 200 columns are kept."""
    book, sheet = workbook()
    sheet["A1"], sheet["C2000"], sheet["C2500"] = "甲", "丙", "乙"
    wide = book.create_sheet("宽")
    wide["A1"], wide["KA1"] = "甲", "乙"
    first, second = document(tmp_path, saved(book)).tables
    assert (first.height, len(second.row(0))) == (2000, 200)
    assert [cell.text for cell in first.cells if cell.text] == ["甲", "丙"]


def test_damage_and_xlsb(tmp_path: Path) -> None:
    """A cut file is damaged; the binary xlsb is not read."""
    book, sheet = workbook()
    sheet["A1"] = "甲"
    for content, problem in (
        (saved(book)[:-300], Problem.DAMAGED),
        (archive({"xl/workbook.xml": b"<a/>"}), Problem.DAMAGED),
        (archive({"xl/workbook.bin": b"x"}), Problem.UNSUPPORTED),
    ):
        found = read(tmp_path, content)
        assert isinstance(found, Unreadable)
        assert found.problem is problem


def test_a_reader_that_is_slow_is_no_fault_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under load a good workbook may take longer than we wait: for a person to look at, never damaged."""
    monkeypatch.setattr(sheets, "_PATIENCE", 0.001)
    book, page = workbook()
    page["A1"] = "甲"
    found = read(tmp_path, saved(book))
    assert isinstance(found, Unreadable)
    assert found.problem is Problem.UNSUPPORTED
