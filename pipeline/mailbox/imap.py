"""An IMAP account (RFC 3501): read only, in pieces, so that memory does not grow with a message.

imap_tools logs in and knows the folders; the octets come by our own ``UID FETCH`` over its ``client``, because its own
fetch holds and parses every message whole. Folders are opened by EXAMINE and bodies asked for by ``BODY.PEEK``: no mail
is marked as read.
"""

from __future__ import annotations

import imaplib
import itertools
import logging
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError

from pipeline.account import hide_secret
from pipeline.config import MailboxConfig
from pipeline.errors import AccessError, TransientError
from pipeline.mailbox import Arrival, Seen
from pipeline.mailbox.arrival import HEAD_SIZE, arrival_time, arrived_since
from pipeline.mailbox.connection import connection_error, is_loopback, tls_context
from pipeline.mailbox.fetching import Fetched, batches, folder_levels, parse_fetch, uid_set
from pipeline.providers import skipped_folders

logger = logging.getLogger(__name__)

PIECE = 2 * 1024 * 1024  # octets asked for at once; a larger message comes in several
_LISTED_AT_ONCE = 500
# RFC 6154 and RFC 3501 section 7.2.2, and the older XLIST names of the same.
_SKIPPED_FLAGS = frozenset(
    {r"\noselect", r"\nonexistent", r"\sent", r"\drafts", r"\trash", r"\all", r"\allmail", r"\flagged", r"\starred"}
)
# RFC 5530 response codes, and the words of servers that send none, for what passes by itself.
_PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT)\]|too many (simultaneous )?connections", re.IGNORECASE)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ImapMailbox:
    """An account on an IMAP server. Connects on ``with``; one connection, given back at the end."""

    def __init__(self, config: MailboxConfig, password: str | None) -> None:
        self.name = config.url.text
        self._config = config
        self._password = password
        self._connected: BaseMailBox | None = None

    def __enter__(self) -> Self:
        if self._password is None:
            raise AccessError(
                f"没有找到 {self._config.url.user} 的密码：请设环境变量 BAOSONG_MAILBOX_PASSWORD，"
                "或运行 baosong init 存入密码库"
            )
        try:
            with self._failures("登录"):
                self._connected = self._connect()
                self._log_in(self._connected, self._password)
        except BaseException:
            self._disconnect()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Log out, politely where the server still listens."""
        if self._connected and not isinstance(error, TransientError):
            with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
                self._connected.logout()
        self._disconnect()

    def folders(self) -> Sequence[str]:
        """The configured folders; else every folder that may hold mail from outside, INBOX first."""
        if self._config.folders:
            return self._config.folders
        try:
            with self._failures("列出邮件夹"):
                listed = self._box.folder.list()
        except ValueError:  # names that are no modified UTF-7: read what the provider is known to have
            known = self._config.provider.junk_folders if self._config.provider else ()
            return ("INBOX", *known)
        names = [
            each.name
            for each in listed
            if not _SKIPPED_FLAGS.intersection(flag.lower() for flag in each.flags)
            and not skipped_folders().intersection(folder_levels(each.name, each.delim))
        ]
        return ("INBOX", *(name for name in names if name.upper() != "INBOX"))

    def arrivals(self, folder: str, seen: Seen) -> Iterator[Arrival]:
        """What is new, by ascending UID. A message that was expunged meanwhile is left out.

        All UIDs are asked for and compared with what is stored, rather than those above the highest only: a message
        that could not be fetched last time is tried again, and so is one that a person moved in from the junk folder.
        seen: NetEase, whose UIDs are not given in the order of arrival.
        """
        uidvalidity = self._examine(folder)
        highest = seen.highest_uid(folder, uidvalidity)
        uids = self._search()
        known = [uid for uid in uids if uid <= highest]
        missed = {int(uid) for uid in seen.unseen(folder, uidvalidity, [str(uid) for uid in known])} if known else set()
        new = [uid for uid in uids if uid > highest or uid in missed]
        for start in range(0, len(new), _LISTED_AT_ONCE):
            listed = new[start : start + _LISTED_AT_ONCE]
            fetched = self._fetch(listed, "(UID INTERNALDATE RFC822.SIZE)")
            for batch in batches([each for each in fetched if self._wanted(each)], PIECE):
                yield from self._arrivals(batch, uidvalidity)

    def wait(self, seconds: float) -> bool:
        """Wait at the inbox for the server's notice of new mail (RFC 2177); True when it came in time.

        False at once where the server knows no IDLE: the caller then waits by itself.
        """
        if self._config.provider and not self._config.provider.idle:
            return False
        with self._failures("等候新邮件"):
            if "IDLE" not in self._box.client.capabilities:
                return False
            self._box.folder.set("INBOX", readonly=True)
            return any(b"EXISTS" in line for line in self._box.idle.wait(timeout=seconds))

    # --- connecting -------------------------------------------------------------------------------------------------

    @property
    def _box(self) -> BaseMailBox:
        if self._connected is None:
            raise RuntimeError("the mailbox is not open: use it with `with`")
        return self._connected

    def _connect(self) -> BaseMailBox:
        url, timeout = self._config.url, self._config.timeout
        box: BaseMailBox
        if url.scheme == "imaps":
            box = MailBox(url.host, url.port, timeout, ssl_context=tls_context())
        else:
            box = MailBoxUnencrypted(url.host, url.port, timeout)
            self._connected = box
            # Over loopback nothing leaves the machine, and TLS would cost five times the time: only if asked for.
            if not is_loopback(url.host) or "LOGINDISABLED" in box.client.capabilities:
                if "STARTTLS" not in box.client.capabilities:
                    raise AccessError(
                        f"邮件服务器 {url.host} 不支持加密，未发送密码：请把 [mailbox] url 改为 imaps:// 开头"
                    )
                box.client.starttls(tls_context())
        box.client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return box

    def _log_in(self, box: BaseMailBox, password: str) -> None:
        try:
            box.login(self._config.url.user, password, initial_folder=None)
        except UnicodeEncodeError:
            raise AccessError("账号或密码里有中文或全角字符：请核对后重新填写") from None
        if "ID" not in box.client.capabilities:  # some servers list it only to those who are logged in
            box.client.capabilities = tuple(_text(box.client.capability()[1]).upper().split())
        if "ID" in box.client.capabilities or (self._config.provider and self._config.provider.needs_id):
            # RFC 2971. NetEase refuses SELECT to whom has not told its name, on every connection.
            with suppress(imaplib.IMAP4.error):  # BAD: then it does not want to know
                box.client.xatom("ID", '("name" "baosong" "version" "1.0" "vendor" "baosong")')

    def _disconnect(self) -> None:
        if self._connected:
            with suppress(OSError):
                self._connected.client.shutdown()
            self._connected = None

    # --- asking -----------------------------------------------------------------------------------------------------

    def _examine(self, folder: str) -> int:
        """Open a folder for reading; its UIDVALIDITY, 0 where the server keeps none."""
        with self._failures(f"打开邮件夹“{folder}”"):
            self._box.folder.set(folder, readonly=True)
            _, values = self._box.client.response("UIDVALIDITY")
        value = values[0] if values else None
        return int(value) if isinstance(value, bytes) and value.isdigit() else 0

    def _search(self) -> list[int]:
        """All UIDs of the open folder, ascending; where a day is set and the server can be trusted, those since then.

        No other criterion is ever used. seen: QQ Mail ignores SEARCH criteria, NetEase refuses a CHARSET.
        """
        criteria, provider = "ALL", self._config.provider
        if self._config.since and (provider is None or provider.search_dates):
            # SINCE disregards time zones (RFC 3501 section 6.4.4): a day of margin, and the rest by INTERNALDATE.
            day = self._config.since - timedelta(days=1)
            criteria = f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        with self._failures("查找邮件"):
            status, lines = self._box.client.uid("SEARCH", criteria)
            if status != "OK":
                raise UnexpectedCommandStatusError((status, lines), "OK")
        return sorted({int(word) for line in lines if line for word in line.split() if word.isdigit()})

    def _fetch(self, uids: Sequence[int], parts: str) -> list[Fetched]:
        """What the server tells of these messages, ascending; nothing of those that are gone or cannot be had."""
        with self._failures("收取邮件"):
            status, lines = self._box.client.uid("FETCH", uid_set(uids), parts)
            if status != "OK":
                if _PASSING.search(text := _text(lines)):
                    raise UnexpectedCommandStatusError((status, lines), "OK")
                lines = self._box.client.response("FETCH")[1]  # EXPUNGEISSUED: the others are told all the same
        found = {each.uid: each for each in parse_fetch(lines)}
        if status != "OK" and len(uids) > 1:  # one bad message must not keep the others from us
            for uid in uids:
                if uid not in found:
                    found |= {each.uid: each for each in self._fetch([uid], parts)}
        elif status != "OK":
            logger.warning("邮件服务器 %s 有一封邮件取不到，下次再试：%s", self._config.url.host, text)
        return [found[uid] for uid in uids if uid in found]

    # --- octets -----------------------------------------------------------------------------------------------------

    def _wanted(self, fetched: Fetched) -> bool:
        return fetched.received_at is None or arrived_since(fetched.received_at, self._config.since)

    def _arrivals(self, batch: Sequence[Fetched], uidvalidity: int) -> Iterator[Arrival]:
        if len(batch) == 1 and (batch[0].size is None or batch[0].size > PIECE):
            listed = batch[0]
            chunks = self._pieces(listed.uid, listed.size or 0)
            first = next(chunks, None)  # asked for now: a message that is gone is no arrival
            if first is not None:
                yield _arrival(listed, uidvalidity, first, itertools.chain((first,), chunks))
            return
        listed_by_uid = {each.uid: each for each in batch}
        for fetched in self._fetch(list(listed_by_uid), "(UID BODY.PEEK[])"):
            if fetched.body is not None:
                yield _arrival(listed_by_uid[fetched.uid], uidvalidity, fetched.body, iter((fetched.body,)))

    def _pieces(self, uid: int, size: int) -> Iterator[bytes]:
        """The octets of one message, one FETCH after another; nothing if it is gone."""
        offset = 0
        while True:
            fetched = self._fetch([uid], f"(UID BODY.PEEK[]<{offset}.{PIECE}>)")
            body = fetched[0].body if fetched else None
            if body is None and offset:
                raise TransientError(f"邮件服务器 {self._config.url.host} 没有给全一封邮件，稍后自动再试")
            if not body:
                return
            yield body
            offset += len(body)
            # The size that a server tells beforehand is now and then an estimate: the end is where nothing follows.
            if len(body) < PIECE and offset >= size:
                return

    @contextmanager
    def _failures(self, doing: str) -> Iterator[None]:
        """Turn what imaplib, imap_tools and the socket raise into errors of ours."""
        url = self._config.url
        try:
            yield
        except UnexpectedCommandStatusError as error:
            raise self._refusal(doing, _text(error.command_result[1])) from error
        except imaplib.IMAP4.abort as error:  # BYE, or the connection is gone
            said = hide_secret(str(error), self._password)
            raise TransientError(f"邮件服务器 {url.host}:{url.port} 中断了连接（{said}），稍后自动再试") from error
        except imaplib.IMAP4.error as error:
            raise self._refusal(doing, str(error)) from error
        except OSError as error:
            raise connection_error(url.host, url.port, error) from error

    def _refusal(self, doing: str, said: str) -> AccessError | TransientError:
        """NO or BAD from the server, by who must act."""
        url, provider = self._config.url, self._config.provider
        place, said = f"邮件服务器 {url.host}", hide_secret(said, self._password)
        if _PASSING.search(said) or "* BYE" in said or "[SERVERBUG]" in said:
            return TransientError(f"{place} 暂时不能{doing}（{said}），稍后自动再试")
        if "unsafe login" in said.lower():
            remedy = provider.unsafe_remedy if provider else "请登录网页版邮箱确认登录提醒，过一会儿再试"
        elif doing == "登录":
            remedy = provider.login_remedy if provider else "请核对账号和密码，并在网页版邮箱里确认已开启 IMAP 服务"
        else:
            remedy = "请核对 [mailbox] 的 folders 和邮箱的权限"
        return AccessError(f"{place} 不让 {url.user} {doing}（{said}）：{remedy}")


def _arrival(listed: Fetched, uidvalidity: int, head: bytes, chunks: Iterator[bytes]) -> Arrival:
    received_at = listed.received_at or arrival_time(head[:HEAD_SIZE], datetime.now(UTC))
    return Arrival(str(listed.uid), uidvalidity, received_at, chunks)


def _text(lines: object) -> str:
    """What the server said, readable."""
    parts = lines if isinstance(lines, list | tuple) else [lines]
    return " ".join(each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in parts if each)
