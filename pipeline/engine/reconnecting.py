"""The engine's workers of this process, begun anew whenever the database was away.

Procrastinate's own end with the first request that the database does not answer, in the middle of a restart of
PostgreSQL for one, as if they had been told to. What they had in hand then is a dead worker's, and given to the next.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Any, Final

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.signals import on_stop
from psycopg_pool import PoolTimeout

from pipeline.ledger.engine import SILENT_SECONDS

Share = tuple[Collection[str], int]  # queues, and how many of their jobs are done at once

_log = logging.getLogger(__name__)

_PAUSE: Final = 5.0  # seconds before the database is tried again
_LOST = "数据库连接断开，正在自动重新连接；没有做完的工作不会丢失，连上后接着做"
_FOUND = "数据库已重新连接，继续工作"

_LET_GO: Final = "UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE id = %(id)s"


async def work_through(
    app: App, shares: Collection[Share], *, begin: Callable[[], Awaitable[None]], say: Callable[[str], None]
) -> None:
    """A worker of the engine for each of these shares, until SIGTERM or SIGINT; ``begin`` whenever they begin.

    Raises ConnectorException where the database could not be reached the first time.
    """
    stop = asyncio.Event()
    connected = lost = False
    with on_stop(stop.set):
        while not stop.is_set():
            try:
                async with app.open_async():
                    await begin()
                    if lost:
                        say(_FOUND)
                    connected, lost = True, False
                    await _work_until(stop, app, shares)
            except (ConnectorException, PoolTimeout) as error:
                await app.close_async()  # a pool that could not be filled is of no more use, and would be kept
                if not connected:
                    raise
                _log.info("the database is away: %s", error)
            if not stop.is_set():
                if not lost:
                    say(_LOST)
                lost = True
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _PAUSE)


async def _work_until(stop: asyncio.Event, app: App, shares: Collection[Share]) -> None:
    """Until there is to be a stop, or one of them has ended by itself; what is in hand is finished first."""
    options: dict[str, Any] = {
        "install_signal_handlers": False,
        "fetch_job_polling_interval": 0.5,  # the end of a job wakes nobody who waits for its lock
        "delete_jobs": "successful",
        "stalled_worker_timeout": SILENT_SECONDS,
        "update_heartbeat_interval": SILENT_SECONDS / 6,
        "worker_middleware": [_letting_go],
    }
    workers = [
        asyncio.create_task(app.run_worker_async(queues=queues, concurrency=number, **options))
        for queues, number in shares
    ]
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([*workers, stopped], return_when=asyncio.FIRST_COMPLETED)
    for task in (*workers, stopped):
        task.cancel()
    for ended in await asyncio.gather(*workers, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


async def _letting_go(do: Callable[[], Awaitable[Any]], context: JobContext, _worker: object) -> Any:
    """Do a job. One that failed no longer stands for all who ask for the same: the engine could not put it back into
    the queue beside the one that was asked for meanwhile, and would leave it in hand, its lock held, for good.
    """
    try:
        return await do()
    except Exception:
        await context.app.connector.execute_query_async(_LET_GO, id=context.job.id)
        raise
