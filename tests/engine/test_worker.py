"""`baosong worker` on PostgreSQL: several at once, killed, frozen, thawed; each mail is answered once."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg
import pytest
from sqlalchemy import make_url

from pipeline.config.loading import load_config
from pipeline.config.offices import find_offices
from pipeline.engine.metrics import Metrics
from pipeline.engine.worker import Worker, due_units
from pipeline.errors import AccessError, ConfigError
from pipeline.ledger import engine, jobs
from pipeline.ledger.opening import open_ledger
from pipeline.ledger.views import messages
from pipeline.model.verdict import Disposition
from pipeline.model.work import Unit
from tests.engine.offices import ROOT, answered, await_pause, lay_out, put_mail, sending_slowly, until, working
from tests.flow.township import lay_out_office, plan, write_mail
from tests.heldout.month import all_mails
from tests.heldout.township import register_csv
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.ports import free_port
from tests.servers.postgres import Postgres
from tests.servers.storage import Storage

_MAILS = 24
# So many mails that are to be judged, and are judged.
_WAITING = """
    INSERT INTO message (digest, size, received_at, stored_at, state, attempts, trouble, sender_name, sender_address,
                         subject, fingerprint, links, edition)
    SELECT 'waits' || n, 1, now(), now(), 'received', 0, '', '', '', '', '', '[]', '' FROM generate_series(1, %s) AS n
"""
_JUDGED = "UPDATE message SET state = 'judged' WHERE digest IN (SELECT 'waits' || n FROM generate_series(1, %s) AS n)"


def command(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "--config", str(config), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=240,  # a month of mail is polled in less, whatever else the machine does
        check=False,
    )


def test_two_workers_do_the_work_of_three_offices(postgres: Postgres, tmp_path: Path) -> None:
    """Each office's mail is answered once by somebody; new mail is found by the engine's clock; SIGTERM ends with 0."""
    database = postgres.new_database()
    offices = [lay_out(tmp_path / "offices", name, database, mails=6) for name in ("east", "south", "west")]
    logs = [tmp_path / "1.log", tmp_path / "2.log"]

    def told() -> str:
        return "\n".join(log.read_text("utf-8") for log in logs)

    with ExitStack() as stack:
        workers = [stack.enter_context(working(tmp_path / "offices", log=log)) for log in logs]
        until(lambda: all(len(answered(each)) == 6 for each in offices), 60, told)
        state = json.loads(command(offices[0], "queue", "--json").stdout)
        assert (state["workers"], state["waiting"], state["due"]) == (2, 0, 0)
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        assert [worker.wait(30) for worker in workers] == [0, 0]
    for each in offices:
        assert set(answered(each).values()) == {1}
    none = command(offices[0], "queue")
    assert none.returncode == 1
    assert "正在运行的处理进程：0个，请启动 baosong worker" in none.stdout
    refused = command(offices[0], "run")
    assert refused.returncode == 2
    assert "请运行 baosong worker" in refused.stderr


@pytest.mark.parametrize("instant", ["judging", "sending"])
def test_what_a_killed_worker_had_in_hand_is_done_by_another(postgres: Postgres, tmp_path: Path, instant: str) -> None:
    """SIGKILL amid an office's mail: within a minute another has done the rest, and nobody is answered twice."""
    config = lay_out(tmp_path / "offices", "east", postgres.new_database(), mails=_MAILS)
    ledger = open_ledger(load_config(config).database, "east", distributed=True)
    logs = [tmp_path / "1.log", tmp_path / "2.log"]

    def told() -> str:
        return "\n".join(log.read_text("utf-8") for log in logs)

    def is_amid() -> bool:
        if instant == "sending":
            return len(answered(config)) >= 2
        return 0 < len([each for each in messages(ledger) if each.disposition]) < _MAILS

    with sending_slowly(config), working(config, log=logs[0]) as first:
        until(is_amid, 60, told)
        if instant == "sending":
            await_pause()
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert len(answered(config)) < _MAILS
        (in_hand,) = [job for job in engine.look(ledger).jobs if job.status == "doing"]
        assert in_hand.unit is {"judging": Unit.JUDGE, "sending": Unit.SEND}[instant]
        with working(config, log=logs[1]):
            until(lambda: len(answered(config)) == _MAILS, 60, told)
            until(lambda: not engine.look(ledger).jobs, 60, told)
    assert set(answered(config).values()) == {1}
    assert {each.disposition for each in messages(ledger)} == {Disposition.SUBMISSION}
    assert len(messages(ledger)) == _MAILS


