"""The program: its group of commands, what they have in common, and the edge where every error becomes one line."""

from __future__ import annotations

import atexit
import gc
import json
import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from pipeline.cli.chinese_click import Group, explain_usage_error, option
from pipeline.errors import BaosongError, ConfigError, write_place

if TYPE_CHECKING:
    from pipeline.office import Office

# Heavy modules are imported in the command that needs them, so that --help is instant.
# ruff: noqa: PLC0415

NEEDS_A_PERSON = 1
WRONG_USE = 2
_AT_ONCE = 1000  # lines
_NEW_OBJECTS = 10_000  # after so many garbage is looked for; Python's own 700 is for programs of one tenth the size


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
@click.version_option(package_name="baosong", message="baosong %(version)s", help="显示版本")
@click.pass_context
def main_group(context: click.Context, config: Path, now: datetime | None, verbose: bool) -> None:
    """baosong（报送）：收取各村邮件，核对材料，登记台账，答复来件，生成日报。

    \b
    第一次使用：
      baosong demo                 不用邮箱，先看一遍完整过程
      baosong init                 设置邮箱、村名册，写好配置文件
      baosong doctor               检查配置、邮箱、数据库是否就绪
      baosong poll                 收一次信，核对、登记、答复
      baosong run                  一直运行：定时收信、提醒、出日报
      baosong status               看台账
    """
    shown = logging.StreamHandler()
    shown.setLevel(logging.INFO if verbose else logging.CRITICAL)  # whatever level a library gives its own loggers
    logging.basicConfig(level=shown.level, handlers=[shown], format="%(asctime)s %(name)s %(message)s")
    if verbose:
        sys.excepthook = sys.__excepthook__
    context.obj = (config, now)


def the_office(context: click.Context) -> Office:
    """The office of this command, opened."""
    from pipeline.office import open_office, system_clock

    config, now = context.obj
    return open_office(config, (lambda: now) if now else system_clock)


def print_json(value: dict[str, Any]) -> None:
    """JSON for other programs; moments in ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=datetime.isoformat))


def print_lines(lines: Iterable[str]) -> None:
    """Lines as they come, however many."""
    rest = iter(lines)
    while some := list(islice(rest, _AT_ONCE)):  # echo looks at the terminal anew each time
        click.echo("\n".join(some))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status. Whatever goes wrong is one line on standard error, never a traceback."""
    _spare_the_collector()
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
    click.echo(
        f"baosong：本程序出错（{write_place(error)}），这一步没有完成，已收到的邮件不受影响。"
        "请加 --verbose 再运行一次（baosong --verbose 命令），把显示的内容发给维护人员。",
        err=True,
    )


def _spare_the_collector() -> None:
    """Modules, of which there are many, are no garbage: neither while they are loaded nor when the program ends.

    Seen: a poll of 1.8 s spent 0.4 s looking through them at its end. What must be closed is closed by its owner.
    """
    gc.set_threshold(_NEW_OBJECTS)
    atexit.register(gc.freeze)


def _speak_utf8() -> None:
    """Chinese to a pipe or a Windows console that would otherwise choke on it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure and (stream.encoding or "").lower() not in ("utf-8", "utf8"):
            reconfigure(encoding="utf-8", errors="replace")
