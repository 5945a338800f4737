"""A filled form against the blank one: what was changed, whose it is, which rows it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.forms.filled import read_filled_form
from pipeline.forms.overlay import overlay
from pipeline.forms.rows import read_activity_rows
from pipeline.model.campaign import Form
from pipeline.model.content import Cell, Document, Table
from pipeline.model.files import FileKind
from pipeline.model.filled import ActivityRow, FilledForm, FormDifference
from pipeline.model.reading import Picture

Content = str | Sequence[str | Picture]  # of a cell

OPENS_ON, CLOSES_ON = date(2023, 5, 1), date(2023, 5, 31)
SAMPLES = ("ＸＸ村委", "……", "2-3张活动照片")
HEADER: list[Content] = ["单位", "开展的具体活动写实", "活动照片"]
UNIT_LINE = "单位：　　　　村委会"
TOLD = "5月6日，在村文化广场，群众40人参加，举办知识竞赛。"
TOLD_TOO = "5月9日，在村卫生室，育龄妇女20人参加，举办优生讲座。"


def photo(number: int) -> Picture:
    return Picture(f"{number:064x}", FileKind.JPEG, 1600, 1200, 200.0, number)


def table(rows: Sequence[Sequence[Content]], spans: Iterable[tuple[int, int, int, int]] = ()) -> Table:
    """A table of texts, or of a text with pictures; ``spans``: row, column, rows, columns of merged cells."""
    merged = {(row, column): (down, across) for row, column, down, across in spans}
    covered = {
        (row + y, column + x)
        for (row, column), (down, across) in merged.items()
        for y in range(down)
        for x in range(across)
        if x or y
    }
    cells = []
    for number, row in enumerate(rows):
        for column, content in enumerate(row):
            if (number, column) in covered:
                continue
            parts = [content] if isinstance(content, str) else content
            text = "".join(part for part in parts if isinstance(part, str))
            pictures = tuple(part for part in parts if isinstance(part, Picture))
            down, across = merged.get((number, column), (1, 1))
            cells.append(Cell(number, column, text, down, across, pictures))
    return Table(tuple(cells))


def document(*tables: Table, paragraphs: Sequence[str] = (UNIT_LINE,)) -> Document:
    return Document(FileKind.DOCX, tuple(paragraphs), tables)


SAMPLE: list[Content] = ["ＸＸ村委", "", "2-3张活动照片"]
DOTS: list[Content] = ["……", "", "……"]
BLANK_ROWS: list[list[Content]] = [HEADER, *[SAMPLE] * 5, *[DOTS] * 6]
FORM = Form(
    file=Path("progress.docx"),
    title="活动进展情况写实表",
    blank=table(BLANK_ROWS),
    columns={"unit": "单位", "account": "开展的具体活动写实", "photos": "活动照片"},
    samples=SAMPLES,
)


def filled(rows: Sequence[Sequence[Content]], **named: Sequence[str]) -> Document:
    return document(table(rows), **named)


def read(given: Document, form: Form = FORM) -> FilledForm:
    found = read_filled_form(given, overlay(given, form), form)
    assert found is not None
    return found


def rows_of(given: Document, form: Form = FORM) -> tuple[ActivityRow, ...]:
    return read_activity_rows(given, overlay(given, form), form, opens_on=OPENS_ON, closes_on=CLOSES_ON)


def changes(given: Document, form: Form = FORM) -> set[tuple[str, str]]:
    return {(difference.change, difference.heading) for difference in read(given, form).differences}


# --- what was changed ---------------------------------------------------------------------------------------------

HARMLESS: dict[str, list[list[Content]]] = {
    "照原样": BLANK_ROWS,
    "去掉示例": [HEADER, ["后屯村", TOLD, ""]],
    "标题并入表内": [["2023年宣传服务月活动进展情况写实表", "", ""], HEADER, ["后屯村", TOLD, ""]],
    "单位一行在表内": [["单位：后屯村", "", ""], HEADER, ["后屯村", TOLD, ""]],
    "表头有空格换行全角": [["单　位", "开展的具体\n活动写实", " 活动照片 "], ["后屯村", TOLD, ""]],
    "表头加括号说明": [["单位", "开展的具体活动写实", "活动照片（2-3张）"], ["后屯村", TOLD, ""]],
    "表头加方括号说明": [["单位", "【开展的具体活动写实】", "活动照片〔2-3张〕"], ["后屯村", TOLD, ""]],
    "表头加编号": [["1.单位", "（二）开展的具体活动写实", "③活动照片"], ["后屯村", TOLD, ""]],
    "表头加脚注号": [["单位①", "开展的具体活动写实[1]", "活动照片*"], ["后屯村", TOLD, ""]],
    "表头加说明": [["单位", "开展的具体活动写实，包括时间、地点", "活动照片2-3张"], ["后屯村", TOLD, ""]],
    "前后有空行": [["", "", ""], HEADER, ["", "", ""], ["后屯村", TOLD, ""], ["", "", ""]],
    "表末有备注": [HEADER, ["后屯村", TOLD, ""], ["注：１、该写实表要填写村级开展的活动。", "", ""]],
    "每页重复表头": [HEADER, ["后屯村", TOLD, ""], HEADER, ["后屯村", TOLD_TOO, ""]],
}


@pytest.mark.parametrize("rows", HARMLESS.values(), ids=HARMLESS.keys())
def test_looks_do_not_change_the_form(rows: list[list[Content]]) -> None:
    """Title rows, blank rows, spaces, remarks and lost samples leave the form what it is."""
    given = filled(rows)
    assert read(given).differences == ()
    assert overlay(given, FORM).share == 1


CHANGED: dict[str, tuple[list[list[Content]], set[tuple[str, str]]]] = {
    "加序号栏": ([["序号", *HEADER], ["1", "后屯村", TOLD, ""]], {("added", "序号")}),
    "加备注栏": ([[*HEADER, "备注"], ["后屯村", TOLD, "", ""]], {("added", "备注")}),
    "删单位栏": ([HEADER[1:], [TOLD, ""]], {("missing", "单位")}),
    "删照片栏": ([HEADER[:2], ["后屯村", TOLD]], {("missing", "活动照片")}),
    "换了顺序": ([["单位", "活动照片", "开展的具体活动写实"], ["后屯村", "", TOLD]], {("moved", "活动照片")}),
    "改了名称": ([["单位", "活动开展情况", "活动照片"], ["后屯村", TOLD, ""]], {("renamed", "开展的具体活动写实")}),
    "改成别的东西": ([["单位负责人", "开展的具体活动写实", "活动照片"], ["张三", TOLD, ""]], {("renamed", "单位")}),
    "拆成几栏": (
        [
            ["单位", "时间", "地点", "参加人员", "活动内容", "活动照片"],
            ["后屯村", "5月6日", "村部", "会员9人", "学习文件", ""],
        ],
        {
            ("missing", "开展的具体活动写实"),
            ("added", "时间"),
            ("added", "地点"),
            ("added", "参加人员"),
            ("added", "活动内容"),
        },
    ),
}


@pytest.mark.parametrize(("rows", "expected"), CHANGED.values(), ids=CHANGED.keys())
def test_changed_columns_are_named(rows: list[list[Content]], expected: set[tuple[str, str]]) -> None:
    """An added, removed, renamed or moved column is told by its heading."""
    assert changes(filled(rows)) == expected


def test_a_renamed_heading_tells_its_new_name() -> None:
    """What stands in the heading's stead is told too."""
    given = filled([["单位", "活动开展情况", "活动照片"], ["后屯村", TOLD, ""]])
    assert read(given).differences == (FormDifference("renamed", "开展的具体活动写实", "活动开展情况"),)


