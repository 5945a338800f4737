"""A hundred mails of invented villages, with the oddities that identity must stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from tests.flow.township import photo, plan, progress, statistics, write_mail

BEIJING = timezone(timedelta(hours=8))
FIRST = datetime(2023, 5, 4, 8, tzinfo=BEIJING)
VILLAGES = tuple(f"{one}{two}村" for one in "青白金银石" for two in "岭桥溪塘坡")


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail as the mailbox has it."""

    octets: bytes
    received_at: datetime
    folder: str = "INBOX"


def register() -> str:
    """The villages as villages.csv."""
    rows = [f"{village},,{_address(number)}," for number, village in enumerate(VILLAGES)]
    return "\n".join(["village,aliases,addresses,contact", *rows])


def write_mails(count: int) -> list[Sent]:
    """The first ``count`` of them, by arrival."""
    mails = []
    for number, (octets, folder) in zip(range(count), _endless(), strict=False):
        mails.append(Sent(octets, FIRST + timedelta(minutes=7 * number), folder))
    return mails


def _endless() -> Iterator[tuple[bytes, str]]:
    last = b""
    for number in range(10_000):
        which, kind = number % len(VILLAGES), number // len(VILLAGES) % 4
        village, sender = VILLAGES[which], _address(which)
        message_id = f"<{number}@village.test>"
        if number % 20 == 19:  # the mail before once more, by another way and into another folder
            yield b"Received: from mx.village.test\r\n" + last, "Junk"
            continue
        match kind:
            case 0:
                files = [("方案.docx", plan(village))]
            case 1:
                files = [("统计表.docx", statistics(village))]
            case 2:
                files = [("写实表.docx", progress(village, place=which % 3 > 0, pictures=2))]
            case _:
                files = [(f"{each}.jpg", photo(f"{village}{each}")) for each in range(3)]
        if number % 20 == 7:
            message_id = ""
        if number % 20 == 8:
            message_id = "<draft@village.test>"  # one for many different mails
        fields = {"Auto-Submitted": "auto-replied"} if number % 20 == 11 else {}
        last = write_mail(sender, f"{village}材料", *files, message_id=message_id, fields=fields)
        yield last, "INBOX"


def _address(number: int) -> str:
    return f"v{number}@village.test"
