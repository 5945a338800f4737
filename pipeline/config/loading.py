"""``config.toml`` -> :class:`~pipeline.config.Config`: strict; every complaint names file, line, key and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from importlib.util import find_spec
from pathlib import Path

from pipeline.config import Config, NoticesConfig, ReportConfig, ScanConfig, ScheduleConfig
from pipeline.config.accounts import (
    find_incoming,
    find_login,
    find_outgoing,
    make_mailbox,
    make_mailboxes,
    make_outgoing,
)
from pipeline.config.urls import parse_address
from pipeline.config.written import Written, WrittenDatabase
from pipeline.errors import INSTALL_PROVINCE
from pipeline.tomlfile import complain, read_model

_TAKEN_NAMES = frozenset({"public", "information_schema", "baosong_engine"})  # schemas of others


def load_config(path: Path) -> Config:
    """The settings of this file. Raises ConfigError for whatever is wrong, the first fault first."""
    settings, text = read_model(path, "配置文件", Written)
    base = path.absolute().parent

    @contextmanager
    def key(*names: str) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            raise complain(path, text, names, str(error)) from error

    with key("campaign"):
        campaign = _existing_file(base, settings.campaign)
    with key("villages"):
        villages = _existing_file(base, settings.villages)
    with key("database"):
        database = _database_url(base, settings.database)
    with key("office"):
        office = office_name(settings.office, database)
    with key("engine"):
        distributed = _is_distributed(settings.engine, office)
    with key("cache"):
        cache, bucket = _cache_place(base, settings.cache)
    with key("mailbox", "url" if settings.mailbox.url else "address"):
        url = find_incoming(settings.mailbox, base)
    mailbox = make_mailbox(settings.mailbox, url)
    with key("mailboxes"):
        more_mailboxes = make_mailboxes(settings.mailboxes, mailbox, base)
    with key("outgoing", "url" if settings.outgoing.url else "address"):
        outgoing_url = find_outgoing(settings.outgoing, base, url)
    with key("outgoing", "from"):
        sender = parse_address(settings.outgoing.sender or "", default=find_login(outgoing_url, url))
    with key("outgoing", "keep_sent"):
        if settings.outgoing.keep_sent and url.scheme not in ("imap", "imaps"):
            raise ValueError("只有 IMAP 邮箱能存“已发送”，请改为 false，或把 [mailbox] url 改为 imaps:// 开头")
    with key("schedule", "report_at"):
        report_at = _time_of_day(settings.schedule.report_at)
    with key("schedule", "remind_at"):
        remind_at = _time_of_day(settings.schedule.remind_at)
    with key("scan", "clamd"):
        scan = _scan(settings.scan.clamd) if settings.scan else None
    with key("report", "to"):
        readers = tuple(parse_address(each) for each in settings.report.to)
    with key("notices", "channels"):
        channels = tuple(_channel(each) for each in settings.notices.channels)
    return Config(
        file=path.absolute(),
        campaign=campaign,
        villages=villages,
        database=database,
        office=office,
        distributed=distributed,
        cache=cache,
        bucket=bucket,
        mailbox=mailbox,
        outgoing=make_outgoing(settings.outgoing, outgoing_url, sender),
        schedule=ScheduleConfig(
            settings.schedule.poll_minutes,
            report_at,
            remind_at,
            settings.schedule.alarm_minutes,
            settings.schedule.watch,
        ),
        report=ReportConfig(_beside(base, settings.report.folder), readers),
        scan=scan,
        notices=NoticesConfig(channels),
        more_mailboxes=more_mailboxes,
    )


def load_database(path: Path) -> str:
    """The database alone, as :attr:`Config.database`, of a file that need not be an office's."""
    settings, text = read_model(path, "配置文件", WrittenDatabase)
    try:
        return _database_url(path.absolute().parent, settings.database)
    except ValueError as error:
        raise complain(path, text, ("database",), str(error)) from error


