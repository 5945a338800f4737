"""Upkeep: doctor, quarantine, the watch, campaign files, the demo."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import click

from pipeline.cli.chinese_click import option
from pipeline.cli.program import NEEDS_A_PERSON, main_group, print_json, the_office
from pipeline.errors import ConfigError

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


@main_group.command()
@click.pass_context
def quarantine(context: click.Context) -> None:
    """看隔离的邮件：系统自己没能处理好的，原件在哪里。村里不会收到通知。

    \b
    例：baosong quarantine
    """
    from pipeline.cli.show import show_quarantine
    from pipeline.quarantine import list_quarantined

    office = the_office(context)
    held = list_quarantined(office)
    show_quarantine(held, office.campaign)
    if held:
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@click.argument("digests", nargs=-1, metavar="[编号]…")
@option("--all", "everything", is_flag=True, help="全部隔离的邮件")
@click.pass_context
def reread(context: click.Context, digests: Sequence[str], everything: bool) -> None:
    """把隔离的邮件再核对一遍，登记、答复。

    \b
    例：baosong reread 3f2a91c0
        baosong reread --all
    """
    from pipeline.cli.bars import Bars
    from pipeline.cli.show import say_poll
    from pipeline.ledger.intake import release
    from pipeline.model.work import Unit
    from pipeline.quarantine import choose
    from pipeline.run import poll as poll_once

    if bool(digests) == everything:
        raise ConfigError("请写邮件的编号，或写 --all；编号用 baosong quarantine 查看")
    office = the_office(context)
    for digest in choose(office, digests, everything=everything):
        release(office.ledger, digest, office.now())
    with Bars() as bars:
        result = poll_once(office, bars.step, [Unit.JUDGE, Unit.SEND])
    say_poll(result)
    if result.troubles:
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@click.pass_context
def watch(context: click.Context) -> None:
    """看收信有没有中断太久；中断了就写信告诉日报收件人。可由系统定时运行。

    \b
    例：baosong watch
    """
    from pipeline.office import alone
    from pipeline.posting import send
    from pipeline.watch import watch_from_outside

    office = the_office(context)
    silence = watch_from_outside(office)
    if silence is None:
        click.echo("收信正常。")
        return
    since = silence.since.astimezone(office.campaign.timezone)
    click.echo(f"从{since:%m-%d %H:%M}起没能收信。{silence.trouble}")
    with alone(office):
        send(office, looking=False)
    context.exit(NEEDS_A_PERSON)


@main_group.command()
@option("--apply", is_flag=True, help="按新结果登记（原来的记录保留）；不写则只看不改")
@option("--mail", is_flag=True, help="登记，并写信告知结果有变化的村")
@option("--all", "everything", is_flag=True, help="规则没有变化的来件也重新核对")
@option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取")
@click.pass_context
def recheck(context: click.Context, apply: bool, mail: bool, everything: bool, as_json: bool) -> None:
    """改了规则以后：按现行规则重新核对全部来件，列出各村有变化的结果。人工决定保留。

    \b
    例：baosong recheck              只看，不改台账，不发信
        baosong recheck --apply      按新结果登记
        baosong recheck --mail       登记，并告知有变化的村
    """
    from pipeline.cli.bars import Bars
    from pipeline.cli.jsonview import recheck_json
    from pipeline.office import alone
    from pipeline.posting import send as send_letters
    from pipeline.recheck import recheck as judge_anew
    from pipeline.recheck.telling import tell_rechecked

    office = the_office(context)
    taking = apply or mail
    with alone(office) if taking else nullcontext(), Bars() as bars:
        result = judge_anew(office, bars.step, apply=taking, mail=mail, everything=everything)
        sending = send_letters(office) if result.letters else None
    if as_json:
        print_json(recheck_json(result, office.campaign))
    else:
        click.echo(tell_rechecked(result, office.campaign))
    if sending and sending.note:
        click.echo(sending.note, err=as_json)
    if result.troubles or (result.changed and not result.applied) or (sending and sending.note):
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@click.argument("text", metavar="[文字]", default="这是一条试发的通知，收到就说明设置好了。")
@click.pass_context
def notify(context: click.Context, text: str) -> None:
    """向企业微信、钉钉、飞书等工作群发一条通知，看设置得对不对。

    \b
    例：baosong notify
        baosong notify 今天下午系统维护
    """
    from pipeline.channels import notify as send_notice
    from pipeline.config.loading import load_config
    from pipeline.errors import AccessError

    config = load_config(context.obj[0])
    if not config.notices.channels:
        raise ConfigError('没有通知渠道，请写 channels = ["wecom"]', file=config.file, key="notices.channels")
    if troubles := send_notice(config, "报送系统通知", text):
        raise AccessError("；".join(troubles))
    click.echo(f"已发到：{'、'.join(config.notices.channels)}")


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
    from pipeline.cli.show import show_campaign
    from pipeline.config.loading import load_config
    from pipeline.letter.proof import check_letters

    config, _ = context.obj
    campaign = load_campaign(file or load_config(config).campaign)
    check_letters(campaign)
    show_campaign(campaign)


@rules.command("draft")
@click.argument("notice", metavar="通知", type=click.Path(path_type=Path))
@click.argument("others", metavar="[附件]…", nargs=-1, type=click.Path(path_type=Path))
@option("--output", type=click.Path(path_type=Path), help="规则文件写到哪里（默认放进 rules 文件夹，按通知的日期起名）")
@option("--overwrite", is_flag=True, help="已经有这个文件的，重写它")
@click.pass_context
def draft_rules_file(
    context: click.Context, notice: Path, others: Sequence[Path], output: Path | None, overwrite: bool
) -> None:
    """读一份通知，起草活动规则文件：收什么、何时截止、怎样核对。拿不准的都标“请核对”。

    \b
    通知可以是 Word、WPS 文档、文本文件，或能选中文字的 PDF；空白表是另外的文件的，写在后面。
    例：baosong rules draft 通知.docx
        baosong rules draft 通知.docx 附件1.docx 附件2.xlsx
        baosong rules draft 通知.docx --output rules/2023-529.toml
    """
    from pipeline.drafting import draft_rules
    from pipeline.drafting.telling import tell_draft

    config, now = context.obj
    draft, files = draft_rules(
        notice,
        others,
        rules=config.parent / "rules",
        output=output,
        overwrite=overwrite,
        today=(now or datetime.now().astimezone()).date(),
    )
    home, written = config.parent.absolute(), files[0].absolute()
    inside = written.is_relative_to(home)
    click.echo(tell_draft(draft, files, (written.relative_to(home) if inside else written).as_posix()))
    if not draft.clear:
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@click.argument("folder", metavar="[文件夹]", default="demo", type=click.Path(path_type=Path))
def demo(folder: Path) -> None:
    """演示：生成一个月的来信，逐日收取、核对、答复、出日报。不需要邮箱和账号。

    \b
    例：baosong demo
        baosong demo D:\\演示
    """
    from pipeline.cli.rehearsal import rehearse

    rehearse(folder, say=click.echo)
