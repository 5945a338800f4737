"""Keeping: backup, restore, the ledger built anew, personal data forgotten."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.chinese_click import option
from pipeline.cli.program import NEEDS_A_PERSON, main_group, the_office

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
    from pipeline.keeping.backup import back_up
    from pipeline.show import Bars

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
@click.argument("file", metavar="备份文件", type=click.Path(path_type=Path))
@click.argument("folder", metavar="[新文件夹]", required=False, type=click.Path(path_type=Path))
@option("--database", help="把台账放进这个空的 PostgreSQL 数据库（默认放进新文件夹）")
@click.pass_context
def restore(context: click.Context, file: Path, folder: Path | None, database: str | None) -> None:
    """恢复：把备份放进一个新文件夹，逐个校验，再检查各部分。不覆盖任何文件。

    备份之后的来信会重新收取；可能已经答复过的，先查明再决定，不会重复答复。

    \b
    例：baosong restore E:\\备份\\报送.zip D:\\报送
    """
    from datetime import UTC, datetime

    from pipeline.keeping.restore import misdirected, restore
    from pipeline.show import Bars

    _, now = context.obj
    with Bars() as bars:
        restored = restore(
            file, folder or Path(file.stem), now=now or datetime.now(UTC), database=database, progress=bars.step
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

    损坏的数据库改名保留。人工判定、延期和已发出的信一并恢复；查不明发没发的信留给人工。

    \b
    例：baosong rebuild
    """
    from pipeline.keeping.rebuild import rebuild
    from pipeline.office import system_clock
    from pipeline.show import Bars

    config, now = context.obj
    with Bars() as bars:
        done = rebuild(config, (lambda: now) if now else system_clock, bars.step)
    click.echo(f"已重建：来件{done.messages}封，人工判定和延期{done.decisions}次，已发出的信{done.letters}封。")
    if done.former:
        click.echo(f"损坏的数据库改名为：{done.former}")
    for trouble in done.troubles:
        click.echo(f"需要处理：{trouble}")
    if done.troubles:
        context.exit(NEEDS_A_PERSON)


def _examine(config: Path) -> bool:
    from pipeline.doctor import examine

    healthy = True
    for part in examine(config):
        healthy = healthy and part.healthy
        click.echo(f"{'正常' if part.healthy else '有问题'}  {part.name}：{part.said}")
    return healthy


def _size(octets: int) -> str:
    return f"{octets / 1024**3:.1f}GB" if octets >= 1024**3 else f"{octets / 1024**2:.1f}MB"
