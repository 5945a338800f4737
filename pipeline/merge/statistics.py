"""The summed statistics table: in Word on the blank form, in Excel with each village's figures and where they stand.

A figure is counted where it was read for certain in an accepted table. Whatever is not counted is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError
from pipeline.forms.figures import find_place
from pipeline.merge.gathering import Account, Delivered, Gap, Gathered, Line, group_gaps
from pipeline.merge.saving import save_document
from pipeline.merge.sheet import FIRST_ROW, Book
from pipeline.merge.word import open_blank, rows_of, write_cell, write_unit
from pipeline.model.campaign import Deliverable, Form
from pipeline.model.reading import Figure, FigurePlace
from pipeline.report.rows import Value
from pipeline.report.sheet import Heading, put
from pipeline.report.words import clean_line
from pipeline.text.days import write_moment

_NOT_READ = "没有读出数字"


@dataclass(frozen=True, slots=True)
class Sums:
    """A deliverable's figures over all villages."""

    deliverable: Deliverable
    places: tuple[FigurePlace, ...]
    counted: tuple[Delivered, ...]  # in the register's order
    totals: tuple[int, ...]  # by place
    gaps: tuple[Gap, ...]  # villages that are not in at all
    unread: tuple[tuple[str, FigurePlace, str], ...]  # village, place, as written: accepted, and no number


def sum_figures(gathered: Gathered, deliverable: Deliverable) -> Sums:
    """The sums of what is accepted."""
    assert deliverable.form is not None  # the loader gives every table its form
    places = deliverable.form.figures
    taken, gaps = gathered.take(deliverable)
    unread = []
    totals = [0] * len(places)
    for each in taken:
        for number, place in enumerate(places):
            figure = figure_at(each, place)
            if figure is None or figure.value is None:
                unread.append((each.village, place, figure.raw if figure else ""))
            else:
                totals[number] += figure.value
    return Sums(deliverable, places, tuple(taken), tuple(totals), tuple(gaps), tuple(unread))


def figure_at(delivered: Delivered, place: FigurePlace) -> Figure | None:
    """What a village's table says at this place; None where it was read without it."""
    return next((each for each in delivered.remembered.figures if each.place.id == place.id), None)


def account_for(sums: Sums, account: Account, documents: str) -> None:
    """Write down the sources, the gaps, and the figures that a person must see to."""
    account.gaps += sums.gaps
    for each in sums.counted:
        wanting = [place.title for village, place, _ in sums.unread if village == each.village]
        title = sums.deliverable.title
        if wanting:
            account.trouble(
                each.village, title, f"已判合格，但{'、'.join(wanting)}{_NOT_READ}，没有计入合计，请人工补入"
            )
        remark = f"{'、'.join(wanting)}没有计入" if wanting else ""
        for source in each.sources or (None,):
            account.lines.append(Line(documents, each.village, title, "", source, each.version, remark))


# --- Word -------------------------------------------------------------------------------------------------------------


def write_statistics_document(gathered: Gathered, sums: Sums, target: Path) -> None:
    """The blank form with the sums; ConfigError where it cannot be filled, OSError where it cannot be written."""
    form = sums.deliverable.form
    assert form is not None
    document = open_blank(form.file)
    write_unit(document, gathered.campaign.issuer)
    grid = _find_grid(list(rows_of(document)), form)
    for place, total in zip(sums.places, sums.totals, strict=True):
        heading = find_place(form.blank, place)
        cell = grid.get((heading.row + heading.rows, heading.column)) if heading else None
        if cell is None:
            raise ConfigError(f"空白表里找不到“{place.title}”下面的空格，请检查规则文件中的 figures", file=form.file)
        write_cell(cell, str(total))
    document.add_paragraph(
        f"汇总说明：本表由截至{write_moment(gathered.as_of, gathered.campaign.timezone)}审核合格的"
        f"{len(sums.counted)}个村的统计表相加，名册共{len(gathered.villages)}个村。"
    )
    if notes := _notes(sums):
        document.add_paragraph(f"没有计入的：{'；'.join(notes)}。")
    save_document(document, target, title=form.title, author=gathered.campaign.issuer, at=gathered.as_of)


def _find_grid(tables: Sequence[tuple[Any, Sequence[Any]]], form: Form) -> dict[tuple[int, int], Any]:
    """(row, grid column) -> cell (w:tc), of the table that the form's reader took for the form: that of most cells."""
    if not tables:
        raise ConfigError("空白表里没有表格", file=form.file)
    _, rows = max(tables, key=lambda each: sum(len(row.tc_lst) for row in each[1]))
    return {(number, cell.grid_offset): cell for number, row in enumerate(rows) for cell in row.tc_lst}


