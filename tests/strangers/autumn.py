# ruff: noqa: E501 a mail is read as a whole
# fmt: off
"""Another notice to the same offices: the month of respect for the old, October 2023; other forms, dates and things to
hand in. Nothing of it stands in the product: the campaign is data."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.heldout.forms import Row, row
from tests.heldout.mails import Mail, Sent, file
from tests.heldout.pictures import table_picture
from tests.heldout.word import Cell, Word, prose
from tests.strangers.book import Book
from tests.strangers.office import Office
from tests.strangers.story import Story

_HERE = Path(__file__).parent
_COLUMNS = ("序号", "村（社区）", "活动开展情况", "图片资料")
FIRST_ROUND, SECOND_ROUND = "record@2023-10-16", "record@2023-10-31"


def write_rules(folder: Path) -> Path:
    """The campaign's file with its blank forms and the letters, as an office would have them."""
    folder.mkdir()
    (folder / "record.docx").write_bytes(_record("", [Row("")] * 4, sample="某某村"))
    (folder / "numbers.docx").write_bytes(_numbers("", ("", "", "", "")))
    shutil.copytree(_HERE.parents[1] / "rules" / "letters", folder / "letters")
    return Path(shutil.copy(_HERE / "autumn.toml", folder))


def _record(village: str, rows: Sequence[Row], *, sample: str = "", columns: Sequence[str] = _COLUMNS) -> bytes:
    """The record form: it has a serial number of its own."""
    word = Word()
    word.add(word.paragraph("敬老月活动纪实表", bold=True, centred=True), word.paragraph(f"填报单位：{village}"))
    lines: list[list[Cell | str]] = [list(columns)]
    for number, given in enumerate(rows, 1):
        cells: dict[str, Cell | str] = {"序号": str(number), "村（社区）": given.unit if given.unit is not None else village or sample, "活动开展情况": given.text, "图片资料": Cell(word.pictures([table_picture(scene) for scene in given.scenes])) if given.scenes else ("（图片）" if sample else "")}
        lines.append([cells[each] for each in columns])
    word.add(word.table(lines, [2200] * len(columns)))
    return word.octets()


def _numbers(village: str, four: Sequence[str], *, upper: bool = True) -> bytes:
    """The statistics form."""
    word = Word()
    head: list[Cell | str] = [Cell(word.paragraph("村（社区）"), merge="restart"), Cell(word.paragraph("走访慰问"), span=2), Cell(word.paragraph("文体活动"), span=2)]
    names: list[Cell | str] = [Cell("", merge="continue"), "次数", "老人数", "场次", "参加人数" if upper else "观众"]
    word.add(word.paragraph("敬老月情况统计表", bold=True, centred=True), word.paragraph(f"填报单位：{village}"))
    word.add(word.table([head, names, [village, *four]], (1800, 1500, 1500, 1500, 1500)))
    return word.octets()


