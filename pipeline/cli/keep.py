"""Keeping: backup, restore, the ledger built anew, personal data forgotten."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from pipeline.cli.chinese_click import option
from pipeline.cli.program import NEEDS_A_PERSON, Moment, main_group, the_office

# Heavy modules are imported in the command that needs them, so that --help is instant.
# ruff: noqa: PLC0415


@main_group.command()
@click.argument("file", metavar="[文件]", required=False, type=click.Path(path_type=Path))
@click.pass_context
def backup(context: click.Context, file: Path | None) -> None:
    """备份：台账、收到的邮件、规则、名册和配置，做成一个文件。收信时也可以做。

    不写文件名，就放到配置文件旁的 backups 文件夹。备份里没有密码，但有各村的材料，请妥善保管。

    \b
    例：baosong backup
        baosong backup E:\\备份\\报送.zip
    """
    from pipeline.cli.bars import Bars
    from pipeline.keeping.backup import back_up

    office = the_office(context)
    with Bars() as bars:
        done = back_up(office, file, bars.step)
    click.echo(f"已备份并校验：{done.place}（{done.files}个文件，{_size(done.size)}）")
    click.echo(f"恢复时运行：baosong restore {done.place} 新文件夹")
    for trouble in done.troubles:
        click.echo(f"需要处理：{trouble}")
    if done.troubles:
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@click.argument("file", metavar="备份文件", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", metavar="[新文件夹]", required=False, type=click.Path(path_type=Path))
@option("--database", help="把台账放进这个空的 PostgreSQL 数据库（默认放进新文件夹）")
@option("--office", default="", help="多个单位共用这个数据库时，本单位的代号")
@click.pass_context
def restore(context: click.Context, file: Path, folder: Path | None, database: str | None, office: str) -> None:
    """恢复：把备份放进一个新文件夹，逐个校验，再检查各部分。不覆盖任何文件。

    备份之后的来信会重新收取；可能已经答复过的，先查明再决定，不会重复答复。

    \b
    例：baosong restore E:\\备份\\报送.zip D:\\报送
    """
    from datetime import UTC

    from pipeline.cli.bars import Bars
    from pipeline.keeping.restore import misdirected, restore

    _, now = context.obj
    with Bars() as bars:
        restored = restore(
            file,
            folder or Path(file.stem),
            now=now or datetime.now(UTC),
            database=database,
            office=office,
            progress=bars.step,
        )
    click.echo(f"已恢复{restored.files}个文件，台账是{restored.made_at:%Y年%m月%d日 %H:%M}的。")
    if not database and misdirected(restored):
        click.echo("需要处理：环境变量 BAOSONG_DATABASE 指向另一个数据库，请先取消它。")
        context.exit(NEEDS_A_PERSON)
    click.echo("原来的程序请先停用，不要两处同时收信。各部分检查如下：")
    healthy = _examine(restored.config)
    click.echo(f"接着运行：baosong --config {restored.config} poll")
    if not healthy:
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@click.pass_context
def rebuild(context: click.Context) -> None:
    """重建台账：数据库坏了又没有备份时，用缓存里的邮件重新核对、登记，不再发信。

    损坏的数据库改名保留。人工做过的决定和已发出的信一并恢复；查不明发没发的信留给人工。

    \b
    例：baosong rebuild
    """
    from pipeline.cli.bars import Bars
    from pipeline.keeping.rebuild import rebuild
    from pipeline.office import system_clock

    config, now = context.obj
    with Bars() as bars:
        done = rebuild(config, (lambda: now) if now else system_clock, bars.step)
    click.echo(f"已重建：来件{done.messages}封，人工决定{done.decisions}次，已发出的信{done.letters}封。")
    if done.former:
        click.echo(f"损坏的数据库改名为：{done.former}")
    for trouble in done.troubles:
        click.echo(f"需要处理：{trouble}")
    if done.troubles:
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@option("--before", type=Moment(), help="删除这一天以前收到的（默认：本次活动的全部，活动结束后才可以）")
@option("--dry-run", is_flag=True, help="只看不删：会删除多少")
@option("--yes", is_flag=True, help="不再询问，直接删除")
@click.pass_context
def forget(context: click.Context, before: datetime | None, dry_run: bool, yes: bool) -> None:
    """活动结束后删除个人信息：来件、附件、姓名、邮箱和往来信件。台账结果和统计数字保留。

    删除后不能恢复。需要存档的，请先汇总、备份。

    \b
    例：baosong forget --dry-run
        baosong forget
        baosong forget --before 2023-01-01
    """
    from pipeline.cli.bars import Bars
    from pipeline.keeping.forget import forget_old, plan_forgetting
    from pipeline.office import alone

    office = the_office(context)
    with alone(office):
        old = plan_forgetting(office, before)
        click.echo(
            f"将删除{old.before.astimezone(office.campaign.timezone):%Y年%m月%d日 %H:%M}以前收到的："
            f"来件{len(old.messages)}封、附件{old.attachments}个、答复{old.letters}封。"
            "保留：各村各项的结果、次数和日期。"
        )
        if old.unfinished:
            click.echo(f"另有{old.unfinished}封来件还没有核对完或答复没有发出，这次不删。")
        if dry_run:
            click.echo("这是预览，没有删除。")
            return
        if not yes:
            click.confirm("删除后不能恢复，确定删除吗？", abort=True)
        with Bars() as bars:
            done = forget_old(office, old, bars.step)
    click.echo(f"已删除，缓存里的文件删去{done.files}个。")
    click.echo("仍有个人信息的地方，请自行处理：邮箱服务器上的来信和已发送邮件；以前的备份（到期请销毁）。")
    for place in done.remaining:
        click.echo(f"  {place}")


def _examine(config: Path) -> bool:
    from pipeline.doctor import examine

    healthy = True
    for part in examine(config):
        healthy = healthy and part.healthy
        click.echo(f"{'正常' if part.healthy else '有问题'}  {part.name}：{part.said}")
    return healthy


def _size(octets: int) -> str:
    return f"{octets / 1024**3:.1f}GB" if octets >= 1024**3 else f"{octets / 1024**2:.1f}MB"