def test_a_worker_outlives_a_restart_of_the_database(postgres: Postgres, tmp_path: Path) -> None:
    """Every connection is cut, and none can be made for a while: it says so, comes back, and ends only when told."""
    config = lay_out(tmp_path / "offices", "east", postgres.new_database(), mails=1)
    name = make_url(load_config(config).database).database
    log = tmp_path / "log"

    def told() -> str:
        return log.read_text("utf-8")

    with working(config, log=log) as worker, psycopg.connect(postgres.uri, autocommit=True) as server:
        until(lambda: len(answered(config)) == 1, 60, told)
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        until(lambda: "数据库连接断开" in told(), 90, told)
        put_mail(config, 1)
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
        until(lambda: len(answered(config)) == 2, 90, told)
        assert "数据库已重新连接" in told()
        assert "error" not in told()  # the driver's own words
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    assert set(answered(config).values()) == {1}


def test_one_broken_office_stops_no_other(postgres: Postgres, tmp_path: Path) -> None:
    """A config.toml that cannot be read, rules that cannot: each is told by its office's name, and the third goes on.

    What was asked for of an office whose rules are broken waits for them to be mended.
    """
    database, offices = postgres.new_database(), tmp_path / "offices"
    lay_out(offices, "a_config", database, mails=1).write_text("campaign = ", "utf-8")
    rules = lay_out(offices, "b_rules", database, mails=1)
    rules.write_text(re.sub('campaign = ".*"', 'campaign = "broken.toml"', rules.read_text("utf-8")), "utf-8")
    (rules.parent / "broken.toml").write_text("id = ", "utf-8")
    sound = lay_out(offices, "sound", database, mails=2)
    log = tmp_path / "log"

    def told() -> str:
        return log.read_text("utf-8")

    ledger = open_ledger(database, "sound", distributed=True)
    with working(offices, log=log):
        until(lambda: len(answered(sound)) == 2, 60, told)
        until(lambda: any(job.office == "b_rules" and job.attempts for job in engine.look(ledger).jobs), 60, told)
    assert re.search("^a_config：.*重新启动 baosong worker$", told(), re.M)
    assert re.search("^b_rules：.*broken.toml", told(), re.M)
    assert {job.status for job in engine.look(ledger).jobs if job.office == "b_rules"} == {"todo"}


