"""The main flow: the one module that knows every stage.

::

    mailbox -> cache -> ledger (received)          fetch: octets are durable before anything else happens
        -> message -> contents -> submission       judge: from octets to verdict, pure
        -> facts -> findings -> verdict
        -> ledger + outbox, one transaction        record: verdict, history and answer together
        -> outbox -> sent                          post: between two portions of judging, and at the end

Each stage can be cut off anywhere and taken up again: what is fetched is found in the ledger as ``received``, what is
judged has its answer in the outbox, what is sent is marked so. What the clock asks for besides stands by itself: the
day's reminders (:mod:`pipeline.reminding`) and report (:mod:`pipeline.reporting`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Final

from pipeline.cache.journal import note_acts
from pipeline.errors import AccessError, BaosongError, TransientError
from pipeline.fetching import Fetched, Progress, fetch, leave_waiting, no_progress
from pipeline.ledger import intake, letters, rounds
from pipeline.ledger.acts import act_notes
from pipeline.ledger.jobs import ask, doing
from pipeline.model.work import Unit
from pipeline.office import ROUND, Office, alone, refuse_lost
from pipeline.opening import Ahead
from pipeline.outbox.sending import SendReport
from pipeline.posting import Post
from pipeline.sandbox.workers import prepare
from pipeline.watch import patience, watch

# What a round needs that finds something is loaded when it is found: most rounds find nothing.
# ruff: noqa: PLC0415

# What a mail needs, from its verdict to its answer's way out; in the order of its need.
_FOR_NEWS: Final = ("pipeline.judging", "pipeline.reminding", "pipeline.outbox.opening")


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one round did. ``troubles`` are lines for the operator; the next round tries again."""

    fetched: int = 0
    judged: int = 0
    sending: SendReport = field(default_factory=SendReport)
    troubles: tuple[str, ...] = ()
    reached: bool = False  # the mailboxes could be read
    refused: frozenset[str] = frozenset()  # mailboxes whose server said no to the account
    failed: frozenset[str] = frozenset()  # mailboxes from which something kept us that passes by itself


def poll(
    office: Office,
    progress: Progress = no_progress,
    units: Collection[Unit] = ROUND,
    *,
    resting: Collection[Unit] = (),
    without: Collection[str] = (),
    most: int | None = None,
) -> PollResult:
    """One round: fetch, judge, send. One stage's failure stops no other; only a second program is refused outright.

    ``units``: those of them that are to be done. Those ``resting`` are left alone this time, and so are the mailboxes
    to be left ``without``: letters stay due, mail stays on the server. No more than ``most`` messages are fetched.
    """
    with alone(office, units), office.at_work(), Ahead(office) as ahead, Post(office) as post:
        number, fetched, judged, sent, troubles = 0, Fetched(), 0, SendReport(), list[str]()
        if Unit.POLL in units:
            refuse_lost(office)
            with doing(office.ledger, Unit.POLL, office.now) as job:  # at rest it is done with: the clock asks again
                if Unit.POLL not in resting:
                    stored = ahead.begin if Unit.JUDGE in units else leave_waiting
                    number, fetched, failures = _fetch(office, progress, most, without, stored)
                    if not number:
                        return PollResult(reached=True)
                    troubles += failures
                    job.trouble = failures[0] if fetched.failed else ""
                else:
                    number = rounds.begin_poll(office.ledger, office.now())
        if Unit.JUDGE in units:
            with doing(office.ledger, Unit.JUDGE, office.now) as job:
                early = post.send_written if Unit.SEND in units and Unit.SEND not in resting else None
                judged, failures = _judge(office, ahead, progress, early)
                troubles += failures
                job.trouble = failures[0] if failures else ""
        if Unit.SEND in units and Unit.SEND not in resting:
            with doing(office.ledger, Unit.SEND, office.now) as job:
                sent, failures = _send(post, looking=fetched.reached)
                troubles += failures
                job.trouble = failures[0] if failures else ""
            if coming := letters.coming(office.ledger, office.now()):
                ask(office.ledger, Unit.SEND, coming)
        note_people(office)
        if number:
            rounds.end_poll(
                office.ledger, number, office.now(), stored=fetched.new, judged=judged, trouble="；".join(troubles)
            )
        return PollResult(fetched.new, judged, sent, tuple(troubles), fetched.reached, fetched.refused, fetched.failed)


def _fetch(
    office: Office,
    progress: Progress,
    most: int | None,
    without: Collection[str],
    stored: Callable[[Sequence[intake.Waiting]], None],
) -> tuple[int, Fetched, list[str]]:
    """The round's number, what was fetched, and what went wrong; 0 where nothing is new and nothing else is to be done.

    Such a round is noted when it is over, by one transaction; any other when it begins to store.
    """
    numbers: list[int] = []
    began = office.now()

    def _begin() -> int:
        if not numbers:
            load_for_news()
            numbers.append(rounds.begin_poll(office.ledger, began))
        return numbers[0]

    try:
        fetched = fetch(office, progress, most=most, without=without, news=_begin, stored=stored)
        if fetched == Fetched(reached=True) and not numbers and _note_quiet(office, began):
            return 0, fetched, []
        rounds.note_fetch(office.ledger, _begin(), reached=fetched.reached, trouble="；".join(fetched.troubles))
        watch(office, reached=fetched.reached)
    except (AccessError, TransientError) as error:
        return _begin(), Fetched(), [f"收信：{error}"]
    return _begin(), fetched, [f"收信：{trouble}" for trouble in fetched.troubles]


def load_for_news(*modules: str) -> None:
    """Load what the first mail will need, here and, with these modules, for the workers, while it is fetched.

    The program's end waits for it: an interpreter that ends amid an import may be aborted.
    """
    prepare(*modules)
    threading.Thread(target=lambda: [*map(import_module, _FOR_NEWS)], name="baosong-loading").start()


def _note_quiet(office: Office, began: datetime) -> bool:
    copies = office.config.outgoing.keep_sent
    return rounds.note_quiet(office.ledger, began, office.now(), patience=patience(office), copies=copies)


def _judge(
    office: Office, ahead: Ahead, progress: Progress, between: Callable[[], None] | None
) -> tuple[int, list[str]]:
    from pipeline.judging import judge_waiting

    try:
        return judge_waiting(office, progress, ahead, between)
    except BaosongError as error:
        return 0, [f"核对：{error}"]


def _send(post: Post, *, looking: bool) -> tuple[SendReport, list[str]]:
    try:
        sent = post.send_all(looking=looking)
    except (AccessError, TransientError) as error:
        return SendReport(), [f"发信：{error}"]
    return sent, [f"发信：{sent.note}"] if sent.note else []


def note_people(office: Office) -> None:
    """Note beside the octets what people did since, by command or by page."""
    note_acts(office.cache, act_notes(office.ledger))
