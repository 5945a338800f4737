"""``config.toml`` -> :class:`Config`: strict, typed, frozen; every complaint names file, line, key and remedy.

Passwords never stand in the file; :mod:`pipeline.passwords` finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pipeline.account import MailUrl, parse_address, parse_mail_url
from pipeline.model import Address
from pipeline.providers import IMAP_PORT, SMTP_PORT, Provider, find_provider, provider_of_host
from pipeline.tomlfile import complain, read_model

INCOMING = ("imaps", "imap", "pop3s", "maildir", "eml")
OUTGOING = ("smtps", "smtp", "maildir")
_TAKEN_NAMES = frozenset({"public", "information_schema", "baosong_engine"})  # schemas of others


@dataclass(frozen=True, slots=True)
class MailboxConfig:
    """Where messages come from."""

    url: MailUrl
    folders: tuple[str, ...] = ()  # decoded names; empty: all that may hold mail from outside
    timeout: float = 60.0  # seconds without an answer
    since: date | None = None  # what arrived before this day is left alone
    provider: Provider | None = None
    authserv_ids: tuple[str, ...] = ()  # names, or domains of names, of our receiving servers (RFC 8601 section 2.5)
    first: bool = True  # the office's own, in [mailbox]; not one of [[mailboxes]]

    @property
    def receiving_servers(self) -> tuple[str, ...]:
        """Whose Authentication-Results are believed; the provider's own, where nothing is set. Empty: nobody knows."""
        return self.authserv_ids or tuple(sorted(self.provider.own_domains if self.provider else ()))


@dataclass(frozen=True, slots=True)
class OutgoingConfig:
    """Where letters go."""

    url: MailUrl
    sender: Address
    timeout: float = 60.0
    seconds_between_mails: float = 0.0
    mails_per_connection: int = 10
    most_per_hour: int = 200  # of all letters together: whatever goes wrong, no flood leaves this office
    keep_sent: bool = False  # whether a copy goes into the mailbox's folder of sent mail
    sent_folder: str = ""  # its decoded name; empty: the one that the server or its name tells
    provider: Provider | None = None


@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """When the service does what; times of day in the campaign's time zone."""

    poll_minutes: int
    report_at: time
    remind_at: time
    alarm_minutes: int  # so long without reaching the mailbox, and the coordinator is told
    watch: bool  # between polls, wait for the server's own notice of new mail where it gives one


@dataclass(frozen=True, slots=True)
class ReportConfig:
    """The coordinator's daily report."""

    folder: Path
    to: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class ScanConfig:
    """Where the virus scanner listens: a socket's path, or a host and port."""

    place: str
    host: str = ""
    port: int = 0
    timeout: float = 120.0


@dataclass(frozen=True, slots=True)
class NoticesConfig:
    """Where the coordinator is told beside mail. The channels' addresses are secrets: :mod:`pipeline.passwords`."""

    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. Paths are absolute."""

    file: Path
    campaign: Path
    villages: Path
    database: str  # SQLAlchemy url
    office: str  # the schema of this office in a database of many; "" where it is alone
    distributed: bool  # its work is done by workers of the distributed engine in that database
    cache: Path  # the folder; of a bucket this machine's copies
    bucket: str  # s3://…, where the cache is shared; "" where the folder is all
    mailbox: MailboxConfig
    outgoing: OutgoingConfig
    schedule: ScheduleConfig
    report: ReportConfig
    scan: ScanConfig | None = None  # None: no virus scanner
    notices: NoticesConfig = NoticesConfig()
    more_mailboxes: tuple[MailboxConfig, ...] = ()  # whose mail is read as well; letters go out as ever

    @property
    def mailboxes(self) -> tuple[MailboxConfig, ...]:
        """All that are read, the office's own first."""
        return (self.mailbox, *self.more_mailboxes)


def load_config(path: Path) -> Config:
    """The settings of this file. Raises ConfigError for whatever is wrong, the first fault first."""
    settings, text = read_model(path, "配置文件", _Settings)
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
        url = _incoming_url(settings.mailbox, base)
    mailbox = _mailbox(settings.mailbox, url)
    with key("mailboxes"):
        more_mailboxes = _more_mailboxes(settings.mailboxes, mailbox, base)
    with key("outgoing", "url" if settings.outgoing.url else "address"):
        outgoing_url = _outgoing_url(settings.outgoing, base, url)
    with key("outgoing", "from"):
        sender = parse_address(settings.outgoing.sender or "", default=_login_address(outgoing_url, url))
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
        outgoing=_outgoing(settings.outgoing, outgoing_url, sender),
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


# --- the file's own shape -------------------------------------------------------------------------------------------


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Text = Annotated[str, Field(min_length=1)]


class _Mailbox(_Strict):
    url: Text | None = None
    address: Text | None = None
    folders: list[Text] = []
    timeout: float = Field(60.0, ge=1, le=3600)
    since: date | None = None
    authserv_ids: list[Text] = []


class _Outgoing(_Strict):
    url: Text | None = None
    address: Text | None = None
    sender: Text | None = Field(None, alias="from")
    timeout: float = Field(60.0, ge=1, le=3600)
    seconds_between_mails: float | None = Field(None, ge=0, le=3600)
    mails_per_connection: int | None = Field(None, ge=1, le=1000)
    most_per_hour: int = Field(200, ge=1, le=10_000)
    keep_sent: bool = False
    sent_folder: Text | None = None


