"""Who is reminded today and of what: only those that owe something, a letter a village, none at night or on a holiday.

Pure: how everything stands, what was written before and the moment come as arguments. The words stand in the campaign's
``letters/`` folder beside those of the answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from itertools import groupby

from pipeline.letter.mail import is_sendable, reply_message_id, write_mark
from pipeline.letter.telling import tell_findings, write_last_moment
from pipeline.letter.wording import render_template
from pipeline.model.campaign import Campaign, Deliverable, ReminderPlan, Village
from pipeline.model.finding import Audience, Severity
from pipeline.model.letter import Letter
from pipeline.model.message import Address
from pipeline.model.past import Ask
from pipeline.model.standing import Standing, State
from pipeline.report.words import join_titles
from pipeline.text.days import write_date, write_moment
from pipeline.workdays import is_workday, workday_not_after, workday_not_before

# A computer that slept through the day of a reminder makes up for it so much later, and no more.
CATCH_UP = timedelta(days=3)
# So many to one address within 24 hours: some write for several villages, and answers to them need room below the cap.
MOST_REMINDERS_A_DAY = 5

_NIGHT_ENDS, _NIGHT_BEGINS = time(8), time(20)
_DONE = (State.ACCEPTED, State.WAIVED, State.NIL)
_MOST_TITLES = 3  # in a subject


@dataclass(frozen=True, slots=True)
class Debt:
    """One deliverable that a village still owes."""

    deliverable: Deliverable
    due_at: datetime  # the first moment that is late, for this village
    returned: bool  # something came and must be mended
    sentences: tuple[str, ...] = ()  # what is to be mended


@dataclass(frozen=True, slots=True)
class Debtor:
    """A village with all it owes, by deadline."""

    village: Village
    debts: tuple[Debt, ...]
    received: bool  # whether anything at all came from it
    done: int
    required: int


@dataclass(frozen=True, slots=True)
class Due:
    """The debts with one deadline, as a letter lists them."""

    deadline: str
    debts: tuple[Debt, ...]


# --- whether ----------------------------------------------------------------------------------------------------------


def explain_quiet(campaign: Campaign, now: datetime) -> str:
    """Why nobody is reminded at this moment, for the coordinator; empty where it may be."""
    local = now.astimezone(campaign.timezone)
    if not is_workday(local.date()):
        return "今天是周末或法定节假日"
    if not _NIGHT_ENDS <= local.time() < _NIGHT_BEGINS:
        return "现在是晚上"
    return ""


def find_debtors(
    campaign: Campaign, villages: Sequence[Village], standings: Sequence[Standing], now: datetime
) -> tuple[Debtor, ...]:
    """The villages that owe something which is due: overdue, or since the first day of its reminders.

    What must be mended is named along with it even where its deadline is further off.
    """
    known = {(each.village, each.deliverable): each for each in standings}
    is_near = cache(partial(_is_near, campaign=campaign, now=now))  # there are few deadlines, and many who have them
    found = []
    for village in villages:
        rows = [(each, known.get((village.name, each.id))) for each in campaign.deliverables]
        debts = [debt for deliverable, standing in rows if (debt := _find_debt(deliverable, standing)) is not None]
        if not any(is_near(debt.due_at) for debt in debts):
            continue
        pressing = [debt for debt in debts if debt.returned or is_near(debt.due_at)]
        found.append(
            Debtor(
                village=village,
                debts=tuple(sorted(pressing, key=lambda debt: debt.due_at)),
                received=any(standing and standing.received_at for _, standing in rows),
                done=sum(standing is not None and standing.state in _DONE for _, standing in rows),
                required=len(rows),
            )
        )
    return tuple(found)


def _find_debt(deliverable: Deliverable, standing: Standing | None) -> Debt | None:
    """What is owed of it; None where nothing is, or where it waits for us and not for the village."""
    due_at = (standing and standing.due_at) or deliverable.due_at
    if standing is None or standing.state in (State.MISSING, State.NOT_DUE):
        return Debt(deliverable, due_at, returned=False)
    if standing.state is not State.RETURNED:
        return None
    errors = [finding for finding in standing.findings if finding.severity is Severity.ERROR]
    told = [finding for finding in errors if finding.audience is Audience.VILLAGE]
    if errors and not told:
        return None  # only we may look at it: nothing that a village could mend
    return Debt(deliverable, due_at, returned=True, sentences=tell_findings(told))


def _is_near(due_at: datetime, campaign: Campaign, now: datetime) -> bool:
    due_on = _last_day(due_at, campaign)
    return now.astimezone(campaign.timezone).date() >= min((due_on, *plan_days(campaign.reminders, due_on)))


def is_planned(debtor: Debtor, campaign: Campaign, now: datetime, reminded: Collection[date]) -> bool:
    """Whether one of its deadlines wants a reminder today, or wanted one lately that was not written."""
    today = now.astimezone(campaign.timezone).date()
    last = max((day for day in reminded if day <= today), default=date.min)
    earliest = max(last + timedelta(days=1) if reminded else date.min, today - CATCH_UP)
    planned = {day for debt in debtor.debts for day in plan_days(campaign.reminders, _last_day(debt.due_at, campaign))}
    return any(earliest <= day <= today for day in planned)


def plan_days(plan: ReminderPlan, due_on: date) -> Iterator[date]:
    """The days of work on which a deadline is reminded of, ``due_on`` being the last day in time."""
    for days in plan.before:
        yield workday_not_after(due_on - timedelta(days=days))
    if plan.on_day:
        yield workday_not_after(due_on)
    for days in plan.after:
        yield workday_not_before(due_on + timedelta(days=days))


def _last_day(due_at: datetime, campaign: Campaign) -> date:
    return (due_at.astimezone(campaign.timezone) - timedelta(microseconds=1)).date()


# --- to whom ----------------------------------------------------------------------------------------------------------


def choose_address(village: Village, dead: Collection[str], last_wrote: str | None) -> str | None:
    """The first registered address that is not dead, else the one it last wrote from; None where there is none."""
    candidates = (*village.addresses, *((last_wrote,) if last_wrote else ()))
    return next((each for each in candidates if each not in dead and is_sendable(each)), None)


# --- what -------------------------------------------------------------------------------------------------------------


def village_reminded(key: str) -> tuple[str, date]:
    """The village and the day of a reminder's key."""
    _, _, rest = key.partition(":")
    _, _, rest = rest.partition(":")
    village, _, day = rest.rpartition(":")
    return village, date.fromisoformat(day)


