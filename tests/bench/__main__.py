"""``python -m tests.bench``: baosong beside its peers on the same mailboxes, as ratios within one run.

Exit status 1 where a ratio falls short of what DECISIONS.md promises. ``--full`` takes the sizes that the promises are
about, and all of it. Without it the sizes are small and what takes longest is left out, so that it takes a minute; of
so few mails the program's own start is a good part of the time, and the ratios to mbsync and imap_tools are worse.
"""

from __future__ import annotations

import argparse
import compileall
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from pipeline.cli.program import NEEDS_A_PERSON
from pipeline.office import open_office
from pipeline.run import poll
from tests.bench import desk, mailboxes
from tests.bench.loaded import run_loaded
from tests.bench.peers import look_for_news, mbsync_settings
from tests.bench.timing import Run, timed
from tests.bench.workers import seconds_to_compute, wall_of
from tests.flow.township import RULES
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.postgres import running_postgres

_HERE = Path(__file__).parents[2]
_NOW = "2023-05-09T10:00:00+08:00"
_ARRIVED = datetime.fromisoformat("2023-05-08T09:00:00+08:00")
# Two villages in three have handed in three of eight deliverables, some of them late.
_HALF_HANDED_IN = b"""
    INSERT INTO office_0.decision (campaign, village, deliverable, effective_at, recorded_at, state, late, received_at,
                                   who, why)
    SELECT campaign, village, deliverable, '2023-05-08 01:00Z', '2023-05-08 01:00Z', 'accepted', ordinal % 5 = 1,
           '2023-05-08 01:00Z', 'baosong', ''
      FROM office_0.entry WHERE ordinal % 3 > 0 AND deliverable IN (
           SELECT deliverable FROM office_0.entry WHERE ordinal = 0 ORDER BY due_at LIMIT 3);
    UPDATE office_0.entry SET state = 'accepted', late = decision.late, received_at = decision.received_at
      FROM office_0.decision
     WHERE decision.village = entry.village AND decision.deliverable = entry.deliverable
"""
_WARMING, _BETWEEN, _LONGEST_WAIT = 5.0, 1.0, 30.0  # seconds
_FEW = 100  # mails


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement beside what it is measured against."""

    what: str
    ours: str
    peer: str
    ratio: float
    limit: float  # infinite: nothing is promised, it is there to measure the others by


@dataclass(frozen=True, slots=True)
class Place:
    """Where a measurement happens."""

    dovecot: Dovecot
    folder: Path

    def peer(self, name: str, user: str) -> Run:
        """One of :mod:`tests.bench.peers` on this account."""
        target = self.folder / f"{name}-{user}"
        target.mkdir(parents=True)
        port = str(self.dovecot.imap_port)
        command = [sys.executable, "-m", "tests.bench.peers", name, port, user, str(target)]
        run = _checked(timed(command, folder=self.folder, environment={"PYTHONPATH": str(_HERE)}))
        shutil.rmtree(target)
        return run

    def mbsync(self, user: str) -> Run:
        """mbsync, which merely downloads."""
        target = self.folder / f"mbsync-{user}"
        target.mkdir(parents=True)
        (target / "mbsyncrc").write_text(mbsync_settings(self.dovecot.imap_port, user, target))
        run = _checked(timed(["mbsync", "-q", "-c", str(target / "mbsyncrc"), "-a"], folder=target))
        shutil.rmtree(target)
        return run

    def office(self, user: str, known: list[tuple[str, str]], outgoing: str) -> Path:
        """An office on this account; the path of its config.toml."""
        folder = self.folder / f"office-{user}"
        folder.mkdir(parents=True)
        mailboxes.register(folder / "villages.csv", known)
        config = folder / "config.toml"
        config.write_text(
            f"""\