def are_installed(*modules: str) -> bool:
    """Whether these modules can be imported; loads none of them."""
    return all(find_spec(module) is not None for module in modules)


# Each of these raises ValueError with a Chinese sentence; load_config adds file, line and key.


def _beside(base: Path, written: str) -> Path:
    return base / Path(written).expanduser()


def _existing_file(base: Path, written: str) -> Path:
    path = _beside(base, written)
    if not path.is_file():
        raise ValueError(f"找不到文件 {path}，请检查路径（相对路径从配置文件所在目录算起）")
    return path


def _database_url(base: Path, written: str) -> str:
    scheme, separator, rest = written.partition("://")
    if scheme == "postgresql+psycopg" and separator and rest:
        if not are_installed("psycopg", "psycopg2"):
            raise ValueError(f"没有安装 PostgreSQL 的驱动，{INSTALL_PROVINCE}")
        return written
    if scheme != "sqlite" or not rest.startswith("/") or rest in {"/", "/:memory:"}:
        raise ValueError("写法有误，请写 sqlite:///baosong.db，或 postgresql+psycopg://用户名@主机/库名")
    path, question, options = rest[1:].partition("?")
    return f"sqlite:///{_beside(base, path).as_posix()}{question}{options}"


def office_name(written: str, database: str) -> str:
    """The name as it may be that of a schema in this database; ValueError."""
    if written and database.startswith("sqlite"):
        raise ValueError("只在 PostgreSQL 数据库里使用；用 SQLite 时每个单位一个数据库文件，请删去这一行")
    if written and (not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", written) or written in _TAKEN_NAMES):
        raise ValueError("请用小写英文字母开头、由小写字母、数字和下划线组成的名称，例如 wanzhang")
    return written


def _is_distributed(written: str, office: str) -> bool:
    match written:
        case "embedded":
            return False
        case "procrastinate":
            if not office:
                raise ValueError('由 baosong worker 处理时，数据库必须是 PostgreSQL，并写明 office = "本单位的代号"')
            if not are_installed("procrastinate"):
                raise ValueError(f"没有安装 procrastinate，{INSTALL_PROVINCE}")
            return True
    raise ValueError("只能是 embedded（本机处理）或 procrastinate（由 baosong worker 处理）")


def _cache_place(base: Path, written: str) -> tuple[Path, str]:
    """The folder, and the bucket before which it stands."""
    scheme, separator, rest = written.partition("://")
    if separator and (scheme != "s3" or not rest.strip("/")):
        raise ValueError("写法有误，请写本机目录，例如 inbox_cache，或对象存储的 s3://桶名/前缀")
    bucket = written.rstrip("/") if separator else ""
    path = _beside(base, "inbox_cache" if bucket else written)
    if path.exists() and not path.is_dir():
        raise ValueError(f"{path} 是文件而不是目录，请换一个目录名")
    return path, bucket


def _time_of_day(written: str) -> time:
    try:
        hour, minute = written.replace("：", ":").split(":")
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError('时刻写法有误，请写成 "17:30" 这样') from None


def _scan(written: str) -> ScanConfig:
    if written.startswith("/"):
        return ScanConfig(written)
    host, colon, port = written.rpartition(":")
    if not (colon and host and port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError("写法有误，请写套接字文件 /run/clamav/clamd.ctl，或 主机:端口，例如 127.0.0.1:3310")
    return ScanConfig(written, host.strip("[]"), int(port))


def _channel(written: str) -> str:
    if "://" in written:
        raise ValueError(
            "群机器人的地址等于密码，不写在这里；这里只起名字，例如 wecom，地址设在环境变量 BAOSONG_NOTICES_WECOM"
        )
    if not re.fullmatch(r"[a-z][a-z0-9_]*", written):
        raise ValueError(f"“{written}”不能作渠道名，请用小写英文字母开头，例如 wecom、dingtalk、feishu、telegram")
    return written
