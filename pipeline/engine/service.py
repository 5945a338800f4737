"""The clock: poll every so often, remind and report at set times, stop cleanly. A failing round never ends it."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import FrameType
from typing import Final

import schedule

from pipeline.channels import notify
from pipeline.engine.listening import Listener
from pipeline.engine.stuck import Stuck, weigh_troubles
from pipeline.errors import BaosongError
from pipeline.ledger import holdings, intake, jobs, rounds
from pipeline.ledger.letters import has_report
from pipeline.model.work import Unit
from pipeline.office import ROUND, Office, only_service
from pipeline.reminding import plan_reminders, store_reminders
from pipeline.reporting import report, report_page
from pipeline.run import PollResult, load_for_news, poll
from pipeline.watch import clock_trouble

# Between two looks at the clock, in seconds: how long a stop may take while nothing is done.
_BREATH = 0.5
_LONGEST_IDLE = 90.0  # seconds: something is planned for every minute
# A refused login is left alone so long: a wrong password, tried again with every round, locks the account.
REST_AFTER_REFUSAL = timedelta(minutes=30)
# The mailbox's after each further refusal twice as long, up to this.
LONGEST_REST = timedelta(hours=4)
# Of several mailboxes one that fails is left alone so long, twice as long each time: the others shall not wait for it
# in every round.
_REST_AFTER_FAILURE: Final = timedelta(minutes=1)
_LONGEST_AFTER_FAILURE: Final = timedelta(minutes=30)

# Reminders wait so long for a mailbox that cannot be read; then they go by what came before, unless that is too old.
_UNREAD: Final = timedelta(hours=1)
_STALE: Final = timedelta(days=1)

_STAGES: Final = {Unit.POLL: "收信", Unit.SEND: "发信"}  # how the lines of their troubles begin

Say = Callable[[str], None]


class StopRoundError(Exception):
    """Ends a round between two messages; the next one takes up where it was left."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A time in which something is left alone."""

    since: datetime | None = None
    length: timedelta = timedelta(0)

    def holds(self, now: datetime) -> bool:
        """Whether it lasts. One that begins in the future was begun by a clock that has been set back since."""
        return self.since is not None and self.since <= now < self.since + self.length


@dataclass(slots=True)
class Desk:
    """What the service keeps in mind from round to round."""

    office: Office
    say: Say
    stopping: bool = False
    until: float = math.inf  # by the monotonic clock, in seconds: a round that lasts longer stops between two messages
    no_sending: Rest = Rest()
    no_fetching: dict[str, Rest] = field(default_factory=dict)  # by mailbox: twice as long each time
    reminded_on: date | None = None  # the last day whose reminders are done with
    no_reminding: Rest = Rest()
    unread_since: datetime | None = None  # since when today's reminders wait for the mail to be read
    stuck: Stuck = field(default_factory=Stuck)

    def watch(self, _stage: str, _done: int, _total: int) -> None:
        """Called after each message."""
        if self.stopping or time.monotonic() > self.until:
            raise StopRoundError


def serve(office: Office, *, say: Say) -> None:
    """Run until SIGTERM or SIGINT; the message that is being dealt with is finished first.

    Raises AccessError where another service works for the same office.
    """
    desk = Desk(office, say)

    def _stop(_number: int, _frame: FrameType | None) -> None:
        desk.stopping = True  # and nothing else: it may come in the middle of anything

    with only_service(office), office.connections:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        load_for_news("pipeline.marking.word")  # to be in hand when the first mail comes
        times = office.config.schedule
        clock = plan_rounds(desk)
        say(
            f"已开始：每{times.poll_minutes}分钟收一次信，每天{times.report_at:%H:%M}出日报，"
            f"提醒日{times.remind_at:%H:%M}起提醒未报的村。按 Ctrl+C 停止。"
        )
        for work in (ask_for_mail, work_off, remind_if_due, report_if_due):
            _guarded(work, desk)
        news = threading.Event()
        with ExitStack() as stack:
            if times.watch:
                say_of = partial(_tell, desk)
                stack.enter_context(Listener(office.config.mailboxes, say=say_of, tell=news.set))
            while not desk.stopping:
                clock = keep_time(clock, desk)
                _guarded(work_off, desk)
                if news.wait(_BREATH):
                    news.clear()
                    _guarded(ask_for_mail, desk)
    say("已停止。")


def plan_rounds(desk: Desk) -> schedule.Scheduler:
    """What is done how often, from now on."""
    clock = schedule.Scheduler()
    clock.every(desk.office.config.schedule.poll_minutes).minutes.do(_guarded, ask_for_mail, desk)
    for work in (remind_if_due, report_if_due):
        clock.every(1).minutes.do(_guarded, work, desk)
    return clock


def keep_time(clock: schedule.Scheduler, desk: Desk) -> schedule.Scheduler:
    """Do what is due. A plan that lies further ahead than it ever can was made before the clock was set back: anew."""
    if (clock.idle_seconds or 0.0) > _LONGEST_IDLE:
        _tell(desk, "电脑时间被调回，已重新安排收信时间")
        clock = plan_rounds(desk)
        _guarded(ask_for_mail, desk)
    clock.run_pending()
    return clock


def _guarded(work: Callable[[Desk], object], desk: Desk) -> None:
    if desk.stopping:
        return
    try:
        work(desk)
    except StopRoundError:
        pass
    except BaosongError as error:
        _tell(desk, str(error))


def ask_for_mail(desk: Desk) -> None:
    """The mailbox is to be looked into."""
    jobs.ask(desk.office.ledger, Unit.POLL, desk.office.now())


