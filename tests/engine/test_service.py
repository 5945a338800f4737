"""`baosong run` as a process of its own, and its rounds one by one."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import pytest

from pipeline.cli import main
from pipeline.engine.daily import remind_if_due, report_if_due
from pipeline.engine.desk import REST_AFTER_REFUSAL, Desk, make_round
from pipeline.fetching import fetch
from pipeline.office import Office, open_office
from tests.flow.township import lay_out_office, plan, write_mail
from tests.servers.smtpd import running_smtpd

ROOT = Path(__file__).parents[2]
BEIJING = ZoneInfo("Asia/Shanghai")
_DAILY = '\n[report]\nto = ["director@town.test"]\n[schedule]\nreport_at = "{}"\n'


def command(config: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "--config", str(config), *arguments]


@dataclass
class Service:
    """A running `baosong run`."""

    process: subprocess.Popen[str]
    lines: queue.Queue[str]

    def says(self, words: str) -> str:
        """The next line with these words."""
        until = time.monotonic() + 90
        while words not in (line := self.lines.get(timeout=max(0.0, until - time.monotonic()))):
            pass
        return line

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Exit status; fails where it takes more than a few seconds."""
        self.process.send_signal(number)
        return self.process.wait(10)


def _read(stream: IO[str], lines: queue.Queue[str]) -> None:
    for line in stream:
        lines.put(line)


