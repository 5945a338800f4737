"""Which mailbox, and whether one can log in: the provider's habits told before they bite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.config import MailboxConfig
from pipeline.config.accounts import INCOMING, OUTGOING
from pipeline.config.providers import IMAP_PORT, SMTP_PORT, Provider, all_providers, find_provider, provider_of_host
from pipeline.config.urls import MailUrl, parse_address, parse_mail_url
from pipeline.errors import AccessError, BaosongError, TransientError
from pipeline.mailbox.imap import ImapMailbox
from pipeline.mailbox.opening import open_mailbox
from pipeline.outbox.opening import open_transport
from pipeline.text.days import write_date
from pipeline.wizard.interview import Choice, Interview

_OWN = "own"
_FOLDERS = ("maildir", "eml")
# A mailbox whose oldest mail is about so old gives its programs the last 30 days only.
_LAST_MONTH = timedelta(days=33)


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox and its way out."""

    address: str
    incoming: MailUrl
    outgoing: MailUrl
    provider: Provider | None
    mailbox: Mapping[str, str] = field(default_factory=dict)  # as config.toml says it
    way_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def needs_password(self) -> bool:
        """Whether there is anything to log in to."""
        return self.incoming.path is None or bool(self.outgoing.user)

    @property
    def code_name(self) -> str:
        """What the provider calls the password of a mail program."""
        return self.provider.code_name if self.provider else "密码"

    def clean(self, password: str) -> str:
        """The password without the blanks that are only shown."""
        shown_only = self.provider is not None and not self.provider.code_spaces
        return "".join(password.split()) if shown_only else password.strip()


def ask_account(
    interview: Interview, *, address: str | None, mailbox: str | None, outgoing: str | None, old: Account | None
) -> Account:
    """The account, by its address where the provider is known, else by its servers."""
    if mailbox is not None and mailbox.strip().partition(":")[0].lower() in _FOLDERS:
        return _of_folder(interview, address, mailbox, outgoing, old)
    login = interview.ask(
        "收信邮箱地址",
        _address,
        option="--address",
        given=address or _login_of(mailbox),
        default=old.address if old else "",
    )
    again = old if old is not None and old.address == login and (mailbox or outgoing) is None else None
    if again is not None and (interview.silent or again.incoming.path is not None):
        return again
    provider = find_provider(login)
    if mailbox is None and outgoing is None and provider is not None:
        return _preset(login, provider)
    if mailbox is None and provider is None and again is None:
        hosted = [each for each in all_providers() if not each.domains or each.id.endswith("-enterprise")]
        choices = [Choice(_OWN, "政务邮箱或单位自建，服务器另填"), *(Choice(each.id, each.title) for each in hosted)]
        chosen = interview.choose(
            "这个邮箱用的是单位自己的域名，由谁提供？（不清楚请问邮箱管理员）", choices, option="--mailbox-url"
        )
        for each in hosted:
            if each.id == chosen:
                return _enterprise(login, each)
    return _of_servers(interview, login, mailbox, outgoing, again)


def _address(text: str) -> str:
    try:
        return parse_address(text).address
    except ValueError:
        raise ValueError(f"“{text}”不是邮箱地址，应是 office@163.com 这样") from None


def _login_of(mailbox: str | None) -> str | None:
    if mailbox is None:
        return None
    try:
        login = parse_mail_url(mailbox, INCOMING, Path()).user
    except ValueError:
        return None
    return login if "@" in login else None


def _preset(login: str, provider: Provider) -> Account:
    incoming = MailUrl("imaps", provider.imap_host, IMAP_PORT, login)
    outgoing = MailUrl("smtps", provider.smtp_host, SMTP_PORT, login)
    return Account(login, incoming, outgoing, provider, {"address": login}, {})


def _enterprise(login: str, provider: Provider) -> Account:
    incoming = MailUrl("imaps", provider.imap_host, IMAP_PORT, login)
    outgoing = MailUrl("smtps", provider.smtp_host, SMTP_PORT, login)
    return Account(login, incoming, outgoing, provider, {"url": incoming.text}, {"url": outgoing.text})


def _of_servers(
    interview: Interview, login: str, mailbox: str | None, outgoing: str | None, old: Account | None
) -> Account:
    domain = login.rpartition("@")[2]
    incoming = interview.ask(
        "收信服务器（IMAP），可带端口，例如 imap.example.gov.cn:993",
        lambda text: _server(text, login, "imap"),
        option="--mailbox-url",
        given=mailbox,
        default=old.incoming.text if old else f"imap.{domain}",
    )
    known = provider_of_host(incoming.host)
    guess = known.smtp_host if known else f"smtp.{domain}"
    way_out = interview.ask(
        "发信服务器（SMTP），可带端口，例如 smtp.example.gov.cn:465",
        lambda text: _server(text, login, "smtp"),
        option="--outgoing-url",
        given=outgoing,
        default=old.outgoing.text if old else guess,
    )
    return Account(login, incoming, way_out, known, {"url": incoming.text}, {"url": way_out.text})


