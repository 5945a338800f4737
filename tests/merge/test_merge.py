"""The office's documents from a town's real mail: every table, sum, photo and file at its place."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.campaign import load_campaign
from pipeline.content import read_content
from pipeline.forms.figures import read_figures
from pipeline.forms.overlay import overlay
from pipeline.forms.rows import read_activity_rows
from pipeline.model.content import Document
from pipeline.model.files import FileKind
from tests.flow.township import RULES, photo, progress
from tests.merge.town import (
    FIGURES,
    HOSTILE_NAME,
    HOSTILE_SUBJECT,
    STAMP,
    VILLAGES,
    cell_pictures,
    cell_text,
    is_like,
    merge,
    paragraphs,
    photos,
    read_cells,
)

CAMPAIGN = load_campaign(RULES / "2023-529.toml")


def read_document(file: Path) -> Document:
    content = read_content(file, FileKind.DOCX, file.name)
    assert isinstance(content, Document)
    return content


def rows_of(sheet: Worksheet) -> list[list[object]]:
    """The rows below the headings."""
    return [list(row) for row in sheet.iter_rows(min_row=4, values_only=True)]


# --- 写实表 -----------------------------------------------------------------------------------------------------------


def test_the_progress_table_is_the_blank_form_in_the_registers_order(merged: Path) -> None:
    """The form's headings, then each village's rows though the second wrote first; the form's own samples are gone."""
    rows = [[cell_text(cell) for cell in row] for row in read_cells(merged / "写实表汇总.docx")]
    assert [row[:2] for row in rows] == [
        ["单位", "开展的具体活动写实"],
        ["石桥村", "5月5日上午9时，在石桥村文化广场组织会员和群众31人参加，发放优生优育宣传册。"],
        ["石桥村", "5月6日上午9时，在石桥村文化广场组织会员和群众32人参加，发放优生优育宣传册。"],
        ["青禾村", "5月5日上午9时，在青禾村文化广场组织会员和群众31人参加，发放优生优育宣传册。"],
    ]
    assert "".join(map(cell_text, read_cells(merged / "写实表汇总.docx")[1])).count("照片") == 0


def test_each_activity_has_its_own_photos(merged: Path) -> None:
    """In the photo column, in order, of the village and row that they were sent for; scaled to the column."""
    file = merged / "写实表汇总.docx"
    wanted = [("石桥村", 1, 2), ("石桥村", 2, 2), ("青禾村", 1, 3)]
    for cells, (village, number, count) in zip(read_cells(file)[1:], wanted, strict=True):
        assert not cells[0].xpath(".//a:blip")
        assert not cells[1].xpath(".//a:blip")
        found = cell_pictures(file, cells[2])
        assert len(found) == count
        for place, octets in enumerate(found):
            assert is_like(octets, photo(f"{village}{number}{place}"))
            assert not is_like(octets, photo(f"{village}{number}{place + 1}"))
        widths = [int(each) for each in cells[2].xpath(".//wp:extent/@cx")]
        assert all(0 < width <= cells[2].width for width in widths)


def test_the_office_can_read_its_own_table(merged: Path) -> None:
    """What our own reader finds in the merged table is what the villages' tables hold."""
    form = CAMPAIGN.rounds("progress")[-1].form
    assert form is not None
    document = read_document(merged / "写实表汇总.docx")
    rows = read_activity_rows(
        document, overlay(document, form), form, opens_on=CAMPAIGN.opens_on, closes_on=CAMPAIGN.closes_on
    )
    assert [len(row.pictures) for row in rows] == [2, 2, 3]
    assert [row.activities[0].place for row in rows] == ["石桥村文化广场", "石桥村文化广场", "青禾村文化广场"]
    assert not any(row.samples for row in rows)


def test_the_progress_table_names_whom_it_lacks(merged: Path) -> None:
    """A village behind with its last round, and one whose table was returned; the office is the unit."""
    lines = paragraphs(merged / "写实表汇总.docx")
    assert "单位：嘉祥县万张街道办事处" in lines
    assert lines[-2].endswith("名册共3个村，收录2个村。")
    assert lines[-1] == (
        "缺少或不全的：青禾村（工作进展情况写实表（5月31日）未报）；柳堤村（工作进展情况写实表（5月31日）待补正）。"
    )


def test_one_round_alone_can_be_asked_for(town: Path, tmp_path: Path) -> None:
    """With --round only that round's tables are in, whatever came later."""
    assert merge(town / "config.toml", "--to", str(tmp_path), "--round", "progress@2023-05-20") == 0
    assert [cell_text(row[0]) for row in read_cells(tmp_path / "写实表汇总.docx")] == ["单位", "青禾村"]