@contextmanager
def running(config: Path) -> Iterator[Service]:
    process = subprocess.Popen(
        command(config, "run"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, encoding="utf-8"
    )
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    reader = threading.Thread(target=_read, args=(process.stdout, lines))
    reader.start()
    try:
        yield Service(process, lines)
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def put_mail(config: Path, name: str, village: str = "石桥村") -> None:
    """A mail with a plan into the office's folder, whole at once."""
    mail = write_mail(
        "shiqiao@village.test",
        f"{village}活动方案 {name}",
        ("方案.docx", plan(village)),
        message_id=f"<{name}@village.test>",
        arrived=datetime(2023, 5, 4, 9, tzinfo=BEIJING),
    )
    unfinished = config.parent / f"{name}.part"
    unfinished.write_bytes(mail)
    unfinished.rename(config.parent / "mailbox" / f"{name}.eml")


def sent(config: Path) -> list[Path]:
    return sorted((config.parent / "outgoing" / "new").glob("*"))


def test_it_answers_and_stops_on_sigterm(tmp_path: Path) -> None:
    """Mail is answered in the first round; a second service is refused in one line; SIGTERM ends it with status 0."""
    config = lay_out_office(tmp_path)
    put_mail(config, "1")
    with running(config) as service:
        service.says("已开始：每10分钟收一次信")
        assert "新收1封，核对1封，寄出1封" in service.says("新收")
        second = subprocess.run(
            command(config, "run"), capture_output=True, text=True, cwd=ROOT, encoding="utf-8", timeout=30, check=False
        )
        assert second.returncode == 1
        assert second.stdout == ""
        assert second.stderr.count("\n") == 1
        assert "已经在运行" in second.stderr
        assert service.stop() == 0
        assert service.says("已停止")
    assert len(sent(config)) == 1


def test_a_failing_round_does_not_end_it(tmp_path: Path) -> None:
    """The mailbox's folder is gone: one line says so, and the service lives on until Ctrl+C."""
    config = lay_out_office(tmp_path)
    (tmp_path / "mailbox").rmdir()
    with running(config) as service:
        assert "收信" in service.says("需要处理")
        time.sleep(0.2)
        assert service.process.poll() is None
        assert service.stop(signal.SIGINT) == 0


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_cut_off_in_the_middle(tmp_path: Path, end: signal.Signals, capsys: pytest.CaptureFixture[str]) -> None:
    """Stopped or killed while it judges: whoever takes up the work answers each mail, and none twice."""
    config = lay_out_office(tmp_path)
    names = [f"{number}" for number in range(9)]  # fewer than are answered to one address a day
    for name in names:
        put_mail(config, name)
    with running(config) as service:
        service.says("已开始")
        until = time.monotonic() + 30
        # The plan's own octets, the same in every mail, are kept when the first mail is judged.
        while len(list((tmp_path / "inbox_cache").glob("??/*"))) <= len(names):
            assert time.monotonic() < until
            time.sleep(0.005)
        status = service.stop(end)
    assert status == (0 if end is signal.SIGTERM else -signal.SIGKILL)
    assert len(sent(config)) < len(names)
    assert main(["--config", str(config), "poll"]) == 0
    capsys.readouterr()
    assert main(["--config", str(config), "messages", "--json"]) == 0
    messages = json.loads(capsys.readouterr().out)["messages"]
    assert sorted(each["message_id"] for each in messages) == [f"<{name}@village.test>" for name in names]
    answered = [each["message_id"] for each in messages if each["reply"]["state"] == "sent"]
    assert len(answered) == len(sent(config)) == len(names)


# --- rounds, one by one -----------------------------------------------------------------------------------------------


@dataclass
class Clock:
    """A clock that stands until it is set."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class Said:
    lines: list[str] = field(default_factory=list)

    def __call__(self, line: str) -> None:
        self.lines.append(line)


def desk_of(config: Path, clock: Clock) -> tuple[Desk, Said]:
    said = Said()
    return Desk(open_office(config, clock), said), said


def test_a_refused_login_rests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password is not tried with every round; mail is still taken in, and answered when the rest is over."""
    monkeypatch.setenv("BAOSONG_OUTGOING_PASSWORD", "secret")
    clock = Clock(datetime(2023, 5, 4, 10, tzinfo=BEIJING))
    with running_smtpd(login=True) as smtpd:
        smtpd.auth.append("535 Error: authentication failed")
        config = lay_out_office(tmp_path, outgoing=smtpd.url.replace("//", "//office%40town.test@"))
        desk, said = desk_of(config, clock)
        put_mail(config, "1")
        make_round(desk)
        assert any("30分钟内不再尝试发信" in line for line in said.lines)
        clock.moment += timedelta(minutes=20)
        put_mail(config, "2")
        make_round(desk)
        assert said.lines[-1].endswith("新收1封，核对1封，寄出0封")
        assert len(smtpd.logins) == 1
        clock.moment += REST_AFTER_REFUSAL
        make_round(desk)
        assert said.lines[-1].endswith("新收0封，核对0封，寄出2封")
        assert (len(smtpd.logins), len(smtpd.taken)) == (2, 2)


def test_the_report_is_written_once_a_day(tmp_path: Path) -> None:
    """Not before its time, once after it, and mailed to its reader; a page made by hand in the morning is no report."""
    config = lay_out_office(tmp_path, more=_DAILY.format("17:30"))
    clock = Clock(datetime(2023, 5, 4, 17, 29, tzinfo=BEIJING))
    desk, said = desk_of(config, clock)
    page = tmp_path / "reports" / "2023-05-04-2023-529.html"
    report_if_due(desk)
    assert not page.exists()
    page.parent.mkdir()
    page.write_text("by hand", encoding="utf-8")
    os.utime(page, (clock.moment.timestamp(),) * 2)
    clock.moment += timedelta(minutes=2)
    report_if_due(desk)
    assert page.read_text("utf-8") != "by hand"
    assert page.with_suffix(".xlsx").exists()
    assert [line[15:] for line in said.lines] == [f"日报已生成：{page}", "新收0封，核对0封，寄出1封"]
    clock.moment += timedelta(minutes=10)
    report_if_due(desk)
    assert len(said.lines) == 2
    assert len(sent(config)) == 1


def test_what_the_operator_must_mend_quarantines_nothing(tmp_path: Path) -> None:
    """Octets that are gone from the cache keep nobody else waiting, and are judged when the backup is back."""
    config = lay_out_office(tmp_path, outgoing="maildir:outgoing")
    desk, said = desk_of(config, Clock(datetime(2023, 5, 4, 10, tzinfo=BEIJING)))
    put_mail(config, "1")
    hidden = _fetch_and_hide(desk.office)
    put_mail(config, "2", "青禾村")
    for _ in range(4):
        make_round(desk)
    assert "新收1封，核对1封，寄出1封" in said.lines[0]
    assert all("核对0封" in line for line in said.lines[2::2])
    hidden.rename(hidden.with_suffix(""))
    make_round(desk)
    assert said.lines[-1].endswith("新收0封，核对1封，寄出1封")


def _fetch_and_hide(office: Office) -> Path:
    """Fetch the one mail there is, and take its octets out of the cache."""
    assert fetch(office).new == 1
    (digest,) = office.cache.digests()
    return office.cache.path(digest).rename(office.cache.path(digest).with_suffix(".hidden"))


def test_reminders_go_once_on_their_day(tmp_path: Path) -> None:
    """Not before the hour, once after it, after all mail is read; a mailbox that cannot be read puts them off."""
    config = lay_out_office(tmp_path, more='\n[schedule]\nremind_at = "10:00"\n')
    clock = Clock(datetime(2023, 5, 5, 9, 59, tzinfo=BEIJING))
    desk, said = desk_of(config, clock)
    remind_if_due(desk)
    assert said.lines == []
    clock.moment += timedelta(minutes=1)
    (tmp_path / "mailbox").rename(tmp_path / "gone")
    remind_if_due(desk)
    assert "提醒推迟" in said.lines[-1]
    remind_if_due(desk)
    assert "提醒推迟" in said.lines[-1]
    assert len(said.lines) == 3
    (tmp_path / "gone").rename(tmp_path / "mailbox")
    (tmp_path / "mailbox" / "1.eml").write_bytes(
        write_mail("shiqiao@village.test", "石桥村方案", ("方案.docx", plan("石桥村")), arrived=clock.moment)
    )
    clock.moment += timedelta(minutes=11)
    remind_if_due(desk)
    assert any(line.endswith("提醒2个村") for line in said.lines)
    assert len(sent(config)) == 3  # an answer and two reminders
    clock.moment += timedelta(hours=1)
    remind_if_due(desk)
    again, _ = desk_of(config, clock)  # started anew
    remind_if_due(again)
    assert len(sent(config)) == 3


def test_a_mailbox_out_of_reach_holds_reminders_for_an_hour(tmp_path: Path) -> None:
    """It was read at half past nine and is gone: at eleven they go out, by what came until then."""
    config = lay_out_office(tmp_path)
    clock = Clock(datetime(2023, 5, 5, 9, 30, tzinfo=BEIJING))
    desk, said = desk_of(config, clock)
    make_round(desk)
    (tmp_path / "mailbox").rmdir()
    clock.moment += timedelta(minutes=30)
    remind_if_due(desk)
    assert "提醒推迟" in said.lines[-1]
    clock.moment += timedelta(hours=1)
    remind_if_due(desk)
    assert any("按05-05 09:30以前收到的材料发出" in line for line in said.lines)
    assert any(line.endswith("提醒3个村") for line in said.lines)


@pytest.mark.parametrize("moment", [datetime(2023, 5, 1, 10, tzinfo=BEIJING), datetime(2023, 5, 5, 21, tzinfo=BEIJING)])
def test_no_reminders_on_holidays_or_at_night(tmp_path: Path, moment: datetime) -> None:
    """A service that wakes up late waits for the next day of work."""
    config = lay_out_office(tmp_path)
    desk, said = desk_of(config, Clock(moment))
    remind_if_due(desk)
    assert said.lines == []
    assert sent(config) == []
