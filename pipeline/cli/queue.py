"""The distributed engine: its workers, and what waits to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.chinese_click import option
from pipeline.cli.program import NEEDS_A_PERSON, main_group, print_json, the_office
from pipeline.errors import INSTALL_PROVINCE, ConfigError

# Heavy modules are imported in the command that needs them, so that --help is instant.
# ruff: noqa: PLC0415


@main_group.command()
@click.argument("offices", metavar="[单位]…", nargs=-1, type=click.Path(exists=True, path_type=Path))
@option("--metrics", metavar="[地址:]端口", help="在这个端口提供 Prometheus 指标，例如 9100（默认只有本机能看）")
@click.pass_context
def worker(context: click.Context, offices: Sequence[Path], metrics: str | None) -> None:
    """县、市、省多个单位共用时：启动一个处理进程，可在多台机器上各启动几个。

    单位写各单位的配置文件，或放着它们的文件夹（每个单位一个子文件夹，里面是 config.toml）；不写就是当前单位。
    各单位的 config.toml 要写 engine = "procrastinate"，并用同一个 PostgreSQL 数据库。

    \b
    例：baosong worker
        baosong worker /srv/baosong/offices
        baosong worker --metrics 9100 /srv/baosong/offices
    """
    from pipeline.config.loading import are_installed
    from pipeline.config.offices import find_offices

    if not are_installed("procrastinate", "psycopg", "prometheus_client"):
        raise ConfigError(f"多单位共用的组件没有安装，{INSTALL_PROVINCE}")
    from pipeline.engine.metrics import Metrics
    from pipeline.engine.worker import work
    from pipeline.ledger.engine import look
    from pipeline.ledger.opening import open_ledger

    found = find_offices(offices or [context.obj[0]], click.echo)
    figures = Metrics()
    if metrics:
        host, _, port = metrics.rpartition(":")
        if not port.isdecimal():
            raise ConfigError(f"--metrics 写成端口或 地址:端口，例如 9100 或 0.0.0.0:9100，不能是 {metrics}")
        first = next(iter(found.values()))
        ledger = open_ledger(first.database, first.office, distributed=True)
        try:
            figures.serve(host or "127.0.0.1", int(port), lambda: look(ledger))
        except (OSError, OverflowError) as error:
            raise ConfigError(f"--metrics {metrics}：端口不能用（{error}），请换一个") from error
    work(found, say=click.echo, metrics=figures)


@main_group.command()
@option("--retry", is_flag=True, help="把没有做成、正等着的工作马上再做一次")
@option("--drop", metavar="代号", help="这个单位已撤销：不再排它的工作（台账和原件不动）")
@option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取")
@click.pass_context
def queue(context: click.Context, retry: bool, drop: str | None, as_json: bool) -> None:
    """看还有哪些工作没有做完：等着核对的邮件、等着发的信、出错后等着再试的。

    有工作多次失败，或没有处理进程活着、没有处理进程处理某个单位时，退出状态是 1，可用于监控。

    \b
    例：baosong queue
        baosong queue --retry
        baosong queue --drop wanzhang
    """
    from pipeline.cli.show import show_queue
    from pipeline.engine.tasks import drop_office, look_at_work, try_again

    office = the_office(context)
    if retry:
        click.echo(f"已安排{try_again(office)}项工作马上再做。")
    if drop:
        click.echo(f"{drop}：已去掉{drop_office(office, drop)}项排队的工作。")
    state = look_at_work(office)
    if as_json:
        print_json(asdict(state))
    else:
        show_queue(state, office.now())
    if state.needs_a_person:
        context.exit(NEEDS_A_PERSON)
