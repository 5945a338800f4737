"""A mail server that answers by script: the refusals and broken connections that no well-kept server gives on demand.

No Debian package is needed. Without a script it takes everything and keeps it.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, AnyStr

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.ports import free_port

DROP = "drop"  # cuts the connection in place of an answer
LEAVE = "leave"  # accepts, and cuts the connection a moment later
STALL = "stall"  # does not answer for longer than any test waits


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that the server took (or had wholly in hand when it cut the connection)."""

    sender: str
    recipients: tuple[str, ...]
    octets: bytes
    tls: bool
    connection: int  # 1 for the first


@dataclass(slots=True)
class ScriptedSmtpd:
    """A running server. The lists are answers still to be given, the first one first; where empty, it accepts."""

    port: int
    greeting: list[str] = field(default_factory=list)
    mail: list[str] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)  # after the final dot
    auth: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0
    keep: Callable[[bytes], None] | None = None  # called with each mail that is taken, before the answer

    @property
    def url(self) -> str:
        """For ``[outgoing] url``."""
        return f"smtp://127.0.0.1:{self.port}"


class _Server(SMTP):  # aiosmtpd is extended by subclassing
    script: ScriptedSmtpd
    number = 0

    def cut(self) -> None:
        """Ends the connection without a word."""
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.abort()

    async def push(self, status: AnyStr) -> None:
        if not self.number:  # the first thing it says is the greeting
            self.script.connections += 1
            self.number = self.script.connections
            if self.script.greeting:
                await super().push(self.script.greeting.pop(0))
                assert self.transport is not None
                self.transport.close()
                return
        await super().push(status)


@dataclass
class _Answers:  # its methods' names are aiosmtpd's, which looks through them and stumbles over slots
    script: ScriptedSmtpd

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd's name
        self, server: _Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await _next(self.script.mail, server)
        if answer.startswith("2"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: _Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await _next(self.script.rcpt, server)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: _Server, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- likewise
        assert isinstance(envelope.content, bytes)
        assert server.transport is not None
        if not self.script.data or self.script.data[0][0] not in "45":
            self.script.taken.append(
                Taken(
                    envelope.mail_from or "",
                    tuple(envelope.rcpt_tos),
                    envelope.content,
                    server.transport.get_extra_info("ssl_object") is not None,
                    server.number,
                )
            )
            if self.script.keep is not None:
                await asyncio.to_thread(self.script.keep, envelope.content)
        return await _next(self.script.data, server)


async def _next(answers: list[str], server: _Server) -> str:
    answer = answers.pop(0) if answers else "250 OK"
    if answer == STALL:
        await asyncio.sleep(30)
    if answer == LEAVE:
        asyncio.get_running_loop().call_later(0.02, server.cut)
        return "250 OK"
    if answer == DROP:
        server.cut()
    return answer


class _Controller(Controller):
    script: ScriptedSmtpd

    def factory(self) -> _Server:
        server = _Server(self.handler, **self.SMTP_kwargs)
        server.script = self.script
        return server


@contextmanager
def running_smtpd(
    *, starttls: ssl.SSLContext | None = None, smtps: ssl.SSLContext | None = None, login: bool = False
) -> Iterator[ScriptedSmtpd]:
    """A server on a free port; ``login`` offers a login, which takes any name and password unless scripted."""
    script = ScriptedSmtpd(free_port())

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        script.logins.append((given.login.decode(), given.password.decode()))
        refused = script.auth.pop(0) if script.auth else None
        return AuthResult(success=refused is None, handled=False, message=refused)

    options: dict[str, Any] = {"authenticator": authenticate, "auth_require_tls": False}
    controller = _Controller(
        _Answers(script),
        hostname="127.0.0.1",
        port=script.port,
        ready_timeout=10,
        tls_context=starttls,
        require_starttls=False,
        ssl_context=smtps,
        server_hostname="mail.town.test",
        **(options if login else {}),
    )
    controller.script = script
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd tells of every cut connection
    controller.start()
    script.connections = 0  # starting is a connection too
    try:
        yield script
    finally:
        controller.stop()