def upright(*rows: Sequence[Content]) -> list[list[Content]]:
    """Rows for columns."""
    return [list(column) for column in zip(*rows, strict=True)]


TURNED: dict[str, tuple[Table, ...]] = {
    "一张表": (
        table(upright(HEADER, ["后屯村", TOLD, [photo(1), photo(2)]], ["后屯村", TOLD_TOO, [photo(3), photo(4)]])),
    ),
    "每项一张表": (
        table(upright(HEADER, ["后屯村", TOLD, [photo(1), photo(2)]])),
        table(upright(HEADER, ["后屯村", TOLD_TOO, [photo(3), photo(4)]])),
    ),
    "上面有标题": (
        table(
            [
                ["活动进展情况写实表", "", ""],
                *upright(HEADER, ["后屯村", TOLD, [photo(1), photo(2)]], ["", TOLD_TOO, [photo(3), photo(4)]]),
            ],
            spans=[(0, 0, 1, 3), (1, 1, 1, 2)],
        ),
    ),
}


@pytest.mark.parametrize("tables", TURNED.values(), ids=TURNED.keys())
def test_a_form_with_its_headings_one_below_the_other(tables: tuple[Table, ...]) -> None:
    """It is changed, and that is all that is wrong with it: what it says is read."""
    given = document(*tables)
    assert changes(given) == {("turned", "单位")}
    assert read(given).unit_column == ("后屯村",)
    first, second = rows_of(given)
    assert [first.activities[0].held_on, second.activities[0].held_on] == [date(2023, 5, 6), date(2023, 5, 9)]
    assert [[each.likeness for each in row.pictures] for row in (first, second)] == [[1, 2], [3, 4]]