def test_mailboxes_that_hang_stop_no_other_office(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three servers take the connection and never say a word; one worker alone answers the fourth office's mail."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", PASSWORD)
    database, offices = postgres.new_database(), tmp_path / "offices"
    log = tmp_path / "log"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for name in ("a", "b", "c"):
            config = lay_out(offices, name, database, mails=0)
            url = f"imap://{name}@127.0.0.1:{silent.getsockname()[1]}/INBOX"
            hanging = config.read_text("utf-8").replace("eml:mailbox", url).replace("timeout = 5", "timeout = 3000")
            config.write_text(hanging, "utf-8")
        sound = lay_out(offices, "sound", database, mails=3)
        with working(offices, log=log):
            until(lambda: len(answered(sound)) == 3, 60, lambda: log.read_text("utf-8"))
            ledger = open_ledger(database, "sound", distributed=True)
            assert {job.office for job in engine.look(ledger).jobs if job.status == "doing"} >= {"a", "b", "c"}


def test_a_job_that_takes_its_workers_along_is_shelved(postgres: Postgres, tmp_path: Path) -> None:
    """Rescued from worker after worker it is not begun for ever: a person must look, and the office goes on."""
    config = lay_out(tmp_path / "offices", "east", postgres.new_database(), mails=3)
    ledger = open_ledger(load_config(config).database, "east", distributed=True)
    jobs.ask(ledger, Unit.JUDGE, engine.now())
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (NOW() - INTERVAL '5 minutes') RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', attempts = 4, worker_id = dead.id FROM dead"
        )
    log = tmp_path / "log"
    with working(config, log=log):
        until(
            lambda: any(job.status == "failed" for job in engine.look(ledger).jobs), 60, lambda: log.read_text("utf-8")
        )
        until(lambda: len(answered(config)) == 3, 60, lambda: log.read_text("utf-8"))
    assert [job.unit for job in engine.look(ledger).jobs if job.status == "failed"] == [Unit.JUDGE]
    assert command(config, "queue").returncode == 1


def test_two_workers_and_shared_storage_decide_as_one_clerk_does(
    postgres: Postgres, storage: Storage, tmp_path: Path
) -> None:
    """A month's mail as one office deals with it alone, and as two workers do on PostgreSQL and S3: mail by mail, word
    for word; village by village, at each deadline.
    """
    alone = lay_out_office(tmp_path / "alone")
    shared = lay_out(tmp_path, "shared", postgres.new_database(), mails=0)
    shared.write_text(f'cache = "{storage.new_prefix()}"\n{shared.read_text("utf-8")}', "utf-8")
    mails = all_mails()
    for config in (alone, shared):
        (config.parent / "villages.csv").write_bytes(register_csv())
        for number, mail in enumerate(mails):
            (config.parent / "mailbox" / f"{number:04}.eml").write_bytes(mail.octets)
    assert command(alone, "poll").returncode == 0
    logs = [tmp_path / "1.log", tmp_path / "2.log"]
    environment = storage.environment
    with working(shared, log=logs[0], environment=environment), working(shared, log=logs[1], environment=environment):
        until(
            lambda: answered(shared) == answered(alone),
            120,
            lambda: "\n".join(each.read_text("utf-8") for each in logs),
        )
    decided = [json.loads(command(config, "messages", "--json").stdout)["messages"] for config in (alone, shared)]
    for message in (*decided[0], *decided[1]):
        message["reply"].pop("message_id", None)
    assert decided[0] == decided[1]
    assert len(decided[0]) == len({mail.octets for mail in mails})
    for moment in ("2023-05-06", "2023-05-11", "2023-05-21", "2023-06-01", "2023-06-11", "2023-07-01"):
        shown = [
            json.loads(command(config, "status", "--json", "--as-of", moment).stdout) for config in (alone, shared)
        ]
        assert shown[0] == shown[1]
        assert any(each["received_at"] for village in shown[0]["villages"] for each in village["deliverables"])


def test_no_more_is_fetched_than_can_be_judged(postgres: Postgres, tmp_path: Path) -> None:
    """With five hundred mails that wait to be judged none is fetched, with a few less so many; nothing is lost, and
    the rest does not wait for the clock.
    """
    config = lay_out(tmp_path, "east", postgres.new_database(), mails=5)
    ledger = open_ledger(load_config(config).database, "east", distributed=True)
    worker = Worker({"east": load_config(config)}, lambda _: None)

    def say(statement: str, count: int) -> None:
        with ledger.writing() as session:
            session.connection().exec_driver_sql(statement, (count,))

    def stored() -> int:
        return len([each for each in messages(ledger) if not each.digest.startswith("waits")])

    def asked_again() -> bool:
        """Whether a poll was asked for; it is no more."""
        asked = any(job.unit is Unit.POLL for job in engine.look(ledger).jobs)
        with ledger.writing() as session:
            session.connection().exec_driver_sql("DELETE FROM procrastinate_jobs")
        return asked

    with worker.openers, worker.drawers, worker.readers:
        say(_WAITING, 500)
        worker.perform(Unit.POLL, "east")
        assert stored() == 0
        assert asked_again()
        say(_JUDGED, 2)
        worker.perform(Unit.POLL, "east")
        assert stored() == 2
        assert asked_again()
        say(_JUDGED, 500)
        for _ in range(2):
            worker.perform(Unit.POLL, "east")
        assert stored() == 5
        assert not asked_again()


