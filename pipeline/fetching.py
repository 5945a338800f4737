"""What is new in the mailboxes, brought to this machine: over connections that break, beside mailboxes that hang."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.config import MailboxConfig
from pipeline.errors import AccessError, TransientError
from pipeline.ledger import intake
from pipeline.mailbox import Arrival, FolderError, LoginRefusedError, Mailbox
from pipeline.mailbox.connection import connection_error
from pipeline.model.message import Location, RawMessage
from pipeline.office import Office
from pipeline.storing import Lot, Storing

# Told after every few messages: stage, done, of how many (0: unknown). What it raises ends the round there; nothing is
# lost.
Progress = Callable[[str, int, int], None]

# Pauses before connecting again, in seconds. What is stored in between begins them anew.
PAUSES = (1.0, 4.0, 15.0)
_PATIENCE: Final = 20.0  # seconds: longer no mailbox keeps the others waiting without a word
# What is stored together at the most: messages, octets, and seconds in which they came.
_GATHERED, _GATHERED_OCTETS, _GATHERED_SECONDS = 32, 16_000_000, 1.0
_LOOK: Final = 0.2  # seconds between two looks who is still at it


def no_progress(stage: str, done: int, total: int) -> None:
    """For those who do not watch."""


def no_news() -> None:
    """For those who need not know beforehand."""


def leave_waiting(stored: Sequence[intake.Waiting]) -> None:
    """For those who look at what is stored later."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch did. ``troubles`` are lines for the operator; the next round tries again.

    Mailboxes are named by their urls.
    """

    new: int = 0  # messages
    reached: bool = False  # the first folder of every mailbox, where mail arrives, was read to its end
    refused: frozenset[str] = frozenset()  # mailboxes: trying again soon may lock the account
    failed: frozenset[str] = frozenset()  # mailboxes: what went wrong passes by itself
    troubles: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    """How far the fetch from one mailbox has come, over all its connections."""

    news: Callable[[], None]
    stored_some: Callable[[Sequence[intake.Waiting]], None]
    most: int | None = None
    fetched: int = 0
    lots: int = 0  # stored
    new: int = 0  # messages, of those that are stored
    reached: bool = False
    done: set[str] = field(default_factory=set)  # folders
    troubles: list[str] = field(default_factory=list)
    heard_at: float = field(default_factory=time.monotonic)  # the newest sign of life, by the monotonic clock
    given_up: bool = False

    @property
    def full(self) -> bool:
        """Whether no more is to be fetched this time."""
        return self.most is not None and self.fetched >= self.most

    def note_stored(self, new: Sequence[intake.Waiting]) -> None:
        """A lot is stored, of which these are new to us."""
        self.lots += 1
        self.new += len(new)
        self.stored_some(new)

    def hear(self) -> None:
        """The server said something. Raises where nobody waits for it any more."""
        if self.given_up:
            raise TransientError("given up")
        self.heard_at = time.monotonic()

    def heard(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The same octets, each piece a sign of life."""
        for chunk in chunks:
            self.hear()
            yield chunk

    def ended(self) -> Fetched:
        return Fetched(self.new, self.reached, troubles=tuple(self.troubles))


