"""The engine's workers in this process: what they leave to the engine when a job fails."""

from __future__ import annotations

import asyncio
import os
import signal

from procrastinate import App, PsycopgConnector, RetryStrategy

from pipeline.engine.reconnecting import work_through
from pipeline.ledger.engine import connection_of
from pipeline.ledger.opening import open_ledger
from tests.servers.postgres import Postgres


def test_a_job_that_fails_is_done_again_beside_the_one_asked_for_meanwhile(postgres: Postgres) -> None:
    """The same was asked for while it was in hand: both are done, and neither is left in hand for good."""
    database = postgres.new_database()
    open_ledger(database, "east", distributed=True)
    app = App(connector=PsycopgConnector(**connection_of(database), min_size=1, max_size=6))
    done: list[str] = []

    async def ask(name: str) -> None:
        wanted = app.configure_task("unit", queue="east", lock="poll:east", queueing_lock="poll:east")
        await wanted.defer_async(name=name)

    @app.task(name="unit", retry=RetryStrategy(max_attempts=2))
    async def unit(name: str) -> None:
        done.append(name)
        if done == ["first"]:
            await ask("second")
            raise ValueError
        if len(done) == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    async def work() -> None:
        await asyncio.wait_for(work_through(app, [(["east"], 1)], begin=lambda: ask("first"), say=lambda _: None), 60)

    asyncio.run(work())
    assert done == ["first", "first", "second"]
