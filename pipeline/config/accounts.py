"""The mail accounts: what is written of them -> which servers mail is fetched from and sent by.

An address is enough where its provider is known. Raises ValueError with a Chinese sentence for whatever is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.config import MailboxConfig, OutgoingConfig
from pipeline.config.providers import IMAP_PORT, SMTP_PORT, Provider, find_provider, provider_of_host
from pipeline.config.urls import MailUrl, parse_address, parse_mail_url
from pipeline.config.written import WrittenMailbox, WrittenOutgoing
from pipeline.model.message import Address

INCOMING = ("imaps", "imap", "pop3s", "maildir", "eml")
OUTGOING = ("smtps", "smtp", "maildir")
_MOST_PER_HOUR = 200  # letters by a mail server, where the settings name no number


def find_incoming(settings: WrittenMailbox, base: Path) -> MailUrl:
    """Where mail is fetched from. Paths are relative to ``base``."""
    if url := _find_written(settings, INCOMING, base):
        return url
    if settings.address:
        login, provider = _preset(settings.address)
        return MailUrl("imaps", provider.imap_host, IMAP_PORT, login)
    raise ValueError(
        '缺少邮箱，请写 address = "邮箱地址"，或写完整的 url，例如 imaps://office%40163.com@imap.163.com/INBOX'
    )


def find_outgoing(settings: WrittenOutgoing, base: Path, incoming: MailUrl) -> MailUrl:
    """Where letters are handed over: where nothing is written, by the account that receives."""
    if url := _find_written(settings, OUTGOING, base):
        return url
    if settings.address:
        login, provider = _preset(settings.address)
        return MailUrl("smtps", provider.smtp_host, SMTP_PORT, login)
    # Nothing said: the account that receives also sends, where its provider is known.
    if same := provider_of_host(incoming.host):
        return MailUrl("smtps", same.smtp_host, SMTP_PORT, incoming.user)
    raise ValueError("缺少发信服务器，请写 url，例如 smtps://office%40163.com@smtp.163.com")


def _find_written(settings: WrittenMailbox | WrittenOutgoing, schemes: Sequence[str], base: Path) -> MailUrl | None:
    """The url that is written out; None where an address, or nothing, stands in its place."""
    _refuse_both(settings.url, settings.address)
    if not settings.url:
        return None
    url = parse_mail_url(settings.url, schemes, base)
    _refuse_wrong_server(url)
    return url


def find_login(*urls: MailUrl) -> str:
    """The first login that is an address; empty where none is."""
    return next((url.user for url in urls if "@" in url.user), "")


def make_mailbox(settings: WrittenMailbox, url: MailUrl) -> MailboxConfig:
    """The mailbox at this url."""
    folders = tuple(settings.folders)
    if not folders and url.folder and url.folder.upper() != "INBOX":
        folders = (url.folder,)  # INBOX is where an account begins; any other folder in the url is meant alone
    return MailboxConfig(url, folders, settings.timeout, settings.since, _provider(url), tuple(settings.authserv_ids))


def make_mailboxes(written: Sequence[WrittenMailbox], first: MailboxConfig, base: Path) -> tuple[MailboxConfig, ...]:
    """The further mailboxes. One that is read already is refused."""
    found = [first]
    for number, settings in enumerate(written, 1):
        try:
            url = find_incoming(settings, base)
        except ValueError as error:
            raise ValueError(f"第{number}个：{error}") from error
        if any(url.text == each.url.text for each in found):
            raise ValueError(
                f"第{number}个邮箱 {url.user or url.text} 重复，请删去；同一邮箱的几个邮件夹写在 folders 里"
            )
        found.append(replace(make_mailbox(settings, url), first=False))
    return tuple(found[1:])


def make_outgoing(settings: WrittenOutgoing, url: MailUrl, sender: Address) -> OutgoingConfig:
    """How letters go out: by this url, with this sender, no faster than the provider takes them."""
    provider = _provider(url)
    between, per_connection = settings.seconds_between_mails, settings.mails_per_connection
    return OutgoingConfig(
        url,
        sender,
        settings.timeout,
        between if between is not None else provider.seconds_between_mails if provider else 0.0,
        per_connection or (provider.mails_per_connection if provider else 10),
        settings.most_per_hour or (_MOST_PER_HOUR if url.path is None else None),
        settings.keep_sent,
        settings.sent_folder or "",
        provider,
    )


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


def _provider(url: MailUrl) -> Provider | None:
    return provider_of_host(url.host) if url.host else None
