"""``baosong web``: the page made ready, and listening; on this machine alone unless told otherwise."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from collections.abc import Callable, Collection

import uvicorn

from pipeline.errors import AccessError, ConfigError
from pipeline.office import Office
from pipeline.web.app import make_app
from pipeline.web.attempts import Attempts
from pipeline.web.errands import Errands
from pipeline.web.secret import Secret
from pipeline.web.sessions import Sessions
from pipeline.web.thumbnails import Thumbnails
from pipeline.web.visit import Desk

Say = Callable[[str], None]


def the_secret(office: Office) -> Secret:
    """The password of this office's page: beside config.toml, and never in it."""
    return Secret(office.config.file.with_suffix(".password"))


def open_desk(office: Office, invitation: str = "") -> Desk:
    """What all pages share."""
    return Desk(
        office=office,
        secret=the_secret(office),
        sessions=Sessions(),
        attempts=Attempts(),
        errands=Errands(),
        thumbnails=Thumbnails(office.cache),
        invitation=invitation,
    )


def serve_page(office: Office, *, host: str, port: int, names: Collection[str], say: Say) -> None:
    """Listen until stopped. Raises ConfigError or AccessError where that cannot be."""
    local = is_loopback(host)
    secret = the_secret(office)
    if not local and not secret.is_set:
        raise ConfigError("要让别的电脑也能打开，请先设密码：baosong web --set-password")
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else shown}:{port}/"  # noqa: S104 (compared)
    invitation = "" if secret.is_set else secrets.token_urlsafe(24)
    say(f"工作页面：{address}")
    if invitation:
        say(f"第一次使用，请打开这个链接设密码（只能用一次）：{address}first/{invitation}")
    if not local:
        say(
            "注意：同一网络里的其他电脑也能打开登录页，传输没有加密。请只在单位内网使用，并设较长的密码；"
            "只在本机使用请去掉 --host。"
        )
    say("按 Ctrl+C 停止。")
    hosts = [*names] if local else [*names, host, socket.gethostname()]
    settings = uvicorn.Config(
        make_app(open_desk(office, invitation), hosts, only_loopback=local),
        log_config=None,
        access_log=False,  # addresses hold villages' names
        server_header=False,
        proxy_headers=False,  # what a client says of its address is not believed
        timeout_keep_alive=30,
        limit_concurrency=100,
        h11_max_incomplete_event_size=32 * 1024,
        lifespan="on",
    )
    with listening:
        uvicorn.Server(settings).run(sockets=[listening])
    say("已停止。")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise AccessError(f"{host} 的 {port} 端口打不开（{why}），请换一个：baosong web --port {port + 1}") from error
    return listening
