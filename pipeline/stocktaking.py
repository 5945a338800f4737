"""Server, ledger and cache: what each has, and how a difference is mended. What differs: :mod:`pipeline.reconcile`."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline.config import MailboxConfig
from pipeline.config.passwords import mailbox_password
from pipeline.errors import AccessError, TransientError
from pipeline.fetching import Progress, fetch, no_progress
from pipeline.ledger import holdings, intake
from pipeline.ledger.quarantine import quarantined_files
from pipeline.mailbox import FolderError, Listed
from pipeline.mailbox.arrival import HEAD_SIZE, arrival_time
from pipeline.mailbox.opening import open_mailbox
from pipeline.message.unpacking import unpack_message
from pipeline.model.message import Blob, MessageState
from pipeline.model.work import Difference, DifferenceKind
from pipeline.office import Office, alone, refuse_lost
from pipeline.reconcile import Known, Place, Stock, count_gone, find_differences

_REFETCHED = {DifferenceKind.REPLACED, DifferenceKind.MISSING, DifferenceKind.DAMAGED}
_FILES = {DifferenceKind.FILE_MISSING, DifferenceKind.FILE_DAMAGED}


@dataclass(frozen=True, slots=True)
class Stocktaking:
    """What was found. ``troubles``: what could not be looked into."""

    differences: tuple[Difference, ...]
    on_server: int
    in_ledger: int
    gone: int  # from the server since; we keep them
    troubles: tuple[str, ...] = ()
    looked: bool = False  # into the mailbox


def take_stock(office: Office, *, looking: bool = True, patience: float = math.inf) -> Stocktaking:
    """Every difference between the three. Changes nothing; with ``looking`` the server is asked, else left alone.

    ``patience``: seconds, no longer is a server waited for that does not say a word.
    """
    stock, troubles = _stock(office, looking=looking, patience=patience)
    return Stocktaking(
        differences=find_differences(stock, office.campaign.timezone),
        on_server=sum(map(len, stock.listed.values())),
        in_ledger=len(stock.messages),
        gone=count_gone(stock),
        troubles=tuple(troubles),
        looked=bool(stock.listed),
    )


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was mended. ``troubles``: what could not be done."""

    found: int  # differences
    fetched: int  # messages that are new to us
    adopted: int  # of which only the octets were left
    troubles: tuple[str, ...] = ()


def repair(office: Office, progress: Progress = no_progress) -> Repaired:
    """Mend what can be mended. What is fetched or adopted the next round judges.

    Octets that are lost are fetched again from every place where the message was seen, and known by their hash; files
    are taken out of their mails once more; a mail of which only the octets are left is registered.
    """
    with alone(office):
        refuse_lost(office)
        stock, troubles = _stock(office, looking=True)
        differences = find_differences(stock, office.campaign.timezone)
        wanted = {each.digest for each in differences if each.kind in _REFETCHED}
        again = frozenset(each.location for each in stock.sighted if each.digest in wanted)
        fetched = fetch(office, progress, again=again)
        strays = [each.digest for each in differences if each.kind is DifferenceKind.STRAY]
        adopted = sum(_adopt(office, digest) for digest in strays)
        for message in {each.message for each in differences if each.kind in _FILES}:
            with suppress(AccessError):  # its own octets are gone: that difference is told by itself
                _parts(office, message, keep=True)
    return Repaired(len(differences), fetched.new, adopted, tuple(dict.fromkeys((*troubles, *fetched.troubles))))


def _stock(office: Office, *, looking: bool, patience: float = math.inf) -> tuple[Stock, list[str]]:
    troubles: list[str] = []
    listed: dict[Place, list[Listed]] = {}
    unread: set[Place] = set()
    for config in office.config.mailboxes if looking else ():
        try:
            _list_mailbox(replace(config, timeout=min(config.timeout, patience)), listed, unread, troubles)
        except (AccessError, TransientError) as error:
            troubles.append(str(error))
    names = [each.url.text for each in office.config.mailboxes]
    messages, files = holdings.messages(office.ledger), holdings.files(office.ledger)
    known = {each.digest for each in messages} | {each.digest for each in files}
    kept = frozenset(office.cache.digests())
    stock = Stock(
        listed=listed,
        unread=unread,
        sighted=[each for name in names for each in holdings.sighted(office.ledger, name)],
        messages=messages,
        files=files,
        kept=kept,
        damaged=frozenset(digest for digest in kept & known if not office.cache.verify(digest)),
        reached_at=holdings.reached_at(office.ledger),
    )
    return replace(stock, strays=_strays(office, sorted(kept - known), messages)), troubles


def _list_mailbox(
    config: MailboxConfig, listed: dict[Place, list[Listed]], unread: set[Place], troubles: list[str]
) -> None:
    with open_mailbox(config, mailbox_password(config)) as mailbox:
        for folder in mailbox.folders():
            try:
                listed[mailbox.name, folder] = list(mailbox.listed(folder))
            except FolderError as error:
                unread.add((mailbox.name, folder))
                troubles.append(str(error))


# --- mails of which only the octets are left --------------------------------------------------------------------------


def _strays(office: Office, unknown: Sequence[str], messages: Sequence[Known]) -> tuple[str, ...]:
    """Those of the unknown that are mails to this office, and no part of a mail that we know: a forwarded one is."""
    candidates = [digest for digest in unknown if _is_mail_to_us(office, digest)]
    if not candidates:
        return ()
    explained: set[str] = set()
    for each in (*(each.digest for each in messages if each.state != MessageState.QUARANTINED), *candidates):
        with suppress(AccessError):
            explained.update(_parts(office, each))
    return tuple(digest for digest in candidates if digest not in explained)


def _is_mail_to_us(office: Office, digest: str) -> bool:
    """Whether the octets begin with the header of a mail that a server delivered to the office."""
    with office.cache.open(digest) as file:
        head = file.read(HEAD_SIZE)
    if not re.match(rb"[!-9;-~]+:", head) or not re.search(rb"(?im)^(received|return-path|delivered-to):", head):
        return False
    fields = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0].lower()
    return office.config.outgoing.sender.address.encode() in fields


def _parts(office: Office, digest: str, *, keep: bool = False) -> list[str]:
    """The digests of all that a mail carries; with ``keep`` they are stored, too."""
    blob, barred = Blob(digest, _size(office, digest)), quarantined_files(office.ledger)
    message = unpack_message(office.cache, blob, datetime.now(UTC), quarantined=barred, keep=keep)
    return [each.blob.digest for each in message.attachments]


def _adopt(office: Office, digest: str) -> bool:
    with office.cache.open(digest) as file:
        head = file.read(HEAD_SIZE)
    written_at = datetime.fromtimestamp(office.cache.path(digest).stat().st_mtime, UTC)
    blob = Blob(digest, _size(office, digest))
    return intake.adopt(office.ledger, blob, arrival_time(head, written_at), office.now())


def _size(office: Office, digest: str) -> int:
    return office.cache.path(digest).stat().st_size
