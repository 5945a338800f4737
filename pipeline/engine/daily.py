"""What is done once a day, when its time has come: the reminders, after all mail is read; the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from pipeline.engine.desk import Desk, Rest, make_round, resting_mailboxes, work_off
from pipeline.ledger import holdings, intake, rounds
from pipeline.ledger.letters import has_report
from pipeline.reminding import plan_reminders, store_reminders
from pipeline.reporting import report, report_page
from pipeline.watch import clock_trouble

# Reminders wait so long for a mailbox that cannot be read; then they go by what came before, unless that is too old.
_UNREAD: Final = timedelta(hours=1)
_STALE: Final = timedelta(days=1)


def remind_if_due(desk: Desk) -> None:
    """The day's reminders once their time has come, after a round of mail."""
    now = desk.office.now()
    if not desk.no_reminding.holds(now) and not remind(desk, _read_mail):
        _rest_from_reminding(desk, now)
        desk.tell("收信或核对未完成，提醒推迟，以免催到已经报送的村")


def remind(desk: Desk, read: Callable[[Desk], bool]) -> bool:
    """The day's reminders once their time has come; False where they wait for ``read``: all that arrived, judged.

    A machine that slept makes up for them while it is day; what was missed altogether the next days take up.
    """
    office = desk.office
    now = office.now()
    at = office.config.schedule.remind_at
    at = max(at, at.replace(hour=office.campaign.reminders.hour, minute=0))
    if desk.reminded_on == now.date() or now.time() < at:
        return True
    planned = plan_reminders(office, by_hand=False)
    if (planned.letters or planned.unreachable) and not planned.quiet:
        if trouble := clock_trouble(office):
            _rest_from_reminding(desk, now)
            desk.tell(f"需要处理：{trouble}。提醒推迟，以免催错")
            return True
        known_at = _read_up_to(desk, read, now)
        if known_at is None:
            return False
        planned = plan_reminders(office, by_hand=False, known_at=known_at)
        stored = store_reminders(office, planned)
        desk.tell(f"提醒{stored}个村")
        for each in planned.unreachable:
            desk.tell(f"需要处理：{each.village}{each.why}，请电话提醒 {each.contact}".rstrip())
        if stored:
            work_off(desk)
    desk.reminded_on, desk.unread_since = now.date(), None
    return True


def _rest_from_reminding(desk: Desk, now: datetime) -> None:
    desk.no_reminding = Rest(now, timedelta(minutes=desk.office.config.schedule.poll_minutes))


def _read_mail(desk: Desk) -> bool:
    result = make_round(desk)
    return result.reached and not result.troubles


def _read_up_to(desk: Desk, read: Callable[[Desk], bool], now: datetime) -> datetime | None:
    """Up to when it is known what came; None where that is to be waited for, or nobody would be reminded rightly.

    Somebody's mail may lie unread, and who has handed in is not reminded. But a mailbox that hangs shall not hold a
    deadline's reminders for good: their letters then say up to when we know.
    """
    if desk.unread_since is not None and desk.unread_since.date() != now.date():
        desk.unread_since = None
    if read(desk):
        return now
    desk.unread_since = desk.unread_since or now
    known_at = holdings.reached_at(desk.office.ledger)
    if now - desk.unread_since < _UNREAD or known_at is None or now - known_at > _STALE:
        return None
    if intake.count_waiting(desk.office.ledger):
        return None
    known_at = known_at.astimezone(now.tzinfo)
    desk.tell(f"需要处理：邮箱还是收不到信，提醒按{known_at:%m-%d %H:%M}以前收到的材料发出")
    return known_at


def report_if_due(desk: Desk) -> None:
    """The day's report once its time has come; a machine that slept through the time makes it when it wakes.

    A report that somebody made by hand earlier on that day does not stand for it.
    """
    office = desk.office
    now = office.now()
    due = datetime.combine(now.date(), office.config.schedule.report_at, now.tzinfo)
    page = report_page(office, now)
    written = page.exists() and datetime.fromtimestamp(page.stat().st_mtime, UTC) >= due
    if now < due or written or has_report(office.ledger, since=due):  # by a worker on another machine
        return
    looking = not resting_mailboxes(desk, now) and not rounds.newest_trouble(office.ledger)
    result = report(office, mail=True, looking=looking)
    desk.tell(f"日报已生成：{result.page}")
    desk.notify(result.report.subject, result.report.brief)
    if result.addressed:
        work_off(desk)
