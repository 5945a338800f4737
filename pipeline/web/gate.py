"""The gate before every page: the Host it is asked under, the size of what is sent, and the headers of every answer."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024  # octets: a form of ours holds a few sentences, or the names of a thousand villages

# No script, no frame, nothing from elsewhere; forms go to ourselves alone.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # browsers of before frame-ancestors
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex",
}


class Gate:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], *, only_loopback: bool) -> None:
        self.app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._only_loopback = only_loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def _send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        refusal = self._refuse(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, _send)
            return
        await self.app(scope, receive, _send)

    def _refuse(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        if not self.is_ours(headers.get("host", "")):
            return PlainTextResponse("请用启动时显示的地址打开本页面。", 421)
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("不支持这种请求。", 405)
        if scope["method"] == "POST":
            length = headers.get("content-length", "")
            if "transfer-encoding" in headers or not length.isdecimal():
                return PlainTextResponse("请求没有写明长度。", 411)
            if int(length) > LARGEST_BODY:
                return PlainTextResponse("填写的内容太长。", 413)
        return None

    def is_ours(self, host: str) -> bool:
        """Whether a Host field names this page.

        DNS rebinding needs a name of the attacker's; an address, localhost and the names we were told are none.
        """
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() and ":" in host else host
        name = name.strip("[]").rstrip(".").lower()
        if name == "localhost" or name in self._hosts:
            return True
        try:
            return ipaddress.ip_address(name).is_loopback or not self._only_loopback
        except ValueError:
            return False
