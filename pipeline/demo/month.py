"""The script of the month: who mails what on which day, and on which days the office polls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from pipeline.demo import careless, exemplary, noise, others
from pipeline.demo.activities import plan_events
from pipeline.demo.chance import seeded
from pipeline.demo.desk import ZONE, Desk, Posting, at
from pipeline.demo.mail import Client, Enclosure
from pipeline.demo.prose import Writer
from pipeline.demo.villages import (
    CHENTANG,
    EAST_LIUHANG,
    LUHEYA,
    OFFICE_ADDRESS,
    PRIVATE_ADDRESS,
    VILLAGES,
    WANZHANG,
    WEST_LIUHANG,
    XIAOXINZHUANG,
    write_register,
)
from pipeline.model.campaign import Village

_POLL_AT = time(18, 0)
# Polled too though no mail may wait: before each deadline, when reminders go out, and after it, when lateness shows.
_QUIET_DAYS = ("05-04", "05-06", "05-09", "05-11", "05-19", "05-21", "05-30", "06-01", "06-08", "06-11")
_SCENES_A_VILLAGE = 100

_STRANGER = Village("郝家洼村")


@dataclass(frozen=True, slots=True)
class MonthMail:
    """A mail of the month and what a test may expect of it.

    ``expected_codes`` are those of all findings that must be made, the coordinator's own among them, and no others
    but the ``fair_codes``, which one fair judge makes and another does not.
    """

    path: Path
    arrived_at: datetime
    village: Village | None  # None where no village of the register sent it
    story: str
    expected_codes: frozenset[str]
    fair_codes: frozenset[str]
    deliverables: tuple[str, ...]
    answered: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which the office polls, and what has arrived since the last; that may be nothing."""

    moment: datetime
    mails: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """All that the demo needs: the register is written, the mails lie as .eml files, in order of arrival."""

    villages: tuple[Village, ...]
    register_csv: Path
    office: str  # the address that all write to
    days: tuple[Day, ...]
    mails: tuple[MonthMail, ...]


def write_month(folder: Path, *, blank_progress: Path, blank_statistics: Path, seed: int = 529) -> Month:
    """Write the register and the month's mails below ``folder``; the same seed gives the same octets.

    The mails stand in ``folder/outbox-of-villages``; whoever polls copies those of a day to where he polls.
    """
    outbox = folder / "outbox-of-villages"
    outbox.mkdir(parents=True, exist_ok=True)
    register = folder / "villages.csv"
    write_register(register)

    mails = []
    postings = sorted(_postings(seed, blank_progress, blank_statistics), key=lambda each: each.arrived_at)
    for number, posting in enumerate(postings, 1):
        path = outbox / f"{number:04}.eml"
        path.write_bytes(posting.octets)
        mails.append(
            MonthMail(
                path=path,
                arrived_at=posting.arrived_at,
                village=posting.village,
                story=posting.story,
                expected_codes=posting.codes,
                fair_codes=posting.fair_codes,
                deliverables=posting.deliverables,
                answered=posting.answered,
            )
        )
    return Month(VILLAGES, register, OFFICE_ADDRESS, tuple(_days(mails)), tuple(mails))


def _postings(seed: int, blank_progress: Path, blank_statistics: Path) -> Iterator[Posting]:
    writer = Writer(seeded(f"{seed} words"))

    def desk(number: int, village: Village, client: Client, name: str, *, address: str = "", labelled: bool) -> Desk:
        rng = seeded(f"{seed} {village.name}")
        return Desk(
            village=village,
            events=plan_events(rng, (seed * 10 + number) * _SCENES_A_VILLAGE),
            writer=writer,
            rng=rng,
            blank_progress=blank_progress,
            blank_statistics=blank_statistics,
            client=client,
            name=name,
            address=address or village.addresses[0],
            labelled=labelled,
        )

    archives = desk(0, WANZHANG, Client.FOXMAIL, "万张村计生协", labelled=False)
    forwarder = desk(1, EAST_LIUHANG, Client.NETEASE_WEB, "柳行村委", labelled=True)
    yield from exemplary.tell_by_archives(archives)
    yield from exemplary.tell_by_forwarding(forwarder)
    yield from careless.tell_careless(desk(2, WEST_LIUHANG, Client.QQ_WEB, "西柳行村", labelled=False))
    yield from others.tell_late(desk(3, CHENTANG, Client.NETEASE_WEB, "陈堂文书", labelled=False), friend=forwarder)
    private = desk(4, XIAOXINZHUANG, Client.QQ_PHONE, "平安是福", address=PRIVATE_ADDRESS, labelled=True)
    yield from others.tell_private(private)
    yield from others.tell_technical(desk(5, LUHEYA, Client.FOXMAIL, "芦河崖村委会", labelled=False))
    stranger = desk(6, _STRANGER, Client.QQ_WEB, "洼里人家", address="0529640012@qq.com", labelled=False)
    yield from others.tell_stranger(stranger)
    yield from _noise(seeded(f"{seed} noise"), blank_progress, blank_statistics)


def _noise(rng: Random, blank_progress: Path, blank_statistics: Path) -> Iterator[Posting]:
    forms = (
        Enclosure("附件1：2023年宣传服务月活动进展情况写实表.docx", blank_progress.read_bytes()),
        Enclosure("附件2：2023年“5.29会员活动月”信息统计表.docx", blank_statistics.read_bytes()),
    )

    def silent(moment: datetime, octets: bytes, story: str) -> Posting:
        return Posting(moment, octets, story, village=None, answered=False)

    moment = at("04-28 16:40")
    yield silent(moment, noise.write_own_notice(forms, moment, rng), "the office's own notice")
    moment = at("05-04 09:00")
    yield silent(moment, noise.write_bounce("0529310900@qq.com", moment, rng), "a bounce, RFC 3464")
    moment = at("05-08 07:15")
    yield silent(moment, noise.write_newsletter(moment, rng), "a newsletter")
    moment = at("05-09 18:01")
    octets = noise.write_auto_reply("柳行村委", EAST_LIUHANG.addresses[0], moment, rng)
    yield silent(moment, octets, "an automatic answer to our answer")
    moment = at("05-25 13:20")
    yield silent(moment, noise.write_offer(moment, rng), "an advertisement without a mark of one")


def _days(mails: Iterable[MonthMail]) -> Iterator[Day]:
    """Every day of which a poll finds mail, and the quiet ones; what comes after a day's poll is found by the next."""
    found: dict[date, list[Path]] = {at(f"{day} 00:00").date(): [] for day in _QUIET_DAYS}
    for mail in mails:
        day = mail.arrived_at.date()
        if mail.arrived_at.time() > _POLL_AT:
            day += timedelta(days=1)
        found.setdefault(day, []).append(mail.path)
    for day in sorted(found):
        yield Day(datetime.combine(day, _POLL_AT, tzinfo=ZONE), tuple(found[day]))
