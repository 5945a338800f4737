"""One round of sending: what is due goes out, what fails is kept with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from pipeline.errors import AccessError, BaosongError, TransientError
from pipeline.model.letter import LetterState, QueuedLetter
from pipeline.outbox import InDoubtError, Queue, RefusedError, Transport
from pipeline.outbox.doubt import LONGEST_SEARCH, WITNESSES, SentFolder, nowhere, settle_by_copy

MOST_ATTEMPTS = 8
_PORTION = 50  # letters
LONGEST_WAIT = timedelta(minutes=60)

_INTERRUPTED = (
    "上次发信时程序中断，此信可能已经发出：系统会在邮箱的已发送邮件、退信和对方来信里查找，查到即自动更正；"
    "急用请您先查看已发送邮件，再决定是否重发。"
)
_CUT_TWICE = "连续两封信交出后都未等到服务器答复，本轮停止发信，请检查网络。"


@dataclass(frozen=True, slots=True)
class SendReport:
    """What one round did, in letters. ``note`` tells why it stopped early; empty where it did not."""

    sent: int = 0
    postponed: int = 0
    held: int = 0
    note: str = ""
    access_refused: bool = False  # the operator must act; trying again soon may lock the account


@dataclass(frozen=True, slots=True)
class _End:
    """How one letter ended, and what that means for those after it."""

    state: LetterState | None  # None: it was not begun
    stop: str = ""  # why the round ends here
    others_until: datetime | None = None
    in_doubt: bool = False
    access_refused: bool = False
    unnoted: bool = False  # it went out, and would be there once if it were sent again: noted with others


def send_due(
    queue: Queue,
    transport: Transport,
    *,
    now: Callable[[], datetime],
    most: int | None = None,
    sent_folder: SentFolder = nowhere,
    settled: bool = False,
) -> SendReport:
    """Sends what is due, each letter at most once; ``most`` letters at the most.

    A letter's own trouble stays its own: put off with growing waits (2, 4, 8 … 60 minutes), held for a person after
    :data:`MOST_ATTEMPTS` or where trying again cannot help. What concerns the whole account (login, the day's number,
    no connection) ends the round; the other letters stay due, or wait as long as the server asked.

    ``sent_folder`` is looked into only where a letter is in doubt; where all that an earlier round left open is
    ``settled``, nothing is asked of that. ``now`` gives aware times in the office's own zone: a day's number is new
    after midnight there. Nothing that a transport raises leaves this function.
    """
    count = Counter[LetterState]()
    if not settled:
        count.update(_settle_interrupted(queue, transport, now))
        count.update(_settle_doubtful(queue, sent_folder, now))
    stopped: _End | None = None
    in_doubt = 0
    with closing(_each_end(queue, transport, now, most)) as ends:
        for end in ends:
            if end.state is not None:
                count[end.state] += 1
            in_doubt = in_doubt + 1 if end.in_doubt else 0
            if in_doubt == 2:  # a bad network must not put the whole queue before a person
                stopped = replace(end, stop=_CUT_TWICE)
            elif end.stop:
                stopped = end
            if stopped is not None:
                break
    if stopped is not None and stopped.others_until is not None:
        for other in chain.from_iterable(_portions_due(queue, now)):
            queue.postpone(other.id, now(), stopped.others_until, stopped.stop)
            count[LetterState.QUEUED] += 1
    return SendReport(
        sent=count[LetterState.SENT],
        postponed=count[LetterState.QUEUED],
        held=count[LetterState.HELD],
        note=stopped.stop if stopped else "",
        access_refused=stopped is not None and stopped.access_refused,
    )


def _each_end(queue: Queue, transport: Transport, now: Callable[[], datetime], most: int | None) -> Generator[_End]:
    """How each letter that is due ended, in their order; begun when it is asked for, or as many at once as the way out
    takes. What need not be noted by itself is noted with the others of its portion, also where the rest is not asked.
    """
    send = partial(_send_one, queue, transport, now=now)
    several = transport.at_once > 1
    with ThreadPoolExecutor(transport.at_once, "baosong-sending") if several else nullcontext() as threads:
        for portion in _portions_due(queue, now, most):
            taken: list[QueuedLetter] = []
            try:
                # Not held by a name: what is not begun when the rest is not asked for is not begun at all.
                for letter, end in zip(portion, (threads.map if threads else map)(send, portion), strict=True):
                    if end.unnoted:
                        taken.append(letter)
                    yield end
            finally:
                if taken:
                    queue.sent(taken, now())


def _portions_due(
    queue: Queue, now: Callable[[], datetime], most: int | None = None
) -> Iterator[Sequence[QueuedLetter]]:
    """The letters that are due, a few at a time: all of them at once may be more than the memory holds.

    Its user sees to it that none of a portion is due any more when the next one is asked for.
    """
    left = most
    while left is None or left > 0:
        wanted = _PORTION if left is None else min(_PORTION, left)
        due = queue.due(now(), wanted)
        if due:
            yield due
        if len(due) < wanted:
            return
        left = None if left is None else left - len(due)


def wait_after(attempts: int) -> timedelta:
    """How long a letter waits after so many attempts, from 1, that failed for the moment."""
    return min(timedelta(minutes=2 ** min(attempts, 10)), LONGEST_WAIT)


def _settle_interrupted(queue: Queue, transport: Transport, now: Callable[[], datetime]) -> list[LetterState]:
    """What became of the letters that a crash left between handing over and writing down."""
    states = []
    for letter in queue.interrupted():
        at = now()
        match transport.settle(letter.octets):
            case True:
                queue.sent([letter], at)
                states.append(LetterState.SENT)
            case False:  # due again at once
                queue.postpone(letter.id, at, at, "")
            case None:
                queue.doubt(letter.id, at, _INTERRUPTED)
                states.append(LetterState.HELD)
    return states


def _settle_doubtful(queue: Queue, sent_folder: SentFolder, now: Callable[[], datetime]) -> list[LetterState]:
    """What the account's own copies tell of letters in doubt, this round's and earlier ones."""
    at = now()
    doubtful = queue.doubtful(at - LONGEST_SEARCH)
    copies = sent_folder() if doubtful else None
    states = []
    for letter in doubtful:
        match settle_by_copy(letter, copies, queue.sent_before(letter, WITNESSES), at):
            case True:
                queue.sent([letter], letter.tried_at or at)
                states.append(LetterState.SENT)
            case False:  # due again at once
                queue.postpone(letter.id, at, at, "")
    return states


def _send_one(queue: Queue, transport: Transport, letter: QueuedLetter, now: Callable[[], datetime]) -> _End:
    try:
        # Before the letter is begun: whatever ends the program while it waits or connects, nothing was sent.
        transport.ready()
    except (AccessError, TransientError) as error:
        return _End(None, stop=str(error), access_refused=isinstance(error, AccessError))
    except RefusedError as refusal:
        return _End(None, stop=str(refusal), others_until=_until(refusal, now()))

    handed_over = False

    def _hand_over() -> None:
        nonlocal handed_over
        queue.hand_over(letter.id, now())
        handed_over = True

    queue.begin(letter.id, now())
    attempts = letter.attempts + 1
    try:
        transport.send(letter.sender, letter.recipient, letter.octets, before_end=_hand_over)
    except (InDoubtError, RefusedError, AccessError, TransientError) as error:
        return _not_sent(queue, letter, error, attempts, now())
    if handed_over:
        queue.sent([letter], now())
    return _End(LetterState.SENT, unnoted=not handed_over)


def _not_sent(queue: Queue, letter: QueuedLetter, error: BaosongError, attempts: int, at: datetime) -> _End:
    match error:
        case InDoubtError():
            queue.doubt(letter.id, at, str(error))
            return _End(LetterState.HELD, in_doubt=True)
        case AccessError():
            queue.postpone(letter.id, at, at, str(error))
            return _End(LetterState.QUEUED, stop=str(error), access_refused=True)
        case RefusedError():
            return _refused(queue, letter, error, attempts, at)
        case _:
            return _refused(queue, letter, RefusedError(str(error)), attempts, at)


def _refused(queue: Queue, letter: QueuedLetter, refusal: RefusedError, attempts: int, at: datetime) -> _End:
    until = _until(refusal, at)
    if refusal.account:
        queue.postpone(letter.id, at, until or at + wait_after(attempts), str(refusal))
        return _End(LetterState.QUEUED, stop=str(refusal), others_until=until)
    if refusal.permanent or attempts >= (refusal.tries or MOST_ATTEMPTS):
        queue.hold(letter.id, at, str(refusal))
        if refusal.no_recipient:
            queue.lose_address(letter.id, at, str(refusal))
        return _End(LetterState.HELD)
    queue.postpone(letter.id, at, until or at + wait_after(attempts), str(refusal))
    return _End(LetterState.QUEUED)


def _until(refusal: RefusedError, at: datetime) -> datetime | None:
    """When the server may be asked again, where it said so."""
    match refusal.wait:
        case None:
            return None
        case "tomorrow":
            return (at + timedelta(days=1)).replace(hour=0, minute=10, second=0, microsecond=0)
        case wait:
            return at + wait