def test_a_turned_form_that_lost_a_heading() -> None:
    """What is missing is named beside it."""
    given = document(table(upright(HEADER[1:], [TOLD, ""])))
    assert changes(given) == {("turned", "开展的具体活动写实"), ("missing", "单位")}


@pytest.mark.parametrize(
    "tables",
    [
        (),
        (table([["姓名", "电话"], ["张三", "123"]]),),
        (table([["单位", "联系人", "电话"], ["后屯村", "张三", "123"]]),),
    ],
    ids=["没有表格", "通讯录", "带单位的通讯录"],
)
def test_another_table_is_not_the_form(tables: tuple[Table, ...]) -> None:
    """A document without the form's headings is not the form at all."""
    given = document(*tables)
    assert read_filled_form(given, overlay(given, FORM), FORM) is None
    assert overlay(given, FORM).share < 0.5
    assert rows_of(given) == ()


# --- whose it is --------------------------------------------------------------------------------------------------

UNIT_LINES = {
    UNIT_LINE: "",
    "单位：": "",
    "单位：＿＿＿＿村委会": "",
    "单位：____村": "",
    "单位：ＸＸ村委会": "",
    "单位：××村委": "",
    "单位：XX街道XX村委会": "",
    "单位：某某村": "",
    "单位：　后屯　村委会": "后屯村委会",
    "单位: 后屯村": "后屯村",
    "单 位 ： 万张街道后屯村计生协": "万张街道后屯村计生协",
    "填报单位（盖章）：后屯村村委会": "后屯村村委会",
    "单位：后屯村委会　　　　填报时间：2023年5月9日": "后屯村委会",
    "填报单位：后屯村    填报人：张三": "后屯村",
    "单位：＿后屯＿村委会   2023年5月9日": "后屯村委会",
    "单位：场、人": "",
}


@pytest.mark.parametrize(("line", "unit"), UNIT_LINES.items())
def test_the_unit_line_says_who(line: str, unit: str) -> None:
    """The name behind 单位：, without blanks; a line that names nobody is blank."""
    given = filled([HEADER, ["", TOLD, ""]], paragraphs=["活动写实表", line])
    assert read(given).unit_line == unit


def test_the_unit_line_may_stand_in_the_table() -> None:
    """A unit line that was drawn into the table counts as one above it."""
    assert read(filled([["单位：后屯村", "", ""], HEADER], paragraphs=[])).unit_line == "后屯村"
    assert read(filled([["单位", "后屯村", ""], HEADER], paragraphs=[])).unit_line == "后屯村"
    assert read(filled([["单位：", "后屯村", ""], HEADER], paragraphs=[])).unit_line == "后屯村"


def test_the_unit_column_without_samples() -> None:
    """Each unit of the first column once; samples and 村委会 without a name are nobody."""
    rows: list[list[Content]] = [
        HEADER,
        ["后屯 村", TOLD, ""],
        ["后屯村", TOLD, ""],
        ["ＸＸ村委", TOLD, ""],
        ["村委会", "", ""],
        ["……", "", ""],
    ]
    assert read(filled(rows)).unit_column == ("后屯村",)


# --- which rows it holds ------------------------------------------------------------------------------------------


