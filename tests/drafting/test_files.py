"""Notices and forms as files: Word, text, workbooks, old formats; and files that are none."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT, WD_SECTION

from pipeline.campaign import load_campaign
from pipeline.cli import main
from pipeline.drafting import draft_rules
from pipeline.drafting.values import Draft
from pipeline.errors import ConfigError
from pipeline.model.campaign import Campaign, Kind

HELD_OUT = Path(__file__).parent.parent / "heldout" / "files"
LINES = (
    "清泉镇人民政府",
    "关于开展2024年消防安全宣传月活动的通知",
    "各村：",
    "活动时间为2024年11月1日至11月30日。请于11月15日、11月30日前各报一次活动记录表（附件1），"
    "12月5日前报送情况统计表（附件2）和隐患排查清单（附件3）。",
    "清泉镇人民政府",
    "2024年10月25日",
)
RECORD = (("村名", "活动时间", "活动内容", "现场图片"), ("某某村", "", "", "（图片1-2张）"), ("", "", "", ""))
NUMBERS = (("项目", "场次", "参加人数"), ("宣传活动", "", ""), ("应急演练", "", ""))
HAZARDS = (("序号", "隐患地点", "整改措施", "责任人"), ("1", "", "", ""), ("2", "", "", ""))


def lines_of(notice: Any, lines: Sequence[str]) -> None:
    for line in lines:
        notice.add_paragraph(line)


def table_of(notice: Any, rows: Sequence[Sequence[str]]) -> None:
    table = notice.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def saved(document: Any, path: Path) -> Path:
    document.save(path)
    return path


def form(path: Path, title: str, rows: Sequence[Sequence[str]]) -> Path:
    """A form as a file of its own."""
    document = docx.Document()
    lines_of(document, (title, "单位："))
    table_of(document, rows)
    return saved(document, path)


def sheet(path: Path, title: str, rows: Sequence[Sequence[str]]) -> Path:
    """A form as a workbook, its title merged over it."""
    book = openpyxl.Workbook()
    page: Any = book.active
    page.append([title])
    page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(rows[0]))
    for row in rows:
        page.append([text or None for text in row])
    book.save(path)
    return path


def draft(folder: Path, notice: Path, *others: Path) -> tuple[Draft, Campaign]:
    drafted, files = draft_rules(
        notice, others, rules=folder / "rules", output=None, overwrite=False, today=date(2031, 1, 1)
    )
    return drafted, load_campaign(files[0])


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A notice with its three forms behind it, the titles beside 附件; one form lies on its side."""
    document = docx.Document()
    lines_of(document, LINES)
    titles = ("消防宣传活动记录表", "消防宣传情况统计表", "火灾隐患排查清单")
    for number, (title, rows) in enumerate(zip(titles, (RECORD, NUMBERS, HAZARDS), strict=True), 1):
        section = document.add_section(WD_SECTION.NEW_PAGE)
        if number == 2:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
        document.add_paragraph(f"附件{number}：{title}")
        table_of(document, rows)
    return saved(document, tmp_path / "通知.docx")


def test_forms_within_the_notice(tmp_path: Path, whole: Path) -> None:
    """Each is cut out with its own page; a list, for which there is no kind, is kept and taken as text."""
    drafted, campaign = draft(tmp_path, whole)
    by_name = {each.name: each for each in campaign.deliverables}
    assert {name: each.kind for name, each in by_name.items()} == {
        "record": Kind.ACTIVITIES,
        "statistics": Kind.FIGURES,
        "checklist": Kind.PROSE,
    }
    assert [each.id for each in campaign.rounds("record")] == ["record@2024-11-15", "record@2024-11-30"]
    record = by_name["record"].form
    assert record is not None
    assert record.title == "附件1：消防宣传活动记录表"
    assert record.columns == {"unit": "村名", "account": "活动内容", "photos": "现场图片"}
    assert "某某村" in record.samples
    options = by_name["record"].checks["activity-photos"].options
    assert (options.minimum, options.maximum) == (1, 2)
    numbers = by_name["statistics"].form
    assert numbers is not None
    section = docx.Document(str(numbers.file)).sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert any("statistics" in each.name and "应急演练" in "".join(each.doubts) for each in drafted.deliverables)
    assert any("checklist" in each.name and "附件3" in "".join(each.doubts) for each in drafted.deliverables)
    assert (tmp_path / "rules" / drafted.id / "form-1.docx").is_file()


def test_rounds_that_nobody_called_cumulative(tmp_path: Path, whole: Path) -> None:
    """Where the notice does not say that each round holds the earlier ones, that is not demanded."""
    _, campaign = draft(tmp_path, whole)
    assert not campaign.rounds("record")[0].checks["not-cumulative"].enabled


def test_forms_without_headings(tmp_path: Path) -> None:
    """Tables right behind the day of the notice, with the lines over them."""
    document = docx.Document()
    lines_of(document, LINES[:3])
    lines_of(document, ("请于11月15日前报送活动记录表、情况统计表。", *LINES[4:], "消防宣传活动记录表", "单位："))
    table_of(document, RECORD)
    lines_of(document, ("注：每项活动一行。", "消防宣传情况统计表"))
    table_of(document, NUMBERS)
    _, campaign = draft(tmp_path, saved(document, tmp_path / "通知.docx"))
    assert [each.kind for each in campaign.deliverables] == [Kind.ACTIVITIES, Kind.FIGURES]
    assert [each.form.title for each in campaign.deliverables if each.form] == [
        "消防宣传活动记录表",
        "消防宣传情况统计表",
    ]


