"""Renders the report as a mail: HTML made of tables with inline styles, and the same as plain text.

Mail programs decide the shape: Outlook lays out with Word's engine, QQ Mail and Foxmail drop style sheets and SVG
(seen in all three). So bars are cells of a table, every colour stands in its cell, and each coloured cell has a word,
which keeps the page readable in a black-and-white print. The style sheet in the head serves only the printer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from pipeline.model.ledger import JudgedMessage
from pipeline.model.standing import State
from pipeline.report.correspondence import MailLine, describe_mail
from pipeline.report.figures import DONE, NEAR_DAYS, Column, Figures, Row, Square, Stage
from pipeline.report.matters import Matter, group_matters
from pipeline.report.movement import SILENT_DAYS, find_moves, find_silent
from pipeline.report.space import Space, write_space
from pipeline.report.words import (
    LATE,
    STATES,
    clean_line,
    clean_text,
    join_titles,
    split_title,
    with_stop,
    write_change,
    write_days_left,
    write_deadline,
    write_share,
)
from pipeline.text.days import write_moment, write_month_day

SHOWN_VILLAGES = 500  # a county has them all; a page of a province would open nowhere
SHOWN_MATTERS = 8  # of one sort; the workbook has them all
SHOWN_MAILS = 60
SHOWN_SILENT = 12
SHOWN_MOVES = 30


@dataclass(frozen=True, slots=True)
class Paint:
    """A cell's colours."""

    ground: str
    ink: str
    bold: bool = False


PAINTS: Mapping[State, Paint] = {
    State.ACCEPTED: Paint("#dcefe0", "#1e5a33"),
    State.NIL: Paint("#dcefe0", "#1e5a33"),
    State.WAIVED: Paint("#e9ebe8", "#4a524c"),
    State.REVIEW: Paint("#d9e7f5", "#1d4a75", bold=True),
    State.RETURNED: Paint("#fce6bf", "#7a4a00", bold=True),
    State.MISSING: Paint("#f6d3cd", "#8a1f11", bold=True),
    State.NOT_DUE: Paint("#ffffff", "#6d756f"),
}

BARS: tuple[tuple[str, str, frozenset[State]], ...] = (
    ("合格", "#4f9d69", DONE),
    ("待审核", "#6a9fd0", frozenset({State.REVIEW})),
    ("待补正", "#e9ad3c", frozenset({State.RETURNED})),
    ("未报", "#d2695a", frozenset({State.MISSING})),
    ("未到期", "#e3e6e2", frozenset({State.NOT_DUE})),
)


def write_headline(figures: Figures) -> str:
    """应报22个村，已齐8，待补正9，未报5（完成率36%）."""
    stages, villages = figures.stages, len(figures.rows)
    complete, checking = stages.get(Stage.COMPLETE, 0), stages.get(Stage.CHECKING, 0)
    return (
        f"应报{villages}个村，已齐{complete}，"
        + (f"待审核{checking}，" if checking else "")
        + f"待补正{stages.get(Stage.PARTIAL, 0)}，未报{stages.get(Stage.NOTHING, 0)}"
        + f"（完成率{write_share(complete, villages)}）"
    )


def write_bar(tally: Mapping[State, int]) -> tuple[tuple[str, str, int, int], ...]:
    """The parts of a bar that are not empty: word, colour, count and whole per cent (together 100)."""
    counts = [(word, colour, sum(tally.get(state, 0) for state in states)) for word, colour, states in BARS]
    total = sum(count for _, _, count in counts)
    parts, reached, before = [], 0, 0
    for word, colour, count in counts:
        reached += count
        share = round(reached * 100 / total) if total else 0
        if count:
            parts.append((word, colour, count, share - before))
        before = share
    return tuple(parts)


def write_owed(figures: Figures, row: Row) -> tuple[str, ...]:
    """What a village has not sent: first what is overdue, then what is due soon, a line for each deadline."""
    missing = row.having(State.MISSING)
    waiting = row.having(State.NOT_DUE)
    if row.stage is Stage.NOTHING and len(row.counted) > 2:
        overdue = f"，其中{len(missing)}项已过截止时间" if missing and waiting else ""
        return (f"全部{len(row.counted)}项都还没有收到{overdue}",)
    lines = [f"{join_titles(square.deliverable for square in missing)}（已过截止时间）"] if missing else []
    for due_at in sorted({square.due_at for square in waiting}):
        titles = join_titles(square.deliverable for square in waiting if square.due_at == due_at)
        lines.append(f"{titles}（{write_deadline(due_at, figures.campaign.timezone)}截止）")
    return tuple(lines)


def write_mending(row: Row) -> tuple[tuple[str, str], ...]:
    """What a village has to mend: title, and the chief problem with the number of others."""
    return tuple((square.deliverable.title, write_chief_problem(square)) for square in row.having(State.RETURNED))


def write_chief_problem(square: Square) -> str:
    """The first thing to mend, and how many more there are."""
    if not square.errors:
        return "请看来件。"
    more = f"（另有{len(square.errors) - 1}处）" if len(square.errors) > 1 else ""
    return f"{with_stop(clean_line(square.errors[0].message, 90))}{more}"


