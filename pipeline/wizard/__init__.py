"""``baosong init``: from nothing to an office at work, by questions that a clerk can answer.

Every answer can be given beforehand; what an earlier run wrote is the default of the next.
"""

from __future__ import annotations

import getpass
import os
import shutil
import sys
from pathlib import Path, PureWindowsPath
from typing import Any

from pipeline.campaign import load_campaign
from pipeline.config import MailboxConfig
from pipeline.config.accounts import INCOMING, OUTGOING
from pipeline.config.loading import load_config
from pipeline.config.passwords import mailbox_password
from pipeline.config.providers import IMAP_PORT, SMTP_PORT, find_provider, provider_of_host
from pipeline.config.urls import MailUrl, parse_address, parse_mail_url
from pipeline.doctor import examine
from pipeline.errors import AccessError, BaosongError, ConfigError
from pipeline.model.campaign import Campaign
from pipeline.wizard import keeping
from pipeline.wizard.account import Account, ask_account, describe, log_in
from pipeline.wizard.answers import Given, ask_rest
from pipeline.wizard.interview import Choice, Interview
from pipeline.wizard.register import ask_register
from pipeline.wizard.service import ENVIRONMENT, ServiceFile, write_task, write_unit
from pipeline.wizard.settings import old_value, read_old, replace_file, write_settings

__all__ = ["Given", "set_up"]

_OWN_RULES = Path(__file__).parent.parent.parent / "rules"
_SYSTEMD, _WINDOWS, _NO_SERVICE = "systemd", "windows", "none"


def set_up(config: Path, given: Given, interview: Interview) -> bool:
    """Ask, try, write, examine; whether everything works in the end."""
    config = config.absolute()
    folder, old = config.parent, read_old(config)
    if not interview.silent:
        interview.say(f"配置将写在 {config}")
        interview.say("每个问题直接回车就是采用括号里的内容；随时可以按 Ctrl+C 退出，已有的配置不受影响。")

    _heading(interview, 1, "活动")
    campaign_file, campaign = _ask_campaign(interview, folder, given.campaign, old_value(old, "campaign"))
    _heading(interview, 2, "邮箱")
    account, password, fresh = _ask_mailbox(interview, given, _old_account(old, folder))
    _heading(interview, 3, "村名册")
    villages = ask_register(
        interview, folder, given=given.villages, old=_old_register(folder, old_value(old, "villages"))
    )
    _heading(interview, 4, "发信人、日报和时间")
    answers = ask_rest(interview, given, old, campaign, account, campaign_file, villages)
    _heading(interview, 5, "开机自动运行")
    service = _ask_service(interview, given.service)
    place = keeping.choose_place(interview, given.keep_password, service=service) if fresh else keeping.NONE

    kept = replace_file(config, write_settings(_text(config), answers).encode("utf-8"))
    interview.say("")
    interview.say(f"已写入 {config}" + (f"，原来的另存为 {kept.name}。" if kept else "。"))
    in_file = (folder / ENVIRONMENT).exists()
    if fresh and password:
        in_file = keeping.keep(interview, account, password, place, folder) or in_file
    _write_service(interview, service, config, has_environment=in_file)
    return _examine(interview, config, password)


def _heading(interview: Interview, number: int, words: str) -> None:
    if interview.silent:
        return
    interview.say("")
    interview.say(f"【第{number}步，共5步】{words}")


def _text(config: Path) -> str:
    try:
        return config.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


# --- the campaign -----------------------------------------------------------------------------------------------------


def _ask_campaign(interview: Interview, folder: Path, given: str | None, old: str) -> tuple[str, Campaign]:
    """Its path as config.toml says it. One that comes with the program is copied, with its forms and letters."""
    if given is not None:
        file = Path(given).expanduser()
        return _settle(folder, file if file.is_absolute() or not (folder / file).exists() else folder / file)
    files = {path.name: path for path in sorted(_OWN_RULES.glob("*.toml"))}
    files |= {path.name: path for path in sorted((folder / "rules").glob("*.toml"))}
    if old and (folder / old).is_file():
        files |= {Path(old).name: folder / old}
    if not files:
        raise ConfigError("没有找到活动规则文件，请把 rules 文件夹放到配置文件旁边，或用 --campaign 指定")
    known = {name: load_campaign(path) for name, path in files.items()}
    if len(known) == 1:
        ((name, campaign),) = known.items()
        interview.say(f"收集：{campaign.title}（{campaign.id}）")
        return _settle(folder, files[name])
    choices = [Choice(name, f"{campaign.title}（{campaign.id}）") for name, campaign in known.items()]
    chosen = interview.choose("收哪一次活动的材料？", choices, option="--campaign", default=Path(old).name)
    return _settle(folder, files[chosen])


def _settle(folder: Path, file: Path) -> tuple[str, Campaign]:
    campaign = load_campaign(file)
    whole = file.absolute()
    if whole.is_relative_to(folder):
        return whole.relative_to(folder).as_posix(), campaign
    if not whole.is_relative_to(_OWN_RULES):
        return whole.as_posix(), campaign
    target = folder / "rules"
    try:
        for each in _OWN_RULES.iterdir():
            if each.name != "villages.csv" and not (target / each.name).exists():
                target.mkdir(parents=True, exist_ok=True)
                shutil.copytree(each, target / each.name) if each.is_dir() else shutil.copy(each, target / each.name)
    except OSError as error:
        raise AccessError(f"规则文件复制不到 {target}（{error.strerror}），请检查权限和磁盘空间") from error
    return f"rules/{file.name}", campaign