def test_forms_in_files_of_their_own(tmp_path: Path) -> None:
    """By the number in the file's name; a workbook stays one."""
    notice = tmp_path / "通知.txt"
    notice.write_text("\n".join(LINES), encoding="gb18030")
    others = (
        sheet(tmp_path / "附件2.xlsx", "消防宣传情况统计表", (("宣传场次（场）", "参加人数（人）"), ("", ""))),
        form(tmp_path / "附件1 消防宣传活动记录表.docx", "消防宣传活动记录表", RECORD),
    )
    drafted, campaign = draft(tmp_path, notice, *others)
    statistics = campaign.deliverable("statistics")
    assert statistics.form is not None
    assert statistics.form.file.suffix == ".xlsx"
    assert [(f.title, f.headings) for f in statistics.form.figures] == [
        ("宣传场次", ("宣传场次（场）",)),
        ("参加人数", ("参加人数（人）",)),
    ]
    assert campaign.rounds("record")[0].kind is Kind.ACTIVITIES
    assert campaign.deliverable("checklist").kind is Kind.PROSE
    assert not drafted.clear


def test_an_old_form_becomes_a_new_one(tmp_path: Path) -> None:
    """A .doc is laid down as docx, on which the letters and the merge can write."""
    notice = tmp_path / "通知.txt"
    notice.write_text("\n".join(LINES).replace("活动记录表（附件1）", "活动进展情况写实表（附件1）"), encoding="utf-8")
    old = tmp_path / "附件1：写实表.doc"
    old.write_bytes((HELD_OUT / "progress.doc").read_bytes())
    _, campaign = draft(tmp_path, notice, old)
    blank = campaign.rounds("progress")[0].form
    assert blank is not None
    assert blank.file.suffix == ".docx"
    assert blank.file.read_bytes().startswith(b"PK")


def test_a_form_that_fits_nothing(tmp_path: Path) -> None:
    """It is kept and told, and belongs to nothing."""
    notice = tmp_path / "通知.txt"
    notice.write_text(
        "关于报送总结的通知\n请于2024年5月1日前报送工作总结。\n甲乡人民政府\n2024年4月1日", encoding="utf-8"
    )
    drafted, campaign = draft(tmp_path, notice, form(tmp_path / "物资.docx", "物资领用表", HAZARDS))
    assert [each.name for each in campaign.deliverables] == ["summary"]
    assert [each.title for each in drafted.loose] == ["物资领用表"]


def test_what_is_no_notice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is one line that says what to do, and nothing is written."""
    picture = tmp_path / "扫描.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    empty = tmp_path / "空.docx"
    empty.write_bytes(b"")
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04" + bytes(200))
    meeting = tmp_path / "会议.txt"
    meeting.write_text(
        "关于召开安全生产会议的通知\n各村：\n定于5月6日上午9时召开会议，请准时参加。\n2024年5月1日", encoding="utf-8"
    )
    undated = tmp_path / "无期限.txt"
    undated.write_text(
        "关于报送材料的通知\n各村：\n请将工作总结、活动照片报送至镇政府。\n2024年5月1日", encoding="utf-8"
    )
    other = HELD_OUT / "plan.doc"
    for file in (tmp_path / "没有.docx", tmp_path, picture, empty, broken, meeting, undated, other):
        status = main(["--config", str(tmp_path / "config.toml"), "rules", "draft", str(file)])
        said = capsys.readouterr()
        assert status == 2, file.name
        assert said.err.startswith("baosong：")
        assert said.err.count("\n") == 1
        assert "Traceback" not in said.err + said.out
    assert not (tmp_path / "rules").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Neither the rules nor a form beside them, unless it is asked for."""
    notice = tmp_path / "通知.txt"
    notice.write_text("关于报送总结的通知\n请于2024年5月1日前报送工作总结。\n2024年4月1日", encoding="utf-8")
    target = tmp_path / "spring.toml"
    (tmp_path / "spring").mkdir()
    (tmp_path / "spring" / "notice.txt").write_text("别的", encoding="utf-8")
    where: dict[str, Any] = {"rules": tmp_path, "output": target, "today": date(2024, 4, 2)}
    with pytest.raises(ConfigError, match=r"notice\.txt"):
        draft_rules(notice, [], overwrite=False, **where)
    assert not target.exists()
    drafted, files = draft_rules(notice, [], overwrite=True, **where)
    assert drafted.id == "spring"
    assert files[0] == target
    assert (tmp_path / "spring" / "notice.txt").read_bytes() == notice.read_bytes()


def test_a_form_with_a_picture_is_cut_whole(tmp_path: Path, whole: Path) -> None:
    """What was cut out opens again in Word's own way."""
    _, campaign = draft(tmp_path, whole)
    record = campaign.rounds("record")[0].form
    assert record is not None
    document = docx.Document(io.BytesIO(record.file.read_bytes()))
    assert len(document.tables) == 1
    assert "各村：" not in [paragraph.text for paragraph in document.paragraphs]