def test_only_filled_rows_are_read() -> None:
    """Blank rows, samples, and a unit with nothing beside it are no activity; the row's number is that of the table."""
    rows: list[list[Content]] = [
        HEADER,
        ["后屯村", TOLD, ""],
        ["", "", ""],
        ["后屯村", TOLD_TOO, ""],
        ["后屯村", "", ""],
        *BLANK_ROWS[1:],
    ]
    found = rows_of(filled(rows))
    assert [row.number for row in found] == [1, 3]
    assert [row.activities[0].held_on for row in found] == [date(2023, 5, 6), date(2023, 5, 9)]


@pytest.mark.parametrize("second", [["", "（时间、地点、参加人员）", "（2-3张）"], ["", "活动时间", ""]])
def test_a_second_line_of_headings_is_no_row(second: list[Content]) -> None:
    """Remarks below the headings, or the headings of a heading's parts, ask for nothing and are not counted."""
    rows: list[list[Content]] = [HEADER, second, ["后屯村", TOLD, [photo(1), photo(2)]]]
    read = rows_of(document(table(rows, [(0, 0, 2, 1)])))
    assert [(row.number, len(row.pictures)) for row in read] == [(1, 2)]


def test_an_unfilled_form_has_no_rows() -> None:
    """The blank form itself tells of nothing."""
    assert rows_of(filled(BLANK_ROWS)) == ()


def test_samples_left_in_a_filled_row_are_named() -> None:
    """Sample text beside what the village wrote is told, however its signs are wide."""
    rows: list[list[Content]] = [
        HEADER,
        ["XX村委", TOLD, ["2-3张活动照片\n", photo(1), photo(2)]],
        ["后屯村", TOLD_TOO, "……"],
    ]
    first, second = rows_of(filled(rows))
    assert first.samples == ("ＸＸ村委", "2-3张活动照片")
    assert second.samples == ("……",)


def test_dots_within_an_account_are_no_sample() -> None:
    """A village may end a sentence with dots."""
    (row,) = rows_of(filled([HEADER, ["后屯村", TOLD + "群众拍手叫好……", ""]]))
    assert row.samples == ()


def test_pictures_of_all_cells_belong_to_the_row() -> None:
    """A picture within the account counts like one in its own column."""
    (row,) = rows_of(filled([HEADER, ["后屯村", [TOLD, photo(1)], [photo(2)]]]))
    assert {picture.likeness for picture in row.pictures} == {1, 2}


def test_a_row_of_pictures_belongs_to_the_row_above() -> None:
    """Photos put below their activity are that activity's."""
    rows: list[list[Content]] = [
        HEADER,
        ["后屯村", TOLD, ""],
        ["", [photo(1), photo(2)], ""],
        ["后屯村", TOLD_TOO, [photo(3)]],
        ["", "", [photo(4)]],
    ]
    first, second = rows_of(filled(rows))
    assert [picture.likeness for picture in first.pictures] == [1, 2]
    assert [picture.likeness for picture in second.pictures] == [3, 4]


def test_a_row_of_pictures_under_the_unit_once_more() -> None:
    """They belong to the row above where that one has none, with a caption or without."""
    rows: list[list[Content]] = [
        HEADER,
        ["后屯村", TOLD, ""],
        ["后屯村", ["活动照片：", photo(1), photo(2)], ""],
        ["后屯村", TOLD_TOO, ""],
        ["后屯村", "", [photo(3), photo(4)]],
    ]
    first, second = rows_of(filled(rows))
    assert [[picture.likeness for picture in row.pictures] for row in (first, second)] == [[1, 2], [3, 4]]


def test_pictures_without_a_word_are_an_activity_that_tells_nothing() -> None:
    """A unit with photos and no account is a filled row without content."""
    first, second = rows_of(filled([HEADER, ["后屯村", TOLD, [photo(1)]], ["后屯村", "", [photo(2), photo(3)]]]))
    assert len(first.pictures) == 1
    assert [(each.text, each.account) for each in second.activities] == [("", "")]
    assert len(second.pictures) == 2


def test_a_merged_unit_column() -> None:
    """One merged unit for all rows does not hide the rows below."""
    rows: list[list[Content]] = [HEADER, ["后屯村", TOLD, [photo(1)]], ["", TOLD_TOO, [photo(2)]]]
    given = document(table(rows, spans=[(1, 0, 2, 1)]))
    assert len(rows_of(given)) == 2
    assert read(given).unit_column == ("后屯村",)


