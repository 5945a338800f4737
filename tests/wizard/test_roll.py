"""The office's own list of villages, as offices keep it, understood as a register."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import ConfigError
from pipeline.register_file import load_register
from pipeline.wizard.roll import Columns, formal_name, guess_columns, read_rows, understand, write_register

TITLE = ["万家镇各村（社区）联系人一览表"]


def names(rows: list[list[str]]) -> list[str]:
    columns = guess_columns(rows)
    assert columns is not None
    return [each.name for each in understand(rows, columns).villages]


def test_a_list_with_title_and_totals() -> None:
    """The title above and the total below are no villages; committees stand for their villages."""
    rows = [
        TITLE,
        ["序号", "村（社区）名称", "计生专干", "联系电话", "QQ", "邮箱"],
        ["1", "石桥村村民委员会", "赵甲", "13000000001", "123456789", ""],
        ["2", "柳堤社区居委会", "孙丙", "", "", "Liudi@QQ.com；liudi2@163.com"],
        ["合计", "2个", "", "", "", ""],
    ]
    columns = guess_columns(rows)
    assert columns == Columns(village=1, addresses=(4, 5), contact=(2, 3), first_row=2)
    roll = understand(rows, columns)
    assert [(each.name, each.addresses, each.contact) for each in roll.villages] == [
        ("石桥村", ("123456789@qq.com",), "赵甲 13000000001"),
        ("柳堤社区", ("liudi@qq.com", "liudi2@163.com"), "孙丙"),
    ]
    assert roll.remarks == ()


@pytest.mark.parametrize(
    ("heading", "village"),
    [
        (["乡镇", "行政村", "邮箱"], 1),
        (["序号", "单位", "联系人"], 1),
        (["单位名称", "负责人", "电话"], 0),
        (["所属街道", "社区", "电子邮箱"], 1),
        (["村", "姓名"], 0),
    ],
)
def test_headings(heading: list[str], village: int) -> None:
    """The column of villages is known by what stands above it; the town's own is another one."""
    columns = guess_columns([heading, ["甲"] * village + ["石桥村"] + ["乙"] * (len(heading) - village - 1)])
    assert columns is not None
    assert columns.village == village


def test_without_headings() -> None:
    """A bare list is known by what its cells look like, addresses too."""
    rows = [["1", "石桥村", "a@b.cn"], ["2", "青禾村", ""], ["3", "柳堤社区", "c@d.cn"]]
    columns = guess_columns(rows)
    assert columns == Columns(village=1, addresses=(2,))
    assert names(rows) == ["石桥村", "青禾村", "柳堤社区"]


def test_one_column() -> None:
    """Nothing but names."""
    assert names([["石桥村"], ["青禾村"]]) == ["石桥村", "青禾村"]


def test_no_villages_at_all() -> None:
    """Another table is no list of villages."""
    assert guess_columns([["日期", "金额"], ["5月1日", "300"]]) is None


def test_what_a_person_should_look_at() -> None:
    """A village twice, an address that is none, an address of two villages: told, and nothing is lost."""
    rows = [
        ["村名", "邮箱"],
        ["石桥村", "a@b.cn"],
        ["石 桥 村", "c@d.cn"],
        ["青禾村", "不详"],
        ["柳堤村", "a@b.cn"],
        ["杏林村", "无"],
    ]
    columns = guess_columns(rows)
    assert columns is not None
    roll = understand(rows, columns)
    assert {each.name: each.addresses for each in roll.villages} == {
        "石桥村": ("a@b.cn", "c@d.cn"),
        "青禾村": (),
        "柳堤村": ("a@b.cn",),
        "杏林村": (),
    }
    assert [remark.partition("：")[0] for remark in roll.remarks] == [
        "第3行 石桥村",
        "第4行 青禾村",
        "a@b.cn 由石桥村、柳堤村共用，来信将按文件里写的村名区分",
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("楚庄村村民委员会", "楚庄村"),
        ("楚庄村民委员会", "楚庄村"),
        ("楚庄村委会", "楚庄村"),
        ("楚庄村", "楚庄村"),
        ("东关社区居委会", "东关社区"),
        ("村委会", "村委会"),
    ],
)
def test_formal_names(written: str, name: str) -> None:
    """The committee's name is the village's."""
    assert formal_name(written) == name


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    """The register that comes of it is one that the program takes, whatever stands in the cells."""
    rows = [
        ["村名", "别名", "邮箱", "联系人"],
        ["石桥村", "老石桥、北桥", "a@b.cn", '=1+1,"甲"\n乙'],
        ["青禾村", "", "", ""],
    ]
    columns = guess_columns(rows)
    assert columns is not None
    file = tmp_path / "villages.csv"
    file.write_text(write_register(understand(rows, columns).villages), encoding="utf-8")
    register = load_register(file)
    assert register.names == ("石桥村", "青禾村")
    assert register["石桥村"].aliases == ("老石桥", "北桥")


def test_a_workbook(tmp_path: Path) -> None:
    """Numbers that Excel keeps as numbers, merged cells, several sheets."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["说明", "本表由办公室填写"])
    sheet = book.create_sheet("名单")
    sheet.append(TITLE)
    sheet.merge_cells("A1:C1")
    sheet.append(["村名", "QQ号", "电话"])
    sheet.append(["石桥村", 123456789, 13000000001])
    book.save(tmp_path / "名单.xlsx")
    tables = read_rows(tmp_path / "名单.xlsx")
    columns = guess_columns(tables[-1])
    assert columns is not None
    (village,) = understand(tables[-1], columns).villages
    assert (village.name, village.addresses, village.contact) == ("石桥村", ("123456789@qq.com",), "13000000001")


def test_no_table(tmp_path: Path) -> None:
    """A file without a table, and one that is not there: which, and what to give instead."""
    (tmp_path / "a.txt").write_text("石桥村")
    for name in ("a.txt", "b.xlsx"):
        with pytest.raises(ConfigError, match=name):
            read_rows(tmp_path / name)
