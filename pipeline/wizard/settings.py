"""What was answered -> ``config.toml``, with its comments; what stands there already and was not asked for stays."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from pipeline.errors import AccessError

_FRESH = """\
# 报送系统的配置。改完后请运行：baosong doctor
# 密码不写在这里：存在系统密码库，或环境变量 BAOSONG_MAILBOX_PASSWORD、BAOSONG_OUTGOING_PASSWORD 里。

# 收什么、何时截止、怎样核对
campaign = ""
# 村名册
villages = ""
# 台账
database = "sqlite:///baosong.db"
# 收到的邮件和附件
cache = "inbox_cache"

# 收信邮箱
[mailbox]
address = ""
url = ""

# 发信
[outgoing]
url = ""
# 各村看到的发信人名称和邮箱
from = ""
# 一小时最多发几封，多出的自动顺延，并在日报中提示
# most_per_hour = 200

[schedule]
# 每几分钟收一次信
poll_minutes = 10
# 每天提醒未报各村的时间（哪几天提醒，在活动规则里写）
remind_at = "09:00"
# 每天出日报的时间
report_at = "17:30"

[report]
# 日报放在哪个文件夹
folder = "reports"
# 日报寄给谁，例如 ["主任 <director@163.com>"]
to = []
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the wizard asked for."""

    campaign: str
    villages: str
    mailbox: Mapping[str, str]  # url or address
    outgoing: Mapping[str, str]  # url, address or neither
    sender: str
    report_to: Sequence[str]
    report_at: str
    remind_at: str
    poll_minutes: int


def read_old(file: Path) -> dict[str, Any]:
    """What stands in the file now; nothing where there is none or it cannot be read."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError):  # ValueError: broken TOML, or no UTF-8
        return {}


def old_value(old: Mapping[str, Any], *names: str, default: str = "") -> str:
    """A value of the old file as it would be typed."""
    value: Any = old
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return default if value is None or isinstance(value, Mapping | list) else str(value)


def write_settings(old: str, answers: Answers) -> str:
    """The file's new text: the old one with the answers in their places, or a new one."""
    try:
        document = tomlkit.parse(old) if old.strip() else tomlkit.parse(_FRESH)
    except TOMLKitError:
        document = tomlkit.parse(_FRESH)
    document["campaign"], document["villages"] = answers.campaign, answers.villages
    for section, wanted in (("mailbox", answers.mailbox), ("outgoing", answers.outgoing)):
        table = _table(document, section)
        for key in ("url", "address"):
            if key in wanted:
                table[key] = wanted[key]
            elif key in table:
                del table[key]
    _table(document, "outgoing")["from"] = answers.sender
    schedule = _table(document, "schedule")
    schedule["poll_minutes"] = answers.poll_minutes
    schedule["remind_at"], schedule["report_at"] = answers.remind_at, answers.report_at
    _table(document, "report")["to"] = list(answers.report_to)
    return tomlkit.dumps(document)


def _table(document: tomlkit.TOMLDocument, name: str) -> Any:
    if name not in document:
        document[name] = tomlkit.table()
    return document[name]


def replace_file(file: Path, octets: bytes) -> Path | None:
    """Write a file; where another one stood, that is kept beside it as ``.bak``: its path. Raises AccessError."""
    kept = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.read_bytes() != octets:
            kept = file.with_name(f"{file.name}.bak")
            file.replace(kept)
        file.write_bytes(octets)
    except OSError as error:
        raise AccessError(f"文件写不进去（{error.strerror}），请检查权限和磁盘空间：{file}") from error
    return kept