def _old_register(folder: Path, old: str) -> str:
    if old and (folder / old).is_file():
        return old
    return str(_OWN_RULES / "villages.csv") if (_OWN_RULES / "villages.csv").is_file() else ""


# --- the mailbox ------------------------------------------------------------------------------------------------------


def _old_account(old: dict[str, Any], folder: Path) -> Account | None:
    """The account of the old file, where it can be understood."""
    address = old_value(old, "mailbox", "address")
    url, out = old_value(old, "mailbox", "url"), old_value(old, "outgoing", "url")
    try:
        sender = parse_address(old_value(old, "outgoing", "from"), default="").address
    except ValueError:
        sender = ""
    try:
        provider = find_provider(address) if address else None
        incoming = (
            MailUrl("imaps", provider.imap_host, IMAP_PORT, address)
            if provider
            else parse_mail_url(url, INCOMING, folder)
        )
        provider = provider or (provider_of_host(incoming.host) if incoming.host else None)
        same = MailUrl("smtps", provider.smtp_host, SMTP_PORT, incoming.user) if provider else None
        way_out = parse_mail_url(out, OUTGOING, folder) if out or same is None else same
    except ValueError:
        return None
    login = address or (incoming.user if "@" in incoming.user else sender)
    return Account(
        login, incoming, way_out, provider, {"url": url} if url else {"address": address}, {"url": out} if out else {}
    )


def _ask_mailbox(interview: Interview, given: Given, old: Account | None) -> tuple[Account, str | None, bool]:
    """The account, its password where one is known, and whether that is still to be kept."""
    while True:
        account = ask_account(interview, address=given.address, mailbox=given.mailbox, outgoing=given.outgoing, old=old)
        if not interview.silent:
            describe(interview, account)
        known = _known_password(account)
        if not account.needs_password or given.skip_login:
            return account, known, False
        if known is None and interview.silent:
            raise ConfigError("没有密码：请设环境变量 BAOSONG_MAILBOX_PASSWORD，或加 --skip-login")
        if known is not None:
            interview.say("用已经保存的密码试登录（登录不了会请您重新输入）。")
        password = log_in(interview, account, known)
        if password is not None:
            return account, password or None, bool(password) and (password != known or given.keep_password is not None)
        if given.address or given.mailbox:
            raise ConfigError("登录没有成功，请核对 --address、--mailbox-url 和 --outgoing-url")
        old = account


def _known_password(account: Account) -> str | None:
    return mailbox_password(MailboxConfig(account.incoming, provider=account.provider))


# --- the service ------------------------------------------------------------------------------------------------------


def _ask_service(interview: Interview, given: str | None) -> str:
    choices = [
        Choice(_SYSTEMD, "Linux 服务（systemd）"),
        Choice(_WINDOWS, "Windows 任务计划程序"),
        Choice(_NO_SERVICE, "暂不设置，需要时手工运行 baosong run"),
    ]
    here = _WINDOWS if sys.platform == "win32" else _SYSTEMD if Path("/run/systemd/system").exists() else _NO_SERVICE
    return interview.choose("开机自动运行用哪一种？", choices, option="--service", given=given, default=here)


def _write_service(interview: Interview, kind: str, config: Path, *, has_environment: bool) -> None:
    program = (
        Path(sys.argv[0]).absolute()
        if Path(sys.argv[0]).stem == "baosong"
        else Path(sys.executable).with_name("baosong")
    )
    file: ServiceFile
    if kind == _SYSTEMD:
        file = write_unit(program=program, config=config, user=_owner(config), has_environment=has_environment)
    elif kind == _WINDOWS:
        file = write_task(program=PureWindowsPath(program), config=PureWindowsPath(config))
    else:
        interview.say("没有设置开机自动运行。要一直运行，请在命令行执行：baosong run")
        return
    target = config.parent / "service" / file.name
    replace_file(target, file.octets)
    interview.say(f"开机自动运行的设置已写入 {target}。请在命令行依次执行：")
    for command in file.commands:
        interview.say(f"  {command}")


def _owner(config: Path) -> str:
    try:
        return config.owner() if os.name == "posix" else getpass.getuser()
    except (KeyError, OSError):
        return getpass.getuser()


# --- the end ----------------------------------------------------------------------------------------------------------


def _examine(interview: Interview, config: Path, password: str | None) -> bool:
    interview.say("")
    interview.say("最后逐项检查：")
    healthy = True
    with keeping.in_environment(password):
        try:
            load_config(config)
            for part in examine(config):
                healthy = healthy and part.healthy
                interview.say(f"  {'正常' if part.healthy else '有问题'}  {part.name}：{part.said}")
        except BaosongError as error:
            interview.say(f"  有问题  {error}")
            healthy = False
    if healthy:
        interview.say("全部正常。现在可以运行：baosong poll（收一次信），或 baosong run（一直运行）。")
    else:
        interview.say("请按上面的提示处理，再运行：baosong doctor。要改前面的回答，再运行一次：baosong init")
    return healthy
