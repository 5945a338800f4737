"""Letters through a mail server: RFC 5321, submission as in RFC 6409, TLS as in RFC 8314."""

from __future__ import annotations

import ipaddress
import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from types import TracebackType
from typing import Self

from pipeline.config.urls import MailUrl, hide_secret
from pipeline.errors import AccessError, TransientError
from pipeline.letter.mail import is_sendable
from pipeline.outbox import InDoubtError, RefusedError
from pipeline.outbox.answers import classify_answer, readable

# RFC 5321 section 4.5.3.2.6: ten minutes, for here a server scans, and a letter given up here may have gone out.
END_OF_DATA_TIMEOUT = 600.0

# smtplib would greet with the host's own name; seen: Chinese names of Windows hosts make that fail, and looking the
# name up takes seconds without DNS. An address literal is what RFC 5321 section 4.1.4 wants where no name is known.
_GREETING_NAME = "[127.0.0.1]"


class SmtpTransport:
    """One connection at a time, renewed every few letters (NetEase: MI:DMC), with a pause between letters."""

    at_once = 1

    def __init__(
        self,
        url: MailUrl,
        password: str | None,
        *,
        timeout: float = 60.0,
        end_of_data_timeout: float = END_OF_DATA_TIMEOUT,
        pace: timedelta = timedelta(0),
        mails_per_connection: int = 8,
        context: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._password = password
        self._timeout = timeout
        self._end_of_data_timeout = end_of_data_timeout
        self._pace = pace.total_seconds()
        self._mails_per_connection = mails_per_connection
        self._context = context or ssl.create_default_context()  # verifies; honours SSL_CERT_FILE
        self._sleep = sleep
        self._connection: smtplib.SMTP | None = None
        self._letters = 0  # through this connection
        self._last_sent: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def ready(self) -> None:
        """Keeps the pace, then makes sure of a connection that is logged in and answers."""
        if self._last_sent is not None:
            rest = self._last_sent + self._pace - time.monotonic()
            if rest > 0:
                self._sleep(rest)
        if self._letters >= self._mails_per_connection:
            self._close()
        if self._connection is not None:
            try:
                if self._connection.rset()[0] == 250:
                    return
            except (smtplib.SMTPException, OSError):
                pass  # seen: idle connections are cut within a minute; a new one tells what is wrong, if anything
            self._close()
        self._connection = self._connect()
        self._letters = 0

    def send(
        self, sender: str, recipient: str, octets: bytes, *, before_end: Callable[[], None] = lambda: None
    ) -> None:
        """Hands the letter over; a connection that has carried too many letters is renewed once by itself."""
        if not is_sendable(recipient):
            raise RefusedError("收件地址不是有效的邮箱地址，请与该村核对。", permanent=True)
        try:
            self._hand_over(sender, recipient, octets, before_end)
        except RefusedError as refusal:
            if not refusal.reconnect or self._letters == 0:
                raise
            self._close()
            self.ready()
            self._hand_over(sender, recipient, octets, before_end)

    def settle(self, octets: bytes) -> bool | None:
        """None: a mail server cannot be asked what it took. What else may tell: :mod:`pipeline.outbox.doubt`."""
        return None

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.host, self._url.port
        with self._told(), ExitStack() as on_failure:
            if self._url.scheme == "smtps":
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    host, port, _GREETING_NAME, timeout=self._timeout, context=self._context
                )
            else:
                connection = smtplib.SMTP(host, port, _GREETING_NAME, timeout=self._timeout)
            on_failure.callback(connection.close)
            connection.ehlo_or_helo_if_needed()
            self._secure(connection)
            self._login(connection)
            on_failure.pop_all()
        return connection

    def _secure(self, connection: smtplib.SMTP) -> None:
        if self._url.scheme == "smtps":
            return
        if connection.has_extn("starttls"):
            code, answer = connection.starttls(context=self._context)
            if code != 220:
                raise smtplib.SMTPResponseException(code, answer)
            connection.ehlo()
        elif self._url.user and not _is_loopback(self._url.host):
            raise AccessError(
                f"发信服务器 {self._url.host} 不支持加密，未发送密码：请把 [outgoing] 的 url 改为 smtps:// 开头。"
            )

    def _login(self, connection: smtplib.SMTP) -> None:
        """Logs in with the first mechanism that both sides know.

        Not ``SMTP.login``: that one tries a wrong password with every mechanism, and so locks an account the sooner.
        """
        if not self._url.user:
            return
        if not self._password:
            raise AccessError(
                f"没有发信账号 {self._url.user} 的密码：请设环境变量 BAOSONG_OUTGOING_PASSWORD，或存入系统密码库。"
            )
        if not (self._password.isascii() and self._url.user.isascii()):
            raise AccessError("发信账号或授权码里有中文或全角字符：请在英文输入状态下重新填写。")
        offered = connection.esmtp_features.get("auth", "").upper().split()
        connection.user, connection.password = self._url.user, self._password
        if "PLAIN" in offered:
            connection.auth("PLAIN", connection.auth_plain)
        elif "LOGIN" in offered:
            connection.auth("LOGIN", connection.auth_login)
        elif "CRAM-MD5" in offered:
            connection.auth("CRAM-MD5", connection.auth_cram_md5)
        else:
            raise AccessError(f"发信服务器 {self._url.host} 不接受密码登录：请核对服务器地址和端口。")

    def _hand_over(self, sender: str, recipient: str, octets: bytes, before_end: Callable[[], None]) -> None:
        connection = self._connection
        if connection is None:
            raise TransientError("发信连接已断开，稍后自动重发。")
        with self._told():
            options = [f"SIZE={len(octets)}"] if connection.has_extn("size") else []
            _accepted(connection.mail(sender, options), 250)
            _accepted(connection.rcpt(recipient), 250, 251)
            _accepted(connection.docmd("DATA"), 354)
            connection.send(_dot_stuffed(octets))
        # Until the final dot is out nothing was sent, whatever breaks (RFC 5321 section 4.1.1.4).
        try:
            before_end()
        except BaseException:
            self._abandon()  # and no QUIT, which would be a line of the letter now
            raise
        # From here on only the answer can tell.
        try:
            if connection.sock is not None:
                connection.sock.settimeout(max(self._timeout, self._end_of_data_timeout))
            connection.send(b".\r\n")
            code, answer = connection.getreply()
            if connection.sock is not None:
                connection.sock.settimeout(self._timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise InDoubtError(
                "信件已交给服务器，但未等到答复，可能已经发出：请查看已发送邮件后再决定是否重发。"
            ) from error
        finally:
            self._last_sent = time.monotonic()
        _accepted((code, answer), 250)
        self._letters += 1

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what smtplib, TLS and the network raise into our own errors, before the end of a letter."""
        where = f"发信服务器 {self._url.host}:{self._url.port}"
        try:
            yield
        except smtplib.SMTPServerDisconnected as error:  # also what a time-out becomes
            raise TransientError(f"{where} 没有答复或断开了连接，稍后自动重试。") from error
        except smtplib.SMTPResponseException as error:  # greeting, EHLO, login
            said = error.smtp_error if isinstance(error.smtp_error, str) else readable(error.smtp_error)
            raise classify_answer(error.smtp_code, hide_secret(said, self._password), at_login=True) from error
        except smtplib.SMTPException as error:
            raise TransientError(f"{where} 的答复不合规范，稍后自动重试。") from error
        except ssl.SSLCertVerificationError as error:
            raise AccessError(
                f"{where} 的证书未通过验证（{error.verify_message}）：请核对服务器地址；"
                "单位自建邮箱请把其根证书文件写入环境变量 SSL_CERT_FILE。"
            ) from error
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise TransientError(f"{where} 断开了加密连接，稍后自动重试。") from error
        except ssl.SSLError as error:
            raise AccessError(
                f"与{where} 的加密连接未能建立（{error.reason}）：请核对端口，465端口用 smtps://，587和25端口用 smtp://。"
            ) from error
        except OSError as error:
            raise TransientError(f"连不上{where}（{error.strerror or error}），稍后自动重试。") from error

    def _abandon(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _accepted(reply: tuple[int, bytes], *codes: int) -> None:
    code, answer = reply
    if code not in codes:
        raise classify_answer(code, answer)


def _dot_stuffed(octets: bytes) -> bytes:
    """RFC 5321 section 4.5.2, without the final dot."""
    stuffed = re.sub(rb"^\.", b"..", octets, flags=re.MULTILINE)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
