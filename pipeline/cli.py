"""The command line. Every command opens the office, calls one function of the pipeline, and shows what came of it.

Exit status: 0 done; 1 it ran and something needs a person; 2 wrong use or configuration.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from pipeline.chinese_click import Group, explain_usage_error, option
from pipeline.errors import BaosongError, ConfigError

if TYPE_CHECKING:
    from pipeline.office import Office

# Heavy modules are imported in the command that needs them, so that --help is instant.
# ruff: noqa: PLC0415

NEEDS_A_PERSON = 1
WRONG_USE = 2


class Moment(click.ParamType[datetime]):
    """An ISO 8601 moment; without an offset it is Beijing's."""

    name = "时刻"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware datetime."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是时刻，请写成 2023-05-09T10:00:00+08:00 或 2023-05-09 的样子", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@click.group(cls=Group)
@option("--config", type=click.Path(path_type=Path), default=Path("config.toml"), help="配置文件（默认 config.toml）")
@option("--now", type=Moment(), help="演练：把这一刻当作现在，例如 2023-05-09T10:00:00+08:00")
@option("--verbose", is_flag=True, help="显示运行日志，排查问题时用")
@click.pass_context
def main_group(context: click.Context, config: Path, now: datetime | None, verbose: bool) -> None:
    """baosong（报送）：收取各村邮件，核对材料，登记台账，答复来件，生成日报。

    \b
    第一次使用：
      baosong demo                 不用邮箱，先看一遍完整过程
      baosong doctor               检查配置、邮箱、数据库是否就绪
      baosong poll                 收一次信，核对、登记、答复
      baosong run                  一直运行：定时收信、提醒、出日报
      baosong status               看台账
    """
    logging.basicConfig(level=logging.INFO if verbose else logging.CRITICAL, format="%(asctime)s %(name)s %(message)s")
    if verbose:
        sys.excepthook = sys.__excepthook__
    context.obj = (config, now)


def _office(context: click.Context) -> Office:
    from pipeline.office import open_office, system_clock

    config, now = context.obj
    return open_office(config, (lambda: now) if now else system_clock)


# --- the main job -----------------------------------------------------------------------------------------------------


@main_group.command()
@click.pass_context
def poll(context: click.Context) -> None:
    """收一次信：取回新邮件，核对、登记、答复。

    \b
    例：baosong poll
        baosong --config D:\\报送\\config.toml poll
    """
    from pipeline.run import poll as poll_once
    from pipeline.show import Bars, say_poll

    office = _office(context)
    with Bars() as bars:
        result = poll_once(office, bars.step)
    say_poll(result)
    if result.troubles:
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@click.pass_context
def run(context: click.Context) -> None:
    """一直运行：定时收信、提醒、出日报。按 Ctrl+C 停止。

    \b
    例：baosong run
    """
    from pipeline.service import serve

    serve(_office(context), say=click.echo)


@main_group.command()
@option("--send", is_flag=True, help="同时寄给 config.toml 中 [report] to 的收件人")
@click.pass_context
def report(context: click.Context, send: bool) -> None:
    """生成日报：网页、文字和 Excel。

    \b
    例：baosong report
        baosong report --send
    """
    from pipeline.office import alone
    from pipeline.run import report as write_report
    from pipeline.run import send as send_letters

    office = _office(context)
    if send and not office.config.report.to:
        raise ConfigError('没有日报收件人，请写 to = ["邮箱地址"]', file=office.config.file, key="report.to")
    with alone(office) if send else nullcontext():
        result = write_report(office, mail=send)
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
    from pipeline.merge import merge as merge_all
    from pipeline.merge.telling import tell_merged
    from pipeline.show import Bars

    office = _office(context)
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
    from pipeline.office import alone
    from pipeline.reminding import plan_reminders, store_reminders
    from pipeline.run import poll as poll_once
    from pipeline.run import send as send_letters
    from pipeline.show import Bars, say_poll, say_reminders

    office = _office(context)
    reminders = plan_reminders(office, by_hand=True)
    if dry_run:
        say_reminders(reminders)
        return
    if reminders.quiet and not anyway:
        click.echo(f"{reminders.quiet}，没有提醒。要现在就发，请运行：baosong remind --anyway")
        context.exit(NEEDS_A_PERSON)
    # What lies in the mailbox first: who has handed in is not reminded.
    with Bars() as bars:
        result = poll_once(office, bars.step, sending=False)
    if result.troubles:
        say_poll(result)
        click.echo("没有提醒，以免催到已经报送的村。请处理后再运行。")
        context.exit(NEEDS_A_PERSON)
    with alone(office):
        reminders = plan_reminders(office, by_hand=True)
        store_reminders(office, reminders)
        sending = send_letters(office)
    say_reminders(reminders, sending)
    if sending.note or reminders.unreachable:
        context.exit(NEEDS_A_PERSON)


# --- looking ----------------------------------------------------------------------------------------------------------


@main_group.command()
@option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取")
@option("--as-of", type=Moment(), help="看这一刻的台账")
@click.pass_context
def status(context: click.Context, as_json: bool, as_of: datetime | None) -> None:
    """看台账：各村各项材料收到没有、合不合格。

    \b
    例：baosong status
        baosong status --as-of 2023-05-11
    """
    from pipeline.jsonview import status_json
    from pipeline.ledger.views import standings

    office = _office(context)
    moment = as_of or office.now()
    rows = standings(office.ledger, office.campaign, moment)
    if as_json:
        _print_json(status_json(office.campaign, rows, moment))
    else:
        from pipeline.show import show_status

        show_status(office.campaign, rows, moment)