def test_an_account_over_several_rows_has_the_photos_of_all() -> None:
    """An account in one merged cell, its photos in two rows beside it: one filled row."""
    rows: list[list[Content]] = [HEADER, ["后屯村", TOLD, [photo(1)]], ["后屯村", "", [photo(2)]]]
    (row,) = rows_of(document(table(rows, spans=[(1, 1, 2, 1)])))
    assert [picture.likeness for picture in row.pictures] == [1, 2]


def test_icons_are_no_photos() -> None:
    """A bullet or an emoji that was pasted along; a picture that cannot be decoded may be one."""
    icon, unknown = replace(photo(1), width=16, height=16), replace(photo(2), width=0, height=0)
    (row,) = rows_of(filled([HEADER, ["后屯村", [TOLD, icon], [unknown, photo(3)]]]))
    assert [picture.likeness for picture in row.pictures] == [2, 3]


def test_a_merged_photo_cell_is_shared_out() -> None:
    """Six photos in one cell beside three activities are two for each."""
    pictures = [photo(number) for number in range(6)]
    rows: list[list[Content]] = [HEADER, ["后屯村", TOLD, pictures], ["后屯村", TOLD_TOO, ""], ["后屯村", TOLD, ""]]
    found = rows_of(document(table(rows, spans=[(1, 2, 3, 1)])))
    assert [[picture.likeness for picture in row.pictures] for row in found] == [[0, 1], [2, 3], [4, 5]]


@pytest.mark.parametrize(
    ("outside", "first", "second", "shares"),
    [
        ([1, 2, 3, 4], [], [], [[1, 2], [3, 4]]),
        ([1, 2, 3], [], [], [[1, 2], [3]]),
        ([3, 4], [1, 2], [], [[1, 2], [3, 4]]),
        ([], [1, 2, 3, 4], [], [[1, 2], [3, 4]]),
        ([], [], [1, 2, 3, 4], [[1, 2], [3, 4]]),
        ([], [1, 2, 3], [], [[1, 2, 3], []]),
        ([5], [1, 2], [3, 4], [[1, 2], [3, 4]]),
    ],
)
def test_photos_that_lie_over_the_page(
    outside: list[int], first: list[int], second: list[int], shares: list[list[int]]
) -> None:
    """Anchored outside the table, or all in one row, they belong to the rows without photos, in their order."""
    rows: list[list[Content]] = [
        HEADER,
        ["后屯村", TOLD, [*map(photo, first)]],
        ["后屯村", TOLD_TOO, [*map(photo, second)]],
    ]
    pictures = tuple(map(photo, [*outside, *first, *second]))
    given = replace(filled(rows), pictures=pictures, floating=frozenset(each.digest for each in pictures))
    assert [[picture.likeness for picture in row.pictures] for row in rows_of(given)] == shares


def test_photos_in_a_line_outside_the_table_are_no_rows() -> None:
    """A picture below the table stands in the text: a seal, a map."""
    given = replace(filled([HEADER, ["后屯村", TOLD, ""]]), pictures=(photo(1), photo(2)))
    (row,) = rows_of(given)
    assert not row.pictures


def test_a_form_with_a_serial_column_is_read() -> None:
    """Columns are found by their headings, wherever they stand; a number alone fills no row."""
    rows: list[list[Content]] = [["序号", *HEADER], ["1", "后屯村", TOLD, [photo(1)]], ["2", "", "", ""]]
    (row,) = rows_of(filled(rows))
    assert row.activities[0].place == "村文化广场"
    assert len(row.pictures) == 1


def test_an_account_cut_into_columns_is_read_by_their_headings() -> None:
    """时间, 地点, 参加人员 and 活动内容 as columns tell the same as labels."""
    rows: list[list[Content]] = [
        ["单位", "时间", "地点", "参加人员", "活动内容", "活动照片"],
        ["后屯村", "5月6日", "村部", "会员9人", "学习文件", ""],
        ["后屯村", "5月7日", "", "会员9人", "发放折页", ""],
    ]
    first, second = (row.activities[0] for row in rows_of(filled(rows)))
    assert (first.held_on, first.place, first.people, first.account) == (
        date(2023, 5, 6),
        "村部",
        "会员9人",
        "学习文件",
    )
    assert second.place == ""