class _Schedule(_Strict):
    poll_minutes: int = Field(10, ge=1, le=1440)
    report_at: Text = "17:30"
    remind_at: Text = "09:00"
    alarm_minutes: int = Field(60, ge=5, le=10_080)
    watch: bool = True


class _Report(_Strict):
    to: list[Text] = []
    folder: Text = "reports"


class _Scan(_Strict):
    clamd: Text


class _Notices(_Strict):
    channels: list[Text] = []


class _Settings(BaseSettings):
    """The whole file. An environment variable wins over it: BAOSONG_DATABASE, BAOSONG_MAILBOX__URL."""

    model_config = SettingsConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        env_prefix="BAOSONG_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
    )

    campaign: Text
    villages: Text
    database: Text = "sqlite:///baosong.db"
    office: str = ""
    engine: Text = "embedded"
    cache: Text = "inbox_cache"
    mailbox: _Mailbox
    mailboxes: list[_Mailbox] = []
    outgoing: _Outgoing = _Outgoing()
    schedule: _Schedule = _Schedule()
    report: _Report = _Report()
    scan: _Scan | None = None
    notices: _Notices = _Notices()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then the file's content, which is handed in."""
        return env_settings, init_settings


# --- from what is written to what is meant --------------------------------------------------------------------------
# Each raises ValueError with a Chinese sentence; load_config adds file, line and key.


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
            if find_spec("procrastinate") is None:
                raise ValueError("没有安装 procrastinate，请运行：pip install 'baosong[province]'")
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


def _incoming_url(settings: _Mailbox, base: Path) -> MailUrl:
    _refuse_both(settings.url, settings.address)
    if settings.url:
        url = parse_mail_url(settings.url, INCOMING, base)
        _refuse_wrong_server(url)
        return url
    if settings.address:
        login, provider = _preset(settings.address)
        return MailUrl("imaps", provider.imap_host, IMAP_PORT, login)
    raise ValueError(
        '缺少邮箱，请写 address = "邮箱地址"，或写完整的 url，例如 imaps://office%40163.com@imap.163.com/INBOX'
    )


def _outgoing_url(settings: _Outgoing, base: Path, incoming: MailUrl) -> MailUrl:
    _refuse_both(settings.url, settings.address)
    if settings.url:
        url = parse_mail_url(settings.url, OUTGOING, base)
        _refuse_wrong_server(url)
        return url
    if settings.address:
        login, provider = _preset(settings.address)
        return MailUrl("smtps", provider.smtp_host, SMTP_PORT, login)
    # Nothing said: the account that receives also sends, where its provider is known.
    if same := provider_of_host(incoming.host):
        return MailUrl("smtps", same.smtp_host, SMTP_PORT, incoming.user)
    raise ValueError("缺少发信服务器，请写 url，例如 smtps://office%40163.com@smtp.163.com")


def _refuse_both(url: str | None, address: str | None) -> None:
    if url and address:
        raise ValueError("url 和 address 只写其中一个")


def _preset(address: str) -> tuple[str, Provider]:
    login = parse_address(address).address
    if provider := find_provider(login):
        return login, provider
    raise ValueError(f"不认识 {login.rpartition('@')[2]} 的服务器，请向邮箱管理员问清服务器地址，改写 url")


def _refuse_wrong_server(url: MailUrl) -> None:
    """seen: a 163 account at QQ's server is told its password is wrong, and the clerk looks in the wrong place."""
    account, server = find_provider(url.user), provider_of_host(url.host)
    if "@" in url.user and account and server and url.host.lower() not in account.hosts:
        right = {"pop3s": account.pop3_host, "smtp": account.smtp_host, "smtps": account.smtp_host}.get(url.scheme)
        raise ValueError(f"{url.user} 的服务器不是 {url.host}，请改为 {right or account.imap_host}")


def _login_address(*urls: MailUrl) -> str:
    return next((url.user for url in urls if "@" in url.user), "")


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


def _mailbox(settings: _Mailbox, url: MailUrl) -> MailboxConfig:
    folders = tuple(settings.folders)
    if not folders and url.folder and url.folder.upper() != "INBOX":
        folders = (url.folder,)  # INBOX is where an account begins; any other folder in the url is meant alone
    return MailboxConfig(url, folders, settings.timeout, settings.since, _provider(url), tuple(settings.authserv_ids))


def _more_mailboxes(written: Sequence[_Mailbox], first: MailboxConfig, base: Path) -> tuple[MailboxConfig, ...]:
    found = [first]
    for number, settings in enumerate(written, 1):
        try:
            url = _incoming_url(settings, base)
        except ValueError as error:
            raise ValueError(f"第{number}个：{error}") from error
        if any(url.text == each.url.text for each in found):
            raise ValueError(
                f"第{number}个邮箱 {url.user or url.text} 重复，请删去；同一邮箱的几个邮件夹写在 folders 里"
            )
        found.append(replace(_mailbox(settings, url), first=False))
    return tuple(found[1:])


def _outgoing(settings: _Outgoing, url: MailUrl, sender: Address) -> OutgoingConfig:
    provider = _provider(url)
    between, per_connection = settings.seconds_between_mails, settings.mails_per_connection
    return OutgoingConfig(
        url,
        sender,
        settings.timeout,
        between if between is not None else provider.seconds_between_mails if provider else 0.0,
        per_connection or (provider.mails_per_connection if provider else 10),
        settings.most_per_hour,
        settings.keep_sent,
        settings.sent_folder or "",
        provider,
    )


def _provider(url: MailUrl) -> Provider | None:
    return provider_of_host(url.host) if url.host else None
