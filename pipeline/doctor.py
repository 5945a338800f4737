"""``baosong doctor``: every part tried, one line each, with the mend where it fails."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from pipeline.cache.bucket import open_cache
from pipeline.campaign import load_campaign
from pipeline.channels import check_channels
from pipeline.config import Config, MailboxConfig
from pipeline.config.loading import load_config
from pipeline.config.offices import explain_shared, find_shared, reach_of
from pipeline.config.passwords import mailbox_password, outgoing_password
from pipeline.content.office import find_office
from pipeline.errors import BaosongError
from pipeline.ledger import rounds, served, views
from pipeline.ledger.opening import open_ledger
from pipeline.ledger.revision import newest_revision
from pipeline.letter.proof import check_letters
from pipeline.mailbox.opening import open_mailbox
from pipeline.model.work import DifferenceKind
from pipeline.office import Office, open_office, refuse_lost
from pipeline.outbox.opening import open_transport
from pipeline.register_file import load_register
from pipeline.renaming import find_renamed, gone_names
from pipeline.scanner import ping
from pipeline.stocktaking import take_stock
from pipeline.watch import describe_clock

_REPAIR = "请运行 baosong poll --repair"
_MENDS = {
    DifferenceKind.UNFETCHED: "请运行 baosong poll，下次收信也会自动补收",
    DifferenceKind.WAITING: "请运行 baosong poll，下次收信也会自动核对",
    DifferenceKind.QUARANTINED: "请人工查看（baosong quarantine），要再读一遍请运行 baosong reread",
}

_LITTLE_SPACE = 2 * 1024**3  # a campaign with videos of a town takes a few gigabytes


@dataclass(frozen=True, slots=True)
class Part:
    """One part and how it is."""

    name: str
    healthy: bool
    said: str


def examine(config_file: Path) -> Iterator[Part]:
    """Try each part in turn; one that fails stops no other, but without a configuration there is nothing to try."""
    try:
        config = load_config(config_file)
    except BaosongError as error:
        yield Part("配置文件", False, str(error))
        return
    yield Part("配置文件", True, str(config.file))
    looking = True  # a password that was refused is not tried twice
    several = len(config.mailboxes) > 1
    mailboxes = [
        (f"收信邮箱 {each.url.user or each.url.text}" if several else "收信邮箱", partial(_try_mailbox, each))
        for each in config.mailboxes
    ]
    parts: list[tuple[str, Callable[[Config], str]]] = [
        ("活动规则", _try_rules),
        ("数据库", _try_database),
        ("文件缓存", _try_cache),
        ("磁盘空间", _try_space),
        ("时钟", _try_clock),
        *mailboxes,
        ("发信", _try_outgoing),
        ("病毒扫描", _try_scanner),
        ("通知", _try_notices),
        ("可选工具", _try_tools),
    ]
    for name, attempt in parts:
        part = _attempt(name, attempt, config)
        looking = looking and (part.healthy or (name, attempt) not in mailboxes)
        yield part
    yield from _reconcile(config, datetime.now(UTC), looking=looking)


def _reconcile(config: Config, now: datetime, *, looking: bool) -> Iterator[Part]:
    """Server, ledger and cache against one another: a line where all is well, else a line for each difference."""
    try:
        office = open_office(config.file, lambda: now)
    except BaosongError:
        return  # told of with the part that is to blame
    try:
        refuse_lost(office)
    except BaosongError as error:
        yield Part("台账", False, str(error))
        return
    try:
        names = [*_examine_names(office), *_examine_neighbours(office)]
        stock = take_stock(office, looking=looking)
    except BaosongError:
        return  # told of with the part that is to blame
    yield from names
    found = [f"{each.said}。{_MENDS.get(each.kind, _REPAIR)}" for each in stock.differences]
    found += stock.troubles if stock.looked else ()
    for said in found:
        yield Part("对账", False, said)
    if not found and looking:
        gone = f"，其中{stock.gone}封已不在邮箱里（原件有留存）" if stock.gone else ""
        yield Part("对账", True, f"邮箱{stock.on_server}封，台账{stock.in_ledger}封{gone}，原件齐全")


def _examine_names(office: Office) -> Iterator[Part]:
    """Villages that have another name in the register than in the ledger, or are not there any more."""
    villages, standings = office.register.villages, views.standings(office.ledger, office.campaign, office.now())
    renamed = find_renamed(villages, standings)
    for each in renamed:
        yield Part("村名册", False, f"{each.village}：{each.said}")
    known = {each.former for each in renamed}
    if gone := [name for name in gone_names(office.register.names, standings) if name not in known]:
        more = f"等{len(gone)}个村" if len(gone) > 5 else ""
        yield Part(
            "村名册",
            True,
            f"报过材料、现在名册里没有的村：{'、'.join(gone[:5])}{more}（若是改名，请把旧名写进新村名的别名）",
        )


def _examine_neighbours(office: Office) -> Iterator[Part]:
    """Offices of the same database that read the same mailbox."""
    if not office.ledger.distributed:
        return
    reaches = {**served.all_reads(office.ledger), office.config.office: reach_of(office.config)}
    for account, names in find_shared(reaches):
        if office.config.office in names:
            yield Part("收信邮箱", False, explain_shared(account, names))


def _attempt(name: str, attempt: Callable[[Config], str], config: Config) -> Part:
    try:
        return Part(name, True, attempt(config))
    except BaosongError as error:
        return Part(name, False, str(error))


def _try_rules(config: Config) -> str:
    campaign = load_campaign(config.campaign)
    check_letters(campaign)
    register = load_register(config.villages, campaign.place_words)
    without = sum(not village.addresses for village in register.villages)
    more = f"，其中{without}个村没有登记邮箱（仍可按村名识别）" if without else ""
    return f"{campaign.short_title}，{len(campaign.deliverables)}项材料，{len(register.villages)}个村{more}"


def _try_database(config: Config) -> str:
    open_ledger(config.database, config.office)
    return f"可以读写（第{int(newest_revision())}版）"


def _try_cache(config: Config) -> str:
    cache = open_cache(config.cache, config.bucket)
    blob = cache.store([b"baosong doctor"])
    return f"可以写入（{config.bucket or config.cache}）" if cache.verify(blob.digest) else "写入后读不到"


def _try_space(config: Config) -> str:
    free = shutil.disk_usage(config.cache).free
    if free < _LITTLE_SPACE:
        raise BaosongError(f"只剩{free / 1024**3:.1f}GB，请清理磁盘（{config.cache}）")
    return f"剩余{free / 1024**3:.0f}GB"


def _try_clock(config: Config) -> str:
    zone = load_campaign(config.campaign).timezone
    now = datetime.now(zone)
    newest = max((path.stat().st_mtime for path in (config.campaign, config.file)), default=0.0)
    if datetime.fromtimestamp(newest, UTC) > now + timedelta(minutes=5):
        raise BaosongError("系统时间早于配置文件的修改时间，请校准系统时间")
    if trouble := _clock_of_ledger(config, now):
        raise BaosongError(trouble)
    return f"{now.astimezone(zone):%Y年%m月%d日 %H:%M}（{zone.key}）"


def _clock_of_ledger(config: Config, now: datetime) -> str:
    try:
        ledger = open_ledger(config.database, config.office)
        known = [each for each in (rounds.latest_start(ledger), rounds.latest_arrival(ledger)) if each is not None]
    except BaosongError:
        return ""  # told of with the database
    return describe_clock(max(known, default=None), now)


def _try_mailbox(config: MailboxConfig, _: Config) -> str:
    with open_mailbox(config, mailbox_password(config)) as mailbox:
        return f"登录成功，将收取：{'、'.join(mailbox.folders())}"


def _try_outgoing(config: Config) -> str:
    with open_transport(config.outgoing.url.text, password=outgoing_password(config.outgoing)) as transport:
        transport.ready()
    return f"可以发信，发件人{config.outgoing.sender.address}"


def _try_scanner(config: Config) -> str:
    if config.scan is None:
        return "没有设置（可选，见 config.toml 的 [scan]）"
    return f"{ping(config.scan)}（{config.scan.place}）"


def _try_notices(config: Config) -> str:
    """Nothing is sent: a group would read it. `baosong notify` does that."""
    check_channels(config)
    channels = config.notices.channels
    return f"地址齐全：{'、'.join(channels)}（试发请运行 baosong notify）" if channels else "没有设置群通知（可不设）"


def _try_tools(_: Config) -> str:
    """Never a fault: what is missing costs a person's look at some rare files."""
    office = find_office()
    if office is not None:
        return f"LibreOffice：{office}"
    return (
        "没有安装LibreOffice。WPS和Word文档照常读取；OpenDocument（.odt、.ods）、Word 6/95、.xlsb文件将留待人工查看。"
        "如需自动读取，请安装LibreOffice（Debian、Ubuntu：apt install libreoffice-writer libreoffice-calc）"
    )