def test_one_of_two_workers_listens(
    postgres: Postgres, dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock would ask in an hour; mail is answered when it comes, and when the worker that listened was killed."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", PASSWORD)
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    account = f"worker-{os.getpid()}@town.test"
    config = lay_out(tmp_path, "listening", postgres.new_database(), mails=0)
    written = config.read_text("utf-8").replace("eml:mailbox", f"{dovecot.url(account)}/INBOX")
    config.write_text(f"{written}\n[schedule]\npoll_minutes = 1440\n", "utf-8")
    logs = [tmp_path / "1.log", tmp_path / "2.log"]

    def told() -> str:
        return "\n".join(log.read_text("utf-8") for log in logs) + dovecot.log()[-3000:]

    def answers(number: int) -> None:
        file, name = ("方案.docx", plan("石桥村")), f"<{number}.listening@village.test>"
        mail = write_mail("shiqiao@village.test", f"石桥村方案{number}", file, message_id=name)
        dovecot.append(account, mail, received_at=datetime(2023, 5, 4, 9, tzinfo=UTC))
        until(lambda: len(answered(config)) == number, 120, told)

    with working(config, log=logs[0]) as first, working(config, log=logs[1]):
        answers(1)
        answers(2)
        first.kill()
        answers(3)
        answers(4)  # told by the one that is left


def test_a_frozen_worker_does_no_harm(postgres: Postgres, tmp_path: Path) -> None:
    """SIGSTOP in the middle of an office's mail: the others' mail goes on, and thawed it ends what it had begun."""
    database = postgres.new_database()
    east = lay_out(tmp_path / "offices", "east", database, mails=_MAILS)
    logs = [tmp_path / "1.log", tmp_path / "2.log"]

    def told() -> str:
        return "\n".join(log.read_text("utf-8") for log in logs)

    with sending_slowly(east), working(east, log=logs[0]) as frozen:
        until(lambda: len(answered(east)) >= 2, 60, told)
        frozen.send_signal(signal.SIGSTOP)
        west = lay_out(tmp_path / "offices", "west", database, mails=4)
        with working(tmp_path / "offices", log=logs[1]):
            until(lambda: len(answered(west)) == 4, 60, told)
            # Its jobs are given to the other meanwhile, who finds them locked and asks for them again.
            ledger = open_ledger(load_config(east).database, "east", distributed=True)
            until(lambda: engine.look(ledger).workers == 1, 60, told)
            until(
                lambda: any(job.office == "east" and job.status == "todo" for job in engine.look(ledger).jobs), 60, told
            )
            frozen.send_signal(signal.SIGCONT)
            until(lambda: len(answered(east)) == _MAILS, 60, told)
            put_mail(east, _MAILS)
            jobs.ask(ledger, Unit.POLL, engine.now())
            until(lambda: len(answered(east)) == _MAILS + 1, 60, told)
    assert set(answered(east).values()) == {1}
    assert set(answered(west).values()) == {1}


