"""The day's report: gathered from the ledger, the mailbox and this machine, written to disk, and mailed where wanted.

What it says and how it looks: :mod:`pipeline.report`.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.config.passwords import mailbox_password
from pipeline.errors import AccessError, TransientError
from pipeline.fetching import Progress, no_progress
from pipeline.ledger import acts, addresses, letters, rounds
from pipeline.letter.mail import reply_message_id
from pipeline.mailbox.imap import ImapMailbox
from pipeline.mailbox.opening import open_mailbox
from pipeline.model.letter import Letter, LetterFile, RenderedLetter
from pipeline.model.message import Address
from pipeline.model.standing import Standing
from pipeline.office import Office, render_letter

if TYPE_CHECKING:
    from pipeline.report import DailyReport, Mailing, Space
    from pipeline.stocktaking import Stocktaking

# The service knows this module and makes one report a day: what that needs is loaded then.
# ruff: noqa: PLC0415

_log = logging.getLogger(__name__)

_PATIENCE: Final = 20.0  # seconds: no longer does the report wait for a mail server that does not say a word
_STEPS: Final = 4  # standings; messages; server, ledger and cache held against one another; the report itself
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ReportResult:
    """Where the daily report lies, and to how many it was addressed."""

    page: Path
    text: Path
    workbook: Path
    report: DailyReport
    addressed: int


def report(office: Office, *, mail: bool, looking: bool = True, progress: Progress = no_progress) -> ReportResult:
    """Write the daily report to disk; with ``mail`` put it into the outbox as well, once for each day and reader.

    Server, ledger and cache are held against one another first; without ``looking`` the server is left alone, and one
    that hangs is soon given up: the report says so, and goes out.
    """
    from pipeline.ledger import views
    from pipeline.report import render_report
    from pipeline.stocktaking import take_stock

    now = office.now()
    progress("日报", 0, _STEPS)
    standings = views.standings(office.ledger, office.campaign, now)
    yesterday = views.standings_before(office.ledger, office.campaign, standings, now, now - timedelta(days=1))
    progress("日报", 1, _STEPS)
    messages = views.messages(office.ledger, until=now)
    progress("日报", 2, _STEPS)
    stock = take_stock(office, looking=looking, patience=_PATIENCE)
    mailing = _describe_mailing(office, now, standings, stock)
    progress("日报", 3, _STEPS)
    daily = render_report(
        office.campaign,
        office.register.villages,
        now=now,
        standings=standings,
        yesterday=yesterday,
        messages=messages,
        reminders=_count_reminders(office),
        mailing=mailing,
        space=_measure_space(office, looking=stock.looked),
        settled=acts.settled_matters(office.ledger, office.campaign),
    )
    page = report_page(office, now)
    text, workbook = page.with_suffix(".txt"), page.with_suffix(".xlsx")
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(daily.html, encoding="utf-8")
        text.write_text(daily.text, encoding="utf-8")
        workbook.write_bytes(daily.workbook)
    except OSError as error:
        raise AccessError(f"日报写不进 {page.parent}（{error.strerror}），请检查磁盘空间和权限") from error
    progress("日报", _STEPS, _STEPS)
    readers = office.config.report.to if mail else ()
    for reader in readers:
        letters.enqueue(office.ledger, _report_letter(office, daily, reader, now), now)
    return ReportResult(page, text, workbook, daily, len(readers))


def report_page(office: Office, now: datetime) -> Path:
    """Where the report of this day lies."""
    return office.config.report.folder / f"{now:%Y-%m-%d}-{office.campaign.id}.html"


def _report_letter(office: Office, daily: DailyReport, reader: Address, now: datetime) -> RenderedLetter:
    key = f"report:{now:%Y-%m-%dT%H%M}:{reader.address}"
    letter = Letter(
        key=key,
        kind="report",
        to=reader,
        subject=daily.subject,
        text=daily.text,
        html=daily.html,
        message_id=reply_message_id(key, office.domain),
        files=(LetterFile(daily.workbook_name, _XLSX, daily.workbook),),
    )
    return render_letter(office, letter, now)


def _count_reminders(office: Office) -> dict[str, int]:
    """How often each village was reminded."""
    from pipeline.letter.reminder import days_reminded

    keys = letters.reminder_keys(office.ledger, sent=True)
    return {village: len(days) for village, days in days_reminded(keys, office.campaign).items()}


def _describe_mailing(office: Office, now: datetime, standings: Sequence[Standing], stock: Stocktaking) -> Mailing:
    """How our own letters fared, and whether all that came is kept."""
    from pipeline.reminding import find_unreachable
    from pipeline.report import Mailing

    most = office.config.outgoing.most_per_hour
    flood = 0
    if most is not None and _busiest_hour(letters.handed_over(office.ledger, now - timedelta(hours=24), now)) >= most:
        flood = most
    return Mailing(
        lost=tuple(addresses.lost_addresses(office.ledger, office.campaign)),
        unreachable=tuple((each.village, each.why) for each in find_unreachable(office, standings)),
        flood=flood,
        waiting=letters.count_due(office.ledger, now),
        differences=stock.differences,
        unchecked=stock.troubles or _why_left_alone(office, stock),
    )


def _why_left_alone(office: Office, stock: Stocktaking) -> tuple[str, ...]:
    """What the last round was told, where nobody has asked the server since."""
    return () if stock.looked else tuple(filter(None, [rounds.newest_trouble(office.ledger)]))


def _measure_space(office: Office, *, looking: bool) -> Space:
    """How much room is left. What cannot be found out now is left out: the report must go out all the same."""
    from pipeline.report import Space

    free, quota = None, None
    with suppress(OSError):
        folder = office.config.cache
        free = shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists())).free
    config = replace(office.config.mailbox, timeout=min(office.config.mailbox.timeout, _PATIENCE))
    if looking and config.url.path is None:
        try:
            with open_mailbox(config, mailbox_password(config)) as mailbox:
                quota = mailbox.quota() if isinstance(mailbox, ImapMailbox) else None
        except (AccessError, TransientError) as error:
            _log.info("the mailbox's room cannot be told: %s", error)
    used, limit = quota or (None, None)
    return Space(free, used, limit)


def _busiest_hour(moments: Sequence[datetime]) -> int:
    """The most of these moments, which are in order, within an hour."""
    most = first = 0
    for number, moment in enumerate(moments, 1):
        while moments[first] <= moment - timedelta(hours=1):
            first += 1
        most = max(most, number - first)
    return most
