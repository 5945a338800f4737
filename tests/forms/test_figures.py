"""The numbers of a statistics table: found by their headings, read with certainty or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from pipeline.forms.figures import read_figures
from pipeline.forms.filled import read_filled_form
from pipeline.forms.overlay import overlay
from pipeline.forms.rows import read_activity_rows
from pipeline.model.campaign import Form
from pipeline.model.content import Cell, Document, Table
from pipeline.model.files import FileKind
from pipeline.model.filled import FilledForm, FormDifference
from pipeline.model.reading import FigurePlace
from pipeline.text.numerals import read_count

OPENING = "单位：　　　　村委会"
LEVELS = ("县级计生协", "乡镇计生协", "村居社区计生协")
SECTIONS: Mapping[str, Sequence[tuple[str, str]]] = {
    "宣传活动": [("活动场次", "宣传人数")],
    "服务活动": [("慰问服务场次", "慰问人数"), ("其他服务场次", "服务人数")],
}
OWN = ("12", "３６０", "2", "8", "0", "0")
HEADINGS = (
    ("宣传活动", "活动场次"),
    ("宣传活动", "宣传人数"),
    ("服务活动", "慰问服务场次"),
    ("服务活动", "慰问人数"),
    ("服务活动", "其他服务场次"),
    ("服务活动", "服务人数"),
)


def rows_of_form(
    own: Sequence[str], sections: Mapping[str, Sequence[tuple[str, str]]] = SECTIONS
) -> list[list[tuple[str, int, int]]]:
    """The form as rows of (text, rows, columns): a section in the first column, three levels, two items under each."""
    rows: list[list[tuple[str, int, int]]] = []
    figures = iter(own)
    for section, items in sections.items():
        rows.append([(section, 1 + 2 * len(items), 1), *((level, 1, 2) for level in LEVELS)])
        for events, people in items:
            rows.append([(text, 1, 1) for _ in LEVELS for text in (events, people)])
            rows.append([("", 1, 1)] * 4 + [(next(figures, ""), 1, 1), (next(figures, ""), 1, 1)])
    rows.append([("媒体宣传\n（篇数）", 3, 1), ("省级媒体", 1, 3), ("县级媒体", 1, 3)])
    rows.append([("文字稿件", 1, 1), ("音频稿件", 1, 2), ("文字稿件", 1, 1), ("音频稿件", 1, 2)])
    rows.append([("无", 1, 1), ("无", 1, 2), ("/", 1, 1), ("", 1, 2)])
    return rows


def grid(rows: Sequence[Sequence[tuple[str, int, int]]], *, merged: bool = True) -> Table:
    """A table of these rows. Not merged: every cell of the grid stands, only the first of a span has the text."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for number, row in enumerate(rows):
        column = 0
        for text, down, across in row:
            while (number, column) in taken:
                column += 1
            taken |= {(number + y, column + x) for y in range(down) for x in range(across)}
            if merged:
                cells.append(Cell(number, column, text, down, across))
            else:
                cells += [
                    Cell(number + y, column + x, text if not (x or y) else "")
                    for y in range(down)
                    for x in range(across)
                ]
            column += across
    return Table(tuple(cells))


FORM = Form(
    file=Path("statistics.docx"),
    title="信息统计表",
    blank=grid(rows_of_form(())),
    figures=tuple(
        FigurePlace(f"figure-{number}", item, (section, "村居社区计生协", item))
        for number, (section, item) in enumerate(HEADINGS)
    ),
)


def document(*tables: Table, paragraphs: Sequence[str] = (OPENING,)) -> Document:
    return Document(FileKind.DOCX, tuple(paragraphs), tables)


def raw(given: Document) -> tuple[str, ...]:
    return tuple(figure.raw for figure in read_figures(overlay(given, FORM), FORM))


def read(given: Document) -> FilledForm:
    found = read_filled_form(given, overlay(given, FORM), FORM)
    assert found is not None
    return found


def shifted(table: Table, down: int, right: int) -> Table:
    return Table(
        tuple(Cell(cell.row + down, cell.column + right, cell.text, cell.rows, cell.columns) for cell in table.cells)
    )


