"""What the ledger knows and the octets do not tell, noted beside them: when and where a mail came, what was sent.

Were the database lost, :mod:`pipeline.keeping.rebuild` would make it again from the cache and these notes. What is
noted together is one note, a line of JSON for each: many files would keep the disk waiting for each.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Literal, Protocol

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from pipeline.model.ledger import ActKind, Rule
from pipeline.model.message import Blob, Location, RawMessage

_GATHER = 0.2  # seconds: many letters handed over one after the other wait for the disk together


class Notebook(Protocol):
    """The part of a cache that keeps notes."""

    def note(self, *notes: bytes) -> None:
        """Keep them durably; the same octets once."""

    def notes(self) -> Iterator[bytes]:
        """All of them, in no order."""

    def remove_note(self, octets: bytes) -> None:
        """Keep this one no longer."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    digest: str
    size: int
    received_at: datetime
    mailbox: str
    folder: str
    uidvalidity: int
    uid: str
    kind: Literal["arrival"] = "arrival"


@dataclass(frozen=True, slots=True)
class SentNote:
    """A letter that a server took. Its key names no person."""

    key: str
    sent_at: datetime
    kind: Literal["sent"] = "sent"


@dataclass(frozen=True, slots=True)
class ActNote:
    """What a person did, and all that it takes to do it again."""

    campaign: str
    number: int  # the ledger's, by which another act takes it back
    at: datetime
    who: str
    act: ActKind
    why: str
    village: str | None = None
    deliverable: str | None = None
    message: str | None = None  # digest
    undoes: int | None = None
    until: datetime | None = None  # of an extension
    address: str = ""  # of a word on whose an address is
    holds: bool = True  # what that word says
    matter: str = ""  # of one that is settled
    rule: Rule | None = None  # of a word on whose a mail's files are
    kind: Literal["act"] = "act"


Note = SentNote | ActNote

_NOTE: TypeAdapter[_Arrival | Note] = TypeAdapter(_Arrival | Note)


def note_arrivals(notebook: Notebook, arrived: Iterable[RawMessage]) -> None:
    """Before the ledger's rows: what has a row has a note."""
    notes = [
        _Arrival(
            digest=raw.blob.digest,
            size=raw.blob.size,
            received_at=raw.received_at,
            mailbox=raw.location.mailbox,
            folder=raw.location.folder,
            uidvalidity=raw.location.uidvalidity,
            uid=raw.location.uid,
        )
        for raw in arrived
    ]
    _write(notebook, *notes)


@contextmanager
def noting_sent(notebook: Notebook) -> Iterator[Callable[[str, datetime], None]]:
    """What notes a letter that went out, after the ledger's row: one that has a note went out.

    Written by a thread, as many at once as come within a moment, so that nobody waits for the disk; all are safe when
    the block ends. What went wrong is raised there.
    """
    waiting: deque[SentNote] = deque()
    writes: deque[Future[None]] = deque()  # from the first that is not done, or went wrong
    ended = threading.Event()

    def _write_down() -> None:
        if waiting:
            ended.wait(_GATHER)
            _write(notebook, *(waiting.popleft() for _ in range(len(waiting))))

    with ThreadPoolExecutor(1, thread_name_prefix="baosong-notes") as thread:

        def _note(key: str, sent_at: datetime) -> None:
            waiting.append(SentNote(key, sent_at))
            while writes and writes[0].done() and writes[0].exception() is None:
                writes.popleft()
            writes.append(thread.submit(_write_down))

        try:
            yield _note
        finally:
            ended.set()
    for write in writes:
        write.result()


def note_acts(notebook: Notebook, acts: Iterable[ActNote]) -> None:
    """What people did, whichever way they told it, each by itself: what was noted before is not noted again."""
    notebook.note(*map(_NOTE.dump_json, acts))


def read_notes(notebook: Notebook) -> tuple[list[RawMessage], list[Note]]:
    """All arrivals, the oldest first, and all else that was noted, each once. What is no note is left out."""
    arrivals: list[RawMessage] = []
    others: list[Note] = []
    found = (_read(line) for octets in notebook.notes() for line in octets.splitlines())
    for note in dict.fromkeys(found):  # a round that was cut off may have noted some in other company before
        if isinstance(note, _Arrival):
            location = Location(note.mailbox, note.folder, note.uidvalidity, note.uid)
            arrivals.append(RawMessage(location, note.received_at, Blob(note.digest, note.size)))
        elif note is not None:
            others.append(note)
    arrivals.sort(key=lambda each: (each.received_at, each.blob.digest, each.location.folder, each.location.uid))
    return arrivals, others


def forget_notes(notebook: Notebook, digests: Container[str]) -> None:
    """Keep no longer what tells of these messages, their arrival or the answer, nor of what any person did."""
    for octets in list(notebook.notes()):
        lines = octets.splitlines()
        kept = [line for line in lines if not _is_forgotten(_read(line), digests)]
        if len(kept) < len(lines):
            if kept:
                notebook.note(b"\n".join(kept))
            notebook.remove_note(octets)


def _is_forgotten(note: _Arrival | Note | None, digests: Container[str]) -> bool:
    match note:
        case _Arrival():
            return note.digest in digests
        case SentNote():
            return note.key.removeprefix("reply:") in digests
    return True  # an act, or what an earlier version wrote of one


def _read(octets: bytes) -> _Arrival | Note | None:
    try:
        return _NOTE.validate_json(octets)
    except ValidationError:
        return None


def _write(notebook: Notebook, *notes: _Arrival | SentNote) -> None:
    """As one note."""
    if notes:
        notebook.note(b"\n".join(map(_NOTE.dump_json, notes)))
