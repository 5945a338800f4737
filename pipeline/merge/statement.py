"""The statement of submission: how many of what was due each village has handed in, and how many in time.

Due is what the deadline has passed for, an extension counted, and what came before its deadline; not what a person
waived. Handed in is what was accepted, was a report of nothing, or waits for the office's own judgement: a village is
not charged with our slowness. What was returned is not handed in. In time is what was handed in and not late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from pipeline.merge.gathering import Gathered
from pipeline.merge.saving import Rows, save_document
from pipeline.merge.sheet import FIRST_ROW, Book
from pipeline.merge.word import add_page_number, add_title, fix_columns, keep_row, new_document
from pipeline.model.campaign import Deliverable
from pipeline.model.standing import Standing, State
from pipeline.report.rows import Value
from pipeline.report.sheet import Heading, put
from pipeline.report.words import clean_text, join_titles
from pipeline.text.days import write_moment

_HANDED_IN = frozenset({State.ACCEPTED, State.NIL, State.REVIEW})
_REMARKS = {
    State.MISSING: "未报",
    State.RETURNED: "待补正",
    State.REVIEW: "待审核",
    State.NIL: "零报告",
    State.WAIVED: "免报",
}
COLUMNS = ("序号", "单位", "应报", "已报", "报送率(%)", "按时率(%)", "备注")
_WIDTHS = [Cm(width) for width in (1.4, 2.6, 1.4, 1.4, 1.8, 1.8, 5.6)]
_WORDS = (1, 6)  # places of the columns that hold words
RULES = (
    "说明：1.应报为截至统计时间已到期限（含延期）和提前报送的件数，免报的不计；"
    "2.已报为审核合格、零报告和待审核的件数，退回待补正的不计；"
    "3.报送率＝已报÷应报，按时率＝按时报送的件数÷应报。"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """One village's count; or that of all."""

    village: str
    due: int
    handed_in: int
    in_time: int
    remark: str = ""

    @property
    def share(self) -> Decimal | None:
        """Handed in, in per cent of what was due; None where nothing was due."""
        return _per_cent(self.handed_in, self.due)

    @property
    def share_in_time(self) -> Decimal | None:
        """Handed in before the deadline, likewise."""
        return _per_cent(self.in_time, self.due)


