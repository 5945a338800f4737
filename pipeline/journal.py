"""What the ledger knows and the octets do not tell, noted beside them: when and where a mail came, what was sent.

Were the database lost, :mod:`pipeline.keeping.rebuild` would make it again from the cache and these notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, Protocol

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from pipeline.model import Blob, Location, RawMessage


class Notebook(Protocol):
    """The part of a cache that keeps notes."""

    def note(self, octets: bytes) -> None:
        """Keep it durably; the same octets once."""

    def notes(self) -> Iterator[bytes]:
        """All of them, in no order."""


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


_NOTE: TypeAdapter[_Arrival | SentNote] = TypeAdapter(_Arrival | SentNote)


def note_arrival(notebook: Notebook, raw: RawMessage) -> None:
    """Before the ledger's row: what has a row has a note."""
    place = raw.location
    _write(
        notebook,
        _Arrival(
            digest=raw.blob.digest,
            size=raw.blob.size,
            received_at=raw.received_at,
            mailbox=place.mailbox,
            folder=place.folder,
            uidvalidity=place.uidvalidity,
            uid=place.uid,
        ),
    )


def note_sent(notebook: Notebook, key: str, sent_at: datetime) -> None:
    """After the ledger's row: a letter that has a note went out."""
    _write(notebook, SentNote(key, sent_at))


def read_notes(notebook: Notebook) -> tuple[list[RawMessage], list[SentNote]]:
    """All arrivals, the oldest first, and all that was sent. What is no note is left out."""
    arrivals: list[RawMessage] = []
    sent: list[SentNote] = []
    for octets in notebook.notes():
        try:
            note = _NOTE.validate_json(octets)
        except ValidationError:
            continue
        if isinstance(note, SentNote):
            sent.append(note)
        else:
            location = Location(note.mailbox, note.folder, note.uidvalidity, note.uid)
            arrivals.append(RawMessage(location, note.received_at, Blob(note.digest, note.size)))
    arrivals.sort(key=lambda each: (each.received_at, each.blob.digest, each.location.folder, each.location.uid))
    return arrivals, sent


def _write(notebook: Notebook, note: _Arrival | SentNote) -> None:
    notebook.note(_NOTE.dump_json(note))
