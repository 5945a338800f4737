"""rar, 7z and tar archives, read by a process of its own with limits on memory, processor and clock.

The files come through its standard output, a frame for each name, piece of octets and problem; whoever takes them
counts, and where he stops the process is killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from pipeline.archive.limits import Broken, Chunks, Refused
from pipeline.errors import AccessError
from pipeline.model.files import FileKind, Problem
from pipeline.watchdog import Allowance, Excess, Guard

CLOCK_SECONDS: Final = 60.0
PROCESSOR_SECONDS: Final = 40  # for one archive; a reader of a gigabyte takes about half of it
MEMORY: Final = 1_500_000_000  # octets of data
_HEAD: Final = struct.Struct("<cL")
_NAME, _OCTETS, _BROKEN, _REFUSED, _END = b"n", b"o", b"b", b"r", b"e"
_Frame = tuple[bytes, bytes]
Reading = Callable[[Sequence[Path], "Teller"], None]  # tells the files of the archive in these volumes, or is Refused


def read_apart(
    volumes: Sequence[Path], kind: FileKind, clock_seconds: float = CLOCK_SECONDS
) -> Generator[tuple[str, Chunks]]:
    """The files by their names, of an archive in one volume or several.

    An archive that takes more memory or processor time than allowed is HOSTILE. One whose reader dies or does not come
    back is UNSUPPORTED: our own fault, for a person to look at. The process ends with the iterator. Raises AccessError
    where it cannot be started.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="baosong-", ignore_cleanup_errors=True) as folder:
            # Volumes find each other by their names, and what they hold is laid down beside them.
            places = [Path(folder) / f"archive.part{number}.rar" for number in range(1, len(volumes) + 1)]
            for place, volume in zip(places, volumes, strict=True):
                _link(volume, place)
            command = [sys.executable, "-m", "pipeline.archive.reading", kind.value, *map(str, places)]
            with (
                subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process,  # noqa: S603 (all our words)
                Guard(process.pid, Allowance(MEMORY, PROCESSOR_SECONDS, clock_seconds)) as guard,
            ):
                try:
                    yield from _files(process, guard)
                finally:
                    process.kill()
    except OSError as error:
        raise AccessError(f"解压附件的进程无法工作（{error}），请检查内存和磁盘空间") from error


def _link(file: Path, place: Path) -> None:
    """Have the file there, too: by a second name where the system allows that, else a copy."""
    try:
        place.hardlink_to(file)
    except OSError:
        shutil.copyfile(file, place)


def _files(process: subprocess.Popen[bytes], guard: Guard) -> Generator[tuple[str, Chunks]]:
    assert process.stdout is not None
    frames = _frames(process.stdout)
    frame = next(frames, None)
    while frame is not None and frame[0] == _NAME:
        ended: list[_Frame | None] = []
        chunks = _chunks(frames, ended)
        yield frame[1].decode("utf-8", "replace"), chunks
        for _ in chunks:  # whoever wanted no octets of this file wants the next one
            pass
        frame = ended[0] if ended else None
    if frame is not None and frame[0] == _REFUSED:
        raise Refused(Problem(frame[1].decode()))
    if frame is None:
        raise Refused(_cause_of_death(process, guard.excess))


def _chunks(frames: Iterator[_Frame], ended: list[_Frame | None]) -> Chunks:
    """The octets of one file; then ``ended`` holds the frame that follows."""
    for frame in frames:
        if frame[0] == _BROKEN:
            ended.append(next(frames, None))
            raise Broken(Problem(frame[1].decode()))
        if frame[0] != _OCTETS:
            ended.append(frame)
            return
        yield frame[1]


def _frames(stream: IO[bytes]) -> Iterator[_Frame]:
    """What the process tells; ends where it ends."""
    while len(head := stream.read(_HEAD.size)) == _HEAD.size:
        mark, size = _HEAD.unpack(head)
        content = stream.read(size)
        if len(content) < size:
            return
        yield mark, content


def _cause_of_death(process: subprocess.Popen[bytes], excess: Excess | None) -> Problem:
    status = process.wait(10)
    starved = excess in {Excess.MEMORY, Excess.PROCESSOR} or (sys.platform != "win32" and status == -signal.SIGXCPU)
    return Problem.HOSTILE if starved else Problem.UNSUPPORTED


# --- within the process -----------------------------------------------------------------------------------------------


class Teller:
    """Tells the parent what is found."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def name(self, name: str) -> None:
        """A file begins."""
        self._tell(_NAME, name.encode("utf-8", "replace"))

    def octets(self, octets: bytes) -> None:
        """A piece of the file that was named last."""
        self._tell(_OCTETS, octets)

    def broken(self, problem: Problem) -> None:
        """The file that was named last has no more."""
        self._tell(_BROKEN, problem.value.encode())

    def refused(self, problem: Problem) -> None:
        """The archive as a whole cannot or must not be opened."""
        self._tell(_REFUSED, problem.value.encode())

    def end(self) -> None:
        """There is no more."""
        self._tell(_END, b"")

    def _tell(self, mark: bytes, content: bytes) -> None:
        self._stream.write(_HEAD.pack(mark, len(content)) + content)
        self._stream.flush()


def run(read: Reading, paths: Sequence[Path]) -> None:
    """Read an archive within limits and tell the parent; ends the process."""
    _limit()
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for a file
    tell = Teller(told)
    try:
        read(paths, tell)
        tell.end()
    except Refused as refusal:
        tell.refused(refusal.problem)
    except MemoryError:
        tell.refused(Problem.HOSTILE)


def _limit() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # POSIX only

        for number, limit in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
            (resource.RLIMIT_DATA, MEMORY),
        ):
            most = resource.getrlimit(number)[1]
            with suppress(ValueError, OSError):  # macOS refuses some
                resource.setrlimit(number, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))
