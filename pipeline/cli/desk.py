"""The coordinator's page."""

from __future__ import annotations

from collections.abc import Sequence

import click

from pipeline.cli.chinese_click import option
from pipeline.cli.program import main_group, the_office

# Heavy modules are imported in the command that needs them, so that --help is instant.
# ruff: noqa: PLC0415


@main_group.command()
@option("--host", default="127.0.0.1", help="在哪个地址上打开（默认 127.0.0.1，只有本机能用）")
@option("--port", type=click.IntRange(0, 65535), default=8529, help="端口（默认 8529）")
@option("--name", "names", multiple=True, help="页面还可以用这个主机名打开，可写多次")
@option("--set-password", is_flag=True, help="设密码，不打开页面")
@click.pass_context
def web(context: click.Context, host: str, port: int, names: Sequence[str], set_password: bool) -> None:
    """工作页面：在浏览器里看台账、处理待办、发提醒、下载，自动收发照常。

    \b
    例：baosong web
        baosong web --set-password
        baosong web --host 0.0.0.0
    """
    from pipeline.web.serving import serve_page, the_secret

    office = the_office(context)
    if set_password:
        secret = the_secret(office)
        secret.set(click.prompt("新密码（至少8个字）", hide_input=True, confirmation_prompt="再输入一次"))
        click.echo(f"密码已设好，存在 {secret.file}。正在运行的工作页面从下次登录起用新密码。")
        return
    serve_page(office, host=host, port=port, names=names, say=click.echo)
