"""Fetched messages made durable, lot by lot, by a thread while the next lot comes from the server.

Octets first, then rows: a lot's octets are in the cache, on the disk and under their hashes; then its rows are in the
ledger, ``received``, with the places where they were seen. A crash between the two leaves octets that nobody knows of:
the places are not in the ledger, so the next round fetches the messages again and finds the octets there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Self

from pipeline.cache.journal import note_arrivals
from pipeline.cache.workplace import Workplace
from pipeline.ledger import intake
from pipeline.model.message import RawMessage
from pipeline.office import Office


@dataclass(slots=True)
class Lot:
    """Messages of one workplace, to be stored with one wait for the disk and one transaction."""

    workplace: Workplace
    messages: list[RawMessage] = field(default_factory=list)
    octets: int = 0

    def add(self, message: RawMessage) -> None:
        """One more, whose octets are kept in the workplace."""
        self.messages.append(message)
        self.octets += message.blob.size


class Storing:
    """Stores one lot at a time, in their order. ``stored`` is told what of each is new to us, by the storing thread.

    What went wrong with a lot is raised when the next is given or when the context is left; after that all that was
    given is durable.
    """

    def __init__(self, office: Office, stored: Callable[[Sequence[intake.Waiting]], None]) -> None:
        self._office = office
        self._stored = stored
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="baosong-storing")
        self._last: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()
        self._await_last()

    def store(self, lot: Lot, until: ExitStack) -> None:
        """Begin with this lot when the one before it is stored; its workplace stays open until then."""
        with until:
            self._await_last()
            until = until.pop_all()
        self._last = self._thread.submit(self._store, lot, until)

    def _await_last(self) -> None:
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def _store(self, lot: Lot, until: ExitStack) -> None:
        with until:
            self._office.cache.take(lot.workplace.kept)
        note_arrivals(self._office.cache, lot.messages)
        self._stored(intake.receive_all(self._office.ledger, lot.messages, self._office.now()))
