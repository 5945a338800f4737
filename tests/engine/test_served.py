"""What the engine's workers serve: two offices on one mailbox, offices that no worker was given, or that are gone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pipeline.config.loading import load_config
from pipeline.config.offices import Reach, find_offices, find_shared
from pipeline.doctor import examine
from pipeline.engine.worker import Worker, build_app
from pipeline.ledger import engine, jobs, served
from pipeline.ledger.opening import Ledger, open_ledger
from pipeline.model.work import Unit
from pipeline.office import alone, open_office
from tests.engine.offices import answered, lay_out, put_mail, until, working
from tests.engine.test_worker import command
from tests.servers.postgres import Postgres


def share_mailbox(folder: Path, database: str) -> tuple[Path, Path]:
    """Two offices, east and west; both read the mailbox of the first."""
    east, west = (lay_out(folder, name, database, mails=0) for name in ("east", "west"))
    west.write_text(west.read_text("utf-8").replace("eml:mailbox", f"eml:{folder / 'east' / 'mailbox'}"), "utf-8")
    return east, west


def age(ledger: Ledger) -> None:
    """Whatever was asked for was asked for ten minutes ago; a worker is alive."""
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE procrastinate_events SET at = at - INTERVAL '10 minutes'")
        connection.exec_driver_sql("UPDATE procrastinate_jobs SET scheduled_at = NOW() - INTERVAL '10 minutes'")
        connection.exec_driver_sql(
            "INSERT INTO procrastinate_workers (last_heartbeat) SELECT NOW() FROM generate_series(1, 3)"
        )


def tick(config: Path) -> None:
    """What the engine's clock does each minute, by a worker for this office."""
    office = load_config(config)
    app = build_app(Worker({office.office: office}, lambda _: None), office.database)

    async def _tick() -> None:
        async with app.open_async():
            await app.tasks["baosong.clock"](timestamp=0)

    asyncio.run(_tick())


# --- one mailbox ------------------------------------------------------------------------------------------------------


def test_two_offices_on_one_mailbox_do_not_block_each_other(postgres: Postgres, tmp_path: Path) -> None:
    """Whatever one has in hand, the other may do the same."""
    east, west = map(open_office, share_mailbox(tmp_path, postgres.new_database()))
    with alone(east), alone(west):
        pass


def test_two_offices_on_one_mailbox_are_told(postgres: Postgres, tmp_path: Path) -> None:
    """When their worker starts; by doctor, once a worker serves them; and each answers its mail."""
    east, west = share_mailbox(tmp_path, postgres.new_database())
    put_mail(east, 0)
    log = tmp_path / "log"
    with working(tmp_path, log=log):
        until(lambda: len(answered(east)) == len(answered(west)) == 1, 60, lambda: log.read_text("utf-8"))
    assert "east、west 收的是同一个邮箱" in log.read_text("utf-8")
    assert any("east、west 收的是同一个邮箱" in part.said and not part.healthy for part in examine(west))


@pytest.mark.parametrize(
    ("mine", "theirs", "meet"),
    [((), (), True), ((), ("万张",), True), (("万张", "李庄"), ("李庄",), True), (("万张",), ("李庄",), False)],
)
def test_a_mailbox_is_shared_where_both_read_the_same_folder(
    mine: tuple[str, ...], theirs: tuple[str, ...], meet: bool
) -> None:
    """An account may well have a folder for each office; without a name all folders are read."""
    reaches: dict[str, list[Reach]] = {
        "east": [("imaps://a", mine)],
        "west": [("imaps://a", theirs)],
        "north": [("imaps://b", ())],
    }
    assert list(find_shared(reaches)) == ([("imaps://a", ("east", "west"))] if meet else [])


def test_one_office_with_two_mailboxes_shares_none(postgres: Postgres, tmp_path: Path) -> None:
    """Each for itself."""
    database, said = postgres.new_database(), list[str]()
    for name in ("east", "west"):
        lay_out(tmp_path, name, database, mails=0)
    find_offices([tmp_path], said.append)
    assert said == []


# --- offices that nobody serves ---------------------------------------------------------------------------------------


def test_what_nobody_serves_is_told_and_can_be_dropped(postgres: Postgres, tmp_path: Path) -> None:
    """West's folder was taken away: its jobs are named with the reason, until a person says that it is gone."""
    database = postgres.new_database()
    east = lay_out(tmp_path, "east", database, mails=0)
    ledgers = [open_ledger(database, name, distributed=True) for name in ("east", "west")]
    for ledger in ledgers:
        jobs.ask(ledger, Unit.JUDGE, engine.now())
    age(ledgers[0])
    tick(east)
    shown = command(east, "queue")
    assert shown.returncode == 1
    assert "没有处理进程处理的单位：west。" in shown.stdout
    assert command(east, "queue", "--drop", "east").returncode == 2
    assert "west：已去掉1项排队的工作。" in command(east, "queue", "--drop", "west").stdout
    assert {job.office for job in engine.look(ledgers[0]).jobs} == {"east"}
    assert command(east, "queue").returncode == 0


def test_a_job_of_this_moment_may_be_waiting_for_its_worker(postgres: Postgres, tmp_path: Path) -> None:
    """Only what has been due for minutes is taken to be nobody's; and what a worker served lately."""
    database = postgres.new_database()
    east = lay_out(tmp_path, "east", database, mails=0)
    ledger = open_ledger(database, "west", distributed=True)
    jobs.ask(ledger, Unit.JUDGE, engine.now())
    tick(east)
    assert not any(job.unserved for job in engine.look(ledger).jobs)
    age(ledger)
    assert [job.office for job in engine.look(ledger).jobs if job.unserved] == ["west"]
    tick(lay_out(tmp_path, "west", database, mails=0))
    assert not any(job.unserved for job in engine.look(ledger).jobs)


def test_jobs_go_with_their_office(postgres: Postgres, tmp_path: Path) -> None:
    """West's schema was dropped: what was asked for of it is asked for no more. North's is not made yet, and served."""
    database = postgres.new_database()
    east, north = (lay_out(tmp_path, name, database, mails=0) for name in ("east", "north"))
    north.write_text(f"{north.read_text('utf-8')}\n[schedule]\npoll_minutes = 1\n", "utf-8")
    west = open_ledger(database, "west", distributed=True)
    jobs.ask(west, Unit.JUDGE, engine.now())
    ledger = open_ledger(database, "east", distributed=True)
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA west CASCADE")
    for config in (north, east):
        tick(config)
    assert {job.office for job in engine.look(ledger).jobs} - {"east"} == {"north"}


def test_a_database_of_an_earlier_version_gets_the_table(postgres: Postgres) -> None:
    """Beside the engine's own, which are there."""
    database = postgres.new_database()
    ledger = open_ledger(database, "east", distributed=True)
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE baosong_engine.served")
    assert served.all_reads(open_ledger(database, "east", distributed=True)) == {}
