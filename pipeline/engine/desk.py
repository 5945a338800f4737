"""The desk of whoever works for an office, a service or a worker: what it keeps in mind from round to round; a round
made, and told.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from pipeline.channels import notify
from pipeline.engine.stuck import Stuck, weigh_troubles
from pipeline.errors import BaosongError
from pipeline.ledger import jobs
from pipeline.model.work import Unit
from pipeline.office import ROUND, Office
from pipeline.run import PollResult, poll

# A refused login is left alone so long: a wrong password, tried again with every round, locks the account.
REST_AFTER_REFUSAL = timedelta(minutes=30)
# The mailbox's after each further refusal twice as long, up to this.
LONGEST_REST = timedelta(hours=4)
# Of several mailboxes one that fails is left alone so long, twice as long each time: the others shall not wait for it
# in every round.
_REST_AFTER_FAILURE: Final = timedelta(minutes=1)
_LONGEST_AFTER_FAILURE: Final = timedelta(minutes=30)

_STAGES: Final = {Unit.POLL: "收信", Unit.SEND: "发信"}  # how the lines of their troubles begin

Say = Callable[[str], None]


class StopRoundError(Exception):
    """Ends a round between two messages; the next one takes up where it was left."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A time in which something is left alone."""

    since: datetime | None = None
    length: timedelta = timedelta(0)

    def holds(self, now: datetime) -> bool:
        """Whether it lasts. One that begins in the future was begun by a clock that has been set back since."""
        return self.since is not None and self.since <= now < self.since + self.length


@dataclass(slots=True)
class Desk:
    """What the service keeps in mind from round to round."""

    office: Office
    say: Say
    stopping: bool = False
    until: float = math.inf  # by the monotonic clock, in seconds: a round that lasts longer stops between two messages
    no_sending: Rest = Rest()
    no_fetching: dict[str, Rest] = field(default_factory=dict)  # by mailbox: twice as long each time
    reminded_on: date | None = None  # the last day whose reminders are done with
    no_reminding: Rest = Rest()
    unread_since: datetime | None = None  # since when today's reminders wait for the mail to be read
    stuck: Stuck = field(default_factory=Stuck)

    def tell(self, line: str) -> None:
        """A line for the operator, with the moment."""
        self.say(f"{self.office.now():%m-%d %H:%M:%S} {line}")

    def notify(self, title: str, text: str) -> None:
        """A notice for the coordinator's work group."""
        for trouble in notify(self.office.config, title, text):
            self.tell(f"需要处理：{trouble}")

    def watch(self, _stage: str, _done: int, _total: int) -> None:
        """Called after each message."""
        if self.stopping or time.monotonic() > self.until:
            raise StopRoundError


def ask_for_mail(desk: Desk) -> None:
    """The mailbox is to be looked into."""
    jobs.ask(desk.office.ledger, Unit.POLL, desk.office.now())


def work_off(desk: Desk) -> None:
    """Do what was asked for and is due: by the clock, by news of mail, by the page beside us, by an earlier failure."""
    now = desk.office.now()
    due = {job.unit for job in jobs.planned(desk.office.ledger) if job.due_at <= now}
    if Unit.POLL in due:
        units: Collection[Unit] = ROUND
    elif due - resting(desk, now):
        units = (Unit.JUDGE, Unit.SEND)
    else:
        return
    try:
        make_round(desk, units)
    except BaosongError as error:
        jobs.put_off(desk.office.ledger, str(error), now)
        raise


def resting(desk: Desk, now: datetime) -> set[Unit]:
    """What is left alone for a while."""
    mailboxes = desk.office.config.mailboxes
    units = {Unit.POLL} if len(resting_mailboxes(desk, now)) == len(mailboxes) else set()
    return units | ({Unit.SEND} if desk.no_sending.holds(now) else set())


def resting_mailboxes(desk: Desk, now: datetime) -> set[str]:
    """The mailboxes that are left alone for a while, by their urls."""
    return {name for name, rest in desk.no_fetching.items() if rest.holds(now)}


def make_round(desk: Desk, units: Collection[Unit] = ROUND, *, most: int | None = None) -> PollResult:
    """Poll, and tell what came of it; after a refused login that server is left alone for a while."""
    now = desk.office.now()
    left_alone, mailboxes = resting(desk, now), resting_mailboxes(desk, now)
    result = poll(desk.office, desk.watch, units, resting=left_alone, without=mailboxes, most=most)
    if Unit.POLL in units or result.judged or result.sending.sent:
        desk.tell(f"新收{result.fetched}封，核对{result.judged}封，寄出{result.sending.sent}封")
    for trouble in result.troubles:
        desk.tell(f"需要处理：{trouble}")
    _plan_sending(desk, result, now)
    _plan_fetching(desk, result, now)
    untried = [name for unit, name in _STAGES.items() if unit in left_alone or unit not in units]
    if mailboxes and not any(trouble.startswith(_STAGES[Unit.POLL]) for trouble in result.troubles):
        untried.append(_STAGES[Unit.POLL])
    _tell_stuck(desk, result, now, untried=untried)
    return result


def _tell_stuck(desk: Desk, result: PollResult, now: datetime, *, untried: Sequence[str]) -> None:
    """What keeps going wrong is told to the coordinator's group as well; the watch writes to the report's readers."""
    desk.stuck, notices = weigh_troubles(
        desk.stuck,
        result.troubles,
        now=now,
        patience=timedelta(minutes=desk.office.config.schedule.alarm_minutes),
        untried=untried,
        held=result.sending.held,
    )
    for notice in notices:
        desk.notify(notice.title, notice.text)


def _plan_sending(desk: Desk, result: PollResult, now: datetime) -> None:
    if result.sending.access_refused:
        desk.no_sending = Rest(now, REST_AFTER_REFUSAL)
        desk.tell(f"{_minutes(REST_AFTER_REFUSAL)}分钟内不再尝试发信，以免账号被锁；待发的信不会丢失")


def _plan_fetching(desk: Desk, result: PollResult, now: datetime) -> None:
    several = len(desk.office.config.mailboxes) > 1
    for config in desk.office.config.mailboxes:
        name, before = config.url.text, desk.no_fetching.get(config.url.text, Rest())
        if name in result.refused:
            length = min(max(before.length * 2, REST_AFTER_REFUSAL), LONGEST_REST)
            whose = config.url.user if several else ""
            desk.tell(
                f"{_minutes(length)}分钟内不再尝试收信{whose}，以免账号被锁；改好后重新启动 baosong run 可马上再试",
            )
        elif name in result.failed and several:
            length = min(max(before.length * 2, _REST_AFTER_FAILURE), _LONGEST_AFTER_FAILURE)
        elif before.holds(now):
            continue  # it was not tried
        else:
            desk.no_fetching.pop(name, None)
            continue
        desk.no_fetching[name] = Rest(now, length)


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)