def spread(table: Table) -> Table:
    """The table with a blank row under each of its rows."""
    return Table(tuple(Cell(c.row * 2, c.column, c.text, c.rows * 2 - 1, c.columns) for c in table.cells))


LAYOUTS = {
    "照原样": document(grid(rows_of_form(OWN))),
    "单元格没有合并": document(grid(rows_of_form(OWN), merged=False)),
    "表内有标题和单位": document(
        grid([[("2023年信息统计表", 1, 7)], [("单位：后屯村委会", 1, 7)], *rows_of_form(OWN)]), paragraphs=[]
    ),
    "下移右移": document(shifted(grid(rows_of_form(OWN)), 3, 1)),
    "隔行有空行": document(spread(grid(rows_of_form(OWN)))),
    "分成两个表": document(
        grid(rows_of_form(OWN)[:3]),
        grid(rows_of_form(OWN[2:], {"服务活动": SECTIONS["服务活动"]})),
        paragraphs=[OPENING],
    ),
    "前面另有一个表": document(
        grid([[("姓名", 1, 1), ("电话", 1, 1)], [("张三", 1, 1), ("1", 1, 1)]]), grid(rows_of_form(OWN))
    ),
    "表末有说明": document(grid([*rows_of_form(OWN), [("说明：1.在本级网站的发稿不计入。", 1, 7)]])),
}


