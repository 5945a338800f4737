"""Presets of mail providers."""

import tomllib
from dataclasses import fields
from importlib.resources import files

import pytest

from pipeline.config.providers import Provider, all_providers, find_provider, provider_of_host, skipped_folders


@pytest.mark.parametrize(
    ("address", "imap", "smtp"),
    [
        ("a@163.com", "imap.163.com", "smtp.163.com"),
        ("A@YEAH.NET", "imap.yeah.net", "smtp.yeah.net"),
        ("1@foxmail.com", "imap.qq.com", "smtp.qq.com"),
        ("a@sina.cn", "imap.sina.com", "smtp.sina.com"),
        ("13900000000@139.com", "imap.139.com", "smtp.139.com"),
    ],
)
def test_hosts_follow_from_the_domain(address: str, imap: str, smtp: str) -> None:
    """The clerk types an address, the program knows the servers."""
    provider = find_provider(address)
    assert provider is not None
    assert (provider.imap_host, provider.smtp_host) == (imap, smtp)


@pytest.mark.parametrize("address", ["a@qinghe.gov.cn", "a@mail.163.com", "163.com.cn", "", "@"])
def test_unknown_domains_are_nobodys(address: str) -> None:
    """None: only the operator can tell the servers."""
    assert find_provider(address) is None


def test_a_host_tells_its_provider() -> None:
    """Customers' own domains are known by the server they are at; older names count."""
    ids = {
        host: provider_of_host(host) for host in ("imap.exmail.qq.com", "IMAP.126.com", "smtp.mxhichina.com", "x.cn")
    }
    assert [each.id if each else None for each in ids.values()] == [
        "tencent-enterprise",
        "netease",
        "aliyun-enterprise",
        None,
    ]
    assert ids["IMAP.126.com"] == find_provider("a@126.com")


def test_the_presets_are_well_formed() -> None:
    """No unknown key, no domain or id twice, a remedy everywhere; junk folders are nowhere among the skipped."""
    tables = tomllib.loads(files("pipeline.config").joinpath("providers.toml").read_text("utf-8"))["provider"]
    known = {field.name for field in fields(Provider)}
    assert [set(table) - known for table in tables] == [set()] * len(tables)
    domains = [domain for each in all_providers() for domain in each.domains]
    assert len(domains) == len(set(domains))
    assert len({each.id for each in all_providers()}) == len(all_providers())
    for each in all_providers():
        assert each.login_remedy
        assert not {name.casefold() for name in each.junk_folders} & skipped_folders()
        assert each.domains or "{domain}" not in each.imap_host


def test_netease_and_tencent_habits() -> None:
    """The habits that cost mail: ID, dates in SEARCH, the number of mails in one connection."""
    netease, tencent = find_provider("a@163.com"), find_provider("1@qq.com")
    assert netease is not None
    assert tencent is not None
    assert (netease.needs_id, netease.idle, netease.mails_per_connection) == (True, False, 5)
    assert (tencent.search_dates, tencent.code_spaces) == (False, False)
    assert {"垃圾邮件", "广告邮件", "病毒文件夹"} <= set(netease.junk_folders)


@pytest.mark.parametrize(
    ("host", "server"),
    [("imap.126.com", "126.com"), ("imap.qiye.163.com", "163.com"), ("imap.exmail.qq.com", "qq.com")],
)
def test_a_provider_receives_in_its_own_domains(host: str, server: str) -> None:
    """Only servers there may say whether a sender is who he says."""
    provider = provider_of_host(host)
    assert provider is not None
    assert server in provider.own_domains