def work_off(desk: Desk) -> None:
    """Do what was asked for and is due: by the clock, by news of mail, by the page beside us, by an earlier failure."""
    now = desk.office.now()
    due = {job.unit for job in jobs.planned(desk.office.ledger) if job.due_at <= now}
    if Unit.POLL in due:
        units: Collection[Unit] = ROUND
    elif due - resting(desk, now):
        units = (Unit.JUDGE, Unit.SEND)
    else:
        return
    try:
        make_round(desk, units)
    except BaosongError as error:
        jobs.put_off(desk.office.ledger, str(error), now)
        raise


def resting(desk: Desk, now: datetime) -> set[Unit]:
    """What is left alone for a while."""
    mailboxes = desk.office.config.mailboxes
    units = {Unit.POLL} if len(_resting_mailboxes(desk, now)) == len(mailboxes) else set()
    return units | ({Unit.SEND} if desk.no_sending.holds(now) else set())


def _resting_mailboxes(desk: Desk, now: datetime) -> set[str]:
    return {name for name, rest in desk.no_fetching.items() if rest.holds(now)}


def make_round(desk: Desk, units: Collection[Unit] = ROUND, *, most: int | None = None) -> PollResult:
    """Poll, and tell what came of it; after a refused login that server is left alone for a while."""
    now = desk.office.now()
    left_alone, mailboxes = resting(desk, now), _resting_mailboxes(desk, now)
    result = poll(desk.office, desk.watch, units, resting=left_alone, without=mailboxes, most=most)
    if Unit.POLL in units or result.judged or result.sending.sent:
        _tell(desk, f"新收{result.fetched}封，核对{result.judged}封，寄出{result.sending.sent}封")
    for trouble in result.troubles:
        _tell(desk, f"需要处理：{trouble}")
    _plan_sending(desk, result, now)
    _plan_fetching(desk, result, now)
    untried = [name for unit, name in _STAGES.items() if unit in left_alone or unit not in units]
    if mailboxes and not any(trouble.startswith(_STAGES[Unit.POLL]) for trouble in result.troubles):
        untried.append(_STAGES[Unit.POLL])
    _tell_stuck(desk, result, now, untried=untried)
    return result


def _tell_stuck(desk: Desk, result: PollResult, now: datetime, *, untried: Sequence[str]) -> None:
    """What keeps going wrong is told to the coordinator's group as well; the watch writes to the report's readers."""
    desk.stuck, notices = weigh_troubles(
        desk.stuck,
        result.troubles,
        now=now,
        patience=timedelta(minutes=desk.office.config.schedule.alarm_minutes),
        untried=untried,
        held=result.sending.held,
    )
    for notice in notices:
        _notify(desk, notice.title, notice.text)


def _notify(desk: Desk, title: str, text: str) -> None:
    for trouble in notify(desk.office.config, title, text):
        _tell(desk, f"需要处理：{trouble}")


def _plan_sending(desk: Desk, result: PollResult, now: datetime) -> None:
    if result.sending.access_refused:
        desk.no_sending = Rest(now, REST_AFTER_REFUSAL)
        _tell(desk, f"{_minutes(REST_AFTER_REFUSAL)}分钟内不再尝试发信，以免账号被锁；待发的信不会丢失")


def _plan_fetching(desk: Desk, result: PollResult, now: datetime) -> None:
    several = len(desk.office.config.mailboxes) > 1
    for config in desk.office.config.mailboxes:
        name, before = config.url.text, desk.no_fetching.get(config.url.text, Rest())
        if name in result.refused:
            length = min(max(before.length * 2, REST_AFTER_REFUSAL), LONGEST_REST)
            whose = config.url.user if several else ""
            _tell(
                desk,
                f"{_minutes(length)}分钟内不再尝试收信{whose}，以免账号被锁；改好后重新启动 baosong run 可马上再试",
            )
        elif name in result.failed and several:
            length = min(max(before.length * 2, _REST_AFTER_FAILURE), _LONGEST_AFTER_FAILURE)
        elif before.holds(now):
            continue  # it was not tried
        else:
            desk.no_fetching.pop(name, None)
            continue
        desk.no_fetching[name] = Rest(now, length)


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)


def remind_if_due(desk: Desk) -> None:
    """The day's reminders once their time has come, after a round of mail."""
    now = desk.office.now()
    if not desk.no_reminding.holds(now) and not remind(desk, _read_mail):
        _rest_from_reminding(desk, now)
        _tell(desk, "收信或核对未完成，提醒推迟，以免催到已经报送的村")


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
            _tell(desk, f"需要处理：{trouble}。提醒推迟，以免催错")
            return True
        known_at = _read_up_to(desk, read, now)
        if known_at is None:
            return False
        planned = plan_reminders(office, by_hand=False, known_at=known_at)
        stored = store_reminders(office, planned)
        _tell(desk, f"提醒{stored}个村")
        for each in planned.unreachable:
            _tell(desk, f"需要处理：{each.village}{each.why}，请电话提醒 {each.contact}".rstrip())
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
    _tell(desk, f"需要处理：邮箱还是收不到信，提醒按{known_at:%m-%d %H:%M}以前收到的材料发出")
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
    looking = not _resting_mailboxes(desk, now) and not rounds.newest_trouble(office.ledger)
    result = report(office, mail=True, looking=looking)
    _tell(desk, f"日报已生成：{result.page}")
    _notify(desk, result.report.subject, result.report.brief)
    if result.addressed:
        work_off(desk)


def _tell(desk: Desk, line: str) -> None:
    desk.say(f"{desk.office.now():%m-%d %H:%M:%S} {line}")
