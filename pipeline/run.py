"""The main flow: the one module that knows every stage.

::

    mailbox -> cache -> ledger (received)          fetch: octets are durable before anything else happens
        -> message -> contents -> submission       judge: from octets to verdict, pure
        -> facts -> findings -> verdict
        -> ledger + outbox, one transaction        record: verdict, history and answer together
        -> outbox -> sent                          post: between two portions of judging, and at the end

Each stage can be cut off anywhere and taken up again: what is fetched is found in the ledger as ``received``, what is
judged has its answer in the outbox, what is sent is marked so.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import AccessError, BaosongError, TransientError
from pipeline.fetching import Fetched, Progress, fetch, leave_waiting, no_progress
from pipeline.journal import note_human
from pipeline.ledger import acts, addresses, intake, letters, rounds
from pipeline.ledger.decisions import extensions, human_decisions
from pipeline.ledger.jobs import ask, doing
from pipeline.mail import reply_message_id
from pipeline.mailbox.imap import ImapMailbox
from pipeline.mailbox.opening import open_mailbox
from pipeline.model.letter import Letter, LetterFile, RenderedLetter
from pipeline.model.message import Address
from pipeline.model.standing import Standing
from pipeline.model.work import Unit
from pipeline.office import ROUND, Office, alone, render_letter
from pipeline.opening import Ahead
from pipeline.outbox.sending import SendReport
from pipeline.passwords import mailbox_password
from pipeline.posting import Post
from pipeline.watch import patience, watch
from pipeline.workers import prepare

if TYPE_CHECKING:
    from pipeline.report import DailyReport, Mailing, Space
    from pipeline.stocktaking import Stocktaking

# What a round needs that finds something is loaded when it is found: most rounds find nothing.
# ruff: noqa: PLC0415

_log = logging.getLogger(__name__)

# What a mail needs, from its verdict to its answer's way out; in the order of its need.
_FOR_NEWS: Final = ("pipeline.judging", "pipeline.reminding", "pipeline.outbox.opening")
_REPORT_STEPS = 4  # standings; messages; server, ledger and cache held against one another; the report itself

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one round did. ``troubles`` are lines for the operator; the next round tries again."""

    fetched: int = 0
    judged: int = 0
    sending: SendReport = field(default_factory=SendReport)
    troubles: tuple[str, ...] = ()
    reached: bool = False  # the mailboxes could be read
    refused: frozenset[str] = frozenset()  # mailboxes whose server said no to the account
    failed: frozenset[str] = frozenset()  # mailboxes from which something kept us that passes by itself


def poll(
    office: Office,
    progress: Progress = no_progress,
    units: Collection[Unit] = ROUND,
    *,
    resting: Collection[Unit] = (),
    without: Collection[str] = (),
    most: int | None = None,
) -> PollResult:
    """One round: fetch, judge, send. One stage's failure stops no other; only a second program is refused outright.

    ``units``: those of them that are to be done. Those ``resting`` are left alone this time, and so are the mailboxes
    to be left ``without``: letters stay due, mail stays on the server. No more than ``most`` messages are fetched.
    """
    with alone(office, units), office.at_work(), Ahead(office) as ahead, Post(office) as post:
        number, fetched, judged, sent, troubles = 0, Fetched(), 0, SendReport(), list[str]()
        if Unit.POLL in units:
            with doing(office.ledger, Unit.POLL, office.now) as job:  # at rest it is done with: the clock asks again
                if Unit.POLL not in resting:
                    stored = ahead.begin if Unit.JUDGE in units else leave_waiting
                    number, fetched, failures = _fetch(office, progress, most, without, stored)
                    if not number:
                        return PollResult(reached=True)
                    troubles += failures
                    job.trouble = failures[0] if fetched.failed else ""
                else:
                    number = rounds.begin_poll(office.ledger, office.now())
        if Unit.JUDGE in units:
            with doing(office.ledger, Unit.JUDGE, office.now) as job:
                early = post.send_written if Unit.SEND in units and Unit.SEND not in resting else None
                judged, failures = _judge(office, ahead, progress, early)
                troubles += failures
                job.trouble = failures[0] if failures else ""
        if Unit.SEND in units and Unit.SEND not in resting:
            with doing(office.ledger, Unit.SEND, office.now) as job:
                sent, failures = _send(post, looking=fetched.reached)
                troubles += failures
                job.trouble = failures[0] if failures else ""
            if coming := letters.coming(office.ledger, office.now()):
                ask(office.ledger, Unit.SEND, coming)
        note_people(office)
        if number:
            rounds.end_poll(
                office.ledger, number, office.now(), stored=fetched.new, judged=judged, trouble="；".join(troubles)
            )
        return PollResult(fetched.new, judged, sent, tuple(troubles), fetched.reached, fetched.refused, fetched.failed)