campaign = "{RULES.as_posix()}/2023-529.toml"
villages = "villages.csv"
[mailbox]
url = "{self.dovecot.url(user)}/INBOX"
[outgoing]
url = "{outgoing}"
from = "万家镇计生协办公室 <office@town.test>"
seconds_between_mails = 0
most_per_hour = 10000
""",
            encoding="utf-8",
        )
        return config

    def ready_office(self, user: str, known: list[tuple[str, str]], outgoing: str) -> Path:
        """The same as ``init`` leaves it: its tables are made, its letters tried."""
        config = self.office(user, known, outgoing)
        self.baosong(config, "status", "--json")
        return config

    def baosong(self, config: Path, *command: str) -> Run:
        """The program itself."""
        arguments = [sys.executable, "-m", "pipeline", "--config", str(config), "--now", _NOW, *command]
        environment = {
            "BAOSONG_MAILBOX_PASSWORD": PASSWORD,
            "PYTHONPATH": str(_HERE),
            "SSL_CERT_FILE": str(self.dovecot.authority),
        }
        return _checked(timed(arguments, folder=config.parent, environment=environment), command[0])


def _checked(run: Run, command: str = "") -> Run:
    if run.status and not (command == "merge" and run.status == NEEDS_A_PERSON):  # some village's file is wanting
        raise SystemExit(f"a program failed with {run.status}:\n{run.said}")
    return run


def with_media(place: Place, count: int) -> Iterator[Figure]:
    """(a) Mails with photos and videos: fetch, judge, record and answer, against merely downloading or saving them."""
    known = mailboxes.villages(max(count // 8, 3))
    octets = mailboxes.fill(place.dovecot, "media", mailboxes.media(count, known))
    what = f"{count} mails with media, {octets / 1e6:.0f} MB"
    mbsync, loop = place.mbsync("media"), place.peer("imap_tools", "media")
    ours = place.baosong(place.ready_office("media", known, "maildir:out"), "poll")
    yield Figure(f"{what}: poll / mbsync", _seconds(ours), _seconds(mbsync), ours.wall / mbsync.wall, 2.0)
    yield Figure(f"{what}: poll / imap_tools", _seconds(ours), _seconds(loop), ours.wall / loop.wall, 0.4)


def many_small(place: Place, count: int) -> Iterator[Figure]:
    """(b) Small mails, each with a Word form, against merely saving them."""
    known = mailboxes.villages(min(max(count // 8, 3), 1900))
    mailboxes.fill(place.dovecot, "small", mailboxes.small(count, known))
    loop = place.peer("imap_tools", "small")
    ours = place.baosong(place.ready_office("small", known, "maildir:out"), "poll")
    yield Figure(f"{count} small mails: poll / imap_tools", _seconds(ours), _seconds(loop), ours.wall / loop.wall, 2.0)
    yield Figure(f"{count} small mails: peak memory / 120 MB", _megabytes(ours), "120 MB", ours.memory / 120e6, 1.0)
    if count > 10 * _FEW:
        mailboxes.fill(place.dovecot, "few", mailboxes.small(_FEW, known))
        few = place.baosong(place.ready_office("few", known, "maildir:out"), "poll")
        what = f"the same: peak memory / with {_FEW} mails of as many villages"
        yield Figure(what, _megabytes(ours), _megabytes(few), ours.memory / few.memory, 1.0)


def nothing_new(place: Place, count: int) -> Iterator[Figure]:
    """(c) A round of ``run`` that finds nothing new, against a bare one of imaplib; Python not started anew."""
    mailboxes.fill(place.dovecot, "idle", mailboxes.newsletters(count))
    config = place.office("idle", mailboxes.villages(22), "maildir:out")
    os.environ["BAOSONG_MAILBOX_PASSWORD"], os.environ["SSL_CERT_FILE"] = PASSWORD, str(place.dovecot.authority)
    office = open_office(config)
    with office.connections:  # as the service holds them
        while poll(office).fetched:
            pass
        ours = _median_of(lambda: poll(office))
    bare = _median_of(lambda: look_for_news(place.dovecot.imap_port, "idle", place.folder))
    office.ledger.rest()
    what = f"nothing new among {count}: a round / imaplib"
    yield Figure(what, f"{ours * 1000:.1f} ms", f"{bare * 1000:.1f} ms", ours / bare, 1.5)


def _median_of(work: Callable[[], object]) -> float:
    """Seconds; of fifteen times."""
    took = []
    for _ in range(15):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return sorted(took)[7]


def one_huge(place: Place, octets: int) -> Iterator[Figure]:
    """A mail of 70 MB: the memory of the largest process."""
    known = mailboxes.villages(3)
    mailboxes.fill(place.dovecot, "huge", iter([mailboxes.huge(octets, *known[0])]))
    ours = place.baosong(place.ready_office("huge", known, "maildir:out"), "poll")
    yield Figure(
        f"a mail of {octets / 1e6:.0f} MB: peak memory / 120 MB", _megabytes(ours), "120 MB", ours.memory / 120e6, 1.0
    )


def a_province(place: Place, offices: int) -> Iterator[Figure]:
    """So many offices of 443 villages in one PostgreSQL: one township's status, the roll-up of all."""
    known = mailboxes.villages(443)
    with running_postgres() as postgres:
        url = postgres.new_database()
        (place.folder / "no-mail").mkdir()
        config = place.office("province", known, "maildir:out")
        written = config.read_text("utf-8").replace(
            place.dovecot.url("province") + "/INBOX", f"eml:{place.folder}/no-mail"
        )
        config.write_text(f'database = "{url}"\noffice = "office_0"\n{written}', encoding="utf-8")
        place.baosong(config, "status", "--json")  # makes the tables and a row for each village
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(_HALF_HANDED_IN)
            for number in range(1, offices):
                connection.execute(
                    f"CREATE SCHEMA office_{number}; "
                    f"CREATE TABLE office_{number}.entry (LIKE office_0.entry INCLUDING ALL); "
                    f"INSERT INTO office_{number}.entry SELECT * FROM office_0.entry".encode()
                )
            connection.execute("ANALYZE")
        status = _median(place, config, "status", "--json")
        whole = _median(place, config, "rollup", "--json")
        alone = place.office("alone", known[:22], "maildir:out")
        written = alone.read_text("utf-8").replace(place.dovecot.url("alone") + "/INBOX", f"eml:{place.folder}/no-mail")
        alone.write_text(f'database = "{postgres.new_database()}"\noffice = "alone"\n{written}', encoding="utf-8")
        # By turns, and the best of each: they differ by less than what the machine does meanwhile. What all of them
        # need is loaded, which takes ten times as long as the round and would hide how it grows.
        turns = [[_round_of(each, place.folder) for each in (config, alone)] for _ in range(3)]
        nothing_new, small = (min(took) for took in zip(*turns[1:], strict=True))
    many = f"{offices * len(known):,} villages"
    yield Figure(f"{many}: status of one township / 0.3 s", f"{status:.2f} s", "0.30 s", status / 0.3, 1.0)
    yield Figure(f"{many}: the roll-up / 2 s", f"{whole:.2f} s", "2.00 s", whole / 2, 1.0)
    yield Figure(
        f"{many}: poll of nothing / with 22 villages",
        f"{nothing_new * 1000:.0f} ms",
        f"{small * 1000:.0f} ms",
        nothing_new / small,
        1.1,
    )