def mails(office: Office, book: Book, prefix: str, seed: int) -> list[Mail]:
    """What six villages made of it, the oldest first."""
    story = Story(office, book, random.Random(seed), f"{prefix}-autumn", 80_000 if prefix == "first" else 90_000)
    one, two, three, four, five, six = (each.name for each in office.villages[:6])

    def plan(v: str, name: str) -> list[Sent]:
        text = f"{v}敬老月活动方案\n为办好敬老月，{v}作如下安排，请各组照着落实，活动中务必注意老年人安全。\n{story.phrase('elder_plans')}\n{v}\n2023年10月"
        return [file(name, prose(text), v, "plan")]

    send = story.send
    a, b, c = (story.deed(day, "elders", pictures=1) for day in ("10-07", "10-12", "10-22"))
    send("plan", one, "10-08 09:00", plan(one, f"{one}方案.docx"), subject=f"{one}敬老月方案")
    send("record-1", one, "10-15 09:00", [file("纪实表.docx", _record(one, [a.row, b.row]), one, FIRST_ROUND)], subject=f"{one}纪实表")
    send("record-2", one, "10-30 09:00", [file("纪实表.docx", _record(one, [a.row, b.row, c.row]), one, SECOND_ROUND)], subject=f"{one}纪实表")
    send("numbers", one, "11-02 09:00", [file("统计表.docx", _numbers(one, ("1", "14", "２", "３３０")), one, "numbers"), *story.photos(one, 3)], subject=f"{one}统计表、照片")
    send("nil", one, "11-02 10:00", subject=f"{one}涉老矛盾纠纷排查情况", body="经排查，我村无涉老矛盾纠纷，零报告。", leaves={(one, "disputes"): "nil"})
    send("plan-late", two, "10-10 09:00", plan(two, "新建文档.docx"), subject=f"{two}方案", state="accepted late", expect=["late@plan"])
    d, e = (story.deed(day, "elders", pictures=1) for day in ("10-09", "10-20"))
    send("record-1-no-photo", two, "10-14 09:00", [file("纪实表.docx", _record(two, [row(d.row.text)]), two, FIRST_ROUND)], subject=f"{two}纪实", state="returned", expect=[f"activity-photos@{FIRST_ROUND}"])
    send("record-1-mended", two, "10-16 23:50", [file("纪实表（有图）.docx", _record(two, [d.row]), two, FIRST_ROUND)], subject=f"{two}纪实")
    send("record-2-dropped", two, "10-31 09:00", [file("纪实表10月31日.docx", _record(two, [e.row]), two, SECOND_ROUND)], subject=f"{two}纪实", state="returned", expect=[f"not-cumulative@{SECOND_ROUND}"])
    send("numbers-blank", two, "11-03 09:00", [file("统计表.docx", _numbers(two, ("1", "", "0", "25")), two, "numbers")], subject=f"{two}统计表", state="returned", expect=["cell-blank@numbers", "figures-inconsistent@numbers"])
    send(
        "plan-off-topic",
        three,
        "10-09 20:00",
        [file("活动方案.docx", prose(f"{three}秋季植树活动方案\n本着绿化村庄的想法，{three}计划在河堤两侧栽种白蜡八百棵，由护林员统一挖坑、浇水、刷白，冬季前完成，明春补植。所需树苗从县苗圃购置，经费由村集体承担，栽后落实管护责任到人，验收合格后按棵补助，死苗由栽种户补齐。\n{three}"), three, "plan")],
        subject=f"{three}活动方案",
        expect=["text-off-topic@plan"],
    )
    f = story.deed("10-11", "elders", pictures=1)
    send("record-form-of-may", three, "10-16 12:00", [file("纪实表.docx", _record(three, [f.row], columns=_COLUMNS[1:]), three, FIRST_ROUND)], subject=f"{three}纪实表", state="returned", expect=[f"form-changed@{FIRST_ROUND}"])
    september = row("9月12日，" + story.phrase("elders").replace("{t}", "").strip("，"), *story.scenes(1))
    send("record-2-september", three, "10-31 12:00", [file("纪实表.docx", _record(three, [f.row, september]), three, SECOND_ROUND)], subject=f"{three}第二次纪实表", expect=[f"activity-date-outside@{SECOND_ROUND}"])
    send("photos-one", three, "11-03 12:00", story.photos(three, 1), subject=f"{three}照片", state="returned", expect=["photo-count@photos"])
    send("disputes-told", three, "11-03 13:00", [file("排查情况.docx", prose(f"{three}涉老矛盾纠纷排查情况\n共排查出赡养纠纷一起，已由调解员上门调处，双方签订赡养协议，后续每月回访。\n{three}"), three, "disputes")], subject=f"{three}排查情况")
    g = story.deed("10-13", "elders", pictures=1)
    send("record-unit-blank", four, "10-16 08:00", [file("纪实表.docx", _record("", [row(g.row.text, *g.row.scenes, unit="")]), four, FIRST_ROUND)], subject="纪实表", state="returned", expect=[f"unit-blank@{FIRST_ROUND}"])
    send("numbers-form-changed", four, "11-03 08:00", [file("统计表.docx", _numbers(four, ("1", "9", "1", "60"), upper=False), four, "numbers")], subject=f"{four}统计表", state="returned", expect=["form-changed@numbers"], allow=["cell-blank@numbers"])
    send("five-photos", five, "11-01 08:00", story.photos(five, 5), subject=f"{five}照片", expect=["photo-count@photos"])
    send("report-nobody-asked-for", six, "11-01 09:00", [file("我村好人好事.docx", prose(f"{six}好人好事\n{story.phrase('elder_reports')}"), six, "None|plan|disputes")], subject=f"{six}的材料", leaves={}, allow=["*"])
    return sorted(story.mails, key=lambda each: each.received_at)
