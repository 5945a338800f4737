"""Looking: the ledger, the messages, a file on trial, a check's documentation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.chinese_click import option
from pipeline.cli.program import NEEDS_A_PERSON, Moment, main_group, print_json, print_lines, the_office
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.model.campaign import Campaign
    from pipeline.model.standing import Standing
    from pipeline.outline import Outline
    from pipeline.renaming import Renamed

# Heavy modules are imported in the command that needs them, so that --help is instant.
# ruff: noqa: PLC0415


@main_group.command()
@option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取")
@option("--as-of", type=Moment(), help="看这一刻的台账")
@option("--village", help="只看这个村")
@click.pass_context
def status(context: click.Context, as_json: bool, as_of: datetime | None, village: str | None) -> None:
    """看台账：各村各项材料收到没有、合不合格。

    \b
    例：baosong status
        baosong status --village 石桥村
        baosong status --as-of 2023-05-11
    """
    config, now = context.obj
    campaign, moment, rows, renamed = _standings(config, as_of or now or datetime.now().astimezone(), village)
    if as_json:
        from pipeline.cli.jsonview import status_lines

        print_lines(status_lines(campaign, rows, moment))
    else:
        from pipeline.cli.show import show_status

        show_status(campaign, rows, moment)
    for each in renamed:
        click.secho(f"{each.village}：{each.said}", fg="red", err=True)


def _standings(
    config: Path, moment: datetime, village: str | None
) -> tuple[Campaign | Outline, datetime, Sequence[Standing], Sequence[Renamed]]:
    """How everything stands, by a glance where nothing has changed since the office was last opened; and whose name has
    changed since something came.
    """
    from pipeline.ledger.glance import glance
    from pipeline.outline import recall_outline
    from pipeline.renaming import find_renamed, gone_names, without_empty

    if (outline := recall_outline(config)) and (village is None or village in outline.villages):
        place = outline.database, outline.office
        rows = glance(*place, outline.id, outline.villages, outline.due, moment, village)
        if rows is not None and not gone_names(outline.villages, rows):
            return outline, moment, without_empty(outline.villages, rows), ()

    from pipeline.ledger.views import standings
    from pipeline.office import open_office
    from pipeline.tomlfile import did_you_mean

    office = open_office(config)
    if village is not None and village not in office.register:
        raise ConfigError(f"村名册里没有{village}{did_you_mean(village, office.register.names)}", key="--village")
    rows = standings(office.ledger, office.campaign, moment, village)
    names = office.register[village].aliases if village is not None else ()
    former = [each for name in names for each in standings(office.ledger, office.campaign, moment, name)]
    renamed = find_renamed(office.register.villages, [*rows, *former])
    return office.campaign, moment, without_empty(office.register.names, rows), renamed


@main_group.command()
@option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取")
@click.pass_context
def messages(context: click.Context, as_json: bool) -> None:
    """看每封来信：附件、核对结果、答复。

    \b
    例：baosong messages
    """
    from pipeline.ledger.views import messages as all_messages

    office = the_office(context)
    found = all_messages(office.ledger, deliveries=as_json)
    if as_json:
        from pipeline.cli.jsonview import message_lines

        print_lines(message_lines(found, office.campaign.timezone))
    else:
        from pipeline.cli.show import show_messages

        show_messages(found, office.campaign)


@main_group.command()
@click.argument("paths", nargs=-1, required=True, metavar="文件…", type=click.Path(exists=True, path_type=Path))
@option("--village", help="按这个村核对")
@option("--deliverable", help="按这项材料核对，例如 plan、progress@2023-05-10")
@option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取")
@click.pass_context
def check(
    context: click.Context, paths: Sequence[Path], village: str | None, deliverable: str | None, as_json: bool
) -> None:
    """按规则核对文件或 .eml 邮件，不收信，不记台账。

    \b
    例：baosong check 楚庄村写实表.docx
        baosong check 照片/*.jpg --village 楚庄村 --deliverable photos
    """
    from pipeline.cli.jsonview import verdict_json
    from pipeline.cli.trial import try_paths
    from pipeline.model.finding import Severity

    config, now = context.obj
    results = try_paths(config, paths, village=village, deliverable=deliverable, now=now)
    if as_json:
        print_json({"results": [{"paths": [*map(str, names)], **verdict_json(v)} for names, v in results]})
    else:
        from pipeline.cli.show import show_verdict

        for names, verdict in results:
            show_verdict(names, verdict)
    if any(finding.severity is Severity.ERROR for _, verdict in results for finding in verdict.findings):
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@click.argument("code", metavar="[代号]", required=False)
def explain(code: str | None) -> None:
    """说明一项核对：查什么、为什么、怎么改。不写代号则列出全部。

    \b
    例：baosong explain photo-count
    """
    from pipeline.check import all_checks
    from pipeline.check import explain as describe
    from pipeline.tomlfile import did_you_mean

    known = all_checks()
    if code is None:
        for found in known.values():
            click.echo(f"{found.code:<26}{found.title}")
        return
    if code not in known:
        raise ConfigError(f"没有 {code} 这项核对{did_you_mean(code, known)}；全部代号请看 baosong explain")
    click.echo(describe(known[code]))


@main_group.command()
@option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取")
@option("--as-of", type=Moment(), help="按这一刻的期限统计")
@click.pass_context
def rollup(context: click.Context, as_json: bool, as_of: datetime | None) -> None:
    """县、省汇总：同一数据库里各单位的应报、已报、报送率。只有数字，不含各村邮件。

    \b
    例：baosong rollup
    """
    from dataclasses import asdict

    from pipeline.config.loading import load_database

    config, now = context.obj
    database = load_database(config)
    if database.startswith("sqlite"):
        raise ConfigError("汇总只用于多个单位共用的 PostgreSQL 数据库", file=config.absolute(), key="database")
    from pipeline.ledger.rollup import roll_up, total  # the province's extra

    moment = as_of or now or datetime.now().astimezone()
    tallies = roll_up(database, moment)
    if as_json:
        whole = asdict(total(tallies, "合计"))
        print_json({"as_of": moment.isoformat(), "offices": [asdict(each) for each in tallies], "total": whole})
    else:
        from pipeline.cli.show import show_rollup

        show_rollup(tallies, total(tallies, "合计"), moment)