def _round_of(config: Path, folder: Path) -> float:
    """Seconds of processor for a poll."""
    return _checked(run_loaded(["--config", str(config), "--now", _NOW, "poll"], folder)).processor


def at_the_desk(place: Place, count: int) -> Iterator[Figure]:
    """One ledger of a township, of a county, of so many villages: what is shown costs as much as there is of it."""
    took: dict[tuple[str, int], Run] = {}
    for size in (22, 453, count):
        config = place.office(f"desk-{size}", known := desk.villages(size), "maildir:out")
        url = place.dovecot.url(f"desk-{size}") + "/INBOX"
        config.write_text(config.read_text("utf-8").replace(url, f"eml:{config.parent}"), encoding="utf-8")
        one, arguments = known[1][0], ["--config", str(config), "--now", _NOW]
        time.sleep(0.1)  # of files written this very moment nothing is remembered: pipeline.outline
        _checked(run_loaded([*arguments, "status", "--village", one], place.folder))  # makes tables and entries
        desk.fill_ledger(config.parent / "baosong.db", [name for name, _ in known])
        took["status of one", size] = place.baosong(config, "status", "--json", "--village", one)
        took["status", size] = place.baosong(config, "status", "--json")
        for name in ("poll", "report", "merge"):
            took[name, size] = _checked(run_loaded([*arguments, name], place.folder), name)
    small, large = (took["status of one", size].processor for size in (22, count))
    yield Figure(
        f"status of one, of {count:,} villages / of 22", f"{large:.2f} s", f"{small:.2f} s", large / small, 1.5
    )
    for name, seconds in (("status", 30), ("poll", 10), ("report", 110), ("merge", 110)):
        least, small, large = (took[name, size].processor for size in (22, 453, count))
        # What a program costs that finds nothing to do is left out, or it would hide what each village costs.
        ratio = (large - least) / (count - 22) / (max(small - least, 0.1) / (453 - 22))
        what = f"{name}: a village of {count:,} / of 453"
        yield Figure(what, f"{large:.2f} s", f"{small:.2f} s", ratio, 1.5)
        promised = seconds * count / 62_074 + least
        yield Figure(f"{name} of {count:,} villages", f"{large:.2f} s", f"{promised:.2f} s", large / promised, 1.0)
        memory = took[name, count].memory / 1e6
        room = 256 + 1000 * count / 62_074  # octets of what is written, and of what it is written from
        yield Figure(f"{name} of {count:,} villages: memory", f"{memory:.0f} MB", f"{room:.0f} MB", memory / room, 1.0)


