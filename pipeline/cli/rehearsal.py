"""``baosong demo``: a month of invented village mail through the real pipeline, day by day, into one folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from pipeline.cli.bars import Bars
from pipeline.cli.show import show_status
from pipeline.demo.month import Month, write_month
from pipeline.errors import AccessError, ConfigError
from pipeline.ledger.views import standings
from pipeline.office import alone, open_office
from pipeline.posting import send
from pipeline.reminding import plan_reminders, store_reminders
from pipeline.reporting import ReportResult, report
from pipeline.run import poll

_RULES = Path(__file__).parents[2] / "rules"
_CAMPAIGN = "2023-529"

_CONFIG = """\
# 演示用的配置：收信是 mailbox 文件夹里的 .eml，发信写进 outgoing 文件夹，都不经过网络。
campaign = "rules/{campaign}.toml"
villages = "{register}"
database = "sqlite:///baosong.db"
cache    = "inbox_cache"

[mailbox]
url = "eml:mailbox"

[outgoing]
url  = "maildir:outgoing"
from = "{office}"

[report]
folder = "reports"
to     = ["{office}"]
"""


def rehearse(folder: Path, *, say: Callable[[str], None]) -> None:
    """Make the month, live through it, and tell where everything lies. The folder must be new or a demo's own."""
    _make_room(folder)
    shutil.copytree(_RULES, folder / "rules", dirs_exist_ok=True)
    say("正在生成一个月的来信……")
    forms = folder / "rules" / _CAMPAIGN
    month = write_month(folder, blank_progress=forms / "progress.docx", blank_statistics=forms / "statistics.docx")
    config = folder / "config.toml"
    register = month.register_csv.relative_to(folder).as_posix()
    config.write_text(_CONFIG.format(campaign=_CAMPAIGN, register=register, office=month.office), encoding="utf-8")
    last = _live_through(month, folder, config)
    office = open_office(config, lambda: month.days[-1].moment)
    show_status(office.campaign, standings(office.ledger, office.campaign, office.now()), office.now())
    say("")
    say(f"日报：        {last.page}")
    say(f"日报表格：    {last.workbook}")
    whole = folder.absolute()  # as the report's
    say(f"答复和提醒：  {whole / 'outgoing' / 'new'}")
    say(f"台账数据库：  {whole / 'baosong.db'}")
    say(f"收到的邮件：  {whole / 'inbox_cache'}")
    say(f"接着看：      baosong --config {config} messages")


def _make_room(folder: Path) -> None:
    ours = (folder / "config.toml").exists() and (folder / "mailbox").is_dir()
    try:
        if ours:
            shutil.rmtree(folder)
        elif folder.exists() and any(folder.iterdir()):
            raise ConfigError(f"文件夹 {folder} 里已有别的文件，请换一个空文件夹：baosong demo 新文件夹")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AccessError(f"文件夹 {folder} 无法建立（{error.strerror}），请换一个位置") from error


def _live_through(month: Month, folder: Path, config: Path) -> ReportResult:
    inbox = folder / "mailbox"
    inbox.mkdir()
    with Bars() as bars:
        for number, day in enumerate(month.days, 1):
            for mail in day.mails:
                shutil.copy2(mail, inbox / mail.name)
            office = open_office(config, lambda moment=day.moment: moment)  # type: ignore[misc]
            poll(office)
            reminders = plan_reminders(office, by_hand=False)
            if reminders.letters and not reminders.quiet:
                with alone(office):
                    store_reminders(office, reminders)
                    send(office)
            last = report(office, mail=False)
            bars.step(f"{day.moment:%m月%d日}", number, len(month.days))
    return last
