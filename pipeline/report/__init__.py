"""The coordinator's daily report: from what the ledger tells to a mail, a workbook and words for the work group.

Pure: values in, a value out. Reads no network, no database and no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from pipeline.model.campaign import Campaign, Village
from pipeline.model.ledger import JudgedMessage
from pipeline.model.standing import Standing
from pipeline.report.brief import render_brief
from pipeline.report.figures import count_figures
from pipeline.report.group_text import render_group_text
from pipeline.report.matters import NOTHING_LOST, Mailing, find_matters
from pipeline.report.page import render_pages, write_headline
from pipeline.report.space import NOT_KNOWN, Space
from pipeline.report.words import clean_line
from pipeline.text.days import write_month_day

__all__ = ["DailyReport", "Mailing", "Space", "render_report"]

NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|]')  # Windows


@dataclass(frozen=True, slots=True)
class DailyReport:
    """A report, ready to be mailed and stored."""

    subject: str
    text: str
    html: str
    workbook: bytes  # .xlsx
    workbook_name: str
    group_text: str  # to be forwarded to the work group as it is
    brief: str  # a few lines for a phone


def render_report(
    campaign: Campaign,
    register: Sequence[Village],
    *,
    now: datetime,
    standings: Sequence[Standing],
    yesterday: Sequence[Standing],
    messages: Sequence[JudgedMessage],
    reminders: Mapping[str, int] = MappingProxyType({}),
    mailing: Mailing = NOTHING_LOST,
    space: Space = NOT_KNOWN,
    since: datetime | None = None,
    settled: Set[str] = frozenset(),
) -> DailyReport:
    """The report as of ``now``.

    ``standings`` and ``yesterday`` are as of now and as of 24 hours before; a village and deliverable without a
    standing has sent nothing. ``messages`` are those received since the last report and older ones that need a person;
    ``since`` is the moment of the last report (24 hours before ``now`` where it is not told): what came before it is
    listed only among the matters to settle. ``reminders`` says how often each village was reminded, ``mailing`` how
    our own letters fared, ``space`` how much room is left, ``settled`` which matters (by key) a person is done with.
    The same values always give the same octets.
    """
    from pipeline.report.workbook import render_workbook  # noqa: PLC0415 (openpyxl is long to load)

    figures = count_figures(campaign, register, now, standings, yesterday)
    matters = find_matters(figures, messages, mailing, space, settled)
    group_text = render_group_text(figures)
    html, text = render_pages(
        figures,
        messages,
        since=since or now - timedelta(hours=24),
        matters=matters,
        reminders=reminders,
        space=space,
        group_text=group_text,
    )
    day = write_month_day(figures.now)
    title = clean_line(campaign.short_title)
    return DailyReport(
        subject=f"【日报】{day} {title}收集进度：{write_headline(figures)}",
        text=text,
        html=html,
        workbook=render_workbook(figures, messages, matters, reminders),
        workbook_name=NOT_IN_FILE_NAMES.sub("", f"{title}日报（{figures.now.year}年{day}）.xlsx"),
        group_text=group_text,
        brief=render_brief(figures, matters),
    )
