"""What is new in the mailbox, brought into cache and ledger: octets are durable before anything is known of them.

Step by step, for each message: its octets are in the cache, on the disk and under their hash; then its row is in the
ledger, ``received``, with the place where it was seen. A crash between the two leaves octets that nobody knows of: the
place is not in the ledger, so the next round fetches the message again and finds the octets there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pipeline.errors import AccessError, TransientError
from pipeline.journal import note_arrival
from pipeline.ledger import intake
from pipeline.mailbox import FolderError, LoginRefusedError, Mailbox
from pipeline.mailbox.opening import open_mailbox
from pipeline.model import Location, RawMessage
from pipeline.office import Office
from pipeline.passwords import mailbox_password

# Told after each message: stage, done, of how many (0: unknown). What it raises ends the round there; nothing is lost.
Progress = Callable[[str, int, int], None]

# Pauses before connecting again, in seconds. Each message that comes in between begins them anew.
PAUSES = (1.0, 4.0, 15.0)


def no_progress(stage: str, done: int, total: int) -> None:
    """For those who do not watch."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch did. ``troubles`` are lines for the operator; the next round tries again."""

    new: int = 0  # messages
    reached: bool = False  # the first folder, where mail arrives, was read to its end
    refused: bool = False  # the account: trying again soon may lock it
    passing: bool = False  # what went wrong passes by itself
    troubles: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    """How far a fetch has come, over all its connections."""

    most: int | None = None
    new: int = 0
    stored: int = 0
    reached: bool = False
    done: set[str] = field(default_factory=set)  # folders
    troubles: list[str] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether no more is to be fetched this time."""
        return self.most is not None and self.stored >= self.most

    def ended(self) -> Fetched:
        return Fetched(self.new, self.reached, troubles=tuple(self.troubles))


def fetch(
    office: Office,
    progress: Progress = no_progress,
    *,
    again: frozenset[Location] = frozenset(),
    most: int | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Fetched:
    """Store what is new in the mailbox, folder by folder, and what lies at these places ``again``.

    A folder that cannot be opened stops no other. A connection that breaks is made anew after a pause, a few times; a
    server that cannot be reached at all, or refuses the account, is left to the next round. What the operator must
    mend on this machine (a full disk) ends the fetch; what was stored by then is kept. After ``most`` messages the rest
    is left to the next round.
    """
    tally = _Tally(most)
    pauses = iter(PAUSES)
    while True:
        before = tally.stored
        connected = False
        try:
            config = office.config.mailbox
            with open_mailbox(config, mailbox_password(config)) as mailbox:
                connected = True
                _fetch_folders(office, mailbox, tally, progress, again)
            return tally.ended()
        except TransientError as error:
            if tally.stored > before:
                pauses = iter(PAUSES)
            pause = next(pauses, None) if connected else None
            if pause is None:
                return replace(tally.ended(), passing=True, troubles=(*tally.troubles, str(error)))
            sleep(pause)
        except AccessError as error:
            refused = isinstance(error, LoginRefusedError)
            return replace(tally.ended(), refused=refused, troubles=(*tally.troubles, str(error)))


def _fetch_folders(
    office: Office, mailbox: Mailbox, tally: _Tally, progress: Progress, again: frozenset[Location]
) -> None:
    seen = intake.LedgerSeen(office.ledger, mailbox.name, again)
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
    for arrival in mailbox.arrivals(folder, seen):
        blob = office.cache.store(arrival.chunks)
        location = Location(mailbox.name, folder, arrival.uidvalidity, arrival.uid)
        raw = RawMessage(location, arrival.received_at, blob, arrival.size)
        note_arrival(office.cache, raw)
        tally.new += intake.receive(office.ledger, raw, office.now())
        tally.stored += 1
        progress("收信", tally.new, 0)
        if tally.full:
            return
