"""A worker of the distributed engine: does what the offices of one database ask for, beside any number of others.

What is to be done stands in each office's rows; a job only says where to look. So a worker may die or freeze anywhere:
its job is given to another, who finds in the rows how far it came. The engine's clock asks for polls, reminders and
reports; of many workers it lets one do so. One of them listens at the mailboxes that give notice of new mail.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final
from zlib import crc32

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision, RetryStrategy
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from psycopg_pool import PoolTimeout

from pipeline.config import Config
from pipeline.config.offices import reach_of
from pipeline.engine.daily import remind, report_if_due
from pipeline.engine.desk import Desk, StopRoundError, make_round
from pipeline.engine.listening import Listener
from pipeline.engine.metrics import Metrics
from pipeline.engine.reconnecting import work_through
from pipeline.errors import AccessError, BaosongError, BusyError, ConfigError, write_place
from pipeline.ledger import holdings, intake, jobs, served
from pipeline.ledger.engine import SILENT_SECONDS, TASK, connection_of, now, order, polls_of
from pipeline.ledger.opening import open_ledger
from pipeline.marking.drawing import Drawing, Drawn
from pipeline.model.content import Unreadable
from pipeline.model.work import Unit
from pipeline.office import open_drawers, open_office, open_workers
from pipeline.opened import Packed, Unopened
from pipeline.sandbox.readers import Readers
from pipeline.sandbox.workers import Workers
from pipeline.workdays import is_workday

_log = logging.getLogger(__name__)

_SLICE: Final = 20.0  # seconds: so long one office is judged for before another one gets its turn
_MOST_WAITING: Final = 500  # messages to be judged: no more are fetched while so many wait
_POLLS: Final = 8  # at once: so many servers may hang before another mailbox waits for them
_SOON: Final = timedelta(seconds=10)
_AFTER_TROUBLE: Final = timedelta(minutes=1)
_ATTEMPTS: Final = 5  # of a job that raised, or took its worker along; then a person must look
_PATIENCE: Final = 10.0  # seconds for a connection to the engine's tables; then the database is taken to be away
_LOOKS: Final = 10  # minutes between two looks whether reminders or the report are due
_SUCCESSION: Final = 30.0  # seconds between two looks whether nobody listens

Say = Callable[[str], None]


@dataclass(slots=True)
class Worker:
    """One process's share of the work: offices by their schemas' names, opened when their first job comes.

    Several polls may be done at once, by threads, and one other unit beside them. What a poll works on is its own.
    """

    offices: Mapping[str, Config]
    say: Say
    metrics: Metrics = field(default_factory=Metrics)
    openers: Workers[Unopened, Packed] = field(default_factory=lambda: open_workers(1))
    drawers: Workers[Drawing, Drawn | Unreadable] = field(default_factory=open_drawers)
    readers: Readers = field(default_factory=lambda: Readers(workers=1))
    desks: dict[tuple[str, bool], Desk] = field(default_factory=dict)  # by office, and whether it is for its polls

    def perform(self, unit: Unit, name: str) -> None:
        """Do a unit of an office's work, or ask for it again where it could not be done to its end.

        What it raises is told, and left to the engine to try again.
        """
        try:
            self._perform(unit, name)
        except BaosongError as error:  # the office cannot be opened, or asked in
            self.say(f"{name}：{error}")
            raise
        except Exception as error:
            self.say(
                f"{name}：本程序出错（{write_place(error)}），会自动再试；加 --verbose 启动 baosong worker 可看到详情"
            )
            raise

    def _perform(self, unit: Unit, name: str) -> None:
        if name not in self.offices:
            raise ConfigError(f"没有名为 {name} 的单位，请把它的配置文件交给这个 baosong worker")
        desk = self._desk(name, polls=unit is Unit.POLL)
        desk.until = time.monotonic() + _SLICE
        ledger = desk.office.ledger
        try:
            with self.metrics.timed(unit):
                again = _do(desk, unit)
        except StopRoundError:
            again = timedelta(0)
        except BusyError:
            again = _SOON  # with another worker, perhaps one that was taken for dead
        except BaosongError as error:
            self.say(f"{name}：{error}")
            again = _AFTER_TROUBLE
        finally:
            ledger.rest()
        if again is not None:
            jobs.ask(ledger, unit, now() + again)

    def _desk(self, name: str, *, polls: bool) -> Desk:
        """A poll opens no mail, and must not wait for the processes that do."""
        desk = self.desks.get((name, polls))
        if desk is None:
            office = open_office(self.offices[name].file)
            if not polls:
                office = replace(office, openers=self.openers, drawers=self.drawers, readers=self.readers)
            desk = self.desks[name, polls] = Desk(office, partial(_say_of, self.say, name))
        return desk


def _do(desk: Desk, unit: Unit) -> timedelta | None:
    """How long to wait before it is done once more: something kept it from its end, or there was no room for all."""
    match unit:
        case Unit.POLL:
            room = _MOST_WAITING - intake.count_waiting(desk.office.ledger)
            if room <= 0:
                return _SOON
            result = make_round(desk, [unit], most=room)
            if result.failed:
                return _AFTER_TROUBLE
            return _SOON if result.fetched >= room // len(desk.office.config.mailboxes) > 0 else None
        case Unit.JUDGE | Unit.SEND:
            return _AFTER_TROUBLE if make_round(desk, [unit]).troubles else None
        case Unit.REMIND:
            return None if remind(desk, _is_read) else _AFTER_TROUBLE
        case Unit.REPORT:
            report_if_due(desk)
    return None


def _is_read(desk: Desk) -> bool:
    """Whether polls and judging, which others do, have come to an end since the reminders asked for that.

    The reminders' own worker waits for no mail server: all offices' mail would wait with it.
    """
    ledger, since = desk.office.ledger, desk.unread_since
    if since is None:
        jobs.ask(ledger, Unit.POLL, now())
        return False
    read_at = holdings.reached_at(ledger)
    return read_at is not None and read_at >= since and not intake.count_waiting(ledger)


def work(offices: Mapping[str, Config], *, say: Say, metrics: Metrics) -> None:
    """Work for these offices until SIGTERM or SIGINT; what is in hand is finished first.

    Raises AccessError where the database cannot be reached.
    """
    worker = Worker(offices, say, metrics)
    first = next(iter(offices.values()))
    open_ledger(first.database, first.office, distributed=True)  # makes the engine's tables
    _warm_up()
    say(f"已开始：为{len(offices)}个单位处理邮件。按 Ctrl+C 停止，手上的工作会先做完。")
    with worker.openers, worker.drawers, worker.readers:
        try:
            asyncio.run(_run(build_app(worker, first.database), offices, say))
        except (ConnectorException, PoolTimeout) as error:
            raise AccessError(f"数据库连不上（{error}），请检查 PostgreSQL") from error
    say("已停止。")


def _warm_up() -> None:
    """Load what the first mail would wait for: the calendar."""
    is_workday(now().date())


class _Patience(BaseRetryStrategy):
    """What a person must mend, or the database's coming back, is waited for; a fault of ours is given up in the end."""

    _faults = RetryStrategy(max_attempts=_ATTEMPTS, exponential_wait=2)

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, BaosongError):
            return RetryDecision(retry_at=now() + _AFTER_TROUBLE)
        return self._faults.get_retry_decision(exception=exception, job=job)