def _of_folder(
    interview: Interview, address: str | None, mailbox: str, outgoing: str | None, old: Account | None
) -> Account:
    """A folder of .eml files in place of a server: for rehearsals."""
    incoming = parse_mail_url(mailbox, INCOMING, Path())
    login = interview.ask(
        "办公室的邮箱地址",
        _address,
        option="--address",
        given=address,
        default=old.address if old else "",
    )
    way_out = interview.ask(
        "发信服务器",
        lambda text: _server(text, login, "smtp"),
        option="--outgoing-url",
        given=outgoing,
        default="maildir:outgoing",
    )
    written = way_out.text if way_out.path is None else (outgoing or "maildir:outgoing")
    return Account(login, incoming, way_out, None, {"url": mailbox}, {"url": written})


def _server(written: str, login: str, protocol: str) -> MailUrl:
    """A host with or without a port, or a whole url."""
    allowed = INCOMING if protocol == "imap" else OUTGOING
    if "://" in written or written.partition(":")[0].lower() in _FOLDERS:
        return parse_mail_url(written, allowed, Path())
    host, _, port = written.strip().partition(":")
    if not host or (port and not port.isdecimal()):
        raise ValueError("请填服务器名，例如 imap.example.gov.cn，需要时在后面加冒号和端口")
    plain = {"143": "imap", "25": "smtp", "587": "smtp"}.get(port)
    scheme = plain or f"{protocol}s"
    number = int(port) if port else {"imaps": IMAP_PORT, "smtps": SMTP_PORT}[scheme]
    return MailUrl(scheme, host, number, login)


# --- trying -----------------------------------------------------------------------------------------------------------


def describe(interview: Interview, account: Account) -> None:
    """What the provider wants of those who log in by a program, before they try."""
    provider = account.provider
    if account.incoming.path is not None:
        return
    title = provider.title if provider else "单位邮箱"
    incoming, outgoing = account.incoming, account.outgoing
    interview.say(f"{title}：收信 {incoming.host}:{incoming.port}，发信 {outgoing.host}:{outgoing.port}")
    if provider is None:
        interview.say("  请向邮箱管理员确认：已允许用客户端（IMAP、SMTP）收发信；设了“客户端专用密码”的要填专用密码。")
        return
    if provider.code_name != "密码":
        interview.say(f"  密码处要填{provider.code_name}，不是登录网页的密码。取得办法：")
    for number, step in enumerate(provider.code_steps or (provider.login_remedy,), 1):
        interview.say(f"  {number}）{step}")
    if provider.all_mail_remedy:
        interview.say(f"  还有一处要设：{provider.all_mail_remedy}。")
    if provider.needs_id:
        interview.say("  网易要求收信程序报明身份（ID），本程序会自动报明，您不用做什么。")


def try_incoming(account: Account, password: str) -> list[str]:
    """Log in and look: what to tell the clerk. Raises AccessError or TransientError with the remedy."""
    config = MailboxConfig(account.incoming, timeout=30.0, provider=account.provider)
    said = []
    with open_mailbox(config, password) as mailbox:
        folders = mailbox.folders()
        said.append(f"收信：登录成功，将收取：{'、'.join(folders)}")
        if isinstance(mailbox, ImapMailbox):
            count, oldest = mailbox.extent(folders[0])
            said += _tell_extent(account, count, oldest)
    return said


def _tell_extent(account: Account, count: int, oldest: datetime | None) -> list[str]:
    if oldest is None:
        return ["  收件箱是空的。"]
    told = [f"  收件箱共{count}封，最早的一封是{write_date(oldest)}收到的。"]
    remedy = account.provider.all_mail_remedy if account.provider else ""
    if remedy and datetime.now(UTC) - oldest < _LAST_MONTH:
        told.append(f"  请注意：更早的邮件看不到。如果邮箱里其实有更早的邮件，{remedy}。")
    return told


def try_outgoing(account: Account, password: str) -> list[str]:
    """Log in to the way out; nothing is sent. Raises AccessError or TransientError with the remedy."""
    with open_transport(account.outgoing.text, password=password, timeout=30.0) as transport:
        transport.ready()
    return ["发信：登录成功（没有寄出任何邮件）"]


def log_in(interview: Interview, account: Account, password: str | None) -> str | None:
    """Try both ways until they work: the password. None where the clerk wants another account.

    With nobody there the first refusal is raised.
    """
    while True:
        if password is None and account.needs_password:
            password = account.clean(interview.secret(f"{account.code_name}（输入时不显示）"))
            if not password:
                interview.say(f"  没有输入{account.code_name}。")
                password = None
                continue
        try:
            for attempt in (try_incoming, try_outgoing):
                interview.say(f"正在试{'收信' if attempt is try_incoming else '发信'}……")
                for line in attempt(account, password or ""):
                    interview.say(line)
        except BaosongError as error:
            if interview.silent:
                raise
            interview.say(f"没有成功：{error}")
            match _next_step(interview, error):
                case "again":
                    password = password if isinstance(error, TransientError) else None
                case "account":
                    return None
                case _:
                    return password or ""
        else:
            return password or ""


def _next_step(interview: Interview, error: BaosongError) -> str:
    again = "再试一次" if not isinstance(error, AccessError) else "按上面的提示办好后，重新输入再试"
    return interview.choose(
        "下一步：",
        [
            Choice("again", again),
            Choice("account", "换一个邮箱地址或服务器"),
            Choice("later", "先不管，继续填后面的（以后运行 baosong doctor 再查）"),
        ],
        option="--skip-login",
    )