def _per_cent(part: int, whole: int) -> Decimal | None:
    """With one decimal, rounded down so that 100 means all."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), rounding=ROUND_DOWN)


def count_villages(gathered: Gathered) -> list[Tally]:
    """Each village's count, in the register's order."""
    return [_count(gathered, village) for village in gathered.villages]


def total(tallies: Sequence[Tally]) -> Tally:
    """All villages together."""
    return Tally(
        "合计",
        sum(each.due for each in tallies),
        sum(each.handed_in for each in tallies),
        sum(each.in_time for each in tallies),
    )


def _count(gathered: Gathered, village: str) -> Tally:
    due = handed_in = in_time = 0
    remarks: dict[str, list[Deliverable]] = {}
    for deliverable in gathered.campaign.deliverables:
        standing = gathered.standings.get((village, deliverable.id)) or _nothing(gathered, village, deliverable)
        if standing.state in _REMARKS:
            remarks.setdefault(_REMARKS[standing.state], []).append(deliverable)
        if standing.late and standing.state in _HANDED_IN:
            remarks.setdefault("迟报", []).append(deliverable)
        if not _is_due(gathered, standing, deliverable):
            continue
        due += 1
        if standing.state in _HANDED_IN:
            handed_in += 1
            in_time += not standing.late
    order = [*_REMARKS.values(), "迟报"]
    everything = len(gathered.campaign.deliverables)
    words = [
        f"{'各项材料均' if len(remarks[word]) == everything > 1 else join_titles(remarks[word])}{word}"
        for word in order
        if word in remarks
    ]
    return Tally(village, due, handed_in, in_time, "；".join(words))


def _nothing(gathered: Gathered, village: str, deliverable: Deliverable) -> Standing:
    state = State.MISSING if deliverable.due_at <= gathered.as_of else State.NOT_DUE
    return Standing(village, deliverable.id, state)


def _is_due(gathered: Gathered, standing: Standing, deliverable: Deliverable) -> bool:
    if standing.state is State.WAIVED:
        return False
    due_at = standing.due_at or deliverable.due_at
    return due_at <= gathered.as_of or standing.state in _HANDED_IN


# --- Excel ------------------------------------------------------------------------------------------------------------


def write_statement_workbook(gathered: Gathered, tallies: Sequence[Tally]) -> bytes:
    """One sheet, a row for each village and one for all."""
    widths = (6, 16, 8, 8, 11, 11, 60)
    headings = [
        Heading(text, width, centred=text not in ("单位", "备注")) for text, width in zip(COLUMNS, widths, strict=True)
    ]
    rows: list[list[Value]] = [
        [number, each.village, each.due, each.handed_in, _shown(each.share), _shown(each.share_in_time), each.remark]
        for number, each in enumerate(tallies, start=1)
    ]
    book = Book()
    sheet = book.add("报送情况统计", _title(gathered), _subtitle(gathered), headings, rows)
    bottom = FIRST_ROW + len(rows)
    whole = total(tallies)
    put(sheet, bottom, 1, None)
    put(sheet, bottom, 2, whole.village, bold=True)
    book.put_sum(sheet, bottom, 3, whole.due)
    book.put_sum(sheet, bottom, 4, whole.handed_in)
    put(sheet, bottom, 7, "")
    for column, share in ((5, whole.share), (6, whole.share_in_time)):
        put(sheet, bottom, column, _shown(share), centred=True, bold=share is not None)
    put(sheet, bottom + 1, 1, RULES, border=False)
    sheet.merge_cells(start_row=bottom + 1, start_column=1, end_row=bottom + 1, end_column=len(COLUMNS))
    sheet.row_dimensions[bottom + 1].height = 54
    return book.octets(gathered.as_of)


def _shown(share: Decimal | None) -> Value:
    return "—" if share is None else share


def _title(gathered: Gathered) -> str:
    return f"{gathered.campaign.short_title}报送情况统计表"


def _subtitle(gathered: Gathered) -> str:
    moment = write_moment(gathered.as_of, gathered.campaign.timezone)
    return f"统计单位：{gathered.campaign.issuer}　　统计时间：截至{gathered.as_of.year}年{moment}"


# --- Word -------------------------------------------------------------------------------------------------------------


def write_statement_document(gathered: Gathered, tallies: Sequence[Tally], target: Path) -> None:
    """The same as a table for printing. OSError where the file cannot be written."""
    document = new_document()
    add_title(document, _title(gathered))
    document.add_paragraph(clean_text(_subtitle(gathered)))
    table = document.add_table(rows=3, cols=len(COLUMNS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    element: Any = table._tbl  # python-docx finds the cells of a table anew for each cell
    fix_columns(element)
    for column, width in zip(element.tblGrid.gridCol_lst, _WIDTHS, strict=True):
        column.w = width
    header, pattern, bottom = element.tr_lst
    _fill_row(header, COLUMNS, bold=True, header=True)
    _fill_row(pattern, COLUMNS)
    rows = Rows(pattern, (_line(str(number), each) for number, each in enumerate(tallies, start=1)))
    _fill_row(bottom, _line("", total(tallies)), bold=True)
    document.add_paragraph(RULES).paragraph_format.space_before = Pt(6)
    add_page_number(document)
    save_document(
        document, target, title=_title(gathered), author=gathered.campaign.issuer, at=gathered.as_of, rows=rows
    )


def _line(number: str, tally: Tally) -> tuple[str, ...]:
    shares = ("—" if share is None else str(share) for share in (tally.share, tally.share_in_time))
    return number, tally.village, str(tally.due), str(tally.handed_in), *shares, tally.remark


def _fill_row(row: Any, texts: Sequence[str], *, bold: bool = False, header: bool = False) -> None:
    keep_row(row, header=header)
    for place, (cell, text, width) in enumerate(zip(row.tc_lst, texts, _WIDTHS, strict=True)):
        cell.width = width
        cell.get_or_add_tcPr().vAlign_val = WD_ALIGN_VERTICAL.CENTER
        _write(cell, text, centred=header or place not in _WORDS, bold=bold)


def _write(cell: Any, text: str, *, centred: bool, bold: bool) -> None:
    paragraph = cell.p_lst[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else None
    run = paragraph.add_r()
    run.text = clean_text(text)
    properties = run.get_or_add_rPr()
    if bold:
        properties.append(OxmlElement("w:b"))
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), "21")  # half points: 五号
    properties.append(size)
