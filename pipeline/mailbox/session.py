"""A connection to an IMAP server, logged in: how it is made, what is asked over it, and its failures in our words.

imap_tools logs in and knows the folders; the octets come by our own ``UID FETCH`` over its ``client``, because its own
fetch holds and parses every message whole.
"""

from __future__ import annotations

import imaplib
import logging
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError

from pipeline.config import MailboxConfig
from pipeline.config.urls import hide_secret
from pipeline.errors import AccessError, TransientError
from pipeline.mailbox import FolderError, LoginRefusedError
from pipeline.mailbox.connection import connection_error, is_loopback, tls_context
from pipeline.mailbox.fetching import Fetched, parse_fetch, uid_set

logger = logging.getLogger(__name__)

LOGIN, FOLDER_LIST = "登录", "列出邮件夹"
# RFC 5530 response codes, and the words of servers that send none, for what passes by itself.
_PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT)\]|too many (simultaneous )?connections", re.IGNORECASE)
_PROBE_SECONDS = 10.0  # for the answer to NOOP: a router that forgot a silent connection tells nobody
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a folder reaches. While all three are the same, nothing was put into it (RFC 9051 section 2.3.1.1)."""

    uidvalidity: int  # 0 where the server keeps none
    uidnext: int  # 0 where the server does not tell it
    exists: int  # messages

    @property
    def telling(self) -> bool:
        """Whether the server told enough to know by it what was put into the folder since."""
        return self.uidvalidity > 0 and self.uidnext > 0


class ImapSession:
    """One connection, given back by :meth:`close`."""

    def __init__(self, config: MailboxConfig) -> None:
        self._config = config
        self._password = ""  # to be hidden where a server repeats it
        self._connected: BaseMailBox | None = None
        self._folder = ""
        self._uidvalidity = 0  # of the open folder; 0 where the server keeps none
        self._selected = False

    @property
    def box(self) -> BaseMailBox:
        """imap_tools' own view of the connection."""
        if self._connected is None:
            raise RuntimeError("the mailbox is not open: use it with `with`")
        return self._connected

    # --- connecting -------------------------------------------------------------------------------------------------

    def open(self, password: str) -> None:
        """Connect and log in. Whatever fails, nothing stays open."""
        self._password = password
        try:
            with self.failures(LOGIN):
                self._log_in(self._connect(), password)
        except BaseException:
            self.close()
            raise

    def close(self, *, politely: bool = False) -> None:
        """Give the connection back; ``politely`` where the server still listens."""
        if self._connected and politely:
            with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
                self._connected.logout()
        if self._connected:
            with suppress(OSError):
                self._connected.client.shutdown()
            self._connected = None
        self._selected = False

    def answers(self) -> bool:
        """Whether a connection that was silent for a while still stands; asked without much patience."""
        sock = self.box.client.sock
        patience = sock.gettimeout()
        try:
            sock.settimeout(min(_PROBE_SECONDS, self._config.timeout))
            status, _ = self.box.client.noop()
            sock.settimeout(patience)
        except (imaplib.IMAP4.error, OSError):
            return False
        return bool(status == "OK")

    def _connect(self) -> BaseMailBox:
        url, timeout = self._config.url, self._config.timeout
        box: BaseMailBox
        if url.scheme == "imaps":
            self._connected = box = MailBox(url.host, url.port, timeout, ssl_context=tls_context())
        else:
            self._connected = box = MailBoxUnencrypted(url.host, url.port, timeout)
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

    # --- asking -----------------------------------------------------------------------------------------------------

    def examine(self, folder: str) -> Extent:
        """Open a folder for reading; how far it reaches."""
        self._folder, self._uidvalidity = folder, 0
        with self.failures(f"打开邮件夹“{folder}”"):
            _, counts = self.box.folder.set(folder, readonly=True)
            self.box.client.response("EXISTS")  # told of as it was opened: what comes from now on is news
            self._selected = True
            self._uidvalidity = self._told_uidvalidity() or 0
            uidnext = self._told("UIDNEXT")
        count = counts[0] if counts else None
        exists = int(count) if isinstance(count, bytes) and count.isdigit() else 0
        return Extent(self._uidvalidity, uidnext or 0, exists)

    def reaches(self, folder: str, before: Extent, *, telling: bool) -> bool:
        """Whether a folder still reaches as far as before.

        Where the server tells by itself what comes and goes in the open folder (``telling``), the inbox is left open,
        which may hold ten thousand mails. seen: Dovecot takes 30 ms for the STATUS of it, and 0.3 for NOOP in it.
        """
        if telling and self._selected and self._folder == folder:
            with self.failures(f"打开邮件夹“{folder}”"):
                self.box.client.noop()
                told = [self.box.client.response(name)[1] for name in ("EXPUNGE", "EXISTS")]
            return told == [[None], [None]]
        return (self.examine(folder) if telling and folder == "INBOX" else self._status(folder)) == before

    def leave(self) -> None:
        """Close the open folder, if there is one."""
        if self._selected:
            self._selected = False
            self.box.client.close()

    def _status(self, folder: str) -> Extent | None:
        """How far a folder reaches, without opening it; None where the server does not say."""
        try:
            with self.failures(f"打开邮件夹“{folder}”"):
                if self._folder == folder:  # RFC 3501 section 6.3.10: not for the one that is open
                    self.leave()
                told = self.box.folder.status(folder, ("MESSAGES", "UIDNEXT", "UIDVALIDITY"))
        except FolderError:
            return None
        return Extent(told.get("UIDVALIDITY", 0), told.get("UIDNEXT", 0), told.get("MESSAGES", -1))

    def search_from(self, uid: int) -> list[int]:
        """The UIDs of the open folder from this one on, ascending."""
        # The star means the highest UID, even where that is below ours; and not every server heeds the criterion.
        return [each for each in self._search(f"UID {uid}:*") if each >= uid]

    def search(self, exists: int) -> list[int]:
        """All UIDs of the open folder, ascending; where a day is set and the server can be trusted, those since then.

        No other criterion is ever used. seen: QQ Mail ignores SEARCH criteria, NetEase refuses a CHARSET. A server
        that finds fewer than ``exists`` is asked for them one by one in place of its index.
        """
        criteria, provider = "ALL", self._config.provider
        if self._config.since and (provider is None or provider.search_dates):
            # SINCE disregards time zones (RFC 3501 section 6.4.4): a day of margin, and the rest by INTERNALDATE.
            day = self._config.since - timedelta(days=1)
            criteria = f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        found = self._search(criteria)
        if criteria == "ALL" and len(found) < exists:
            logger.warning("邮件服务器 %s 只查到%d封，应有%d封", self._config.url.host, len(found), exists)
            found = sorted({*found, *(each.uid for each in self.list_all("(UID)"))})
        return found

    def _search(self, criteria: str) -> list[int]:
        with self.failures("查找邮件"):
            status, lines = self.box.client.uid("SEARCH", criteria)
            if status != "OK":
                raise UnexpectedCommandStatusError((status, lines), "OK")
        return sorted({int(word) for line in lines if line for word in line.split() if word.isdigit()})

    def list_all(self, parts: str) -> list[Fetched]:
        """What the server tells of every message of the open folder, by its place and not by its index."""
        with self.failures("收取邮件"):
            status, lines = self.box.client.fetch("1:*", parts)
            if status != "OK":  # BAD in an empty folder
                return []
            self._require_same_folder()
        return sorted(parse_fetch(lines), key=lambda each: each.uid)

    def fetch(self, uids: Sequence[int], parts: str) -> list[Fetched]:
        """What the server tells of these messages, ascending; nothing of those that are gone or cannot be had."""
        with self.failures("收取邮件"):
            status, lines = self.box.client.uid("FETCH", uid_set(uids), parts)
            if status != "OK":
                if _PASSING.search(text := _text(lines)):
                    raise UnexpectedCommandStatusError((status, lines), "OK")
                lines = self.box.client.response("FETCH")[1]  # EXPUNGEISSUED: the others are told all the same
            self._require_same_folder()
        found = {each.uid: each for each in parse_fetch(lines)}
        if status != "OK" and len(uids) > 1:  # one bad message must not keep the others from us
            for uid in uids:
                if uid not in found:
                    found |= {each.uid: each for each in self.fetch([uid], parts)}
        elif status != "OK":
            logger.warning("邮件服务器 %s 有一封邮件取不到，下次再试：%s", self._config.url.host, text)
        return [found[uid] for uid in uids if uid in found]

    def _told_uidvalidity(self) -> int | None:
        """The newest UIDVALIDITY that the server told since this was asked last."""
        return self._told("UIDVALIDITY")

    def _told(self, code: str) -> int | None:
        _, values = self.box.client.response(code)
        value = values[-1] if values else None
        return int(value) if isinstance(value, bytes) and value.isdigit() else None

    def _require_same_folder(self) -> None:
        """A folder made anew under our hands has other messages under the same UIDs: nothing of it may be believed."""
        if (told := self._told_uidvalidity()) is not None and told != self._uidvalidity:
            raise TransientError(f"邮件服务器 {self._config.url.host} 的邮件夹“{self._folder}”刚刚重建，稍后自动再试")

    @contextmanager
    def failures(self, doing: str) -> Iterator[None]:
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
        refusal: type[AccessError] = LoginRefusedError
        if "unsafe login" in said.lower():
            remedy = provider.unsafe_remedy if provider else "请登录网页版邮箱确认登录提醒，过一会儿再试"
        elif doing == LOGIN:
            remedy = provider.login_remedy if provider else "请核对账号和密码，并在网页版邮箱里确认已开启 IMAP 服务"
        else:
            remedy = "请核对 [mailbox] 的 folders 和邮箱的权限"
            refusal = AccessError if doing == FOLDER_LIST else FolderError
        return refusal(f"{place} 不让 {url.user} {doing}（{said}）：{remedy}")


def _text(lines: object) -> str:
    """What the server said, readable."""
    parts = lines if isinstance(lines, list | tuple) else [lines]
    return " ".join(each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in parts if each)