@main_group.command()
@option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取")
@click.pass_context
def messages(context: click.Context, as_json: bool) -> None:
    """看每封来信：附件、核对结果、答复。

    \b
    例：baosong messages
    """
    from pipeline.jsonview import messages_json
    from pipeline.ledger.views import messages as all_messages

    office = _office(context)
    found = all_messages(office.ledger)
    if as_json:
        _print_json(messages_json(found, office.campaign.timezone))
    else:
        from pipeline.show import show_messages

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
    from pipeline.jsonview import verdict_json
    from pipeline.model import Severity
    from pipeline.trial import try_paths

    config, now = context.obj
    results = try_paths(config, paths, village=village, deliverable=deliverable, now=now)
    if as_json:
        _print_json({"results": [{"paths": [*map(str, names)], **verdict_json(v)} for names, v in results]})
    else:
        from pipeline.show import show_verdict

        for names, verdict in results:
            show_verdict(names, verdict)
    if any(finding.severity is Severity.ERROR for _, verdict in results for finding in verdict.findings):
        context.exit(NEEDS_A_PERSON)


@main_group.command()
@click.argument("code", metavar="代号", required=False)
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
        raise ConfigError(f"没有 {code} 这项核对{did_you_mean(code, known)}")
    click.echo(describe(known[code]))


# --- the coordinator's own decisions ---------------------------------------------------------------------------------


def _decide(context: click.Context, village: str, deliverable: str, state: str, why: str) -> None:
    import getpass

    from pipeline.ledger.decisions import decide
    from pipeline.model import State
    from pipeline.show import STATE_WORDS

    if not why.strip():
        raise ConfigError("请在 --why 后面写明理由，理由要记入台账")
    office = _office(context)
    decided = State(state)
    decide(
        office.ledger,
        office.campaign,
        village,
        deliverable,
        state=decided,
        who=getpass.getuser(),
        why=why,
        now=office.now(),
    )
    click.echo(f"已登记：{village} {office.campaign.deliverable(deliverable).title} {STATE_WORDS[decided][0]}（{why}）")


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

    \b
    例：baosong accept 楚庄村 video --why 链接已下载，视频清楚
    """
    _decide(context, village, deliverable, "accepted", why)


@main_group.command("return")
@_village
@_deliverable
@_why
@click.pass_context
def return_(context: click.Context, village: str, deliverable: str, why: str) -> None:
    """人工退回。

    \b
    例：baosong return 楚庄村 photos --why 照片与去年相同
    """
    _decide(context, village, deliverable, "returned", why)


@main_group.command()
@_village
@_deliverable
@_why
@click.pass_context
def waive(context: click.Context, village: str, deliverable: str, why: str) -> None:
    """免予报送。

    \b
    例：baosong waive 楚庄村 video --why 村里没有拍摄条件
    """
    _decide(context, village, deliverable, "waived", why)


@main_group.command()
@_village
@_deliverable
@option("--until", required=True, type=Moment(), help="延长到哪一天（含当日），例如 2023-06-15")
@click.pass_context
def extend(context: click.Context, village: str, deliverable: str, until: datetime) -> None:
    """给一个村延长期限。

    \b
    例：baosong extend 楚庄村 video --until 2023-06-15
    """
    from datetime import time, timedelta

    from pipeline.ledger.decisions import extend as extend_deadline

    office = _office(context)
    last_day = until.astimezone(office.campaign.timezone).date()
    due_at = datetime.combine(last_day + timedelta(days=1), time.min, office.campaign.timezone)
    extend_deadline(office.ledger, office.campaign, village, deliverable, due_at=due_at)
    click.echo(
        f"已延期：{village} {office.campaign.deliverable(deliverable).title}，{last_day.month}月{last_day.day}日前"
    )


# --- upkeep -----------------------------------------------------------------------------------------------------------


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


def _print_json(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


# --- edges ------------------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status. Whatever goes wrong is one line on standard error, never a traceback."""
    _speak_utf8()
    sys.excepthook = _tell_own_fault
    try:
        return int(main_group.main(arguments, prog_name="baosong", standalone_mode=False) or 0)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        return _complain(explain_usage_error(error), WRONG_USE)
    except ConfigError as error:
        return _complain(str(error), WRONG_USE)
    except BaosongError as error:
        return _complain(str(error), NEEDS_A_PERSON)
    except (click.Abort, KeyboardInterrupt):
        return _complain("已停止。", 130)


def _complain(line: str, status: int) -> int:
    click.echo(f"baosong：{line}", err=True)
    return status


def _tell_own_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody foresaw, in a line for the operator; the interpreter ends with status 1 by itself."""
    import traceback

    place = traceback.extract_tb(trace)[-1]
    where = f"{kind.__name__}，{Path(place.filename).name} 第{place.lineno}行"
    click.echo(
        f"baosong：本程序出错（{where}），这一步没有完成，已收到的邮件不受影响。"
        "请加 --verbose 再运行一次（baosong --verbose 命令），把显示的内容发给维护人员。",
        err=True,
    )


def _speak_utf8() -> None:
    """Chinese to a pipe or a Windows console that would otherwise choke on it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure and (stream.encoding or "").lower() not in ("utf-8", "utf8"):
            reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