def news(place: Place, count: int) -> Iterator[Figure]:
    """From a small mail's delivery to its answer in the hands of the transport, while ``baosong run`` listens."""
    known = mailboxes.villages(22)
    config = place.office("news", known, "maildir:out")
    mails = mailboxes.small(count, known)
    environment = {
        **os.environ,
        "BAOSONG_MAILBOX_PASSWORD": PASSWORD,
        "PYTHONPATH": str(_HERE),
        "SSL_CERT_FILE": str(place.dovecot.authority),
    }
    command = [sys.executable, "-m", "pipeline", "--config", str(config), "run"]
    service = subprocess.Popen(command, cwd=config.parent, env=environment, stdout=subprocess.DEVNULL)
    answers, took = config.parent / "out" / "new", []
    try:
        time.sleep(_WARMING)
        for number, octets in enumerate(mails, 1):
            began = time.monotonic()
            place.dovecot.append("news", octets, received_at=_ARRIVED)
            while time.monotonic() < began + _LONGEST_WAIT and len(list(answers.glob("*"))) < number:
                time.sleep(0.02)
            took.append(time.monotonic() - began)
            time.sleep(_BETWEEN)
    finally:
        service.terminate()
        service.wait(30)
    median, slow = sorted(took)[len(took) // 2], sorted(took)[int(len(took) * 0.95)]
    yield Figure(f"{count} mails, delivery to answer: median / 1 s", f"{median:.2f} s", "1.00 s", median, 1.0)
    yield Figure(f"{count} mails, delivery to answer: 95 % / 2 s", f"{slow:.2f} s", "2.00 s", slow / 2, 1.0)


def side_by_side(place: Place, count: int) -> Iterator[Figure]:
    """The mail of four offices in one PostgreSQL, by one worker and by two; each on a core of its own, and on both.

    Beside them what the machine gives to two processes that merely compute.
    """
    one, two = map(seconds_to_compute, (1, 2))
    what = "mere computing, two processes / one that does the same"
    yield Figure(what, f"{two:.1f} s", f"{one:.1f} s", two / one, math.inf)
    for own_core, where in ((True, "a core for each"), (False, "two cores for all")):
        one, two = (wall_of(workers, count, place.folder, own_core=own_core) for workers in (1, 2))
        what = f"4 × {count} mails, {where}: two workers / one"
        yield Figure(what, f"{two:.1f} s", f"{one:.1f} s", two / one, 1 / 1.7)


def _median(place: Place, config: Path, *command: str) -> float:
    return sorted(place.baosong(config, *command).wall for _ in range(3))[1]


def _seconds(run: Run) -> str:
    return f"{run.wall:.1f} s ({run.processor:.1f} s of processor)"


def _megabytes(run: Run) -> str:
    return f"{run.memory / 1e6:.0f} MB"


# What is measured, in the size of the short form, which leaves out those of none, and in that of the promises.
_PARTS: dict[str, tuple[Callable[[Place, int], Iterator[Figure]], int | None, int]] = {
    "media": (with_media, 6, 300),
    "small": (many_small, 100, 10_000),
    "idle": (nothing_new, 100, 10_000),
    "huge": (one_huge, 30_000_000, 70_000_000),
    "province": (a_province, 20, 140),
    "desk": (at_the_desk, None, 62_074),
    "news": (news, 3, 40),
    "workers": (side_by_side, None, 100),
}


def main() -> int:
    """Measure, print the table; 1 where a ratio falls short."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the sizes that the promises are about")
    parser.add_argument("--only", choices=list(_PARTS), help="one of the parts")
    chosen = parser.parse_args()
    compileall.compile_dir(_HERE / "pipeline", quiet=1)  # as an installed program is; a clone that never ran is not
    table = Table("what", "baosong", "peer", "ratio", "at most", title=_machine())
    short = False
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, running_dovecot() as dovecot:
        for name, (measure, short_size, full_size) in _PARTS.items():
            if chosen.only == name or (chosen.only is None and (chosen.full or short_size)):
                size = full_size if chosen.full else short_size or full_size
                for each in measure(Place(dovecot, Path(folder)), size):
                    good = each.ratio <= each.limit
                    short = short or not good
                    style = "green" if good else "red"
                    limit = "" if math.isinf(each.limit) else f"{each.limit:.2f}"
                    table.add_row(each.what, each.ours, each.peer, f"[{style}]{each.ratio:.2f}", limit)
    Console(width=140).print(table)
    return int(short)


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d}"


if __name__ == "__main__":
    sys.exit(main())