def _notes(sums: Sums) -> list[str]:
    return group_gaps((gap.village, gap.why) for gap in sums.gaps) + [
        f"{village}的{place.title}（{_written(raw)}）" for village, place, raw in sums.unread
    ]


def _written(raw: str) -> str:
    return f"原表写的是“{clean_line(raw, 20)}”" if raw.strip() else "原表是空的"


# --- Excel ------------------------------------------------------------------------------------------------------------


def write_statistics_workbook(gathered: Gathered, sums: Sums) -> bytes:
    """Three sheets: 汇总 with a row a village and sums by formula, 来源 for each figure, 未计入."""
    book = Book()
    campaign = gathered.campaign
    title = f"{sums.deliverable.title}汇总"
    subtitle = f"{campaign.issuer}　数据截至{write_moment(gathered.as_of, campaign.timezone)}"
    headings = [Heading("序号", 6, centred=True), Heading("单位", 16)]
    headings += [Heading(place.title, 14, centred=True) for place in sums.places]
    headings.append(Heading("备注", 30))
    rows = list(_rows(gathered, sums))
    sheet = book.add("汇总", title, subtitle, headings, rows)
    bottom = FIRST_ROW + len(rows)
    put(sheet, bottom, 1, None, bold=True)
    put(sheet, bottom, 2, "合计", bold=True)
    for number, total in enumerate(sums.totals):
        book.put_sum(sheet, bottom, 3 + number, total)
    put(sheet, bottom, len(headings), f"计入{len(sums.counted)}个村，未计入{len(sums.gaps)}个村", bold=True)
    sheet.freeze_panes = f"C{FIRST_ROW}"
    _add_sources(book, gathered, sums, title, subtitle)
    left_out: list[list[Value]] = [[gap.village, "全部数字", gap.why] for gap in sums.gaps]
    left_out += [[village, place.title, f"已判合格，但{_written(raw)}"] for village, place, raw in sums.unread]
    columns = [Heading("单位", 16), Heading("数字", 24), Heading("为什么没有计入", 50)]
    book.add("未计入", f"{title}：没有计入的", subtitle, columns, left_out or [["无", "", "所有村都已计入"]])
    return book.octets(gathered.as_of)


def _rows(gathered: Gathered, sums: Sums) -> Iterator[list[Value]]:
    counted = {each.village: each for each in sums.counted}
    missing = {gap.village: gap.why for gap in sums.gaps}
    unread = {village for village, _, _ in sums.unread}
    for number, village in enumerate(gathered.villages, start=1):
        if (delivered := counted.get(village)) is None:
            yield [number, village, *[missing[village]] * len(sums.places), "没有计入"]
            continue
        values: list[Value] = []
        for place in sums.places:
            figure = figure_at(delivered, place)
            value = figure.value if figure else None
            values.append(value if value is not None else (clean_line(figure.raw, 20) if figure else "") or "空")
        yield [number, village, *values, "有数字没有计入，见“未计入”" if village in unread else ""]


def _add_sources(book: Book, gathered: Gathered, sums: Sums, title: str, subtitle: str) -> None:
    headings = [
        Heading("单位", 16),
        Heading("数字", 24),
        Heading("原表写的", 14, centred=True),
        Heading("计入", 10, centred=True),
        Heading("来件文件", 40),
        Heading("来件时间", 17, centred=True),
        Heading("第几次报送", 11, centred=True),
        Heading("发件邮箱", 26),
        Heading("邮件主题", 36),
    ]
    rows: list[list[Value]] = []
    zone = gathered.campaign.timezone
    for each in sums.counted:
        received_at = each.received_at.astimezone(zone).replace(tzinfo=None) if each.received_at else None
        names = "\n".join(source.shown_name for source in each.sources) or "没有文件"
        senders = "\n".join(dict.fromkeys(source.sender for source in each.sources))
        subjects = "\n".join(dict.fromkeys(source.subject for source in each.sources))
        for place in sums.places:
            figure = figure_at(each, place)
            raw, value = (clean_line(figure.raw), figure.value) if figure else ("", None)
            counted: Value = value if value is not None else "没有计入"
            rows.append([each.village, place.title, raw, counted, names, received_at, each.version, senders, subjects])
    book.add("来源", f"{title}：每个数字的来源", subtitle, headings, rows)
