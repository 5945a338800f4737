"""``baosong init`` from an empty folder to a doctor that finds nothing wrong, on real servers."""

from __future__ import annotations

import os
import pty
import re
import select
import stat
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import openpyxl
import psutil
import pytest
from click.testing import CliRunner, Result
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from pipeline.cli import main_group
from pipeline.config.loading import load_config
from pipeline.config.passwords import SERVICE
from pipeline.errors import BaosongError, ConfigError
from pipeline.register_file import load_register
from tests.flow.township import write_mail
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtpd import ScriptedSmtpd, running_smtpd

pytestmark = pytest.mark.servers

OFFICE = "init@town.test"
Init = Callable[..., Result]


class Ring(KeyringBackend):
    """A keyring that forgets at the end."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring() -> Iterator[Ring]:
    """The system's keyring for one test."""
    before, own = keyring.get_keyring(), Ring()
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


@pytest.fixture
def no_ring() -> Iterator[None]:
    """A system without a keyring."""
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.fixture
def smtpd() -> Iterator[ScriptedSmtpd]:
    with running_smtpd(login=True) as server:
        yield server


@dataclass(frozen=True)
class Desk:
    """An empty folder, with a list of villages on it, and the servers' names."""

    folder: Path
    incoming: str
    outgoing: str

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def servers(self) -> list[str]:
        return ["--mailbox-url", self.incoming, "--outgoing-url", self.outgoing]


@pytest.fixture
def desk(tmp_path: Path, dovecot: Dovecot, smtpd: ScriptedSmtpd, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Where a clerk begins."""
    monkeypatch.chdir(tmp_path)
    for name in ("BAOSONG_MAILBOX_PASSWORD", "BAOSONG_OUTGOING_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    book = openpyxl.Workbook()
    for row in (["村名", "邮箱", "联系人"], ["石桥村", "shiqiao@village.test", "赵甲"], ["青禾村", "", "钱乙"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "名单.xlsx")
    login = OFFICE.replace("@", "%40")
    return Desk(tmp_path, dovecot.url(OFFICE), smtpd.url.replace("://", f"://{login}@"))


def init(*arguments: str, answers: str = "") -> Result:
    """Run the command; its answers are lines."""
    return CliRunner().invoke(main_group, ["init", *arguments], input=answers)


def test_question_by_question(desk: Desk, no_ring: None) -> None:
    """A clerk who mistypes the password once ends with everything in order, and with a file that only he can read."""
    answers = [
        OFFICE,
        "1",  # servers of our own
        desk.incoming,
        desk.outgoing,
        "wrong",
        "1",  # once more
        PASSWORD,
        "名单.xlsx",
        "是",
        "主任 <director@town.test>",
        "",  # the office's name
        "18：00",
        "",
        "5",
        "1",  # systemd
        "1",  # keyring: there is none
    ]
    result = init(answers="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    assert "有问题" not in result.output
    assert PASSWORD not in result.output
    config = load_config(desk.config)
    assert config.mailbox.url.text == desk.incoming
    assert config.schedule.poll_minutes == 5
    assert f"{config.schedule.report_at:%H:%M}" == "18:00"
    assert [each.address for each in config.report.to] == ["director@town.test"]
    assert load_register(config.villages).names == ("石桥村", "青禾村")
    secrets = desk.folder / "baosong.env"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert PASSWORD in secrets.read_text()
    assert PASSWORD not in desk.config.read_text("utf-8")
    assert "EnvironmentFile=" in (desk.folder / "service/baosong.service").read_text("utf-8")


def test_all_by_options(desk: Desk, ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked; the password of the environment is put into the keyring."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", PASSWORD)
    monkeypatch.setenv("BAOSONG_OUTGOING_PASSWORD", PASSWORD)
    options = ["--villages", "名单.xlsx", "--from", "万家镇计生协", "--report-to", "无", "--service", "windows"]
    result = init("--yes", *desk.servers, *options, "--keep-password", "keyring")
    assert result.exit_code == 0, result.output
    assert ring.kept == {(SERVICE, OFFICE): PASSWORD}
    config = load_config(desk.config)
    assert (config.outgoing.sender.name, config.outgoing.sender.address) == ("万家镇计生协", OFFICE)
    assert config.report.to == ()
    assert (desk.folder / "service/baosong-task.xml").exists()
    assert not (desk.folder / "baosong.env").exists()


def test_once_more(desk: Desk, ring: Ring) -> None:
    """What stands is the default, what was written by hand stays, and the keyring's password is not asked for again."""
    ring.kept[SERVICE, OFFICE] = PASSWORD
    init("--yes", *desk.servers, "--villages", "名单.xlsx", "--report-at", "16:30")
    by_hand = (
        desk.config.read_text("utf-8")
        .replace("[report]", "[report]\n# 给主任看\n")
        .replace("[outgoing]", "[outgoing]\nmost_per_hour = 30")
    )
    desk.config.write_text(by_hand, encoding="utf-8")
    before = tomllib.loads(by_hand)
    result = init("--yes", "--poll-minutes", "20")
    assert result.exit_code == 0, result.output
    after = tomllib.loads(desk.config.read_text("utf-8"))
    assert after == before | {"schedule": before["schedule"] | {"poll_minutes": 20}}
    assert "# 给主任看" in desk.config.read_text("utf-8")
    assert desk.config.with_name("config.toml.bak").read_text("utf-8") == by_hand


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "--address"),
        (["--address", "office"], "--address"),
        (["--address", "office@163.com"], "BAOSONG_MAILBOX_PASSWORD"),
        (["--address", "office@163.com", "--skip-login", "--villages", "no.xlsx"], "no.xlsx"),
        (["--address", "office@163.com", "--skip-login", "--report-at", "25:00"], "--report-at"),
        (["--address", "office@163.com", "--skip-login", "--service", "cron"], "systemd"),
        (["--campaign", "no.toml"], "no.toml"),
    ],
)
def test_what_is_missing_is_named(desk: Desk, no_ring: None, arguments: list[str], named: str) -> None:
    """With nobody there to ask: which option is wanted; and no configuration is written."""
    result = init("--yes", *arguments)
    assert isinstance(result.exception, ConfigError)
    assert named in str(result.exception)
    assert not desk.config.exists()


