"""One worker against two, on the mail of several offices in one PostgreSQL."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from pipeline.config.loading import load_config
from pipeline.ledger import engine, jobs
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.model.work import Unit
from tests.bench import mailboxes
from tests.engine.offices import lay_out, until, working
from tests.servers.postgres import running_postgres

_OFFICES = 4
_WARMING = 5  # mails in each office before the clock starts: who works all day has loaded what he needs
_LONGEST = 3600.0  # seconds
_COMPUTING = "for number in range({shares} * 5_000_000): number * number % 7"


def wall_of(workers: int, mails: int, folder: Path, *, own_core: bool) -> float:
    """Seconds from the request to poll until the last of so many mails in each office is answered, by workers that have
    judged before.

    ``own_core``: each has one core, as on a machine of its own. Else they share all: one worker alone takes more than
    a core, since mails are opened by a process beside the one that judges, and the database works meanwhile.
    """
    with running_postgres() as postgres, ExitStack() as stack:
        database = postgres.new_database()
        names = [f"office{number}" for number in range(_OFFICES)]
        here = folder / f"{workers}{'-own-core' if own_core else ''}"
        offices = [lay_out(here, name, database, mails=0) for name in names]
        known = mailboxes.villages(22)
        for config in offices:
            mailboxes.register(config.parent / "villages.csv", known)
            with config.open("a", encoding="utf-8") as file:
                file.write("seconds_between_mails = 0\nmost_per_hour = 10000\n")
        ledgers = [open_ledger(database, load_config(each).office, distributed=True) for each in offices]
        logs = [here / f"{number}.log" for number in range(workers)]
        for number, log in enumerate(logs):
            stack.enter_context(working(*offices, log=log, core=number if own_core else None))
        until(lambda: engine.look(ledgers[0]).workers == workers and not engine.look(ledgers[0]).jobs, 60, lambda: "")
        sent = 0
        while not all(re.search("核对[1-9]", log.read_text("utf-8")) for log in logs):
            _seconds_for(offices, ledgers, sent, sent + _WARMING)
            sent += _WARMING
        return _seconds_for(offices, ledgers, sent, sent + mails)


def seconds_to_compute(processes: int) -> float:
    """What the machine itself gives: seconds that so many processes take for one share of mere computing for each
    office. Two processors need not be two cores.
    """
    command = [sys.executable, "-S", "-c", _COMPUTING.format(shares=_OFFICES // processes)]
    begun = time.monotonic()
    for each in [subprocess.Popen(command) for _ in range(processes)]:
        each.wait()
    return time.monotonic() - begun


def _seconds_for(offices: list[Path], ledgers: list[Ledger], first: int, after: int) -> float:
    """Put these mails into each office's mailbox, and wait until all are answered."""
    known = mailboxes.villages(22)
    for config in offices:
        for number, octets in list(enumerate(mailboxes.small(after, known)))[first:]:
            (config.parent / "mailbox" / f"{number:05}.eml").write_bytes(octets)
    begun = time.monotonic()
    for ledger in ledgers:
        jobs.ask(ledger, Unit.POLL, engine.now())
    until(lambda: all(_count(each) == after for each in offices), _LONGEST, lambda: "not done in time")
    return time.monotonic() - begun


def _count(config: Path) -> int:
    """How many answers went out. Their names alone: whoever measures shall not take a core from those who work."""
    return sum(1 for _ in (config.parent / "outgoing" / "new").glob("*"))
