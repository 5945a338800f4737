"""A POP3 account (RFC 1939): for servers that offer no IMAP, or bar it. Nothing is ever deleted.

POP3 shows the inbox alone: mail that the provider put into its junk folder is not seen here.
"""

from __future__ import annotations

import itertools
import poplib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from pipeline.config import MailboxConfig
from pipeline.config.passwords import mailbox_variable
from pipeline.config.urls import hide_secret
from pipeline.errors import AccessError, TransientError
from pipeline.mailbox import Arrival, Listed, LoginRefusedError, Seen
from pipeline.mailbox.arrival import HEAD_SIZE, arrival_time, arrived_since
from pipeline.mailbox.connection import connection_error, tls_context

_INBOX = "INBOX"
_CHUNK = 1024 * 1024
_LINE = 64 * 1024  # read at once of a line that has no end in sight
# RFC 2449 section 8 and RFC 3206: what passes by itself.
_PASSING = re.compile(r"\[(IN-USE|LOGIN-DELAY|SYS/TEMP)\]|too many connections", re.IGNORECASE)


class Pop3Mailbox:
    """An account on a POP3 server, always over TLS."""

    def __init__(self, config: MailboxConfig, password: str | None) -> None:
        self.name = config.url.text
        self._config = config
        self._password = password
        self._connected: poplib.POP3_SSL | None = None

    def __enter__(self) -> Self:
        url = self._config.url
        if self._password is None:
            raise AccessError(
                f"没有找到 {url.user} 的密码：请设环境变量 {mailbox_variable(self._config)}，"
                "或运行 baosong init 存入密码库"
            )
        try:
            with self._failures("登录"):
                self._connected = poplib.POP3_SSL(
                    url.host, url.port, timeout=self._config.timeout, context=tls_context()
                )
                self._connected.user(url.user)
                self._connected.pass_(self._password)
        except BaseException:
            self._disconnect()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Quit, politely where no message was left half read."""
        if self._connected and error is None:
            with suppress(poplib.error_proto, OSError):
                # seen: Dovecot marks at QUIT what was fetched as read; RSET takes that back (RFC 1939 section 5).
                self._connected.rset()
                self._connected.quit()
        self._disconnect()

    def folders(self) -> Sequence[str]:
        """One."""
        return (_INBOX,)

    def arrivals(self, folder: str, seen: Seen) -> Iterator[Arrival]:
        """What is new, in the server's order, which is that of arrival. UIDL is asked for; uidvalidity is 0."""
        with self._failures("列出邮件"):
            lines = self._client.uidl()[1]
        listed = [line.decode("utf-8", "replace").split(" ", 1) for line in lines]
        numbers = {uid: number for number, uid in listed}
        for uid in seen.unseen(folder, 0, list(numbers)):
            number = numbers[uid]
            if self._config.since and not arrived_since(self._arrived_at(number), self._config.since):
                continue
            chunks = self._ask(f"RETR {number}")
            head = next(chunks, None)
            if head is not None:
                rest = itertools.chain((head,), chunks)
                yield Arrival(uid, 0, arrival_time(head[:HEAD_SIZE], datetime.now(UTC)), rest)
                for _ in rest:  # what the caller left unread stands before the next answer
                    pass

    def listed(self, folder: str) -> Iterator[Listed]:
        """All that UIDL names."""
        with self._failures("列出邮件"):
            lines = self._client.uidl()[1]
        for number, uid in (line.decode("utf-8", "replace").split(" ", 1) for line in lines):
            if not self._config.since or arrived_since(self._arrived_at(number), self._config.since):
                yield Listed(uid, 0)

    def sent_ids(self) -> None:
        """None: POP3 shows the inbox alone."""
        return

    @property
    def _client(self) -> poplib.POP3_SSL:
        if self._connected is None:
            raise RuntimeError("the mailbox is not open: use it with `with`")
        return self._connected

    def _arrived_at(self, number: str) -> datetime:
        return arrival_time(b"".join(self._ask(f"TOP {number} 0")), datetime.now(UTC))

    def _ask(self, command: str) -> Iterator[bytes]:
        """The octets of a multi-line answer (RFC 1939 section 3) in large pieces; nothing where the server says no.

        poplib's own retr() holds the whole message as a list of lines, and refuses lines over 2048 octets, which real
        mail has.
        """
        with self._failures("收取邮件"):
            self._client.sock.sendall(f"{command}\r\n".encode("ascii"))
            status = self._client.file.readline(_LINE)
            if not status.startswith(b"+OK"):
                if not status or _PASSING.search(status.decode("utf-8", "replace")):
                    raise TransientError(f"邮件服务器 {self._config.url.host} 中断了收取，稍后自动再试")
                return  # the message is gone
        piece = bytearray()
        at_line_start = True
        while True:
            with self._failures("收取邮件"):
                line = self._client.file.readline(_LINE)
            if not line:
                raise TransientError(f"邮件服务器 {self._config.url.host} 中断了连接，稍后自动再试")
            if at_line_start and line.startswith(b"."):
                if line.rstrip(b"\r\n") == b".":
                    break
                line = line[1:]
            at_line_start = line.endswith(b"\n")
            piece += line
            if len(piece) >= _CHUNK:
                yield bytes(piece)
                piece.clear()
        if piece:
            yield bytes(piece)

    def _disconnect(self) -> None:
        if self._connected:
            with suppress(OSError):
                self._connected.close()
            self._connected = None

    @contextmanager
    def _failures(self, doing: str) -> Iterator[None]:
        """Turn what poplib and the socket raise into errors of ours."""
        url, provider = self._config.url, self._config.provider
        try:
            yield
        except poplib.error_proto as error:
            said = " ".join(
                each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in error.args
            )
            said = hide_secret(said, self._password)
            if _PASSING.search(said) or said == "-ERR EOF":
                raise TransientError(f"邮件服务器 {url.host} 暂时不能{doing}（{said}），稍后自动再试") from error
            remedy = provider.login_remedy if provider else "请核对账号和密码，并在网页版邮箱里确认已开启 POP3 服务"
            refusal = LoginRefusedError if doing == "登录" else AccessError
            raise refusal(f"邮件服务器 {url.host} 不让 {url.user} {doing}（{said}）：{remedy}") from error
        except UnicodeEncodeError:
            raise AccessError("账号或密码里有中文或全角字符：请核对后重新填写") from None
        except OSError as error:
            raise connection_error(url.host, url.port, error) from error
