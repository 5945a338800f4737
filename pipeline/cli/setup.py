"""Setting up: the wizard."""

from __future__ import annotations

from collections.abc import Sequence

import click

from pipeline.cli.chinese_click import option
from pipeline.cli.program import NEEDS_A_PERSON, main_group

# Heavy modules are imported in the command that needs them, so that --help is instant.
# ruff: noqa: PLC0415


@main_group.command()
@option("--campaign", help="活动规则文件")
@option("--address", help="收信邮箱地址，服务器按邮箱自动选择")
@option("--mailbox-url", help="收信服务器，可带端口（常见邮箱不用写）")
@option("--outgoing-url", help="发信服务器，可带端口（常见邮箱不用写）")
@option("--villages", help="村名册：Excel、WPS 表格、Word 表格或 CSV")
@option("--from", "sender", help="发信人名称")
@option("--report-to", multiple=True, help="日报收件人，可以写几次；不寄写 无")
@option("--report-at", help="每天出日报的时间，例如 17:30")
@option("--remind-at", help="每天提醒的时间，例如 09:00")
@option("--poll-minutes", help="每几分钟收一次信")
@option("--service", help="开机自动运行：systemd、windows 或 none")
@option("--keep-password", help="密码存在哪里：keyring（系统密码库）、file（只有本人可读的文件）或 none")
@option("--skip-login", is_flag=True, help="不试登录")
@option("--yes", "silent", is_flag=True, help="不提问：没写的选项沿用原有配置或默认值，密码取自环境变量或密码库")
@click.pass_context
def init(
    context: click.Context,
    campaign: str | None,
    address: str | None,
    mailbox_url: str | None,
    outgoing_url: str | None,
    villages: str | None,
    sender: str | None,
    report_to: Sequence[str],
    report_at: str | None,
    remind_at: str | None,
    poll_minutes: str | None,
    service: str | None,
    keep_password: str | None,
    skip_login: bool,
    silent: bool,
) -> None:
    """初次设置：一步步问，试登录邮箱，导入村名册，写好 config.toml。可以反复运行，原有内容作为默认值。

    \b
    例：baosong init
        baosong init --yes --address office@163.com --villages 村名册.xlsx
    """
    from pipeline.wizard import Given, set_up
    from pipeline.wizard.interview import Interview

    config, _ = context.obj
    given = Given(
        campaign=campaign,
        villages=villages,
        address=address,
        mailbox=mailbox_url,
        outgoing=outgoing_url,
        sender=sender,
        report_to=report_to or None,
        report_at=report_at,
        remind_at=remind_at,
        poll_minutes=poll_minutes,
        service=service,
        keep_password=keep_password,
        skip_login=skip_login,
    )
    if not set_up(config, given, Interview(silent)):
        context.exit(NEEDS_A_PERSON)