def reminder_key(campaign: Campaign, village: str, day: date) -> str:
    """One letter for a village on a day, ever."""
    return f"reminder:{campaign.id}:{village}:{day.isoformat()}"


def write_reminder(
    debtor: Debtor, campaign: Campaign, *, to: str, domain: str, now: datetime, known_at: datetime | None = None
) -> Letter:
    """The letter to this village. Raises ConfigError where the office's wording cannot be used.

    ``known_at``: up to when it is known what came, where that is not ``now``.
    """
    local = now.astimezone(campaign.timezone)
    key = reminder_key(campaign, debtor.village.name, local.date())
    message_id = reply_message_id(key, domain)
    words = reminder_words(debtor, campaign, now, mark=write_mark(message_id), known_at=known_at)
    return Letter(
        key=key,
        kind="reminder",
        to=Address("", to),
        subject=_subject(debtor, campaign, now),
        text=render_template(campaign.letters, "reminder.txt.j2", words),
        html=render_template(campaign.letters, "reminder.html.j2", words),
        message_id=message_id,
        asks=tuple(Ask(debtor.village.name, debt.deliverable.id, debt.returned) for debt in debtor.debts),
    )


def reminder_words(
    debtor: Debtor, campaign: Campaign, now: datetime, *, mark: str, known_at: datetime | None = None
) -> dict[str, object]:
    """All that the templates of a reminder may name."""
    local = now.astimezone(campaign.timezone)
    return {
        "campaign": campaign,
        "mark": mark,
        "village": debtor.village.name,
        "moment": write_moment(known_at or now, campaign.timezone),
        "overdue": tuple(debt for debt in debtor.debts if debt.due_at <= now),
        "coming": tuple(_by_deadline([debt for debt in debtor.debts if debt.due_at > now], campaign, now)),
        "nil": tuple(debt.deliverable.title for debt in debtor.debts if debt.deliverable.nil_allowed),
        "mending": any(debt.returned for debt in debtor.debts),
        "received": debtor.received,
        "required": debtor.required,
        "done": debtor.done,
        "today": write_date(local),
    }


def _by_deadline(debts: Sequence[Debt], campaign: Campaign, now: datetime) -> Iterator[Due]:
    for due_at, group in groupby(debts, key=lambda debt: debt.due_at):
        yield Due(write_deadline(due_at, campaign, now), tuple(group))


def write_deadline(due_at: datetime, campaign: Campaign, now: datetime) -> str:
    """6月10日（星期六）24:00前，还有1天."""
    days = (_last_day(due_at, campaign) - now.astimezone(campaign.timezone).date()).days
    left = {0: "今天截止", 1: "明天截止"}.get(days, f"还有{days}天")
    return f"{write_last_moment(due_at, campaign)}前，{left}"


def _subject(debtor: Debtor, campaign: Campaign, now: datetime) -> str:
    """Village and titles stand in every subject: the same words again and again are taken for spam (NetEase DT:SPM)."""
    overdue = [debt for debt in debtor.debts if debt.due_at <= now]
    meant = overdue or debtor.debts
    named = join_titles(debt.deliverable for debt in meant[:_MOST_TITLES])
    named += f"等{len(meant)}项" if len(meant) > _MOST_TITLES else ""
    if overdue:
        return f"【请尽快报送】{debtor.village.name} {named}"
    first = debtor.debts[0].due_at
    when = f"{write_last_moment(first, campaign)}截止"
    return f"【温馨提示】{debtor.village.name} {named}，{when}"


def days_reminded(keys: Collection[str], campaign: Campaign) -> Mapping[str, tuple[date, ...]]:
    """Of each village the days of its reminders, by the keys of letters."""
    prefix = f"reminder:{campaign.id}:"
    found: dict[str, tuple[date, ...]] = {}
    for key in keys:
        if key.startswith(prefix):
            village, day = village_reminded(key)
            found[village] = (*found.get(village, ()), day)
    return found
