"""Disk, database and clock of the office's own machine."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import schedule

from pipeline.engine.daily import remind_if_due
from pipeline.engine.desk import Desk, Rest, work_off
from pipeline.engine.service import keep_time, plan_rounds
from pipeline.ledger import letters, rounds
from pipeline.office import open_office
from pipeline.watch import clock_trouble
from tests.faults.office import Trial, ids, mail_of

ROOT = Path(__file__).parent.parent.parent
BEIJING = ZoneInfo("Asia/Shanghai")


def put(trial: Trial, *numbers: int) -> None:
    for number in numbers:
        (trial.folder / "mailbox" / f"{number}.eml").write_bytes(mail_of(number))


def poll_apart(trial: Trial, *beneath: str, **options: object) -> tuple[int, str, str]:
    """A round in a process of its own, for limits that must not be ours; started by the program ``beneath``."""
    done = subprocess.run(
        [*beneath, sys.executable, "-m", "pipeline", "--config", str(trial.config), "poll"],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False, **options,  # type: ignore[call-overload]
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def small_files(octets: int) -> Callable[[], None]:
    def _limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (octets, resource.RLIM_INFINITY))

    return _limit


@pytest.mark.parametrize("octets", [10_000, 120_000])
def test_a_disk_that_takes_no_more(trial: Trial, octets: int) -> None:
    """The system refuses to write on: one line or two, nothing half kept, and the next round does what was left."""
    put(trial, 1, 2, 3)
    open_office(trial.config)  # the tables are there
    status, said, complaint = poll_apart(trial, preexec_fn=small_files(octets))
    assert status == 1
    assert "需要处理" in said or complaint.count("\n") == 1
    unfinished = trial.folder / "inbox_cache" / "unfinished"
    assert not unfinished.is_dir() or list(unfinished.iterdir()) == []
    assert trial.poll()[0] == 0
    assert trial.judged() == ids(1, 2, 3)
    assert trial.answered() == dict.fromkeys(ids(1, 2, 3), 1)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody with fewer rights")
@pytest.mark.parametrize("part", ["baosong.db", "inbox_cache"])
def test_what_may_not_be_written(trial: Trial, part: str) -> None:
    """A database or cache that is somebody else's: one clear line with the place, and nothing is lost."""
    put(trial, 1)
    assert trial.poll()[0] == 0
    put(trial, 2)
    for path in (trial.folder / part, *trial.folder.glob(f"{part}-*"), *(trial.folder / part).rglob("*")):
        shutil.chown(path, "nobody")
        path.chmod(0o555 if path.is_dir() else 0o444)
    # As root, but without root's power over what belongs to others: nobody may not even reach this Python everywhere.
    status, said, complaint = poll_apart(trial, "setpriv", "--bounding-set=-dac_override")
    assert status == 1
    assert part.partition(".")[0] in said + complaint or "数据库" in said + complaint
    for path in (trial.folder / part, *(trial.folder / part).rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert trial.poll()[0] == 0
    assert trial.judged() == ids(1, 2)
    assert trial.answered() == dict.fromkeys(ids(1, 2), 1)


def test_a_database_that_another_program_holds(trial: Trial) -> None:
    """Locked for longer than we wait: one line; when it is free the round is made up for."""
    put(trial, 1)
    config = trial.config
    url = 'database = "sqlite:///baosong.db?timeout=0.2"\n'
    config.write_text(url + config.read_text("utf-8"), "utf-8")
    open_office(config)
    holder = sqlite3.connect(trial.folder / "baosong.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    status, said, complaint = trial.run("poll")
    assert (status, said) == (1, [])
    assert complaint.count("\n") == 1
    assert "另一个程序正在使用" in complaint
    holder.execute("ROLLBACK")
    holder.close()
    assert trial.poll()[0] == 0
    assert trial.answered() == dict.fromkeys(ids(1), 1)


# --- the clock --------------------------------------------------------------------------------------------------------


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2023, 5, day, hour, tzinfo=BEIJING)


def test_letters_written_by_a_clock_that_was_ahead(trial: Trial) -> None:
    """What was due tomorrow by a wrong clock goes out today; the number of an hour is counted anew."""
    put(trial, 1)
    (trial.folder / "outgoing").write_text("no folder")
    trial.poll("--now", at(20).isoformat())
    (trial.folder / "outgoing").unlink()
    assert trial.poll("--now", at(4).isoformat())[1] == "新收0封，核对0封，寄出1封。"
    put(trial, 2)
    assert trial.poll("--now", at(4, 9).isoformat()) == (0, "新收1封，核对1封，寄出1封。", [])
    assert trial.answered() == dict.fromkeys(ids(1, 2), 1)


def test_the_flood_limit_forgets_the_future(trial: Trial) -> None:
    """Letters sent by a clock that was ahead do not keep today's from going out."""
    trial.configure(more="most_per_hour = 1\n")
    put(trial, 1)
    trial.poll("--now", at(20).isoformat())
    put(trial, 2)
    assert trial.poll("--now", at(4).isoformat())[1] == "新收1封，核对1封，寄出1封。"


def test_the_service_keeps_its_rounds(trial: Trial) -> None:
    """A plan that lies a day ahead was made before the clock was set back: a round at once, and a new plan."""
    said: list[str] = []
    desk = Desk(open_office(trial.config, lambda: at(4)), said.append)
    clock = plan_rounds(desk)
    assert keep_time(clock, desk) is clock
    for job in clock.jobs:
        assert isinstance(job, schedule.Job)
        assert job.next_run is not None
        job.next_run += timedelta(days=1)
    put(trial, 1)
    renewed = keep_time(clock, desk)
    assert renewed is not clock
    assert (renewed.idle_seconds or 0) <= 60
    work_off(desk)
    assert any("新收1封" in line for line in said)


def test_no_reminders_by_a_wrong_clock(trial: Trial) -> None:
    """Behind what it wrote itself: reminders wait, for who has handed in may not seem to have."""
    office = open_office(trial.config, lambda: at(11))
    rounds.end_poll(office.ledger, rounds.begin_poll(office.ledger, at(11)), at(11), stored=0, judged=0, trouble="")
    assert clock_trouble(office) == ""
    back = open_office(trial.config, lambda: at(5))
    said: list[str] = []
    assert "校准" in clock_trouble(back)
    remind_if_due(Desk(back, said.append))
    assert any("提醒推迟" in line for line in said)
    assert letters.reminder_keys(back.ledger) == []


def test_a_rest_that_a_wrong_clock_began_is_over() -> None:
    """Half an hour of leaving a server alone does not become a day."""
    rest = Rest(at(6), timedelta(minutes=30))
    assert rest.holds(at(6) + timedelta(minutes=29))
    assert not rest.holds(at(6) + timedelta(minutes=30))
    assert not rest.holds(at(5))