def build_app(worker: Worker, database: str) -> App:
    """The engine's app, with the tasks of this worker."""
    clock = clock_of(worker.offices)
    app = App(connector=PsycopgConnector(**connection_of(database), min_size=1, max_size=6, timeout=_PATIENCE))

    @app.task(name=TASK, retry=_Patience())
    def perform(unit: str, office: str) -> None:
        worker.perform(Unit(unit), office)

    @app.periodic(cron="* * * * *", periodic_id=clock)
    @app.task(name="baosong.clock", queue=clock, queueing_lock=clock)
    async def tick(timestamp: int) -> None:
        minute = timestamp // 60
        await _note_served(app, worker.offices)
        await app.connector.execute_query_async(served.SWEEP, task=TASK, away=served.AWAY)
        due = [(unit, name) for name, office in worker.offices.items() for unit in due_units(name, office, minute)]
        await _ask(app, due, now())

    @app.periodic(cron="* * * * * */10", periodic_id=clock)  # the sixth field is the seconds
    @app.task(name="baosong.rescue", queue=clock, queueing_lock=f"rescue {clock}")
    async def rescue(timestamp: int) -> None:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
            await _take_over(app, job, worker.say)

    return app


def clock_of(offices: Collection[str]) -> str:
    """The queue of the periodic tasks: one for all workers that serve the same offices."""
    return f"clock {sha256(' '.join(sorted(offices)).encode()).hexdigest()[:12]}"