def test_an_unknown_round_is_wrong_use(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, with the rounds that there are."""
    assert merge(town / "config.toml", "--to", str(tmp_path), "--round", "progress@2023-05-21") == 2
    assert "progress@2023-05-20" in capsys.readouterr().err


# --- 统计表 -----------------------------------------------------------------------------------------------------------

SUMS = [sum(int(FIGURES[village][kind][place]) for village in FIGURES) for kind in range(3) for place in range(2)]


def test_the_sums_in_word_are_those_of_the_villages(merged: Path) -> None:
    """Recomputed here from what the villages wrote; at the places of the blank form, and nowhere else."""
    form = CAMPAIGN.deliverable("statistics").form
    assert form is not None
    document = read_document(merged / "统计表汇总.docx")
    assert [figure.value for figure in read_figures(overlay(document, form), form)] == SUMS
    blank = sorted(cell.text for cell in form.blank.cells if cell.text)
    filled = sorted(cell.text for cell in document.tables[0].cells if cell.text)
    assert filled == sorted([*blank, *map(str, SUMS)])


def test_the_word_sums_name_whom_they_lack(merged: Path) -> None:
    """A village that sent nothing is named, not added as nought."""
    lines = paragraphs(merged / "统计表汇总.docx")
    assert "2个村的统计表相加，名册共3个村" in lines[-2]
    assert lines[-1] == "没有计入的：柳堤村（未报）。"


def test_the_sums_in_excel_are_formulas_with_their_values(merged: Path) -> None:
    """Both over the same cells: the value is the sum of the numbers that the formula covers."""
    formulas = load_workbook(merged / "统计表汇总.xlsx")["汇总"]
    values = load_workbook(merged / "统计表汇总.xlsx", data_only=True)["汇总"]
    bottom = formulas.max_row
    assert [formulas.cell(bottom, column).value for column in range(3, 9)] == [
        f"=SUM({letter}4:{letter}{bottom - 1})" for letter in "CDEFGH"
    ]
    for column, total in zip(range(3, 9), SUMS, strict=True):
        above = [values.cell(row, column).value for row in range(4, bottom)]
        assert sum(value for value in above if isinstance(value, int)) == total
        assert values.cell(bottom, column).value == total


def test_a_village_without_figures_has_words_in_excel(merged: Path) -> None:
    """A row for each village; one that is missing says so in every cell, so that nobody takes it for nought."""
    rows = rows_of(load_workbook(merged / "统计表汇总.xlsx")["汇总"])
    assert [row[1] for row in rows] == [*VILLAGES, "合计"]
    assert rows[1][2:8] == [4, 95, 0, 0, 2, 33]
    assert rows[2][2:8] == ["未报"] * 6


def test_every_figure_is_traced_to_its_file(merged: Path) -> None:
    """Village, figure, as written, as counted, file, arrival, which delivery, sender."""
    rows = rows_of(load_workbook(merged / "统计表汇总.xlsx")["来源"])
    assert len(rows) == 2 * 6
    first = rows[1]
    assert first[:5] == ["石桥村", "宣传活动的宣传人数", "120", 120, "石桥村统计表.docx"]
    assert str(first[5]) == "2023-06-09 10:04:00"
    assert first[6:8] == [1, "shiqiao@village.test"]
    assert rows_of(load_workbook(merged / "统计表汇总.xlsx")["未计入"]) == [["柳堤村", "全部数字", "未报"]]


# --- 总结, 报送情况 ---------------------------------------------------------------------------------------------------


def test_the_summaries_have_contents_and_a_heading_each(merged: Path) -> None:
    """A real field of contents, whose result already lists the villages in the register's order."""
    with zipfile.ZipFile(merged / "活动总结汇编.docx") as archive:
        body = archive.read("word/document.xml").decode()
    assert 'TOC \\o "1-1"' in body
    assert body.count('w:fldCharType="begin"') == body.count('w:fldCharType="end"') == 1 + 2
    lines = paragraphs(merged / "活动总结汇编.docx")
    contents = lines[lines.index("目　录") + 1 :]
    assert contents[:2] == ["1、石桥村\t2", "2、青禾村\t3"]
    assert [line for line in lines if line in VILLAGES] == ["石桥村", "青禾村"]
    assert "没有收录的：柳堤村（未报）。" in lines
    start = lines.index("青禾村")
    assert lines[start + 1] == "青禾村5.29会员活动月活动总结"
    assert lines[start + 2].startswith("=1+11、青禾村计生协组织会员")


def test_the_statement_counts_each_village(merged: Path) -> None:
    """序号｜单位｜应报｜已报｜报送率｜按时率｜备注, and the sum of all; the same in Word."""
    sheet = load_workbook(merged / "报送情况统计.xlsx", data_only=True).worksheets[0]
    assert [cell.value for cell in sheet[3]] == ["序号", "单位", "应报", "已报", "报送率(%)", "按时率(%)", "备注"]
    rows = rows_of(sheet)
    assert [row[:6] for row in rows[:4]] == [
        [1, "石桥村", 8, 6, 75, 75],
        [2, "青禾村", 8, 4, 50, 50],
        [3, "柳堤村", 8, 0, 0, 0],
        [None, "合计", 24, 10, 41.6, 41.6],
    ]
    assert rows[0][6] == "工作进展情况写实表（5月10日、5月20日）未报"
    assert str(rows[2][6]).endswith("；工作进展情况写实表（5月31日）待补正")
    cells = [[cell_text(cell) for cell in row] for row in read_cells(merged / "报送情况统计.docx")]
    assert cells[1][:6] == ["1", "石桥村", "8", "6", "75.0", "75.0"]
    assert cells[-1][:6] == ["", "合计", "24", "10", "41.6", "41.6"]


# --- photos, videos, the archive --------------------------------------------------------------------------------------


def test_photos_are_the_originals_under_the_villages_name(merged: Path) -> None:
    """As many as the campaign wants, in the order sent, octet by octet as they came."""
    names = sorted(path.name for path in (merged / "照片").iterdir())
    wanted = [f"石桥村-{number:02d}.jpg" for number in range(1, 6)]
    assert names == sorted([*wanted, *(f"青禾村-{number:02d}.jpg" for number in range(1, 4))])
    for village, count in (("石桥村", 5), ("青禾村", 3)):
        for number, (_, octets) in enumerate(photos(village, count), start=1):
            assert (merged / "照片" / f"{village}-{number:02d}.jpg").read_bytes() == octets
    assert [path.name for path in (merged / "视频").iterdir()] == ["石桥村.mp4"]


def test_the_archive_holds_all_of_it(merged: Path) -> None:
    """Every file of the folder, as it is, and no other."""
    files = {path.relative_to(merged).as_posix(): path for path in merged.rglob("*") if path.is_file()}
    own = files.pop("材料汇总.zip")
    with zipfile.ZipFile(own) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == set(files)
        assert all(archive.read(name) == path.read_bytes() for name, path in files.items())


def test_the_index_tells_whence_each_file_came(merged: Path) -> None:
    """A line for each file with its mail, a photo not chosen too; what is missing stands on a sheet of its own."""
    workbook = load_workbook(merged / "目录.xlsx")
    rows = rows_of(workbook["目录"])
    by_place = {row[4]: row for row in rows if row[4]}
    line = by_place["照片/青禾村-02.jpg"]
    assert line[2:4] == ["青禾村", "精选活动照片"]
    assert line[5] == "IMG_2.jpg"
    assert str(line[6]) == "2023-06-10 10:07:00"
    assert line[8:10] == ["qinghe@village.test", "青禾村精选活动照片"]
    assert [row[5] for row in rows if row[10] == "超过5张，没有选入"] == ["IMG_6.jpg"]
    missing = rows_of(workbook["缺少和不全的"])
    assert ["柳堤村", "工作进展情况写实表（5月31日）", "待补正"] in missing
    assert ["青禾村", "活动视频", "未报"] in missing


# --- safety -----------------------------------------------------------------------------------------------------------


def test_nothing_of_a_village_becomes_a_formula(merged: Path) -> None:
    """Subjects, file names and figures that begin like formulas are texts, marked as such; only our sums compute."""
    formulas = []
    texts = []
    for file in merged.glob("*.xlsx"):
        for sheet in load_workbook(file).worksheets:
            for row in sheet.iter_rows():
                formulas += [cell.value for cell in row if cell.data_type == "f"]
                texts += [cell for cell in row if cell.value in (HOSTILE_SUBJECT, HOSTILE_NAME)]
    assert all(str(formula).startswith("=SUM(") for formula in formulas)
    assert {cell.value for cell in texts} == {HOSTILE_SUBJECT, HOSTILE_NAME}
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in texts)


