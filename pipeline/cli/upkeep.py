"""Upkeep: doctor, campaign files, the demo."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.program import NEEDS_A_PERSON, main_group

# Heavy modules are imported in the command that needs them, so that --help is instant.
# ruff: noqa: PLC0415


@main_group.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """逐项检查：配置、规则、数据库、缓存、收信、发信、时钟，并说明怎么解决。

    \b
    例：baosong doctor
    """
    from pipeline.doctor import examine

    config, _ = context.obj
    healthy = True
    for part in examine(config):
        healthy = healthy and part.healthy
        click.echo(f"{'正常' if part.healthy else '有问题'}  {part.name}：{part.said}")
    if not healthy:
        context.exit(NEEDS_A_PERSON)


@main_group.group()
def rules() -> None:
    """活动规则文件。"""


@rules.command("check")
@click.argument("file", metavar="[文件]", required=False, type=click.Path(path_type=Path))
@click.pass_context
def check_rules(context: click.Context, file: Path | None) -> None:
    """检查活动规则文件写得对不对。

    \b
    例：baosong rules check
        baosong rules check rules/2023-529.toml
    """
    from pipeline.campaign import load_campaign
    from pipeline.config import load_config
    from pipeline.letter import check_letters
    from pipeline.show import show_campaign

    config, _ = context.obj
    campaign = load_campaign(file or load_config(config).campaign)
    check_letters(campaign)
    show_campaign(campaign)


@main_group.command()
@click.argument("folder", metavar="[文件夹]", default="demo", type=click.Path(path_type=Path))
def demo(folder: Path) -> None:
    """演示：生成一个月的来信，逐日收取、核对、答复、出日报。不需要邮箱和账号。

    \b
    例：baosong demo
        baosong demo D:\\演示
    """
    from pipeline.rehearsal import rehearse

    rehearse(folder, say=click.echo)
