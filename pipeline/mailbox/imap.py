"""An IMAP account (RFC 3501): read only, in pieces, so that memory does not grow with a message.

Folders are opened by EXAMINE and bodies asked for by ``BODY.PEEK``: no mail is marked as read.
"""

from __future__ import annotations

import imaplib
import itertools
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from imap_tools.folder import FolderInfo

from pipeline.config import MailboxConfig
from pipeline.config.passwords import mailbox_variable
from pipeline.config.providers import sent_folders, skipped_folders
from pipeline.errors import AccessError, TransientError
from pipeline.mailbox import Arrival, Listed, Seen
from pipeline.mailbox.arrival import HEAD_SIZE, arrival_time, arrived_since
from pipeline.mailbox.fetching import Fetched, batches, folder_levels, parse_quota
from pipeline.mailbox.session import FOLDER_LIST, Extent, ImapSession
from pipeline.message.headers import parse_message_ids

PIECE = 2 * 1024 * 1024  # octets asked for at once; a larger message comes in several
_LISTED_AT_ONCE = 500
_TRUSTED_SECONDS = 30 * 60.0  # then every folder is compared with the ledger once more, whatever the server tells
_SENT_LOOKED_AT = 300  # our own letters are the newest of them, or a person has written as many since
# RFC 6154 and RFC 3501 section 7.2.2, and the older XLIST names of the same.
_SKIPPED_FLAGS = frozenset(
    {r"\noselect", r"\nonexistent", r"\sent", r"\drafts", r"\trash", r"\all", r"\allmail", r"\flagged", r"\starred"}
)