def test_the_same_ledger_gives_the_same_octets(town: Path, merged: Path, tmp_path: Path) -> None:
    """Into another folder, at another time of the real clock; each archive's members bear the moment asked for."""
    assert merge(town / "config.toml", "--to", str(tmp_path)) == 0
    files = [path for path in merged.rglob("*") if path.is_file()]
    assert len(files) == 10 + 8
    for path in files:
        octets = path.read_bytes()
        assert octets == (tmp_path / path.relative_to(merged)).read_bytes(), path.name
        if path.suffix in {".docx", ".xlsx"}:
            with zipfile.ZipFile(io.BytesIO(octets)) as archive:
                assert {member.date_time for member in archive.infolist()} == {STAMP}
                assert b"2023-06-20T01:30:00Z" in archive.read("docProps/core.xml")


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.fixture
def copy(town: Path, tmp_path: Path) -> Path:
    """A copy of the town that a test may break; its config.toml."""
    shutil.copytree(town, tmp_path / "copy", ignore=shutil.ignore_patterns("merged"))
    return tmp_path / "copy" / "config.toml"


def spoil(config: Path, octets: bytes, *, put: bytes | None) -> None:
    """Take the file with these octets out of the cache, or put others in its place."""
    for path in (config.parent / "inbox_cache").glob("??/*"):
        if path.read_bytes() == octets:
            path.unlink()
            if put is not None:
                path.write_bytes(put)
            return
    pytest.fail("not in the cache")


