"""Notices beside mail, to a robot that listens on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.channels import check_channels, notify
from pipeline.cli import main
from pipeline.config import Config
from pipeline.config.loading import load_config
from pipeline.engine.daily import report_if_due
from pipeline.engine.desk import Desk, make_round
from pipeline.errors import AccessError, ConfigError
from pipeline.office import open_office
from tests.flow.township import lay_out_office, plan, write_mail
from tests.servers.ports import free_port


@dataclass
class Robot:
    """A group's robot: what it was told, and with which status it answers."""

    url: str = ""
    status: int = 200
    told: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def robot() -> Iterator[Robot]:
    """A robot that speaks HTTP."""
    robot = Robot()

    class _Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            robot.told.append(json.loads(body))
            self.send_response(robot.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    robot.url = f"json://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield robot
    server.shutdown()
    thread.join()
    server.server_close()


def _configured(folder: Path, channels: str) -> Config:
    config = lay_out_office(folder)
    with config.open("a", encoding="utf-8") as file:
        file.write(f"\n[notices]\nchannels = {channels}\n")
    return load_config(config)


def test_every_channel_is_told(tmp_path: Path, robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Title and text arrive; the secret address comes from the environment, under the channel's own name."""
    monkeypatch.setenv("BAOSONG_NOTICES_WECOM", robot.url)
    monkeypatch.setenv("BAOSONG_NOTICES_GROUP_2", f" {robot.url} ")
    config = _configured(tmp_path, '["wecom", "group_2"]')
    check_channels(config)
    assert robot.told == []
    assert notify(config, "收信中断", "已经三十分钟没有收到信") == ()
    assert [(each["title"], each["message"]) for each in robot.told] == [("收信中断", "已经三十分钟没有收到信")] * 2


def test_a_channel_that_fails_stops_no_other(tmp_path: Path, robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is away, refuses, or has no address is named to the operator, without its secret; the rest are told."""
    monkeypatch.setenv("BAOSONG_NOTICES_AWAY", f"json://127.0.0.1:{free_port()}/secret-key")
    monkeypatch.delenv("BAOSONG_NOTICES_NOWHERE", raising=False)
    monkeypatch.setenv("BAOSONG_NOTICES_ODD", "https://town.test/secret-key")
    monkeypatch.setenv("BAOSONG_NOTICES_HERE", robot.url)
    config = _configured(tmp_path, '["away", "nowhere", "odd", "here"]')
    troubles = notify(config, "收信中断", "请看")
    assert len(robot.told) == 1
    assert [name for line in troubles for name in ("away", "nowhere", "odd") if f"{name}" in line] == [
        "away",
        "nowhere",
        "odd",
    ]
    assert "BAOSONG_NOTICES_NOWHERE" in troubles[1]
    assert "secret-key" not in "".join(troubles)
    robot.status = 500
    assert len(notify(config, "收信中断", "请看")) == 4


def test_without_channels_nothing_is_done(tmp_path: Path) -> None:
    """Most offices have none."""
    assert notify(load_config(lay_out_office(tmp_path)), "收信中断", "请看") == ()


def test_long_text_is_cut(tmp_path: Path, robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than the narrowest robot takes, in octets."""
    monkeypatch.setenv("BAOSONG_NOTICES_WECOM", robot.url)
    notify(_configured(tmp_path, '["wecom"]'), "日报", "村" * 5000)
    assert len(robot.told[0]["message"].encode()) < 2048
    assert robot.told[0]["message"].endswith("村……")


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0a1b2c3d-0000-4000-8000-000000000000", id="企业微信"
        ),
        pytest.param("https://oapi.dingtalk.com/robot/send?access_token=" + "0a" * 32, id="钉钉"),
        pytest.param("dingtalk://SEC0a1b@" + "0a" * 32, id="钉钉加签"),
        pytest.param("https://open.feishu.cn/open-apis/bot/v2/hook/0a1b2c3d-0000-4000-8000-000000000000", id="飞书"),
        pytest.param("tgram://123456789:abcdefghijklmnopqrstuvwxyzabcdefgh/12345", id="Telegram"),
    ],
)
def test_addresses_as_the_robots_pages_show_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """What a clerk copies from the group's settings is understood as it is."""
    monkeypatch.setenv("BAOSONG_NOTICES_WORK", address)
    check_channels(_configured(tmp_path, '["work"]'))
    monkeypatch.setenv("BAOSONG_NOTICES_WORK", address.replace("//", "//x.", 1) + "/?")
    if address.startswith("https"):
        with pytest.raises(AccessError, match="work"):
            check_channels(_configured(tmp_path, '["work"]'))


@pytest.mark.parametrize(
    "written", ["企业微信", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0a1b", "a b", ""]
)
def test_a_secret_in_the_file_is_refused(tmp_path: Path, written: str) -> None:
    """The configuration names channels; whoever knows an address can write to the group."""
    with pytest.raises(ConfigError) as caught:
        _configured(tmp_path, f'["{written}"]')
    assert caught.value.key.startswith("notices.channels")
    assert "0a1b" not in str(caught.value)


def test_a_trial_from_the_command_line(
    tmp_path: Path, robot: Robot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`baosong notify` tells whether it arrived, by words and exit status."""
    monkeypatch.setenv("BAOSONG_NOTICES_WECOM", robot.url)
    config = str(_configured(tmp_path, '["wecom"]').file)
    assert main(["--config", config, "notify", "试一试"]) == 0
    assert robot.told[0]["message"] == "试一试"
    robot.status = 403
    assert main(["--config", config, "notify"]) == 1
    assert "wecom" in capsys.readouterr().err


def test_the_days_report_in_brief(tmp_path: Path, robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the daily report the group gets its headline and what waits for a person; once a day."""
    monkeypatch.setenv("BAOSONG_NOTICES_WECOM", robot.url)
    config = _configured(tmp_path, '["wecom"]')
    moment = datetime(2023, 5, 9, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
    desk = Desk(open_office(config.file, lambda: moment), lambda _: None)
    report_if_due(desk)
    (told,) = robot.told
    assert told["title"].startswith("【日报】5月9日")
    assert "石桥村" in told["message"]


def test_what_is_stuck_is_told(tmp_path: Path, robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way out is away for hours: the group is told once, and once more when letters go out again."""
    monkeypatch.setenv("BAOSONG_NOTICES_WECOM", robot.url)
    config = lay_out_office(tmp_path, outgoing=f"smtp://127.0.0.1:{free_port()}")
    with config.open("a", encoding="utf-8") as file:
        file.write('\n[notices]\nchannels = ["wecom"]\n')
    moment = datetime(2023, 5, 5, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    mail = write_mail("shiqiao@village.test", "石桥村方案", ("方案.docx", plan("石桥村")), arrived=moment)
    (tmp_path / "mailbox" / "1.eml").write_bytes(mail)
    desk = Desk(open_office(config, lambda: moment), lambda _: None)
    for _ in range(4):
        moment += timedelta(hours=2)
        make_round(desk)
    assert [each["title"] for each in robot.told] == ["报送系统：有事需要处理"]
    lay_out_office(tmp_path)
    with config.open("a", encoding="utf-8") as file:
        file.write('\n[notices]\nchannels = ["wecom"]\n')
    desk.office = open_office(config, lambda: moment)
    make_round(desk)
    assert [each["title"] for each in robot.told][1:] == ["报送系统：已恢复正常"]
