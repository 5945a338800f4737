"""Reads a folder of files that nobody here made, as mail and as attachments of mail, and measures what becomes of them.

In a module of its own, for the processes that do it import it by its name.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from pipeline.cache.workplace import open_workplace
from pipeline.message.outlook import Wrapped, read_tnef
from pipeline.model.content import Content, Other, Unreadable
from pipeline.model.files import FileKind
from pipeline.model.message import Attachment, Message
from pipeline.sandbox.readers import Job, Readers
from pipeline.sandbox.workers import Limits
from tests.mails import Kept, parse, qq_web
from tests.rivals import lost_files

MEMORY = 1_000_000_000  # octets, of the process that parses and of each that reads
SECONDS = 10.0  # for one file of the corpus, whatever is in it
MARK = "BAOSONG_CORPUS_RUN"  # an environment variable that whatever is started meanwhile inherits


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    kind: str  # its folder: archive, image, mime, …
    name: str
    seconds: float
    ends: Counter[str] = field(default_factory=Counter)  # how its attachments ended: read, other, or a problem
    faults: tuple[str, ...] = ()  # what must not be
    compared: int = 0  # files that the rival libraries found
    excused: Counter[str] = field(
        default_factory=Counter
    )  # of these, by rule, those that we leave out or name otherwise


def read_corpus(root: Path, mark: str) -> list[Outcome]:
    """What became of every file beneath the folder, by two processes; ``mark`` is what their environment carries."""
    paths = sorted((path for path in root.rglob("*") if path.is_file() and path.parent != root), key=_size)
    shares = [[str(path) for path in paths[start::2]] for start in range(2)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return [each for share in pool.map(_read_share, [mark] * 2, [str(root)] * 2, shares) for each in share]


def processes_of(mark: str) -> list[str]:
    """The command lines of the processes of a run that still live. Linux only."""
    wanted = f"{MARK}={mark}".encode()
    living = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                living.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # another's, or gone meanwhile
    return living


def _size(path: Path) -> int:
    return path.stat().st_size


def _read_share(mark: str, root: str, names: Sequence[str]) -> list[Outcome]:
    os.environ[MARK] = mark
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    logging.disable(logging.CRITICAL)  # the rivals'; what a reader says when it dies comes back as a value
    with (
        tempfile.TemporaryDirectory(prefix="baosong-corpus-") as folder,
        tempfile.TemporaryFile() as said,
        Readers(limits=Limits(memory=MEMORY, clock_seconds=SECONDS), workers=1) as readers,
    ):
        os.dup2(said.fileno(), 2)  # what any process of ours writes there
        readers.read_all([Job(Path(names[0]), FileKind.TEXT, "first")])  # the libraries are loaded
        return [_outcome(Path(name), Path(root), Path(folder), readers) for name in names]


def _outcome(path: Path, root: Path, folder: Path, readers: Readers) -> Outcome:
    kind = path.relative_to(root).parts[0]
    name = str(path.relative_to(root))
    octets = path.read_bytes()
    mail = octets if kind == "mime" else qq_web("材料", "见附件", [(f"附件{path.suffix}", octets)])
    said = os.lseek(2, 0, os.SEEK_END)
    start = time.monotonic()
    try:
        kept: Kept = {}
        message = parse(mail, kept)
        for digest, file in kept.items():
            (folder / digest).write_bytes(file)
        contents = read(message, folder, readers)
    except BaseException:  # noqa: BLE001 (a test: whatever comes is a fault, and the other files go on)
        return Outcome(kind, name, time.monotonic() - start, faults=(traceback.format_exc(),))
    seconds = time.monotonic() - start
    faults = [f"{seconds:.1f} s"] if seconds > SECONDS else []
    os.lseek(2, said, os.SEEK_SET)
    words = os.read(2, 100_000).decode("utf-8", "replace")
    if "Traceback" in words or "panicked" in words:
        faults.append(words)
    faults += [
        f"{attachment.shown_name}: {content.detail}"
        for attachment, content in zip(message.attachments, contents, strict=True)
        if isinstance(content, Unreadable) and content.detail.startswith(("reader died", "no answer"))
    ]
    if kind != "mime" and not message.attachments and not _is_told_by_its_text(octets, message):
        faults.append("neither a file nor a text came of it")
    compared, excused, lost = lost_files(octets, message, folder) if kind == "mime" else (0, Counter(), [])
    return Outcome(
        kind,
        name,
        seconds,
        Counter(map(_end, message.attachments, contents)) or Counter({"text alone": 1}),
        (*faults, *(f"lost: {each}" for each in lost)),
        compared,
        excused,
    )


def read(message: Message, folder: Path, readers: Readers) -> list[Content]:
    """What each attachment holds, as the main flow has it: a container that could not be opened holds its problem."""
    whole = [each for each in message.attachments if each.problem is None]
    contents = iter(readers.read_all([Job(folder / a.blob.digest, a.sniffed_kind, a.name) for a in whole]))
    return [Unreadable(a.problem) if a.problem is not None else next(contents) for a in message.attachments]


def _is_told_by_its_text(octets: bytes, message: Message) -> bool:
    """Whether a mail within the mail left its words there, though it carried no file.

    A winmail.dat without files repeats, as RTF or by properties, what the mail around it says in its own text.
    """
    return len(message.text + message.quoted) > len("见附件") or _is_empty_wrapper(octets)


def _is_empty_wrapper(octets: bytes) -> bool:
    with open_workplace() as workplace:
        return read_tnef(workplace.lay([octets]).path, workplace.lay) == Wrapped()


def _end(_: Attachment, content: Content) -> str:
    if isinstance(content, Unreadable):
        return content.problem.value
    return "no document" if isinstance(content, Other) else "read"