def _fetch(
    office: Office,
    progress: Progress,
    most: int | None,
    without: Collection[str],
    stored: Callable[[Sequence[intake.Waiting]], None],
) -> tuple[int, Fetched, list[str]]:
    """The round's number, what was fetched, and what went wrong; 0 where nothing is new and nothing else is to be done.

    Such a round is noted when it is over, by one transaction; any other when it begins to store.
    """
    numbers: list[int] = []
    began = office.now()

    def _begin() -> int:
        if not numbers:
            load_for_news()
            numbers.append(rounds.begin_poll(office.ledger, began))
        return numbers[0]

    try:
        fetched = fetch(office, progress, most=most, without=without, news=_begin, stored=stored)
        if fetched == Fetched(reached=True) and not numbers and _note_quiet(office, began):
            return 0, fetched, []
        rounds.note_fetch(office.ledger, _begin(), reached=fetched.reached, trouble="；".join(fetched.troubles))
        watch(office, reached=fetched.reached)
    except (AccessError, TransientError) as error:
        return _begin(), Fetched(), [f"收信：{error}"]
    return _begin(), fetched, [f"收信：{trouble}" for trouble in fetched.troubles]


def load_for_news(*modules: str) -> None:
    """Load what the first mail will need, here and, with these modules, for the workers, while it is fetched."""
    prepare(*modules)
    threading.Thread(target=lambda: [*map(import_module, _FOR_NEWS)], name="baosong-loading", daemon=True).start()


def _note_quiet(office: Office, began: datetime) -> bool:
    copies = office.config.outgoing.keep_sent
    return rounds.note_quiet(office.ledger, began, office.now(), patience=patience(office), copies=copies)


def _judge(
    office: Office, ahead: Ahead, progress: Progress, between: Callable[[], None] | None
) -> tuple[int, list[str]]:
    from pipeline.judging import judge_waiting

    try:
        return judge_waiting(office, progress, ahead, between)
    except BaosongError as error:
        return 0, [f"核对：{error}"]


def _send(post: Post, *, looking: bool) -> tuple[SendReport, list[str]]:
    try:
        sent = post.send_all(looking=looking)
    except (AccessError, TransientError) as error:
        return SendReport(), [f"发信：{error}"]
    return sent, [f"发信：{sent.note}"] if sent.note else []


def note_people(office: Office) -> None:
    """Note beside the octets what people decided since, by command or by page."""
    note_human(office.cache, human_decisions(office.ledger))
    note_human(office.cache, extensions(office.ledger, office.campaign))


# --- report -----------------------------------------------------------------------------------------------------------


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

    Server, ledger and cache are held against one another first; without ``looking`` the server is left alone.
    """
    from pipeline.ledger import views
    from pipeline.report import render_report
    from pipeline.stocktaking import take_stock

    now = office.now()
    progress("日报", 0, _REPORT_STEPS)
    standings = views.standings(office.ledger, office.campaign, now)
    yesterday = views.standings_before(office.ledger, office.campaign, standings, now, now - timedelta(days=1))
    progress("日报", 1, _REPORT_STEPS)
    messages = views.messages(office.ledger, until=now)
    progress("日报", 2, _REPORT_STEPS)
    mailing = _describe_mailing(office, now, standings, take_stock(office, looking=looking))
    progress("日报", 3, _REPORT_STEPS)
    daily = render_report(
        office.campaign,
        office.register.villages,
        now=now,
        standings=standings,
        yesterday=yesterday,
        messages=messages,
        reminders=_count_reminders(office),
        mailing=mailing,
        space=_measure_space(office, looking=looking),
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
    progress("日报", _REPORT_STEPS, _REPORT_STEPS)
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
    from pipeline.reminder import days_reminded

    keys = letters.reminder_keys(office.ledger, sent=True)
    return {village: len(days) for village, days in days_reminded(keys, office.campaign).items()}


def _describe_mailing(office: Office, now: datetime, standings: Sequence[Standing], stock: Stocktaking) -> Mailing:
    """How our own letters fared, and whether all that came is kept."""
    from pipeline.reminding import find_unreachable
    from pipeline.report import Mailing

    most = office.config.outgoing.most_per_hour
    flooded = _busiest_hour(letters.handed_over(office.ledger, now - timedelta(hours=24), now)) >= most
    return Mailing(
        lost=tuple(addresses.lost_addresses(office.ledger, office.campaign)),
        unreachable=tuple((each.village, each.why) for each in find_unreachable(office, standings)),
        flood=most if flooded else 0,
        waiting=letters.count_due(office.ledger, now),
        differences=stock.differences,
        unchecked=stock.troubles,
    )


def _measure_space(office: Office, *, looking: bool) -> Space:
    """How much room is left. What cannot be found out now is left out: the report must go out all the same."""
    from pipeline.report import Space

    free, quota = None, None
    with suppress(OSError):
        folder = office.config.cache
        free = shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists())).free
    config = office.config.mailbox
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
