"""Click's own words in Chinese: headings of the help, and what is wrong with a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

_HELP = "显示帮助"


class Command(click.Command):
    """A command whose help is Chinese throughout."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first line."""
        pieces = " ".join(self.collect_usage_pieces(ctx)).replace("[OPTIONS]", "[选项]")
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, under a Chinese heading."""
        options = [parameter for parameter in self.get_params(ctx) if isinstance(parameter, click.Option)]
        with formatter.section("选项"):
            formatter.write_dl([(each.opts[-1] + _value(each), _explain(each)) for each in options if not each.hidden])


def _value(option: click.Option) -> str:
    return "" if option.is_flag else f" {option.metavar}"


def _explain(option: click.Option) -> str:
    if "--help" in option.opts:
        return _HELP
    return f"{option.help}{'（必填）' if option.required else ''}"


class Group(Command, click.Group):
    """A group likewise."""

    command_class = Command

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Click's own, in Chinese."""
        return ["[选项]", "命令", "[参数]…"]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then commands in the order in which they are written."""
        super().format_options(ctx, formatter)
        commands = [(name, self.commands[name].get_short_help_str(60)) for name in self.list_commands(ctx)]
        with formatter.section("命令"):
            formatter.write_dl(commands)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they were written: the main job first."""
        return list(self.commands)


Group.group_class = Group


def option(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    """``click.option`` without its English hints of the type."""
    if not attributes.get("is_flag"):
        attributes.setdefault("metavar", "值")
    return click.option(*names, **attributes)


def _name(parameter: click.Parameter) -> str:
    """As whoever wrote the call knows it."""
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name.strip("[]…")


def explain_usage_error(error: click.ClickException) -> str:
    """What is wrong with a call, in Chinese, with the way to the help."""
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "baosong"
    match error:
        case click.exceptions.NoArgsIsHelpError():
            return error.ctx.get_help() if error.ctx else ""
        case click.NoSuchOption():
            near = f"，您是不是要写 {error.possibilities[0]}" if error.possibilities else ""
            words = f"没有选项 {error.option_name}{near}"
        case click.MissingParameter():
            words = f"缺少 {_name(error.param) if error.param else '参数'}"
        case click.BadParameter() if error.param is not None and "does not exist" in error.message:
            words = f"文件不存在，请检查路径（{_name(error.param)}）"
        case click.BadParameter(param=click.Parameter(type=click.IntRange(min=least, max=most)) as number):
            words = f"{_name(number)} 应是{least}至{most}的整数"
        case click.BadParameter(param=click.Parameter(type=click.types.IntParamType()) as number):
            words = f"{_name(number)} 应是整数"
        case click.BadParameter():
            words = error.message
        case click.BadOptionUsage():
            words = f"选项 {error.option_name} 后面缺少值"
        case click.UsageError() if error.message.startswith("No such command"):
            words = f"没有命令 {error.message.split(chr(39))[1]}"
        case click.UsageError() if "unexpected extra argument" in error.message:
            words = f"多出了参数 {error.message.rpartition('(')[2].rstrip(').')}"
        case _:
            words = error.format_message()
    return f"{words}。用法请看 {path} --help"
