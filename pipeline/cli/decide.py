"""The coordinator's own decisions."""

from __future__ import annotations

import os
from datetime import datetime

import click

from pipeline.cli.chinese_click import option
from pipeline.cli.program import Moment, main_group, the_office
from pipeline.errors import ConfigError
from pipeline.text.days import write_date

# Heavy modules are imported in the command that needs them, so that --help is instant.
# ruff: noqa: PLC0415


def _decide(
    context: click.Context, village: str, deliverable: str, state: str, why: str, *, send: bool = False
) -> None:
    from pipeline.cli.show import STATE_WORDS
    from pipeline.ledger.decisions import decide
    from pipeline.letter.notice import check_notice
    from pipeline.model.standing import State
    from pipeline.returning import tell_return

    if not why.strip():
        raise ConfigError("请在 --why 后面写明理由，理由要记入台账")
    office = the_office(context)
    decided = State(state)
    if send:
        check_notice(office.campaign)  # before anything is kept
    act = decide(
        office.ledger,
        office.campaign,
        village,
        deliverable,
        state=decided,
        who=_who(),
        why=why,
        now=office.now(),
    )
    click.echo(f"已登记：{village} {office.campaign.deliverable(deliverable).title} {STATE_WORDS[decided][0]}（{why}）")
    if send:
        click.echo(tell_return(office, village, deliverable, why, who=_who(), act=act))


def _who() -> str:
    """The person at the keyboard, also where he works under the service's login by sudo."""
    import getpass

    return os.environ.get("SUDO_USER") or getpass.getuser()


_village = click.argument("village", metavar="村")
_deliverable = click.argument("deliverable", metavar="材料代号")
_why = option("--why", required=True, help="理由，记入台账")


@main_group.command()
@_village
@_deliverable
@_why
@click.pass_context
def accept(context: click.Context, village: str, deliverable: str, why: str) -> None:
    """人工判为合格。

    材料代号用 baosong rules check 查看。

    \b
    例：baosong accept 楚庄村 video --why 链接已下载，视频清楚
    """
    _decide(context, village, deliverable, "accepted", why)


@main_group.command("return")
@_village
@_deliverable
@_why
@option("--send", is_flag=True, help="把 --why 后面的话写信告诉村里")
@click.pass_context
def return_(context: click.Context, village: str, deliverable: str, why: str, *, send: bool) -> None:
    """人工退回。

    材料代号用 baosong rules check 查看。

    \b
    例：baosong return 楚庄村 photos --why 照片与去年相同
        baosong return 楚庄村 photos --why 照片与去年相同，请换本次活动的照片 --send
    """
    _decide(context, village, deliverable, "returned", why, send=send)


@main_group.command()
@_village
@_deliverable
@_why
@click.pass_context
def waive(context: click.Context, village: str, deliverable: str, why: str) -> None:
    """免予报送。

    材料代号用 baosong rules check 查看。

    \b
    例：baosong waive 楚庄村 video --why 村里没有拍摄条件
    """
    _decide(context, village, deliverable, "waived", why)


@main_group.command()
@_village
@_deliverable
@option("--until", required=True, type=Moment(), help="延长到哪一天（含当日），例如 2023-06-15")
@option("--why", default="", help="理由，记入台账")
@click.pass_context
def extend(context: click.Context, village: str, deliverable: str, until: datetime, why: str) -> None:
    """给一个村延长期限。

    材料代号用 baosong rules check 查看。

    \b
    例：baosong extend 楚庄村 video --until 2023-06-15
    """
    from datetime import time, timedelta

    from pipeline.ledger.decisions import extend as extend_deadline

    office = the_office(context)
    last_day = until.astimezone(office.campaign.timezone).date()
    due_at = datetime.combine(last_day + timedelta(days=1), time.min, office.campaign.timezone)
    extend_deadline(
        office.ledger,
        office.campaign,
        village,
        deliverable,
        due_at=due_at,
        who=_who(),
        why=why,
        now=office.now(),
    )
    title = office.campaign.deliverable(deliverable).title
    click.echo(f"已延期：{village} {title}，延到{write_date(last_day)}（含当日）")


@main_group.command()
@click.argument("address", metavar="邮箱")
@_village
@option("--wrong", is_flag=True, help="登记相反的意见：这个邮箱不是这个村的")
@_why
@click.pass_context
def confirm(context: click.Context, address: str, village: str, wrong: bool, why: str) -> None:
    """确认一个邮箱是哪个村的，今后没写村名的来件也能认出。

    \b
    例：baosong confirm 123456@qq.com 楚庄村 --why 已电话核实，是新任专干的邮箱
        baosong confirm 123456@qq.com 楚庄村 --wrong --why 该同志已调到王桥村
    """
    from pipeline.ledger.decisions import confirm_address

    if not why.strip():
        raise ConfigError("请在 --why 后面写明理由，理由要记入台账")
    office = the_office(context)
    confirm_address(
        office.ledger,
        office.campaign,
        office.register,
        village,
        address,
        who=_who(),
        why=why,
        now=office.now(),
        holds=not wrong,
    )
    click.echo(f"已登记：{address} {'不是' if wrong else '是'}{village}的邮箱（{why}）")


@main_group.command()
@click.argument("number", metavar="[编号]", required=False, type=int)
@option("--why", default="", help="理由，记入台账")
@click.pass_context
def undo(context: click.Context, number: int | None, why: str) -> None:
    """撤销一个人工决定，恢复原来的状态；不写编号则列出最近的决定。

    \b
    例：baosong undo
        baosong undo 12 --why 看错了村
    """
    from pipeline.cli.show import show_acts
    from pipeline.ledger.acts import all_acts
    from pipeline.ledger.undoing import undo as take_back

    office = the_office(context)
    if number is None:
        show_acts(all_acts(office.ledger, office.campaign)[:30], office.campaign)
        return
    take_back(office.ledger, office.campaign, number, who=_who(), why=why, now=office.now())
    click.echo(f"已撤销编号为 {number} 的决定，台账恢复原状；这次撤销也记入了台账。")