class ImapMailbox:
    """An account on an IMAP server. Connects on ``with``; one connection, given back at the end.

    Held open from round to round it knows how far each folder reached when all of it was stored, and asks for no more
    than what was put into it since.
    """

    def __init__(self, config: MailboxConfig, password: str | None) -> None:
        self.name = config.url.text
        self._config = config
        self._password = password
        self._session = ImapSession(config)
        self._read: dict[str, Extent] = {}  # folders of which all is stored: how far they reached then
        self._lacking = False  # something of the folder in hand could not be had
        self._folders: Sequence[str] = ()
        self._compared_at = time.monotonic()
        self._in_inbox: int | None = None  # messages, when it was waited for more

    def __enter__(self) -> Self:
        if self._password is None:
            raise AccessError(
                f"没有找到 {self._config.url.user} 的密码：请设环境变量 {mailbox_variable(self._config)}，"
                "或运行 baosong init 存入密码库"
            )
        self._session.open(self._password)
        self._forget()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Log out, politely where the server still listens."""
        self._session.close(politely=not isinstance(error, TransientError))

    def drop(self) -> None:
        """Give up a connection at whose other end nobody is."""
        self._session.close()

    def stands(self) -> bool:
        """Whether a connection held since an earlier round still does.

        What was known of the folders is forgotten from time to time: a server may be wrong, and the ledger restored.
        """
        if time.monotonic() - self._compared_at > _TRUSTED_SECONDS:
            self._forget()
        return self._session.answers()

    def _forget(self) -> None:
        self._read.clear()
        self._folders, self._compared_at = (), time.monotonic()

    def folders(self) -> Sequence[str]:
        """The configured folders; else every folder that may hold mail from outside, INBOX first."""
        self._folders = self._config.folders or self._folders or self._find_folders()
        return self._folders

    def _find_folders(self) -> Sequence[str]:
        try:
            listed = self._list_folders()
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

        On a connection held from an earlier round that left nothing behind, what was put into the folder since; where
        that does not come out even, and otherwise, all that is not stored.
        """
        before = self._read.pop(folder, None)
        if before is not None and self._session.reaches(folder, before, telling=self.gives_notice):
            self._read[folder] = before
            return
        extent = self._session.examine(folder)
        self._lacking = False
        new = self._added(before, extent) if before is not None else None
        if new is not None:
            unseen = seen.unseen(folder, extent.uidvalidity, [str(uid) for uid in new])
            yield from self._listed_arrivals([int(uid) for uid in unseen], extent.uidvalidity)
        else:
            yield from self._compared(folder, extent, seen)
        if extent.telling and not self._lacking:
            self._read[folder] = extent

    def _added(self, before: Extent, extent: Extent) -> list[int] | None:
        """What was put into the open folder; None where that does not explain how far it reaches now."""
        if extent.uidvalidity != before.uidvalidity or extent.uidnext <= before.uidnext:
            return None
        added = self._session.search_from(before.uidnext)
        return added if len(added) == extent.exists - before.exists else None

    def _compared(self, folder: str, extent: Extent, seen: Seen) -> Iterator[Arrival]:
        """What is not stored of the open folder.

        All UIDs are asked for and compared with what is stored, rather than those above the highest only: a message
        that could not be fetched last time is tried again, and so is one that a person moved in from the junk folder.
        seen: NetEase, whose UIDs are not given in the order of arrival.
        """
        uidvalidity, exists = extent.uidvalidity, extent.exists
        highest = seen.highest_uid(folder, uidvalidity)
        uids = self._session.search(exists)
        known = [uid for uid in uids if uid <= highest]
        missed = {int(uid) for uid in seen.unseen(folder, uidvalidity, [str(uid) for uid in known])} if known else set()
        new = [uid for uid in uids if uid > highest or uid in missed]
        yield from self._listed_arrivals(new, uidvalidity)
        if self._lacking:  # somebody deleted them meanwhile, or the index names what is not there for what is
            places = self._session.list_all("(UID INTERNALDATE RFC822.SIZE)")
            unnamed = [str(each.uid) for each in places if each.uid not in uids]
            missed = {int(uid) for uid in seen.unseen(folder, uidvalidity, unnamed)}
            yield from self._batched([each for each in places if each.uid in missed], uidvalidity)

    def _listed_arrivals(self, uids: Sequence[int], uidvalidity: int) -> Iterator[Arrival]:
        for start in range(0, len(uids), _LISTED_AT_ONCE):
            listed = uids[start : start + _LISTED_AT_ONCE]
            fetched = self._session.fetch(listed, "(UID INTERNALDATE RFC822.SIZE)")
            self._lacking = self._lacking or len(fetched) < len(listed)
            yield from self._batched(fetched, uidvalidity)

    def listed(self, folder: str) -> Iterator[Listed]:
        """All messages by their places, so that a server whose SEARCH is wrong is found out."""
        extent = self._session.examine(folder)
        for each in self._session.list_all("(UID INTERNALDATE RFC822.SIZE)") if extent.exists else ():
            if self._wanted(each):
                yield Listed(str(each.uid), extent.uidvalidity, each.size, each.received_at)

    def sent_ids(self) -> frozenset[str] | None:
        """Told by the folder of sent mail."""
        try:
            folder = self._find_sent_folder()
        except ValueError:
            return None
        if folder is None:
            return None
        exists = self._session.examine(folder).exists
        uids = [each.uid for each in self._session.list_all("(UID)")][-_SENT_LOOKED_AT:] if exists else []
        heads = self._session.fetch(uids, "(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])") if uids else []
        fields = [each.body.partition(b":")[2] for each in heads if each.body]
        return frozenset(each for field in fields for each in parse_message_ids(field))

    def extent(self, folder: str) -> tuple[int, datetime | None]:
        """How many messages a folder shows to us, and when the oldest of them arrived."""
        moments = [each.received_at for each in self.listed(folder)]
        return len(moments), min((each for each in moments if each is not None), default=None)

    def quota(self) -> tuple[int, int] | None:
        """Octets used and allowed, by RFC 9208; None where the server keeps no quota or tells none."""
        with self._session.failures("查询邮箱容量"):
            client = self._session.box.client
            if "QUOTA" not in client.capabilities:
                return None
            try:
                _, (_, lines) = client.getquotaroot("INBOX")
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:  # listed, and yet refused: nothing that anybody must see to
                return None
        return parse_quota(lines)

    def keep_sent(self, octets: bytes, at: datetime, *, folder: str = "") -> None:
        """Put a copy of a mail into the folder of sent mail, as read; nothing is opened for that (RFC 3501 6.3.11).

        AccessError where no ``folder`` is named and the account has none that can be told.
        """
        try:
            into = folder or self._find_sent_folder()
        except ValueError:
            into = None
        if into is None:
            raise AccessError('找不到“已发送”邮件夹：请在 [outgoing] 里写明 sent_folder = "邮件夹名"')
        with self._session.failures(f"存信到“{into}”"):
            self._session.box.append(octets, into, dt=at, flag_set=[r"\Seen"])

    @property
    def gives_notice(self) -> bool:
        """Whether the server knows IDLE, and keeps what it promises by that."""
        if self._config.provider and not self._config.provider.idle:
            return False
        return "IDLE" in self._session.box.client.capabilities

    def wait(self, seconds: float) -> bool:
        """Wait at the inbox for the server's notice of new mail (RFC 2177); True when it came in time.

        False at once where the server knows no IDLE: the caller then waits by itself.
        """
        if not self.gives_notice:
            return False
        known, self._in_inbox = self._in_inbox, self._session.examine("INBOX").exists
        if known is not None and self._in_inbox > known:  # it came between two waits
            return True
        with self._session.failures("等候新邮件"):
            lines = self._session.box.idle.wait(timeout=seconds)
            self._session.leave()  # what came meanwhile was told here, and is told no more
        told = [int(each[1]) for line in lines if (each := re.match(rb"\* (\d+) EXISTS", line))]
        self._in_inbox = max(told, default=self._in_inbox)
        return bool(told)

    def _list_folders(self) -> list[FolderInfo]:
        with self._session.failures(FOLDER_LIST):
            return self._session.box.folder.list()

    def _find_sent_folder(self) -> str | None:
        """The folder that the server marks as \\Sent (RFC 6154), else the one that bears such a name."""
        folders = self._list_folders()
        marked = [each.name for each in folders if r"\sent" in {flag.lower() for flag in each.flags}]
        named = [each.name for each in folders if sent_folders() & folder_levels(each.name, each.delim)]
        return next(iter([*marked, *named]), None)

    # --- octets -----------------------------------------------------------------------------------------------------

    def _wanted(self, fetched: Fetched) -> bool:
        return fetched.received_at is None or arrived_since(fetched.received_at, self._config.since)

    def _batched(self, listed: Sequence[Fetched], uidvalidity: int) -> Iterator[Arrival]:
        for batch in batches([each for each in listed if self._wanted(each)], PIECE):
            yield from self._arrivals(batch, uidvalidity)

    def _arrivals(self, batch: Sequence[Fetched], uidvalidity: int) -> Iterator[Arrival]:
        if len(batch) == 1 and (batch[0].size is None or batch[0].size > PIECE):
            listed = batch[0]
            chunks = self._pieces(listed.uid, listed.size or 0)
            first = next(chunks, None)  # asked for now: a message that is gone is no arrival
            if first is not None:
                yield _arrival(listed, uidvalidity, first, itertools.chain((first,), chunks))
            self._lacking = self._lacking or first is None
            return
        given = 0
        listed_by_uid = {each.uid: each for each in batch}
        for fetched in self._session.fetch(list(listed_by_uid), "(UID INTERNALDATE BODY.PEEK[])"):
            if fetched.body is not None:
                given += 1
                listed = listed_by_uid[fetched.uid]
                listed = replace(listed, received_at=fetched.received_at or listed.received_at)
                yield _arrival(listed, uidvalidity, fetched.body, iter((fetched.body,)))
        self._lacking = self._lacking or given < len(batch)

    def _pieces(self, uid: int, size: int) -> Iterator[bytes]:
        """The octets of one message, one FETCH after another; nothing if it is gone."""
        offset = 0
        while True:
            fetched = self._session.fetch([uid], f"(UID BODY.PEEK[]<{offset}.{PIECE}>)")
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


def _arrival(listed: Fetched, uidvalidity: int, head: bytes, chunks: Iterator[bytes]) -> Arrival:
    received_at = listed.received_at or arrival_time(head[:HEAD_SIZE], datetime.now(UTC))
    return Arrival(str(listed.uid), uidvalidity, received_at, chunks, listed.size)