def write_standing(row: Row) -> str:
    """One village in one line of plain text."""
    parts = []
    for word in dict.fromkeys(STATES[square.state] for square in row.squares):
        squares = [square for square in row.squares if STATES[square.state] == word]
        late = [square for square in squares if square.late]
        if len(squares) == len(row.squares) > 2:
            titles = f"全部{len(squares)}项"
        else:
            titles = join_titles(square.deliverable for square in squares)
        parts.append(f"{word}：{titles}" + (f"（其中{join_titles(s.deliverable for s in late)}迟报）" if late else ""))
    return "；".join(parts)


def render_pages(
    figures: Figures,
    messages: Sequence[JudgedMessage],
    *,
    since: datetime,
    matters: Sequence[Matter],
    reminders: Mapping[str, int],
    space: Space,
    group_text: str,
) -> tuple[str, str]:
    """The report as HTML and as plain text. ``messages`` of before ``since`` appear only among the matters."""
    campaign = figures.campaign
    mails = [describe_mail(campaign, message) for message in messages if message.received_at >= since]
    mails.sort(key=lambda mail: mail.received_at)
    needs = group_matters(matters)
    words = {
        "figures": figures,
        "campaign": campaign,
        "day": write_month_day(figures.now),
        "moment": write_moment(figures.now, campaign.timezone),
        "since": write_moment(since, campaign.timezone),
        "headline": write_headline(figures),
        "tiles": list_tiles(figures),
        "counted": join_titles(figures.counted),
        "uncounted": join_titles(figures.uncounted),
        "near_days": NEAR_DAYS,
        "shown": find_shown(figures),
        "owing": [row for row in figures.rows if row.owing],
        "mails": mails,
        "unanswered": [mail for mail in mails if mail.why],
        "matters": needs,
        "matter_count": len(matters),
        "urgent_count": sum(len(entries) for need, entries in needs if need.urgent),
        "moves": find_moves(figures),
        "silent": find_silent(figures, messages),
        "space": write_space(space),
        "reminders": reminders,
        "last_mails": find_last_mails(mails),
        "group_text": group_text,
    }
    html, text = (ENVIRONMENT.get_template(name).render(words) for name in ("report.html.j2", "report.txt.j2"))
    return clean_text(html).lstrip(), clean_text(text)


def find_shown(figures: Figures) -> Sequence[Row]:
    """The villages that the page lists: all of them, or where they are too many those that wait for somebody."""
    if len(figures.rows) <= SHOWN_VILLAGES:
        return figures.rows
    return [row for row in figures.rows if row.stage is not Stage.COMPLETE][:SHOWN_VILLAGES]


def list_tiles(figures: Figures) -> tuple[tuple[str, int, str, Paint], ...]:
    """The numbers at the top: word, number, remark, colours."""
    stages = figures.stages
    tiles = [
        ("应报", len(figures.rows), "个村", Paint("#f1f3f0", "#2c3a33")),
        (
            "已齐",
            stages.get(Stage.COMPLETE, 0),
            f"较昨日{write_change(figures.complete_change)}",
            PAINTS[State.ACCEPTED],
        ),
    ]
    if stages.get(Stage.CHECKING, 0):
        tiles.append(("待审核", stages.get(Stage.CHECKING, 0), "等您判断", PAINTS[State.REVIEW]))
    tiles += [
        ("待补正", stages.get(Stage.PARTIAL, 0), "报了一部分", PAINTS[State.RETURNED]),
        ("未报", stages.get(Stage.NOTHING, 0), "尚无来件", PAINTS[State.MISSING]),
    ]
    return tuple(tiles)


def find_last_mails(mails: Sequence[MailLine]) -> dict[str, str]:
    """When each village wrote last, of the mails that the report lists."""
    return {name: mail.when for mail in mails for name in mail.villages.split("、")}


def write_column_due(figures: Figures, column: Column) -> str:
    """6月10日截止，明日截止."""
    deadline = write_deadline(column.deliverable.due_at, figures.campaign.timezone)
    return f"{deadline} {write_days_left(column.days_left, past=column.past)}"


ENVIRONMENT = Environment(
    loader=PackageLoader("pipeline.report", "."),
    autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.globals.update(
    LATE=LATE,
    STATES=STATES,
    PAINTS=PAINTS,
    BARS=BARS,
    SHOWN_VILLAGES=SHOWN_VILLAGES,
    SHOWN_MATTERS=SHOWN_MATTERS,
    SHOWN_MAILS=SHOWN_MAILS,
    SHOWN_MOVES=SHOWN_MOVES,
    SHOWN_SILENT=SHOWN_SILENT,
    SILENT_DAYS=SILENT_DAYS,
    clean_line=clean_line,
    split_title=split_title,
    write_bar=write_bar,
    write_change=write_change,
    write_column_due=write_column_due,
    write_deadline=write_deadline,
    write_mending=write_mending,
    write_moment=write_moment,
    write_owed=write_owed,
    write_share=write_share,
    write_standing=write_standing,
    with_stop=with_stop,
)