def test_what_was_given_up_can_be_asked_for_again(postgres: Postgres, tmp_path: Path) -> None:
    """A job that failed for good is shown, makes the exit status 1, and is tried again by a person's word."""
    config = lay_out(tmp_path, "east", postgres.new_database(), mails=0)
    ledger = open_ledger(load_config(config).database, "east", distributed=True)
    jobs.ask(ledger, Unit.JUDGE, engine.now())
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE procrastinate_jobs SET status = 'failed', attempts = 5")
    shown = command(config, "queue")
    assert shown.returncode == 1
    assert "多次失败" in shown.stdout
    assert "已安排1项工作马上再做。" in command(config, "queue", "--retry").stdout
    assert [(job.unit, job.status) for job in engine.look(ledger).jobs] == [(Unit.JUDGE, "todo")]


def test_doctor_leaves_nothing_outside_the_offices_schema(postgres: Postgres, tmp_path: Path) -> None:
    """Tables of nobody's would be counted by the roll-up as one more office, which its reader may not read."""
    config = lay_out(tmp_path, "east", postgres.new_database(), mails=0)
    command(config, "doctor")
    with open_ledger(load_config(config).database, "east").engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT schemaname FROM pg_tables WHERE tablename = 'entry'").scalars().all()
    assert found == ["east"]


def test_metrics(postgres: Postgres, tmp_path: Path) -> None:
    """What Prometheus reads: what the worker did, who is alive, what waits."""
    config = lay_out(tmp_path, "east", postgres.new_database(), mails=1)
    port = free_port()
    log = tmp_path / "log"
    process = [sys.executable, "-m", "pipeline", "worker", "--metrics", str(port), str(config)]
    with (
        log.open("wb") as file,
        subprocess.Popen(process, stdout=file, stderr=file, cwd=ROOT, env=os.environ) as worker,
    ):
        try:
            until(lambda: len(answered(config)) == 1, 60, lambda: log.read_text("utf-8"))
            page = urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
        finally:
            worker.kill()
    assert "baosong_workers 1.0" in page
    assert re.search(r'^baosong_units_total\{outcome="done",unit="judge"\} [1-9]', page, re.M)
    assert re.search(r"^baosong_oldest_job_seconds \d", page, re.M)


def test_the_figures_are_a_sign_of_health(capfd: pytest.CaptureFixture[str]) -> None:
    """A worker that cannot reach its database answers with an error, for whoever only looks at the status; the terminal
    is spared.
    """

    def look() -> engine.EngineState:
        raise AccessError("数据库出错")

    port = Metrics().serve("127.0.0.1", 0, look)
    with pytest.raises(HTTPError) as refused:
        urlopen(f"http://127.0.0.1:{port}/metrics")
    assert refused.value.code == 500
    assert "数据库出错" in refused.value.read().decode()
    assert capfd.readouterr().err == ""


def test_polls_are_spread_over_the_minutes(postgres: Postgres, tmp_path: Path) -> None:
    """Ten offices polled every ten minutes do not all log in at once, and each is polled once in ten minutes."""
    config = load_config(lay_out(tmp_path, "east", postgres.new_database(), mails=0))
    names = [f"office{number}" for number in range(40)]
    polled = [[name for name in names if Unit.POLL in due_units(name, config, minute)] for minute in range(10)]
    assert sorted(name for each in polled for name in each) == sorted(names)
    assert max(map(len, polled)) < 12


def test_offices_that_do_not_belong_together(postgres: Postgres, tmp_path: Path) -> None:
    """Another database, the same name twice, an office with a clock of its own, no office at all: one line each."""
    database = postgres.new_database()
    east = lay_out(tmp_path / "a", "east", database, mails=0)
    again = lay_out(tmp_path / "b", "east", database, mails=0)
    elsewhere = lay_out(tmp_path / "c", "west", postgres.new_database(), mails=0)
    alone = lay_out(tmp_path / "d", "alone", database, mails=0, engine="embedded")
    for files, words in (
        ([east, again], "用了同一个名称"),
        ([east, elsewhere], "同一个数据库"),
        ([alone], 'engine = "procrastinate"'),
        ([tmp_path], "里没有单位"),
    ):
        with pytest.raises(ConfigError, match=words):
            find_offices(files, lambda _: None)