@pytest.mark.parametrize("given", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_figures_are_found_by_their_headings(given: Document) -> None:
    """Merged or not, shifted, cut in two or under a title: each figure is that of its own section, level and item."""
    assert raw(given) == OWN
    assert [figure.value for figure in read_figures(overlay(given, FORM), FORM)] == [12, 360, 2, 8, 0, 0]
    assert read(given).differences == ()


@pytest.mark.parametrize("tables", [(FORM.blank, OWN), (OWN, FORM.blank), (OWN, ("1", "2", "3", "4", "5", "6"))])
def test_the_form_twice(tables: Sequence[Table | Sequence[str]]) -> None:
    """A workbook with a blank sheet beside the one filled in: that one counts; of two filled in, the first."""
    given = document(*(each if isinstance(each, Table) else grid(rows_of_form(each)) for each in tables))
    assert raw(given) == OWN
    assert read(given).differences == ()


def test_blank_cells_are_blank() -> None:
    """A cell not filled is an empty text and no value; what other levels hold is not taken for it."""
    assert raw(document(FORM.blank)) == ("",) * 6
    given = document(grid(rows_of_form(("", "176", "0", "0", "", "45"))))
    figures = read_figures(overlay(given, FORM), FORM)
    assert [figure.value for figure in figures] == [None, 176, 0, 0, None, 45]


def test_a_note_below_is_no_figure() -> None:
    """A line over the whole width under the last headings is not the figure of any of them."""
    rows = rows_of_form(OWN)[:-3]
    rows[-1] = [("说明：没有的填0。", 1, 6)]
    assert raw(document(grid(rows)))[4:] == ("", "")


VALUES = {
    "12": 12,
    "１２": 12,
    " 12 ": 12,
    "12场": 12,
    "12场次": 12,
    "约50人": 50,
    "50余人": 50,
    "1,200": 1200,
    "1，200人次": 1200,
    "十二": 12,
    "一百二十": 120,
    "两场": 2,
    "零": 0,
    "0": 0,
    "12、": 12,
    "12（人）": 12,
    "（12）": 12,
    "12组": 12,
    "壹拾贰": 12,
    "12.0": 12,
    "近百人": 100,
    "100+": 100,
    "≈50": 50,
    "廿三": 23,
    "2千": 2000,
    "1.2千人次": 1200,
    "3.5": None,
    "30-40": None,
    "~": None,
    "-1": None,
    "－1": None,
    "无": None,
    "/": None,
    "—": None,
    "许多": None,
    "几十": None,
    "若干": None,
    "": None,
    "12/13": None,
    "3场120人": None,
    "12,3": None,
    "二三十": None,
    "见附件": None,
}


@pytest.mark.parametrize(("text", "value"), VALUES.items())
def test_a_value_is_certain_or_none(text: str, value: int | None) -> None:
    """Units, 约 and full width leave a number certain; anything else is no number."""
    assert read_count(text) == value


SECTION_LOST = {key: rows for key, rows in SECTIONS.items() if key != "服务活动"}
CHANGED: Mapping[str, tuple[Table, set[FormDifference]]] = {
    "少一个板块": (grid(rows_of_form(OWN, SECTION_LOST)), {FormDifference("missing", "服务活动")}),
    "少最后一个板块": (grid(rows_of_form(OWN)[:-3]), {FormDifference("missing", "媒体宣传（篇数）")}),
    "少一项": (
        grid(rows_of_form(OWN, {**SECTIONS, "服务活动": SECTIONS["服务活动"][:1]})),
        {FormDifference("missing", "其他服务场次"), FormDifference("missing", "服务人数")},
    ),
    "板块换了位置": (
        grid(rows_of_form((*OWN[2:], *OWN[:2]), dict(reversed(list(SECTIONS.items()))))),
        {FormDifference("moved", "宣传活动")},
    ),
    "改了标题": (
        grid(rows_of_form(OWN, {"宣传活动": [("活动次数", "宣传人数")], "服务活动": SECTIONS["服务活动"]})),
        {FormDifference("renamed", "活动场次", "活动次数")},
    ),
    "加了一个板块": (
        grid(
            rows_of_form(
                (*OWN[:2], "1", "2", *OWN[2:]),
                {
                    "宣传活动": SECTIONS["宣传活动"],
                    "文艺活动": [("演出场次", "观众人数")],
                    "服务活动": SECTIONS["服务活动"],
                },
            )
        ),
        {FormDifference("added", "文艺活动")},
    ),
    "加了一栏": (
        grid([[*row, ("合计" if number == 0 else "", 1, 1)] for number, row in enumerate(rows_of_form(OWN))]),
        {FormDifference("added", "合计")},
    ),
}


@pytest.mark.parametrize(("table", "expected"), CHANGED.values(), ids=CHANGED.keys())
def test_changed_sections_and_items_are_named(table: Table, expected: set[FormDifference]) -> None:
    """A section that is gone, moved or made up is told once, by its own heading; an item by its own."""
    assert set(read(document(table)).differences) == expected


def test_what_is_there_is_read_although_the_form_was_changed() -> None:
    """A lost or moved section does not hide the figures of the others."""
    assert raw(document(CHANGED["少一个板块"][0])) == ("12", "３６０", "", "", "", "")
    assert raw(document(CHANGED["板块换了位置"][0])) == OWN
    assert raw(document(CHANGED["加了一栏"][0])) == OWN
    assert raw(document(CHANGED["改了标题"][0])) == OWN


def test_the_unit_of_a_sheet_stands_in_its_cells() -> None:
    """In a workbook the unit line is a row of the table."""
    given = document(grid([[("单位：后屯村委会", 1, 7)], *rows_of_form(OWN)]), paragraphs=[])
    assert (read(given).unit_line, read(given).unit_column) == ("后屯村委会", ())


def test_another_document_has_no_figures() -> None:
    """A text, or another table, does not resemble the form; all its figures are blank."""
    text = document(paragraphs=["活动总结", "我村开展宣传活动12场。"])
    assert overlay(text, FORM).share == 0
    assert read_filled_form(text, overlay(text, FORM), FORM) is None
    assert raw(text) == ("",) * 6


def test_the_form_has_no_activity_rows() -> None:
    """A statistics table tells no activities, whatever stands in it."""
    given = document(grid(rows_of_form(OWN)))
    assert (
        read_activity_rows(given, overlay(given, FORM), FORM, opens_on=date(2023, 5, 1), closes_on=date(2023, 5, 31))
        == ()
    )


def test_a_place_that_the_blank_form_lacks_is_our_fault() -> None:
    """A campaign that names a heading which its blank form has not cannot be read by it."""
    form = Form(FORM.file, FORM.title, FORM.blank, figures=(FigurePlace("x", "x", ("宣传活动", "没有的标题")),))
    with pytest.raises(ValueError, match="没有的标题"):
        read_figures(overlay(document(FORM.blank), form), form)
