"""The clock: poll every so often, remind and report at set times, stop cleanly. A failing round never ends it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import FrameType

import schedule

from pipeline.errors import BaosongError
from pipeline.listening import Listener
from pipeline.notices import notify
from pipeline.office import Office, only_service
from pipeline.passwords import mailbox_password
from pipeline.reminding import plan_reminders, store_reminders
from pipeline.run import PollResult, poll, report, report_page
from pipeline.stuck import Stuck, weigh_troubles
from pipeline.watch import clock_trouble

# Between two looks at the clock, in seconds: how long a stop may take while nothing is done.
_BREATH = 0.5
_LONGEST_IDLE = 90.0  # seconds: something is planned for every minute
# A refused login is left alone so long: a wrong password, tried again with every round, locks the account.
REST_AFTER_REFUSAL = timedelta(minutes=30)
# The mailbox's after each further refusal twice as long, up to this.
LONGEST_REST = timedelta(hours=4)
# A mailbox that could not be reached is tried again sooner than the next round: after 1, 2, 4 … minutes.
FIRST_RETRY = timedelta(minutes=1)

Say = Callable[[str], None]


class _StopRoundError(Exception):
    """Ends a round between two messages; the next start takes up where it was left."""


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
    no_sending: Rest = Rest()
    no_fetching: Rest = Rest()  # refused: twice as long each time
    retry_at: datetime | None = None  # after passing trouble, before the next round
    retries: int = 0
    reminded_on: date | None = None  # the last day whose reminders are done with
    no_reminding: Rest = Rest()
    stuck: Stuck = field(default_factory=Stuck)

    def watch(self, _stage: str, _done: int, _total: int) -> None:
        """Called after each message."""
        if self.stopping:
            raise _StopRoundError


def serve(office: Office, *, say: Say) -> None:
    """Run until SIGTERM or SIGINT; the message that is being dealt with is finished first.

    Raises AccessError where another service works for the same office.
    """
    desk = Desk(office, say)

    def _stop(_number: int, _frame: FrameType | None) -> None:
        desk.stopping = True  # and nothing else: it may come in the middle of anything

    with only_service(office):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        times = office.config.schedule
        clock = plan_rounds(desk)
        say(
            f"已开始：每{times.poll_minutes}分钟收一次信，每天{times.report_at:%H:%M}出日报，"
            f"提醒日{times.remind_at:%H:%M}起提醒未报的村。按 Ctrl+C 停止。"
        )
        for work in (make_round, remind_if_due, report_if_due):
            _guarded(work, desk)
        with ExitStack() as stack:
            listener = stack.enter_context(_listener(desk)) if times.watch else None
            while not desk.stopping:
                clock = keep_time(clock, desk)
                if listener is None:
                    time.sleep(_BREATH)
                elif listener.heard(_BREATH):
                    _guarded(make_round, desk)
    say("已停止。")


def _listener(desk: Desk) -> Listener:
    config = desk.office.config.mailbox
    return Listener(config, mailbox_password(config), lambda line: _tell(desk, line))


def plan_rounds(desk: Desk) -> schedule.Scheduler:
    """What is done how often, from now on."""
    clock = schedule.Scheduler()
    clock.every(desk.office.config.schedule.poll_minutes).minutes.do(_guarded, make_round, desk)
    for work in (retry_if_due, remind_if_due, report_if_due):
        clock.every(1).minutes.do(_guarded, work, desk)
    return clock


def keep_time(clock: schedule.Scheduler, desk: Desk) -> schedule.Scheduler:
    """Do what is due. A plan that lies further ahead than it ever can was made before the clock was set back: anew."""
    if (clock.idle_seconds or 0.0) > _LONGEST_IDLE:
        _tell(desk, "电脑时间被调回，已重新安排收信时间")
        clock = plan_rounds(desk)
        _guarded(make_round, desk)
    clock.run_pending()
    return clock


def _guarded(work: Callable[[Desk], object], desk: Desk) -> None:
    if desk.stopping:
        return
    try:
        work(desk)
    except _StopRoundError:
        pass
    except BaosongError as error:
        _tell(desk, str(error))


def make_round(desk: Desk) -> PollResult:
    """Poll, and tell what came of it; after a refused login that server is left alone for a while."""
    now = desk.office.now()
    desk.retry_at = None
    resting = {"收信": desk.no_fetching.holds(now), "发信": desk.no_sending.holds(now)}
    result = poll(desk.office, desk.watch, fetching=not resting["收信"], sending=not resting["发信"])
    untried = [stage for stage, rests in resting.items() if rests]
    _tell(desk, f"新收{result.fetched}封，核对{result.judged}封，寄出{result.sending.sent}封")
    for trouble in result.troubles:
        _tell(desk, f"需要处理：{trouble}")
    _plan_sending(desk, result, now)
    _plan_fetching(desk, result, now)
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
    if result.refused:
        length = min(desk.no_fetching.length * 2 or REST_AFTER_REFUSAL, LONGEST_REST)
        desk.no_fetching = Rest(now, length)
        _tell(desk, f"{_minutes(length)}分钟内不再尝试收信，以免账号被锁；改好后重新启动 baosong run 可马上再试")
    elif result.reached:
        desk.no_fetching = Rest()
    if not result.passing:
        desk.retries = 0
        return
    wait = FIRST_RETRY * 2**desk.retries
    if wait < timedelta(minutes=desk.office.config.schedule.poll_minutes):
        desk.retries += 1
        desk.retry_at = now + wait


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)


def retry_if_due(desk: Desk) -> None:
    """A round before its time, where the last one met with what passes by itself."""
    if desk.retry_at is not None and desk.office.now() >= desk.retry_at:
        make_round(desk)


def remind_if_due(desk: Desk) -> None:
    """The day's reminders once their time has come, and never before all that has arrived is judged.

    A machine that slept makes up for them while it is day; what was missed altogether the next days take up.
    """
    office = desk.office
    now = office.now()
    at = office.config.schedule.remind_at
    at = max(at, at.replace(hour=office.campaign.reminders.hour, minute=0))
    if desk.reminded_on == now.date() or now.time() < at or desk.no_reminding.holds(now):
        return
    planned = plan_reminders(office, by_hand=False)
    if planned.quiet:
        desk.reminded_on = now.date()
        return
    if planned.letters or planned.unreachable:
        if trouble := clock_trouble(office):
            desk.no_reminding = Rest(now, timedelta(minutes=office.config.schedule.poll_minutes))
            _tell(desk, f"需要处理：{trouble}。提醒推迟，以免催错")
            return
        result = make_round(desk)
        if result.troubles or not result.reached:
            # Somebody's mail may lie unread: who has handed in is not reminded.
            desk.no_reminding = Rest(now, timedelta(minutes=office.config.schedule.poll_minutes))
            _tell(desk, "收信或核对未完成，提醒推迟，以免催到已经报送的村")
            return
        planned = plan_reminders(office, by_hand=False)
        stored = store_reminders(office, planned)
        _tell(desk, f"提醒{stored}个村")
        for each in planned.unreachable:
            _tell(desk, f"需要处理：{each.village}{each.why}，请电话提醒 {each.contact}".rstrip())
        if stored:
            make_round(desk)
    desk.reminded_on = now.date()


def report_if_due(desk: Desk) -> None:
    """The day's report once its time has come; a machine that slept through the time makes it when it wakes.

    A report that somebody made by hand earlier on that day does not stand for it.
    """
    office = desk.office
    now = office.now()
    due = datetime.combine(now.date(), office.config.schedule.report_at, now.tzinfo)
    page = report_page(office, now)
    if now < due or (page.exists() and datetime.fromtimestamp(page.stat().st_mtime, UTC) >= due):
        return
    result = report(office, mail=True, looking=not desk.no_fetching.holds(now))
    _tell(desk, f"日报已生成：{result.page}")
    _notify(desk, result.report.subject, result.report.brief)
    if result.addressed:
        make_round(desk)


def _tell(desk: Desk, line: str) -> None:
    desk.say(f"{desk.office.now():%m-%d %H:%M:%S} {line}")