def due_units(name: str, config: Config, minute: int) -> list[Unit]:
    """What an office is to be asked for in this minute, counted from 1970; offices are spread over the minutes."""
    place = minute + crc32(name.encode())
    units = [Unit.POLL] if place % config.schedule.poll_minutes == 0 else []
    return units + ([Unit.REMIND, Unit.REPORT] if place % _LOOKS == 0 else [])


async def _ask(app: App, wanted: Iterable[tuple[Unit, str]], at: datetime) -> None:
    for unit, name in wanted:
        with suppress(AlreadyEnqueued):
            await app.configure_task(TASK, **order(unit, name, at)).defer_async(unit=unit.value, office=name)


async def _note_served(app: App, offices: Mapping[str, Config]) -> list[str]:
    """Note that these are served; those that were not until now."""
    names = sorted(offices)
    reads = [served.write_reads(reach_of(offices[name])) for name in names]
    rows = await app.connector.execute_query_all_async(served.NOTE, offices=names, reads=reads)
    return [row["office"] for row in rows if row["is_new"]]


async def _take_over(app: App, job: Any, say: Say) -> None:
    _log.warning("job %s of a worker that is gone: attempt %d", job.task_kwargs, job.attempts + 1)
    if job.attempts + 1 >= _ATTEMPTS:
        if "office" in job.task_kwargs:
            say(f"{job.task_kwargs['office']}：一项工作{_ATTEMPTS}次中断了处理进程，已搁置，请用 baosong queue 查看")
        await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=False)
        return
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:  # the same was asked for meanwhile, and waits
        await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)


@dataclass(slots=True)
class _Ears:
    """What who listens is told."""

    anew: threading.Event = field(default_factory=threading.Event)  # the lock went with the connection, if it was ours
    over: bool = False


def _listen(offices: Mapping[str, Config], say: Say, tell: Callable[[str], None], ears: _Ears) -> None:
    """Be the one worker that listens at these offices' mailboxes, as soon as no other does.

    Who listens holds a lock of the database, so that of many workers no more than one has a connection to each mailbox
    for that. Were it held by nobody or by two, the clock would still ask, and asking twice is asking once.
    """
    first = offices[min(offices)]  # the same for all who serve the same: the lock is a ledger's
    ledger = open_ledger(first.database, first.office)
    while not ears.over:
        ears.anew.clear()
        try:
            with ledger.alone(f"listening {clock_of(offices)}") as granted, ExitStack() as stack:
                for name, config in offices.items() if granted else ():
                    if config.schedule.watch:
                        said = partial(_say_of, say, name)
                        stack.enter_context(Listener(config.mailboxes, say=said, tell=partial(tell, name)))
                ears.anew.wait(None if granted else _SUCCESSION)
        except AccessError as error:
            _log.info("nobody listens for now: %s", error)
            ears.anew.wait(_SUCCESSION)
    ledger.rest()


def _say_of(say: Say, name: str, line: str) -> None:
    say(f"{name}：{line}")


async def _run(app: App, offices: Mapping[str, Config], say: Say) -> None:
    """Three workers of the engine in this process: units of work take long, and the clock must not wait for them; polls
    wait for servers that hang, and nothing else must wait for those.
    """
    ears = _Ears()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(_POLLS + 4))  # a thread for each unit, and some for asyncio itself

    def _tell(name: str) -> None:
        with suppress(RuntimeError):  # the worker has ended
            asyncio.run_coroutine_threadsafe(_ask(app, [(Unit.POLL, name)], now()), loop)

    listening = threading.Thread(target=_listen, args=(offices, say, _tell, ears), name="baosong-ears", daemon=True)

    async def _begin() -> None:
        if listening.ident is None:
            listening.start()
        else:
            ears.anew.set()
        new = await _note_served(app, offices)  # of one that was away what waits may have been forgotten
        wanted = [(unit, name) for name in new for unit in (Unit.JUDGE, Unit.SEND)]
        await _ask(app, [*((Unit.POLL, name) for name in offices), *wanted], now())

    try:
        shares = [([clock_of(offices)], 1), (list(offices), 1), ([polls_of(name) for name in offices], _POLLS)]
        await work_through(app, shares, begin=_begin, say=say)
    finally:
        ears.over = True
        ears.anew.set()