def fetch(
    office: Office,
    progress: Progress = no_progress,
    *,
    again: frozenset[Location] = frozenset(),
    most: int | None = None,
    without: Collection[str] = (),
    news: Callable[[], object] = no_news,
    stored: Callable[[Sequence[intake.Waiting]], None] = leave_waiting,
    sleep: Callable[[float], None] = time.sleep,
) -> Fetched:
    """Store what is new in the mailboxes, folder by folder, and what lies at these places ``again``.

    A folder that cannot be opened stops no other. A connection that breaks is made anew after a pause, a few times; a
    server that cannot be reached at all, or refuses the account, is left to the next round. What the operator must
    mend on this machine (a full disk) ends the fetch; what was stored by then is kept. After ``most`` messages the rest
    is left to the next round. ``news`` is called once, before the first message is stored; ``stored`` with what is new
    to us of every few, by the thread that stores them.

    Several mailboxes are read side by side, but for those to be left ``without``. One that has been silent for a while
    when the others are done is given up for this time.
    """
    told = _Once(news)
    configs = [each for each in office.config.mailboxes if each.url.text not in without]
    left_out = len(configs) < len(office.config.mailboxes)
    share = most if most is None or len(configs) == 1 else max(most // max(len(configs), 1), 1)
    tallies = [_Tally(told, stored, share) for _ in configs]
    if len(configs) == 1:
        found = [_fetch_mailbox(office, configs[0], tallies[0], progress, again, sleep)]
    else:
        found = _fetch_side_by_side(office, configs, tallies, _Locked(progress), again, sleep)
    if len(office.config.mailboxes) > 1:
        found = [
            replace(each, troubles=tuple(f"{config.url.user or config.url.text}：{said}" for said in each.troubles))
            for config, each in zip(configs, found, strict=True)
        ]
    return Fetched(
        sum(each.new for each in found),
        not left_out and all(each.reached for each in found),
        frozenset().union(*(each.refused for each in found)),
        frozenset().union(*(each.failed for each in found)),
        tuple(trouble for each in found for trouble in each.troubles),
    )


class _Once:
    """A call that is made once, whoever comes first."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call: Callable[[], object] | None = call
        self._busy = threading.Lock()

    def __call__(self) -> None:
        with self._busy:
            if self._call is not None:
                self._call()
            self._call = None


class _Locked:
    """Progress told by many threads, one at a time."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._busy = threading.Lock()

    def __call__(self, stage: str, done: int, total: int) -> None:
        with self._busy:
            self._progress(stage, done, total)


def _fetch_side_by_side(
    office: Office,
    configs: Sequence[MailboxConfig],
    tallies: Sequence[_Tally],
    progress: Progress,
    again: frozenset[Location],
    sleep: Callable[[float], None],
) -> list[Fetched]:
    """Each mailbox by a thread of its own, which nothing waits for in the end: a server may be silent for long."""
    futures = [Future[Fetched]() for _ in configs]

    def _run(config: MailboxConfig, tally: _Tally, future: Future[Fetched]) -> None:
        try:
            future.set_result(_fetch_mailbox(office, config, tally, progress, again, sleep))
        except BaseException as error:  # noqa: BLE001 raised again by whoever asks for the result
            future.set_exception(error)

    for config, tally, future in zip(configs, tallies, futures, strict=True):
        threading.Thread(target=_run, args=(config, tally, future), name="baosong-fetching", daemon=True).start()
    try:
        waiting = set(futures)
        while waiting:
            _, waiting = wait(waiting, timeout=_LOOK)
            silent = {
                future
                for config, tally, future in zip(configs, tallies, futures, strict=True)
                if time.monotonic() - tally.heard_at > min(_PATIENCE, config.timeout)
            }
            if waiting <= silent:
                break
        return [
            future.result() if future not in waiting else _give_up(config, tally)
            for config, tally, future in zip(configs, tallies, futures, strict=True)
        ]
    finally:
        for tally in tallies:
            tally.given_up = True


def _give_up(config: MailboxConfig, tally: _Tally) -> Fetched:
    error = connection_error(config.url.host, config.url.port, TimeoutError())
    return replace(tally.ended(), failed=frozenset({config.url.text}), troubles=(*tally.troubles, str(error)))


def _fetch_mailbox(
    office: Office,
    config: MailboxConfig,
    tally: _Tally,
    progress: Progress,
    again: frozenset[Location],
    sleep: Callable[[float], None],
) -> Fetched:
    pauses = iter(PAUSES)
    name = frozenset({config.url.text})
    while True:
        before = tally.lots
        connected = False
        try:
            with office.connections.open(config) as mailbox:
                connected = True
                _fetch_folders(office, mailbox, tally, progress, again)
            return tally.ended()
        except TransientError as error:
            if tally.lots > before:
                pauses = iter(PAUSES)
            pause = next(pauses, None) if connected and not tally.given_up else None
            if pause is None:
                return replace(tally.ended(), failed=name, troubles=(*tally.troubles, str(error)))
            sleep(pause)
        except AccessError as error:
            refused = name if isinstance(error, LoginRefusedError) else frozenset[str]()
            return replace(tally.ended(), refused=refused, troubles=(*tally.troubles, str(error)))


def _fetch_folders(
    office: Office, mailbox: Mailbox, tally: _Tally, progress: Progress, again: frozenset[Location]
) -> None:
    seen = intake.LedgerSeen(office.ledger, mailbox.name, again)
    tally.hear()
    folders = mailbox.folders()
    for folder in folders:
        if folder in tally.done:  # over an earlier connection
            continue
        if tally.full:
            return
        try:
            _fetch_folder(office, mailbox, folder, seen, tally, progress)
            tally.reached = tally.reached or folder == folders[0]
        except FolderError as error:
            tally.troubles.append(str(error))
        tally.done.add(folder)


def _fetch_folder(
    office: Office, mailbox: Mailbox, folder: str, seen: intake.LedgerSeen, tally: _Tally, progress: Progress
) -> None:
    tally.hear()
    arrivals = mailbox.arrivals(folder, seen)
    with Storing(office, tally.note_stored) as storing:
        while not tally.full and _fetch_some(office, mailbox.name, folder, arrivals, tally, storing):
            progress("收信", tally.new, 0)
    if tally.new:
        progress("收信", tally.new, 0)


def _fetch_some(
    office: Office, mailbox: str, folder: str, arrivals: Iterator[Arrival], tally: _Tally, storing: Storing
) -> bool:
    """Fetch the next few and let them be stored; False where there was none.

    What came whole before the connection broke is stored as well.
    """
    until = time.monotonic() + _GATHERED_SECONDS
    with ExitStack() as stack:
        lot = Lot(stack.enter_context(office.cache.workplace()))
        try:
            for arrival in arrivals:
                tally.hear()
                tally.news()
                loose = lot.workplace.lay(tally.heard(arrival.chunks))
                blob = lot.workplace.keep(loose)
                lot.workplace.drop(loose)
                location = Location(mailbox, folder, arrival.uidvalidity, arrival.uid)
                lot.add(RawMessage(location, arrival.received_at, blob, arrival.size))
                tally.fetched += 1
                many = len(lot.messages) == _GATHERED or lot.octets > _GATHERED_OCTETS
                if tally.full or many or time.monotonic() > until:
                    break
        finally:
            if lot.messages:
                storing.store(lot, stack.pop_all())
    return bool(lot.messages)
