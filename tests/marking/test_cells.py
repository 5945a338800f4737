"""Where in a village's own file a finding stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.marking.cells import Spot, find_spots
from pipeline.model.content import Cell, Document, Table
from pipeline.model.files import FileKind
from pipeline.model.finding import Audience, Finding, FormCell, Severity
from tests.marking.returned import form

PROGRESS, STATISTICS = form("progress@2023-05-10"), form("statistics")
HEADINGS = ("单位", "开展的具体活动写实", "活动照片")
ROWS = (HEADINGS, ("石桥村", "5月3日宣传", ""), ("石桥村", "5月4日走访", ""))


def finding(*cells: FormCell, message: str = "请补上。") -> Finding:
    return Finding("activity-no-place", Severity.ERROR, Audience.VILLAGE, message, cells=cells)


def table(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)))


def document(*tables: Table, lines: tuple[str, ...] = ("写实表", "单位：石桥村")) -> Document:
    return Document(FileKind.DOCX, lines, tables)


def spots(found: Document, *cells: FormCell) -> list[Spot]:
    return list(find_spots(found, PROGRESS, [finding(*cells)]))


@pytest.mark.parametrize(
    ("cell", "spot"),
    [
        (FormCell(2, "account"), Spot(0, 2, 1)),
        (FormCell(1, "photos"), Spot(0, 1, 2)),
        (FormCell(1), Spot(0, 1, 0)),
        (FormCell(column="account"), Spot(0, 0, 1)),
        (FormCell(column="unit"), Spot(unit_line=True)),
        (FormCell(heading="活动照片"), Spot(0, 0, 2)),
        (FormCell(heading="公章"), Spot(0, 0, 0)),  # a heading that is gone
        (FormCell(), Spot(0, 0, 0)),
        (FormCell(9, "account"), Spot(0, 0, 0)),
    ],
)
def test_places_of_the_progress_table(cell: FormCell, spot: Spot) -> None:
    """Rows count from the headings; what cannot be found stands at the first heading."""
    assert spots(document(table(*ROWS)), cell) == [spot]


@pytest.mark.parametrize(
    ("cell", "spot"),
    [
        (FormCell(2, "account"), Spot(0, 1, 2)),
        (FormCell(heading="活动照片"), Spot(0, 2, 0)),
        (FormCell(column="account"), Spot(0, 1, 0)),
    ],
)
def test_places_of_a_turned_table(cell: FormCell, spot: Spot) -> None:
    """Read as if it stood upright, marked where it stands."""
    assert spots(document(table(*zip(*ROWS, strict=True))), cell) == [spot]


def test_rows_go_on_in_the_next_table() -> None:
    """A form that a page break cut in two: its rows count on, the spot is in the second table."""
    second = table(HEADINGS, ("石桥村", "5月8日义诊", ""))
    assert spots(document(table(*ROWS), second), FormCell(3, "account")) == [Spot(1, 1, 1)]


def test_a_unit_without_its_line() -> None:
    """Where no line says 单位：, the first cell of the unit column; in a sheet the cell that has the label."""
    assert spots(document(table(*ROWS), lines=()), FormCell(column="unit")) == [Spot(0, 1, 0)]
    sheet = table(("单位：", "", ""), *ROWS)
    assert spots(document(sheet, lines=()), FormCell(column="unit")) == [Spot(0, 0, 0)]


def test_photos_in_one_cell_for_several_rows() -> None:
    """Where a cell reaches down over several rows, what is said of a later row stands there too."""
    cells = [each for each in table(*ROWS).cells if (each.row, each.column) not in {(1, 2), (2, 2)}]
    merged = Table((*cells, Cell(1, 2, "", rows=2)))
    assert spots(document(merged), FormCell(2, "photos")) == [Spot(0, 1, 2)]


def test_a_sample_where_it_stands() -> None:
    """What is said of a row as a whole stands where the form's own sample was left."""
    rows = (HEADINGS, ("石桥村", "5月3日宣传", "2-3张活动照片"))
    assert spots(document(table(*rows)), FormCell(1)) == [Spot(0, 1, 2)]


def test_columns_of_the_village_own() -> None:
    """A column put in before the others moves the spot along."""
    rows = tuple((number, *row) for number, row in zip(("序号", "1", "2"), ROWS, strict=True))
    assert spots(document(table(*rows)), FormCell(2, "account")) == [Spot(0, 2, 2)]


def test_an_account_cut_into_columns() -> None:
    """Time and place in columns of their own: what the account lacks is said at the first of them."""
    rows = (("单位", "时间", "地点", "活动内容", "活动照片"), ("石桥村", "5月3日", "", "宣传", ""))
    assert spots(document(table(*rows)), FormCell(1, "account")) == [Spot(0, 1, 1)]


def test_figures() -> None:
    """A figure is found by its headings, a blank one too."""
    blank = Document(FileKind.DOCX, (), (STATISTICS.blank,))
    found = find_spots(blank, STATISTICS, [finding(FormCell(figure="publicity-people"), FormCell(figure="no-such"))])
    assert list(found) == [Spot(0, 0, 0), Spot(0, 2, 21)]


def test_what_is_said_at_one_spot() -> None:
    """Everything that is said of one cell stands together, once; the spots come in the document's order."""
    said = [
        finding(FormCell(2, "account"), message="没有时间"),
        finding(FormCell(column="unit"), message="没有单位"),
        finding(FormCell(1, "account"), message="没有地点"),
        finding(FormCell(2, "account"), message="没有地点"),
        finding(FormCell(2, "account"), message="没有时间"),
    ]
    assert list(find_spots(document(table(*ROWS)), PROGRESS, said).items()) == [
        (Spot(unit_line=True), ["没有单位"]),
        (Spot(0, 1, 1), ["没有地点"]),
        (Spot(0, 2, 1), ["没有时间", "没有地点"]),
    ]


def test_findings_without_a_place() -> None:
    """A finding that names no cell, and a document without tables, give no spot."""
    assert find_spots(document(table(*ROWS)), PROGRESS, [finding()]) == {}
    assert find_spots(document(), PROGRESS, [finding(FormCell(1, "account"))]) == {}
    assert find_spots(replace(document(), paragraphs=()), PROGRESS, [finding(FormCell(column="unit"))]) == {}