def test_a_refused_login_writes_nothing(desk: Desk, no_ring: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nobody there: the server's refusal with the remedy, and what stood before stands."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "wrong")
    result = init("--yes", *desk.servers, "--villages", "名单.xlsx")
    assert isinstance(result.exception, BaosongError)
    assert not desk.config.exists()


def test_another_account_after_all(desk: Desk, no_ring: None) -> None:
    """Refused, the clerk takes another account; refused again, he goes on without and is told what is wrong."""
    answers = [OFFICE, "1", desk.incoming, desk.outgoing, "wrong", "2", OFFICE, "", "", "wrong", "3"]
    rest = ["名单.xlsx", "", "", "", "", "", "", "3"]
    result = init(answers="\n".join([*answers, *rest, "3"]) + "\n")
    assert result.exit_code == 1, result.output
    assert "有问题  收信邮箱" in result.output
    assert desk.config.exists()


def test_the_last_month_only(
    desk: Desk, ring: Ring, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """How far back the mailbox goes is told."""
    ring.kept[SERVICE, OFFICE] = PASSWORD
    arrived = datetime.now(UTC) - timedelta(days=20)
    dovecot.append(OFFICE, write_mail("a@village.test", "石桥村方案"), received_at=arrived)
    result = init("--yes", *desk.servers, "--villages", "名单.xlsx")
    assert re.search(r"共\d+封，最早的一封是\d{4}年\d+月\d+日", result.output)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("office@163.com", ["imap.163.com", "授权码", "收取全部邮件", "ID"]),
        ("office@126.com", ["imap.126.com", "授权码"]),
        ("office@qq.com", ["imap.qq.com", "授权码", "收取选项"]),
        ("office@139.com", ["imap.139.com", "授权码"]),
        ("office@189.cn", ["imap.189.cn"]),
        ("office@sina.com", ["imap.sina.com", "授权码"]),
        ("office@aliyun.com", ["imap.aliyun.com"]),
    ],
)
def test_the_providers_habits_are_told(desk: Desk, no_ring: None, address: str, words: list[str]) -> None:
    """Host, what the password is called and how to come by it, before anybody tries to log in."""
    result = init("--skip-login", answers=f"{address}\n")
    assert [word for word in words if word not in result.output] == []


@pytest.mark.parametrize(("number", "host"), [("2", "imap.qiye.163.com"), ("3", "imap.exmail.qq.com")])
def test_an_enterprise_mailbox(desk: Desk, no_ring: None, number: str, host: str) -> None:
    """A domain of one's own at a provider that is known by its hosts."""
    result = init("--skip-login", answers=f"office@town.test\n{number}\n")
    assert f"收信 {host}:993" in result.output


def test_at_a_terminal(desk: Desk, dovecot: Dovecot) -> None:
    """On a real terminal the password is not shown, and Ctrl+C leaves everything as it was."""
    leader, follower = pty.openpty()
    # Whatever started these tests may ignore SIGINT, as a shell does for what it puts in the background.
    program = ["env", "--default-signal=INT", sys.executable, "-m", "pipeline", "--config", str(desk.config), "init"]
    environment = os.environ | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    root = Path(__file__).parent.parent.parent
    running = subprocess.Popen(
        program,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        cwd=root,
        env=environment,
        start_new_session=True,
    )
    os.close(follower)
    seen = ""

    def wait_for(words: str) -> None:
        nonlocal seen
        until = time.monotonic() + 60
        while words not in seen:
            assert time.monotonic() < until, seen
            if select.select([leader], [], [], 1)[0]:
                seen += os.read(leader, 4096).decode("utf-8", "replace")

    try:
        for question, answer in (
            ("收信邮箱地址", OFFICE),
            ("请选择序号", "1"),
            ("收信服务器", desk.incoming),
            ("发信服务器", desk.outgoing),
            ("不显示", PASSWORD),
        ):
            wait_for(question)
            os.write(leader, answer.encode() + b"\n")
        wait_for("发信：登录成功")
        wait_for("村名册文件")
        assert PASSWORD not in seen
        # Between the question and its wait for the answer readline misses a signal: nobody is as quick as that.
        while running.poll() is None and psutil.Process(running.pid).status() != psutil.STATUS_SLEEPING:
            time.sleep(0.01)
        os.kill(running.pid, 2)
        assert running.wait(90) == 130
    finally:
        running.kill()
        os.close(leader)
    assert not desk.config.exists()