def test_one_villages_lost_file_stops_no_other(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named on the terminal, in the document and in the index, the others are there, and the status is 1."""
    spoil(copy, progress("石桥村"), put=None)
    assert merge(copy) == 1
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("需要处理：")]
    assert len(said) == 1
    assert "石桥村" in said[0]
    merged = copy.parent / "merged"
    assert [cell_text(row[0]) for row in read_cells(merged / "写实表汇总.docx")] == ["单位", "青禾村"]
    assert "石桥村（工作进展情况写实表（5月31日）已判合格，但" in paragraphs(merged / "写实表汇总.docx")[-1]
    missing = rows_of(load_workbook(merged / "目录.xlsx")["缺少和不全的"])
    assert any(row[0] == "石桥村" and "读不出" in str(row[2]) for row in missing)


def test_a_damaged_document_is_named(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Octets that are no document any more: the same, without a traceback."""
    spoil(copy, progress("青禾村", rows=1, pictures=3), put=b"PK\x03\x04 broken")
    assert merge(copy) == 1
    assert "青禾村" in capsys.readouterr().out
    assert [cell_text(row[0]) for row in read_cells(copy.parent / "merged" / "写实表汇总.docx")] == [
        "单位",
        "石桥村",
        "石桥村",
    ]


def test_a_damaged_original_is_not_handed_on(copy: Path) -> None:
    """A photo whose octets have changed on our disk is left out and named; its neighbours keep their numbers."""
    spoil(copy, photo("青禾村精选2"), put=b"\xff\xd8\xff rot")
    assert merge(copy) == 1
    merged = copy.parent / "merged"
    names = sorted(path.name for path in (merged / "照片").glob("青禾村*"))
    assert names == ["青禾村-01.jpg", "青禾村-03.jpg"]
    with zipfile.ZipFile(merged / "材料汇总.zip") as archive:
        assert "照片/青禾村-02.jpg" not in archive.namelist()


def test_a_later_run_leaves_no_stale_photo_and_no_strange_file_goes(copy: Path) -> None:
    """What an earlier run named for a village goes; a person's own file in the folder stays, and out of the archive."""
    folder = copy.parent / "merged" / "照片"
    folder.mkdir(parents=True)
    (folder / "青禾村-04.jpg").write_bytes(b"stale")
    (folder / "办公室合影.jpg").write_bytes(b"own")
    assert merge(copy) == 0
    assert not (folder / "青禾村-04.jpg").exists()
    assert (folder / "办公室合影.jpg").read_bytes() == b"own"
    with zipfile.ZipFile(copy.parent / "merged" / "材料汇总.zip") as archive:
        assert "照片/办公室合影.jpg" not in archive.namelist()


def test_a_folder_that_cannot_be_written_is_one_line(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file stands where the folder should be: exit status 1, the path, and no half-written file."""
    blocked = copy.parent / "blocked"
    blocked.write_bytes(b"")
    assert merge(copy, "--to", str(blocked)) == 1
    assert str(blocked) in capsys.readouterr().err
