"""The simplest queue that keeps the Protocol: a list, with every step written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from pipeline.model.letter import LetterState, QueuedLetter

BEIJING = timezone(timedelta(hours=8))
NOON = datetime(2023, 5, 9, 12, tzinfo=BEIJING)


def now() -> datetime:
    """Noon, always."""
    return NOON


def letter(number: int, *, attempts: int = 0, recipient: str = "") -> QueuedLetter:
    """A letter to village ``number``."""
    octets = f"Message-ID: <{number}@town.test>\r\nSubject: {number}\r\n\r\n.dots {number}\r\n.\r\n".encode()
    return QueuedLetter(
        number, "office@town.test", recipient or f"v{number}@village.test", octets, attempts, f"<{number}@town.test>"
    )


class ListQueue:
    """Letters in memory; ``steps`` holds every call as (what, id)."""

    def __init__(self, *letters: QueuedLetter) -> None:
        self.letters = {one.id: one for one in letters}
        self.states = dict.fromkeys(self.letters, LetterState.QUEUED)
        self.until: dict[int, datetime] = {}
        self.notes: dict[int, str] = {}
        self.in_doubt: set[int] = set()
        self.steps: list[tuple[str, int]] = []

    def interrupted(self) -> Sequence[QueuedLetter]:
        return [one for one in self.letters.values() if self.states[one.id] is LetterState.SENDING]

    def due(self, now: datetime, most: int = 50) -> Sequence[QueuedLetter]:
        queued = [one for one in self.letters.values() if self.states[one.id] is LetterState.QUEUED]
        return [one for one in queued if self.until.get(one.id, now) <= now][:most]

    def begin(self, letter_id: int, at: datetime) -> None:
        del at
        self.steps.append(("begin", letter_id))
        attempts = self.letters[letter_id].attempts + 1
        self.letters[letter_id] = replace(self.letters[letter_id], attempts=attempts)

    def hand_over(self, letter_id: int, at: datetime) -> None:
        self.steps.append(("hand over", letter_id))
        self.states[letter_id] = LetterState.SENDING
        self.letters[letter_id] = replace(self.letters[letter_id], tried_at=at)

    def sent(self, letters: Sequence[QueuedLetter], at: datetime) -> None:
        del at
        for one in letters:
            self.steps.append(("sent", one.id))
            self.states[one.id] = LetterState.SENT

    def postpone(self, letter_id: int, at: datetime, until: datetime, note: str) -> None:
        del at
        self.steps.append(("postpone", letter_id))
        self.states[letter_id] = LetterState.QUEUED
        self.until[letter_id], self.notes[letter_id] = until, note

    def hold(self, letter_id: int, at: datetime, note: str) -> None:
        del at
        self.steps.append(("hold", letter_id))
        self.states[letter_id] = LetterState.HELD
        self.notes[letter_id] = note

    def doubt(self, letter_id: int, at: datetime, note: str) -> None:
        self.hold(letter_id, at, note)
        self.in_doubt.add(letter_id)

    def doubtful(self, since: datetime) -> Sequence[QueuedLetter]:
        held = [one for one in self.letters.values() if self.states[one.id] is LetterState.HELD]
        return [one for one in held if one.id in self.in_doubt and one.tried_at and one.tried_at >= since]

    def sent_before(self, letter: QueuedLetter, most: int) -> Sequence[str]:
        sent = [one for one in self.letters.values() if self.states[one.id] is LetterState.SENT]
        return [one.message_id for one in sent][-most:]

    def lose_address(self, letter_id: int, at: datetime, note: str) -> None:
        del at, note
        self.steps.append(("lose", letter_id))
