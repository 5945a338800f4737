"""What is fuzzed: each reader as a function of octets that returns, whatever they are."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pipeline.archive import LIMITS, unfolded
from pipeline.archive.limits import Broken, Refused
from pipeline.archive.tars import read_tar
from pipeline.cache.workplace import open_workplace
from pipeline.content.embedded import read_embedded
from pipeline.content.legacy import read_doc
from pipeline.content.pdf import read_pdf
from pipeline.content.picture import read_picture
from pipeline.content.refusal import Refusal
from pipeline.content.rtf import read_rtf
from pipeline.content.sheet import read_sheet
from pipeline.content.text import read_text
from pipeline.content.word import read_word
from pipeline.message.bounce import read_bounce
from pipeline.message.outlook import Lay, read_msg, read_tnef
from pipeline.message.parsing import parse_message
from pipeline.model.files import FileKind, Problem
from pipeline.model.message import Blob

Target = Callable[[bytes], object]


def _message(octets: bytes) -> object:
    blob = Blob(sha256(octets).hexdigest(), len(octets))
    found = []
    for _ in range(2):
        with open_workplace() as workplace:
            message = parse_message(
                octets, blob=blob, received_at=datetime(2023, 5, 9, tzinfo=UTC), workplace=workplace
            )
            assert workplace.kept.keys() == {each.blob.digest for each in message.attachments}
        found.append(message)
    assert found[0] == found[1], "read twice, it must say the same twice"
    return read_bounce(octets)


def _archive(kind: FileKind) -> Target:
    def target(octets: bytes) -> None:
        with open_workplace() as workplace:
            archive = workplace.lay([octets])
            with unfolded([archive.path], kind, workplace) as members:
                if not isinstance(members, Problem):
                    assert sum(member.file.blob.size for member in members) <= LIMITS.total_size

    return target


def _wrapped(read: Callable[[Path, Lay], object]) -> Target:
    def target(octets: bytes) -> None:
        with open_workplace() as workplace:
            read(workplace.lay([octets]).path, workplace.lay)

    return target


class _Nobody:
    """Who is told what a reader in a process of its own finds."""

    def name(self, name: str) -> None: ...

    def octets(self, octets: bytes) -> None: ...

    def broken(self, problem: Problem) -> None: ...


def _on_file(read: Callable[[Path], object]) -> Target:
    def target(octets: bytes) -> None:
        with tempfile.TemporaryDirectory(prefix="baosong-fuzz-") as folder:
            path = Path(folder) / "file"
            path.write_bytes(octets)
            with contextlib.suppress(Refusal, Refused, Broken):
                read(path)

    return target


def _tar(path: Path) -> None:
    read_tar([path], _Nobody())  # type: ignore[arg-type]


TARGETS: Mapping[str, Target] = {
    "message": _message,
    "tnef": _wrapped(read_tnef),
    "msg": _wrapped(read_msg),
    "zip": _archive(FileKind.ZIP),
    "gzip": _archive(FileKind.GZIP),
    "tar": _on_file(_tar),
    "word": _on_file(lambda path: read_word(path, FileKind.DOCX)),
    "doc": _on_file(read_doc),
    "rtf": _on_file(read_rtf),
    "sheet": _on_file(lambda path: read_sheet(path, FileKind.XLSX)),
    "pdf": _on_file(read_pdf),
    "text": _on_file(lambda path: read_text(path, FileKind.HTML)),
    "picture": lambda octets: read_picture(octets, "x.jpg"),
    "embedded": _on_file(lambda path: read_embedded(path, FileKind.DOCX, lambda _digest, _octets: None)),
}
