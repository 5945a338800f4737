"""One round of sending, by its waits and counts. What servers do to it: test_smtp, test_maildir."""

from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Self

import pytest

from pipeline.errors import BaosongError, TransientError
from pipeline.model.letter import LetterState
from pipeline.outbox import InDoubtError, RefusedError
from pipeline.outbox.answers import classify_answer
from pipeline.outbox.sending import MOST_ATTEMPTS, SendReport, send_due, wait_after
from tests.outbox.listqueue import NOON, ListQueue, letter, now


class _Refusing:
    """A way out that raises the same error for every letter."""

    at_once = 1

    def __init__(self, error: BaosongError) -> None:
        self.error = error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def ready(self) -> None:
        return None

    def send(self, sender: str, recipient: str, octets: bytes, *, before_end: Callable[[], None]) -> None:
        raise self.error

    def settle(self, octets: bytes) -> bool | None:
        return None


def test_waits_grow_to_an_hour() -> None:
    """2, 4, 8 … and never more than 60 minutes, after the hundredth attempt neither."""
    waits = [wait_after(attempts) // timedelta(minutes=1) for attempts in (1, 2, 3, 4, 5, 6, 7, 100)]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize("error", [TransientError("away"), RefusedError("later", code=450)])
def test_last_attempt_holds(error: BaosongError) -> None:
    """The eighth failure puts the letter before a person; the seventh does not."""
    queue = ListQueue(letter(1, attempts=MOST_ATTEMPTS - 1), letter(2, attempts=MOST_ATTEMPTS - 2))
    assert send_due(queue, _Refusing(error), now=now) == SendReport(held=1, postponed=1)
    assert queue.states == {1: LetterState.HELD, 2: LetterState.QUEUED}


def test_postponed_letter_is_not_due_before_its_time() -> None:
    """A second round at the same moment does not try again."""
    queue = ListQueue(letter(1))
    refusing = _Refusing(TransientError("away"))
    send_due(queue, refusing, now=now)
    assert send_due(queue, refusing, now=now) == SendReport()
    assert send_due(queue, refusing, now=lambda: NOON + timedelta(minutes=2)).postponed == 1
    assert queue.until[1] == NOON + timedelta(minutes=2 + 4)


def test_account_limit_never_holds() -> None:
    """However often the account's number was used up, that is not the letter's fault."""
    queue = ListQueue(letter(1, attempts=50))
    send_due(queue, _Refusing(RefusedError("enough", account=True, wait="tomorrow")), now=now)
    assert queue.states[1] is LetterState.QUEUED
    assert queue.until[1].date() == NOON.date() + timedelta(days=1)


def test_two_in_doubt_end_the_round_wherever_they_stand() -> None:
    """Letters are asked for fifty at a time: the last of those and the first of the next follow each other too."""

    class _Cut(_Refusing):
        def send(self, sender: str, recipient: str, octets: bytes, *, before_end: Callable[[], None]) -> None:
            number = int(recipient.removeprefix("v").partition("@")[0])
            before_end()
            if number in {50, 51}:
                raise self.error

    queue = ListQueue(*map(letter, range(1, 61)))
    assert send_due(queue, _Cut(InDoubtError("cut")), now=now).held == 2
    assert [each.id for each in queue.due(NOON)] == [*range(52, 61)]


def test_most_letters_of_a_round() -> None:
    """A round can be kept short; the rest stays due."""
    queue = ListQueue(*map(letter, range(5)))
    send_due(queue, _Refusing(RefusedError("no", permanent=True)), now=now, most=2)
    assert len(queue.due(NOON)) == 3


def test_an_address_that_is_not_there_is_lost() -> None:
    """The server says so at once: the letter is held and its address told. Another refusal loses no address."""
    gone = classify_answer(550, "5.1.1 User unknown")
    queue = ListQueue(letter(1))
    send_due(queue, _Refusing(gone), now=now)
    assert queue.steps == [("begin", 1), ("hold", 1), ("lose", 1)]
    spam = classify_answer(554, "DT:SPM")
    queue = ListQueue(letter(1))
    send_due(queue, _Refusing(spam), now=now)
    assert queue.steps == [("begin", 1), ("hold", 1)]
