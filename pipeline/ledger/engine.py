"""The distributed engine: jobs of Procrastinate, in a schema of its own beside the offices' schemas.

A job says no more than "look after this unit of this office". Of each there is one in hand at a time (``lock``) and one
waiting (``queueing_lock``), and of those that are to be done later one for each minute. Each office is a queue, and
its polls another, since a worker serves the offices that it was given. https://procrastinate.readthedocs.io
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.schema import CreateSchema
from sqlmodel import Session

from pipeline.ledger import served
from pipeline.ledger.opening import ENGINE_SCHEMA as SCHEMA
from pipeline.ledger.opening import Ledger, make_alone
from pipeline.model.work import Unit

TASK: Final = "baosong.unit"

_door = App(connector=SyncPsycopgConnector())  # never opened: it writes by the session's own connection

# A worker passes over what is locked. Shared: others may ask for the same at the same time.
_HOLD = text("SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = :lock AND status = 'todo' FOR SHARE")


def install(connection: Connection) -> None:
    """Make the engine's tables where they are not there yet; part of the connection's transaction."""
    if served.has_table(connection):  # the last one to be made
        return
    make_alone(connection)
    if not inspect(connection).has_table("procrastinate_jobs", schema=SCHEMA):
        connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
        connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
        connection.exec_driver_sql(_door.schema_manager.get_schema().replace("%", "%%"))
    if not served.has_table(connection):
        served.make_table(connection)


def defer(session: Session, unit: Unit, office: str, at: datetime) -> None:
    """Ask for a unit of an office's work, in the session's transaction.

    Where the same waits already it is held until the transaction ends: begun before that, it would not see the rows.
    """
    wanted = order(unit, office, at)
    while not session.connection().execute(_HOLD, {"lock": wanted["queueing_lock"]}).first():
        with suppress(AlreadyEnqueued), session.begin_nested():  # else it came this moment, and is to be held
            # Taken within the nested block: before it, no savepoint would be in force.
            connection = session.connection().connection.driver_connection
            _door.configure_task(TASK, connection=connection, **wanted).defer(unit=unit.value, office=office)
            return


def order(unit: Unit, office: str, at: datetime) -> dict[str, Any]:
    """How a job of this unit stands in the queue.

    One that is to wait has no lock: the engine would begin nothing with that lock that was asked for after it.
    """
    name = f"{unit}:{office}"
    queue = polls_of(office) if unit is Unit.POLL else office
    if at <= now():
        return {"queue": queue, "lock": name, "queueing_lock": name}
    return {
        "queue": queue,
        "queueing_lock": f"{name}@{at.astimezone(UTC):%Y%m%dT%H%M}",
        "schedule_at": at,
    }


def polls_of(office: str) -> str:
    """The queue of an office's polls, beside the office's own: they wait for servers, and several are done at once."""
    return f"poll {office}"


def now() -> datetime:
    """The moment. The engine has no other clock than the world's."""
    return datetime.now(UTC)


def connection_of(url: str) -> dict[str, Any]:
    """How libpq reaches the engine's tables in the database of this SQLAlchemy url."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return {"conninfo": plain, "kwargs": {"options": f"-csearch_path={SCHEMA}"}}


# --- for those who watch ----------------------------------------------------------------------------------------------

SIGNS: Final = 3  # of life that each worker process gives: for the clock, for polls, for other units of work
SILENT_SECONDS: Final = 30  # without a sign of life: a worker is taken for dead

_JOBS = text("""
    SELECT job.*, job.status = 'todo' AND job.since < NOW() - :away AND served.office IS NULL
      FROM (SELECT job.id, job.args ->> 'unit', job.args ->> 'office' AS office, job.status, job.attempts,
                   GREATEST(job.scheduled_at, (SELECT MAX(event.at) FROM procrastinate_events event
                                                WHERE event.job_id = job.id AND event.type <> 'scheduled')) AS since
              FROM procrastinate_jobs job
             WHERE job.task_name = :task AND job.status IN ('todo', 'doing', 'failed')) AS job
      LEFT JOIN served ON served.office = job.office AND served.seen_at > NOW() - :away
     ORDER BY job.id
""")
_ALIVE = text("""
    SELECT COUNT(*) FROM procrastinate_workers
     WHERE last_heartbeat >= NOW() - make_interval(secs => :seconds)
""")
_TAKE_FAILED = text("""
    DELETE FROM procrastinate_jobs WHERE task_name = :task AND status = 'failed'
    RETURNING args ->> 'unit', args ->> 'office'
""")


@dataclass(frozen=True, slots=True)
class EngineJob:
    """A job of the engine that is not done with."""

    id: int
    unit: Unit
    office: str
    status: str  # todo; doing; failed, when it was tried often enough and waits for a person
    attempts: int
    since: datetime | None  # in this status; of one to be done later when it may begin
    unserved: bool = False  # due, and no worker was given its office


@dataclass(frozen=True, slots=True)
class EngineState:
    """What is to be done, and how many workers are alive to do it."""

    jobs: tuple[EngineJob, ...]
    workers: int


def look(ledger: Ledger) -> EngineState:
    """The engine that this ledger asks. Raises AccessError."""
    with ledger.reading() as session:
        connection = session.connection()
        rows = connection.execute(_JOBS, {"task": TASK, "away": served.AWAY}).all()
        alive = connection.execute(_ALIVE, {"seconds": SILENT_SECONDS}).scalar_one()
    jobs = tuple(EngineJob(row[0], Unit(row[1]), *row[2:]) for row in rows)
    return EngineState(jobs, alive // SIGNS)


def drop(ledger: Ledger, office: str) -> int:
    """Forget what was asked for of an office that no worker serves any more; how many jobs that were. ConfigError."""
    return served.drop_office(ledger, office, TASK)


def again(ledger: Ledger, now: datetime) -> int:
    """Ask anew for what was given up; how many jobs that were."""
    with ledger.writing() as session:
        rows = session.connection().execute(_TAKE_FAILED, {"task": TASK}).all()
        for unit, office in rows:
            defer(session, Unit(unit), office, now)
    return len(rows)
