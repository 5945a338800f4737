"""Reminders at work: from how the ledger stands to letters in the outbox. To whom: :mod:`pipeline.letter.reminder`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.ledger import addresses, letters, memory, views
from pipeline.letter.answer import MOST_ANSWERS_A_DAY
from pipeline.letter.reminder import (
    MOST_REMINDERS_A_DAY,
    Debtor,
    choose_address,
    days_reminded,
    explain_quiet,
    find_debtors,
    is_planned,
    reminder_key,
    village_reminded,
    write_reminder,
)
from pipeline.model.letter import Letter
from pipeline.model.standing import Standing
from pipeline.office import Office, render_letter
from pipeline.renaming import find_renamed
from pipeline.report.figures import count_figures
from pipeline.report.group_text import render_group_text


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A village that owes something and that no letter can be written to (yet)."""

    village: str
    contact: str
    why: str


@dataclass(frozen=True, slots=True)
class Reminders:
    """What a reminding would do, before anything is done."""

    letters: tuple[Letter, ...]
    unreachable: tuple[Unreachable, ...]
    already: tuple[str, ...]  # villages that were reminded today
    quiet: str  # why nobody is to be reminded at this moment; empty where it may be
    group_text: str  # for the work group, with the names


def plan_reminders(office: Office, *, by_hand: bool, known_at: datetime | None = None) -> Reminders:
    """Who is to be reminded now: by hand all that owe something due, else those whose day it is. Writes nothing.

    ``known_at``: up to when it is known what came, where that is not now; the letters name that moment.
    """
    now = office.now()
    standings = views.standings(office.ledger, office.campaign, now)
    keys = letters.reminder_keys(office.ledger)
    reminded = days_reminded(keys, office.campaign)
    debtors = find_debtors(office.campaign, office.register.villages, standings, now)
    already = [each for each in debtors if reminder_key(office.campaign, each.village.name, now.date()) in keys]
    wanted = [
        each
        for each in debtors
        if each not in already
        and (by_hand or is_planned(each, office.campaign, now, reminded.get(each.village.name, ())))
    ]
    written, unreachable = _write(office, wanted, standings, now, known_at=known_at)
    return Reminders(
        letters=tuple(written),
        unreachable=tuple(unreachable),
        already=tuple(each.village.name for each in already),
        quiet=explain_quiet(office.campaign, now),
        group_text=_group_text(office, standings, now),
    )


def store_reminders(office: Office, reminders: Reminders) -> int:
    """Put the letters into the outbox; how many were not there already."""
    now = office.now()
    return sum(letters.enqueue(office.ledger, render_letter(office, each, now), now) for each in reminders.letters)


def renew_reminders(office: Office) -> None:
    """Before anything is sent: take back the reminders whose village owes nothing more, and write those anew whose day
    is over. One that could not be sent by evening waits for morning, and then says what is owed by then.
    """
    keys = letters.reminder_keys(office.ledger, queued=True)
    if not keys:
        return
    now = office.now()
    standings = views.standings(office.ledger, office.campaign, now)
    debtors = find_debtors(office.campaign, office.register.villages, standings, now)
    owing = {each.village.name for each in debtors}
    waiting = {key: village_reminded(key) for key in keys}
    stale = {key: village for key, (village, day) in waiting.items() if day < now.date()}
    done = [key for key, (village, _) in waiting.items() if village not in owing]
    letters.withdraw(office.ledger, done)
    if not stale or explain_quiet(office.campaign, now):
        return
    letters.withdraw(office.ledger, list(stale))
    known = letters.reminder_keys(office.ledger)
    late = [
        each
        for each in debtors
        if each.village.name in stale.values()
        and reminder_key(office.campaign, each.village.name, now.date()) not in known
    ]
    written, _ = _write(office, late, standings, now)
    for each in written:
        letters.enqueue(office.ledger, render_letter(office, each, now), now)


def find_unreachable(office: Office, standings: Sequence[Standing] | None = None) -> tuple[Unreachable, ...]:
    """The villages that owe something due and have no address that we could write to. ``standings``: those of now,
    where they are read already.
    """
    now = office.now()
    standings = views.standings(office.ledger, office.campaign, now) if standings is None else standings
    debtors = find_debtors(office.campaign, office.register.villages, standings, now)
    return tuple(
        missing for _, missing in _with_addresses(office, debtors, standings) if isinstance(missing, Unreachable)
    )


def _write(
    office: Office,
    debtors: Sequence[Debtor],
    standings: Sequence[Standing],
    now: datetime,
    *,
    known_at: datetime | None = None,
) -> tuple[list[Letter], list[Unreachable]]:
    written: list[Letter] = []
    unreachable: list[Unreachable] = []
    count: Counter[str] = Counter()
    for debtor, found in _with_addresses(office, debtors, standings):
        if isinstance(found, Unreachable):
            unreachable.append(found)
            continue
        answers = memory.answers_within_a_day(office.ledger, found, now)
        if count[found] >= MOST_REMINDERS_A_DAY or answers + count[found] >= MOST_ANSWERS_A_DAY:
            why = f"今天写给 {found} 的信已够多"
            unreachable.append(Unreachable(debtor.village.name, debtor.village.contact, why))
            continue
        count[found] += 1
        written.append(
            write_reminder(debtor, office.campaign, to=found, domain=office.domain, now=now, known_at=known_at)
        )
    return written, unreachable


def _with_addresses(
    office: Office, debtors: Sequence[Debtor], standings: Sequence[Standing]
) -> list[tuple[Debtor, str | Unreachable]]:
    dead = addresses.dead_addresses(office.ledger)
    writers = addresses.last_writers(office.ledger, office.campaign)
    renamed = {each.village: each.said for each in find_renamed(office.register.villages, standings)}
    found: list[tuple[Debtor, str | Unreachable]] = []
    for debtor in debtors:
        village = debtor.village
        if said := renamed.get(village.name):
            found.append((debtor, Unreachable(village.name, village.contact, said)))
            continue
        address = choose_address(village, dead, writers.get(village.name))
        known = bool(village.addresses) or village.name in writers
        why = "登记的邮箱收不到信" if known else "没有登记邮箱"
        found.append((debtor, address or Unreachable(village.name, village.contact, why)))
    return found


def _group_text(office: Office, standings: Sequence[Standing], now: datetime) -> str:
    return render_group_text(
        count_figures(office.campaign, office.register.villages, now, standings, yesterday=standings)
    )
