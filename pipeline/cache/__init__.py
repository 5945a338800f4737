"""Octets as received and their parts, kept by content hash: in a folder, or on storage that several machines share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from pipeline.cache.workplace import Workplace
from pipeline.model.message import Blob


class Cache(Protocol):
    """Where octets are kept. Raises :class:`~pipeline.errors.AccessError` where the operator must act."""

    def store(self, chunks: Iterable[bytes]) -> Blob:
        """Keep these octets; when this returns they survive a power failure. The same octets are kept once."""

    def workplace(self) -> AbstractContextManager[Workplace]:
        """Where a mail is taken apart, beside what is kept; gone at the end."""

    def take(self, files: Mapping[str, Path]) -> None:
        """Keep these files of a workplace under their digests, as safe as if they were stored."""

    def contains(self, digest: str) -> bool:
        """Whether these octets are kept."""

    def open(self, digest: str) -> BinaryIO:
        """The octets as a seekable file, to be closed by the caller."""

    def read(self, digest: str) -> bytes:
        """All the octets at once: for what is known to be small."""

    def path(self, digest: str) -> Path:
        """A file on this machine that holds the octets: to be read, never changed."""

    def verify(self, digest: str) -> bool:
        """Whether the octets kept under this digest still have it."""

    def digests(self) -> Iterator[str]:
        """All that is kept, in order."""

    def note(self, *notes: bytes) -> None:
        """Keep a few octets each about what is kept, as durable as the rest; the same ones once."""

    def notes(self) -> Iterator[bytes]:
        """All notes, in no order."""

    def remove(self, digest: str) -> None:
        """Keep these octets no longer: only where they are to be forgotten."""

    def remove_note(self, octets: bytes) -> None:
        """Keep this note no longer."""
