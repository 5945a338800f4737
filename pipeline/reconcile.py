"""Server, ledger and cache held against one another: three lists in, their differences out. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.mailbox import Listed
from pipeline.model.message import Location, MessageState
from pipeline.model.work import Difference, DifferenceKind
from pipeline.text.days import write_moment

# A message may arrive while a round is on its way, and two clocks are never the same.
_MARGIN = timedelta(minutes=5)
_SAME_ARRIVAL = timedelta(minutes=1)


Place = tuple[str, str]  # a mailbox, by its url, and a folder in it


@dataclass(frozen=True, slots=True)
class Sighted:
    """A place where the ledger saw a message, and what the server said of it then."""

    location: Location
    digest: str
    size: int | None
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """A message of the ledger."""

    digest: str
    received_at: datetime
    state: MessageState
    subject: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of a judged message."""

    digest: str
    message: str
    name: str


@dataclass(frozen=True, slots=True)
class Stock:
    """All three lists. ``listed`` has the folders that the servers showed."""

    listed: Mapping[Place, Sequence[Listed]] = field(default_factory=dict)
    unread: Collection[Place] = ()  # folders that a server has and did not show
    sighted: Sequence[Sighted] = ()
    messages: Sequence[Known] = ()
    files: Sequence[KnownFile] = ()
    kept: Collection[str] = ()  # digests in the cache
    damaged: Collection[str] = ()  # those whose octets are not what they were
    strays: Sequence[str] = ()  # mails in the cache that neither the ledger nor another mail knows of
    reached_at: datetime | None = None  # when the last round began that read the mailbox


def find_differences(stock: Stock, zone: ZoneInfo) -> tuple[Difference, ...]:
    """Every difference, with a sentence for the operator; those of the mailbox first."""
    return (*_of_mailbox(stock, zone), *_of_messages(stock, zone), *_of_files(stock, zone), *_of_strays(stock))


def count_gone(stock: Stock) -> int:
    """How many messages the server has nowhere any more: a person deleted them. We keep the octets."""
    there = {Location(*place, each.uidvalidity, each.uid) for place, listed in stock.listed.items() for each in listed}
    shown, unread = {mailbox for mailbox, _ in stock.listed}, set(stock.unread)
    places = {each: (each.location.mailbox, each.location.folder) for each in stock.sighted}
    seen = {each.digest for each, place in places.items() if place[0] in shown and place not in unread}
    return len(seen - {each.digest for each in stock.sighted if each.location in there}) if stock.listed else 0


def _of_mailbox(stock: Stock, zone: ZoneInfo) -> Iterator[Difference]:
    sighted = {each.location: each for each in stock.sighted}
    for (mailbox, folder), listed in stock.listed.items():
        for each in listed:
            place = Location(mailbox, folder, each.uidvalidity, each.uid)
            known = sighted.get(place)
            name = f"“{folder}”里{_moment(each.received_at, zone)}的邮件（第{each.uid}号）"
            if known is None:
                if _is_overdue(each, stock.reached_at):
                    yield Difference(DifferenceKind.UNFETCHED, f"{name}还没有收取", location=place)
            elif _is_another(known, each):
                said = f"{name}与收取时不同，可能换成了另一封"
                yield Difference(DifferenceKind.REPLACED, said, known.digest, place)


def _is_overdue(each: Listed, reached_at: datetime | None) -> bool:
    """What came since the last round is nobody's fault, and before the first round nothing is."""
    return reached_at is not None and (each.received_at is None or each.received_at < reached_at - _MARGIN)


def _is_another(known: Sighted, listed: Listed) -> bool:
    if known.size is not None and listed.size is not None and known.size != listed.size:
        return True
    arrived, arrives = known.arrived_at, listed.received_at
    return arrived is not None and arrives is not None and listed.uidvalidity > 0 and (
        abs(arrived - arrives) > _SAME_ARRIVAL
    )  # fmt: skip


def _of_messages(stock: Stock, zone: ZoneInfo) -> Iterator[Difference]:
    for each in stock.messages:
        name = _name(each, zone)
        if each.digest not in stock.kept:
            yield Difference(DifferenceKind.MISSING, f"{name}的原件不在缓存里", each.digest)
        elif each.digest in stock.damaged:
            yield Difference(DifferenceKind.DAMAGED, f"{name}的原件已损坏", each.digest)
        if each.state == MessageState.QUARANTINED:
            said = f"{name}已隔离，等待人工处理（{each.trouble or '核对时出错'}）"
            yield Difference(DifferenceKind.QUARANTINED, said, each.digest)
        elif each.state == MessageState.RECEIVED:
            yield Difference(DifferenceKind.WAITING, f"{name}还没有核对", each.digest)


def _of_files(stock: Stock, zone: ZoneInfo) -> Iterator[Difference]:
    messages = {each.digest: each for each in stock.messages}
    for digest, each in {each.digest: each for each in stock.files}.items():
        mail = messages.get(each.message)
        name = f"{_name(mail, zone)}的附件“{each.name}”" if mail else f"附件“{each.name}”"
        if digest not in stock.kept:
            yield Difference(DifferenceKind.FILE_MISSING, f"{name}不在缓存里", digest, message=each.message)
        elif digest in stock.damaged:
            yield Difference(DifferenceKind.FILE_DAMAGED, f"{name}已损坏", digest, message=each.message)


def _of_strays(stock: Stock) -> Iterator[Difference]:
    for digest in stock.strays:
        yield Difference(DifferenceKind.STRAY, f"缓存里有一封台账没有登记的邮件（编号{digest[:8]}）", digest)


def _name(each: Known, zone: ZoneInfo) -> str:
    subject = f"“{each.subject}”，" if each.subject else ""
    return f"{_moment(each.received_at, zone)}收到的邮件（{subject}编号{each.digest[:8]}）"


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return write_moment(moment, zone) if moment is not None else ""
