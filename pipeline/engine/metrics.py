"""Figures for Prometheus: what a worker did, and what is still to be done."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily

from pipeline.errors import BaosongError
from pipeline.ledger.engine import EngineState
from pipeline.model.work import Unit

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_SECONDS = (0.1, 0.5, 1, 2, 5, 10, 20, 60, 300)


class Metrics:
    """The figures of this process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._ended = Counter("baosong_units", "Units of work ended", ["unit", "outcome"], registry=self.registry)
        self._seconds = Histogram(
            "baosong_unit_seconds", "Time a unit of work took", ["unit"], buckets=_SECONDS, registry=self.registry
        )

    @contextmanager
    def timed(self, unit: Unit) -> Iterator[None]:
        """Count a unit of work, and the time it took."""
        with self._seconds.labels(unit.value).time():
            try:
                yield
            except BaseException as error:
                self._ended.labels(unit.value, type(error).__name__).inc()
                raise
        self._ended.labels(unit.value, "done").inc()

    def serve(self, host: str, port: int, look: Callable[[], EngineState]) -> int:
        """Answer ``/metrics`` from a thread; the port. ``look`` tells of the engine whenever somebody asks."""
        self.registry.register(_Engine(look))
        server, _ = start_http_server(port, host, self.registry)
        figures = server.get_app()

        def _answer(environment: WSGIEnvironment, begin: StartResponse) -> Iterable[bytes]:
            """The figures; where there are none the reason, which would stand as a traceback on the terminal else."""
            try:
                return figures(environment, begin) if figures else ()
            except BaosongError as error:
                begin("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
                return [f"{error}\n".encode()]

        server.set_app(_answer)
        return int(server.server_port)


class _Engine:
    """The engine's figures, the same from every worker."""

    def __init__(self, look: Callable[[], EngineState]) -> None:
        self._look = look

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is asked of the database when the figures are announced."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """As it stands now."""
        state = self._look()
        yield GaugeMetricFamily("baosong_workers", "Workers that give signs of life", value=state.workers)
        waiting = GaugeMetricFamily("baosong_jobs", "Jobs not done with", labels=["unit", "status"])
        for (unit, status), number in Count((job.unit, job.status) for job in state.jobs).items():
            waiting.add_metric([unit, status], number)
        yield waiting
        now = datetime.now(UTC)
        since = [job.since for job in state.jobs if job.status == "todo" and job.since and job.since <= now]
        oldest = (now - min(since)).total_seconds() if since else 0.0
        yield GaugeMetricFamily("baosong_oldest_job_seconds", "How long the oldest job waits", value=oldest)
