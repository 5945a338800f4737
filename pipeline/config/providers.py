"""Mail providers: hosts, habits and remedies, so that a clerk need type no more than an address.

What is known of each stands as data in ``providers.toml``; here is only how it is looked up.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

IMAP_PORT, SMTP_PORT = 993, 465  # TLS from the first octet, RFC 8314


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as seen from one address. Remedies are Chinese sentences for the operator, empty where unknown."""

    id: str
    title: str
    imap_host: str
    smtp_host: str
    pop3_host: str = ""
    domains: tuple[str, ...] = ()  # empty: serves customers' own domains, known by its hosts
    other_hosts: tuple[str, ...] = ()  # older names of the same servers
    code_name: str = "密码"  # what its customers call the password of a mail program
    code_spaces: bool = True  # False: blanks are shown within it but are no part of it
    needs_id: bool = False  # wants RFC 2971 ID after LOGIN, listed or not
    idle: bool = True  # has RFC 2177 IDLE
    search_dates: bool = True  # SEARCH SINCE can be trusted
    junk_folders: tuple[str, ...] = ()  # that must be read too, by their decoded names
    seconds_between_mails: float = 20.0
    mails_per_connection: int = 10
    login_remedy: str = "请核对账号和密码，并在网页版邮箱里确认已开启 IMAP/SMTP 服务"
    code_steps: tuple[str, ...] = ()  # how to come by that password; empty: the remedy below says it
    unsafe_remedy: str = "请登录网页版邮箱确认登录提醒，过一会儿再试"
    all_mail_remedy: str = ""

    @property
    def hosts(self) -> frozenset[str]:
        """All names of its servers."""
        return frozenset({self.imap_host, self.pop3_host, self.smtp_host, *self.other_hosts}) - {""}

    @property
    def own_domains(self) -> frozenset[str]:
        """The domains that its receiving servers stand in: those of its addresses, and its hosts' last two labels."""
        return frozenset(self.domains) | {".".join(host.split(".")[-2:]) for host in self.hosts}


def find_provider(address: str) -> Provider | None:
    """The provider of this address by its domain; None where only the operator can tell the hosts."""
    domain = address.rpartition("@")[2].strip().lower()
    return next((_at_domain(each, domain) for each in all_providers() if domain in each.domains), None)


def provider_of_host(host: str) -> Provider | None:
    """The provider whose server this is; None for an unknown host."""
    host = host.lower().rstrip(".")
    for each in all_providers():
        for domain in each.domains or ("",):
            if host in (here := _at_domain(each, domain)).hosts:
                return here
    return None


@cache
def all_providers() -> tuple[Provider, ...]:
    """All presets, in the order of the file; hosts may still hold ``{domain}``."""
    return TypeAdapter(tuple[Provider, ...]).validate_python(_presets()["provider"])


@cache
def skipped_folders() -> frozenset[str]:
    """Folder names, case-folded, that hold no mail from outside: sent, drafts, deleted."""
    return frozenset(name.casefold() for name in _presets()["skip_folders"])


@cache
def sent_folders() -> frozenset[str]:
    """Folder names, case-folded, in which accounts keep copies of what they sent."""
    return frozenset(name.casefold() for name in _presets()["sent_folders"])


@cache
def _presets() -> dict[str, Any]:
    return tomllib.loads(files("pipeline.config").joinpath("providers.toml").read_text("utf-8"))


def _at_domain(provider: Provider, domain: str) -> Provider:
    return replace(
        provider,
        imap_host=provider.imap_host.format(domain=domain),
        pop3_host=provider.pop3_host.format(domain=domain),
        smtp_host=provider.smtp_host.format(domain=domain),
    )