def test_a_table_cut_in_two_reads_on() -> None:
    """A second table with the same headings, or with as many columns and none, goes on; another table does not."""
    first = table([HEADER, ["后屯村", TOLD, ""]])
    with_header = table([HEADER, ["后屯村", TOLD_TOO, ""]])
    without = table([["后屯村", TOLD_TOO, ""]])
    other = table([["姓名", "电话"], ["张三", "123"]])
    for second in (with_header, without):
        found = rows_of(document(first, second, other))
        assert [row.number for row in found] == [1, 2]


def test_notes_within_the_table_are_no_activity() -> None:
    """注 and the signature line are no rows."""
    rows: list[list[Content]] = [
        HEADER,
        ["后屯村", TOLD, ""],
        ["注：１、该写实表要填写村级开展的活动。", "", ""],
        ["填表人：张三", "", ""],
    ]
    given = document(table(rows, spans=[(2, 0, 1, 3), (3, 0, 1, 3)]))
    assert len(rows_of(given)) == 1
    assert read(given).unit_column == ("后屯村",)


def test_several_activities_in_a_row() -> None:
    """A row may tell several activities; each is told apart."""
    (row,) = rows_of(filled([HEADER, ["后屯村", f"1、{TOLD}\n2、{TOLD_TOO}", ""]]))
    assert [activity.held_on for activity in row.activities] == [date(2023, 5, 6), date(2023, 5, 9)]


def test_a_blank_form_of_other_headings() -> None:
    """Nothing is tied to this campaign's words: another form is read by its own headings."""
    form = Form(
        file=Path("other.docx"),
        title="巡查记录",
        blank=table([["村名", "巡查情况", "图片"], ["（填写）", "", ""]]),
        columns={"unit": "村名", "account": "巡查情况", "photos": "图片"},
        samples=("（填写）",),
    )
    given = filled([["村名", "巡查情况", "图片"], ["后屯村", TOLD, [photo(1)]], ["（填写）", "", ""]])
    assert read(given, form).differences == ()
    assert read(given, form).unit_column == ("后屯村",)
    assert len(rows_of(given, form)) == 1
    assert read_filled_form(given, overlay(given, FORM), FORM) is None


def test_reading_changes_nothing() -> None:
    """Facts are the same each time, and the document is left as it was."""
    given = filled([HEADER, ["后屯村", TOLD, [photo(1)]]])
    before = replace(given)
    assert rows_of(given) == rows_of(given)
    assert read(given) == read(given)
    assert given == before


def test_a_sum_is_no_activity() -> None:
    """合计 under the rows, who filled the form in, and a signature tell of nothing done."""
    rows: list[list[Content]] = [
        HEADER,
        ["石桥村", TOLD, ["", photo(1), photo(2)]],
        ["合计", "共1场40人", ""],
        ["填表人：张三", "审核人：李四", "2023年5月9日"],
    ]
    assert len(rows_of(filled(rows))) == 1
    assert len(rows_of(filled([*rows[:2], ["石桥村", "5月合计发放宣传单300份。", ""]]))) == 2


def test_a_date_over_several_rows_holds_for_each() -> None:
    """A column of the village's own beside the account, its cells merged: the form changed, yet the days are told."""
    rows: list[list[Content]] = [
        ["单位", "活动时间", "开展的具体活动写实", "活动照片"],
        ["石桥村", "5月6日", "在村文化广场，群众40人参加，举办知识竞赛。", ""],
        ["石桥村", "", "在村卫生室，育龄妇女20人参加，举办优生讲座。", ""],
        ["石桥村", "5月9日", "在村小学，学生30人参加，放映电影。", ""],
    ]
    given = document(table(rows, [(1, 1, 2, 1)]))
    days = [activity.held_on for row in rows_of(given) for activity in row.activities]
    assert days == [date(2023, 5, 6), date(2023, 5, 6), date(2023, 5, 9)]
    assert [each.change for each in read(given).differences] == ["added"]


def test_a_column_of_the_villages_own_fills_no_row() -> None:
    """A date beside a blank account: nothing is told."""
    rows: list[list[Content]] = [["单位", "时间", "开展的具体活动写实", "活动照片"], ["石桥村", "5月6日", "", ""]]
    assert rows_of(filled(rows)) == ()
