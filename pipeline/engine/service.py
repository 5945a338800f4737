"""The clock: poll every so often, remind and report at set times, stop cleanly. A failing round never ends it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType

import schedule

from pipeline.engine.daily import remind_if_due, report_if_due
from pipeline.engine.desk import Desk, Say, StopRoundError, ask_for_mail, work_off
from pipeline.engine.listening import Listener
from pipeline.errors import BaosongError
from pipeline.office import Office, only_service
from pipeline.run import load_for_news

# Between two looks at the clock, in seconds: how long a stop may take while nothing is done.
_BREATH = 0.5
_LONGEST_IDLE = 90.0  # seconds: something is planned for every minute


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
                stack.enter_context(Listener(office.config.mailboxes, say=desk.tell, tell=news.set))
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
        desk.tell("电脑时间被调回，已重新安排收信时间")
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
        desk.tell(str(error))
