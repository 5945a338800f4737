"""The main job: poll, run, report, merge, remind."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from pipeline.cli.chinese_click import option
from pipeline.cli.program import NEEDS_A_PERSON, main_group, the_office
from pipeline.errors import ConfigError

# Heavy modules are imported in the command that needs them, so that --help is instant.
# ruff: noqa: PLC0415


@main_group.command()
@option("--repair", is_flag=True, help="先对账：邮箱、台账、原件三方核对，缺的补收、补登记")
@click.pass_context
def poll(context: click.Context, repair: bool) -> None:
    """收一次信：取回新邮件，核对、登记、答复。

    \b
    例：baosong poll
        baosong --config D:\\报送\\config.toml poll
        baosong poll --repair
    """
    from pipeline.cli.bars import Bars
    from pipeline.cli.show import say_poll, say_stock
    from pipeline.run import poll as poll_once

    office = the_office(context)
    with Bars() as bars:
        repaired = None
        if repair:
            from pipeline.stocktaking import repair as mend
            from pipeline.stocktaking import take_stock

            repaired = mend(office, bars.step)
        result = poll_once(office, bars.step)
    if repaired:
        click.echo(f"对账：发现{repaired.found}处不符；补收{repaired.fetched}封，补登记{repaired.adopted}封。")
    say_poll(result)
    if repaired:
        stock = take_stock(office)
        say_stock(stock, repaired.troubles)
        if stock.differences or stock.troubles:
            context.exit(NEEDS_A_PERSON)
    if result.troubles:
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@click.pass_context
def run(context: click.Context) -> None:
    """一直运行：定时收信、提醒、出日报。按 Ctrl+C 停止。

    \b
    例：baosong run
    """
    from pipeline.engine.service import serve

    office = the_office(context)
    if office.ledger.distributed:
        raise ConfigError(
            "本单位的邮件由 baosong worker 处理，请运行 baosong worker", file=office.config.file, key="engine"
        )
    serve(office, say=click.echo)


@main_group.command()
@option("--send", is_flag=True, help="同时寄给 config.toml 中 [report] to 的收件人")
@click.pass_context
def report(context: click.Context, send: bool) -> None:
    """生成日报：网页、文字和 Excel。

    \b
    例：baosong report
        baosong report --send
    """
    from pipeline.cli.bars import Bars
    from pipeline.office import alone
    from pipeline.posting import send as send_letters
    from pipeline.reporting import report as write_report

    office = the_office(context)
    if send and not office.config.report.to:
        raise ConfigError('没有日报收件人，请写 to = ["邮箱地址"]', file=office.config.file, key="report.to")
    with alone(office) if send else nullcontext():
        with Bars() as bars:
            result = write_report(office, mail=send, progress=bars.step)
        sending = send_letters(office) if send else None
    click.echo(f"日报（网页）：{result.page}\n日报（文字）：{result.text}\n日报（表格）：{result.workbook}")
    if sending:
        click.echo(f"已寄出{sending.sent}封。" + sending.note)
        if sending.note:
            context.exit(NEEDS_A_PERSON)


@main_group.command()
@option("--to", "folder", type=click.Path(path_type=Path), help="放到哪个文件夹（默认配置文件旁的 merged）")
@option("--round", "only_round", help="写实表只用这一轮，例如 progress@2023-05-20（默认各村最后合格的一轮）")
@click.pass_context
def merge(context: click.Context, folder: Path | None, only_round: str | None) -> None:
    """汇总：写实表、统计表、报送情况、总结汇编、照片和视频，打成一个包。

    \b
    例：baosong merge
        baosong merge --to D:\\迎检材料
        baosong merge --round progress@2023-05-20
    """
    from pipeline.cli.bars import Bars
    from pipeline.merge import merge as merge_all
    from pipeline.merge.telling import tell_merged

    office = the_office(context)
    with Bars() as bars:
        merged = merge_all(
            office, folder or office.config.file.parent / "merged", only_round=only_round, progress=bars.step
        )
    click.echo(tell_merged(merged))
    if merged.troubles:
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@option("--dry-run", is_flag=True, help="只看不发：提醒谁、写什么")
@option("--anyway", is_flag=True, help="周末、节假日、晚上也发")
@click.pass_context
def remind(context: click.Context, dry_run: bool, anyway: bool) -> None:
    """提醒还有材料没报齐的村：每村一封，每天最多一封；没有邮箱的村列出名单。

    \b
    例：baosong remind --dry-run
        baosong remind
    """
    from pipeline.cli.bars import Bars
    from pipeline.cli.show import say_poll, say_reminders
    from pipeline.model.work import Unit
    from pipeline.office import alone
    from pipeline.posting import send as send_letters
    from pipeline.reminding import plan_reminders, store_reminders
    from pipeline.run import poll as poll_once

    office = the_office(context)
    reminders = plan_reminders(office, by_hand=True)
    if dry_run:
        say_reminders(reminders)
        return
    if reminders.quiet and not anyway:
        click.echo(f"{reminders.quiet}，没有提醒。要现在就发，请运行：baosong remind --anyway")
        context.exit(NEEDS_A_PERSON)
    # What lies in the mailbox first: who has handed in is not reminded.
    with Bars() as bars:
        result = poll_once(office, bars.step, resting=[Unit.SEND])
    if result.troubles:
        say_poll(result)
        click.echo("没有提醒，以免催到已经报送的村。请处理后再运行。")
        context.exit(NEEDS_A_PERSON)
    with alone(office):
        reminders = plan_reminders(office, by_hand=True)
        store_reminders(office, reminders)
        sending = send_letters(office, at_any_hour=anyway)
    say_reminders(reminders, sending)
    if sending.note or reminders.unreachable:
        context.exit(NEEDS_A_PERSON)
