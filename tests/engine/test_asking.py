"""Jobs of the engine and the rows that they follow: together, once, and never too early to see them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from pipeline.ledger import engine, jobs
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.model.work import Unit
from tests.servers.postgres import Postgres


@pytest.fixture
def ledger(postgres: Postgres) -> Ledger:
    """An office's, whose work is done by workers."""
    return open_ledger(postgres.new_database(), "east", distributed=True)


def look(ledger: Ledger) -> list[tuple[Unit, str]]:
    """What is asked for and what is in hand."""
    return sorted((job.unit, job.status) for job in engine.look(ledger).jobs)


def take(ledger: Ledger) -> Unit | None:
    """The next job, as a worker takes it."""
    with ledger.engine.begin() as connection:
        args = connection.exec_driver_sql(
            "WITH worker AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)"
            " SELECT (procrastinate_fetch_job_v2(ARRAY['east'], worker.id)).args ->> 'unit' FROM worker"
        ).scalar()
    return Unit(args) if args else None


def test_a_job_and_the_row_it_follows_come_together_or_not_at_all(ledger: Ledger) -> None:
    """What is undone was never asked for; what is asked for twice is one job."""
    moment = engine.now()
    with suppress(KeyboardInterrupt), ledger.writing() as session:
        jobs.later(session, Unit.JUDGE, moment)
        engine.defer(session, Unit.SEND, "east", moment)
        raise KeyboardInterrupt
    assert look(ledger) == []
    for _ in range(2):
        with ledger.writing() as session:
            jobs.later(session, Unit.SEND, moment)
            jobs.later(session, Unit.SEND, moment)
            jobs.later(session, Unit.JUDGE, moment)
    assert look(ledger) == [(Unit.JUDGE, "todo"), (Unit.SEND, "todo")]


def test_what_is_to_wait_stands_in_nobodys_way(ledger: Ledger) -> None:
    """A letter that is tried again in an hour keeps none from going out now, nor one that is to go before it."""
    moment = engine.now()
    jobs.ask(ledger, Unit.SEND, moment + timedelta(hours=1))
    jobs.ask(ledger, Unit.SEND, moment + timedelta(seconds=1))
    jobs.ask(ledger, Unit.SEND, moment)
    assert take(ledger) is Unit.SEND
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM procrastinate_jobs WHERE status = 'doing'")
        connection.exec_driver_sql("SELECT pg_sleep(1)")
    assert take(ledger) is Unit.SEND


def test_who_takes_a_job_sees_all_that_it_was_asked_for(ledger: Ledger) -> None:
    """One that waits already is held until the rows are there that ask for it as well."""
    moment = engine.now()
    jobs.ask(ledger, Unit.JUDGE, moment)
    with ledger.writing() as session:
        engine.defer(session, Unit.JUDGE, "east", moment)
        assert take(ledger) is None
    assert take(ledger) is Unit.JUDGE


def test_what_was_begun_meanwhile_is_asked_for_anew(ledger: Ledger) -> None:
    """A job that was taken while rows were written that ask for the same does not stand for them."""
    moment = engine.now()
    jobs.ask(ledger, Unit.JUDGE, moment)
    with ledger.writing() as session:
        jobs.later(session, Unit.JUDGE, moment)
        assert take(ledger) is Unit.JUDGE
    assert look(ledger) == [(Unit.JUDGE, "doing"), (Unit.JUDGE, "todo")]


def test_two_who_ask_for_the_same_at_once(ledger: Ledger) -> None:
    """The second waits for the first to be done, and it is one job."""
    moment = engine.now()
    with ThreadPoolExecutor(1) as other:
        with ledger.writing() as session:
            engine.defer(session, Unit.JUDGE, "east", moment)
            waiting = other.submit(jobs.ask, ledger, Unit.JUDGE, moment)
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        waiting.result(30)
    assert look(ledger) == [(Unit.JUDGE, "todo")]
