"""The readers of files, in worker processes with limits; LibreOffice for what no reader here knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.content import read_content
from pipeline.content.office import LibreOffice, Twin, can_convert
from pipeline.model.content import Content, Document, Unreadable
from pipeline.model.files import FileKind, Problem
from pipeline.sandbox.workers import Limits, Workers


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read: what :func:`~pipeline.content.read_content` takes."""

    path: Path
    kind: FileKind
    name: str


def read_file(job: Job) -> Content:
    """What the file holds."""
    return read_content(job.path, job.kind, job.name)


class Readers(Workers[Job, Content]):
    """Readers of files. ``read`` must be importable by its name."""

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        workers: int | None = None,
        read: Callable[[Job], Content] = read_file,
        office: LibreOffice | None = None,
    ) -> None:
        super().__init__(read, limits=limits, count=workers)
        self._office = office or LibreOffice()

    def read_all(self, jobs: Sequence[Job]) -> list[Content]:
        """What each file holds, in the order of the jobs.

        What does not come back is said as by :meth:`~pipeline.sandbox.workers.Workers.do_all`, and one that no reader
        here knows is read by its twin, where LibreOffice can make one.
        """
        with self._busy:
            return self.read_twins(jobs, self.do_all(jobs))

    def read_twins(self, jobs: Sequence[Job], contents: Sequence[Content]) -> list[Content]:
        """The contents, with what LibreOffice can tell of those of these files that no reader here knows."""
        contents = list(contents)
        twins: dict[int, Twin] = {}
        try:
            for number, (job, content) in enumerate(zip(jobs, contents, strict=True)):
                if isinstance(content, Unreadable) and content.problem is Problem.UNSUPPORTED and can_convert(job.kind):
                    twin = self._office.convert(job.path, job.kind)
                    if twin is not None:
                        twins[number] = twin
            read = self.do_all([Job(twin.path, twin.kind, jobs[number].name) for number, twin in twins.items()])
        finally:
            for twin in twins.values():
                twin.delete()
        for number, content in zip(twins, read, strict=True):
            contents[number] = _as_original(content, jobs[number], contents[number])
        return contents

    def close(self) -> None:
        """End the workers and LibreOffice at once. The next file starts new ones."""
        self._office.close()
        super().close()


def _as_original(content: Content, job: Job, refused: Content) -> Content:
    """What a twin holds, said of the file that it was made of; what was said before where the twin is no good."""
    if isinstance(content, Document):
        macros = isinstance(refused, Unreadable) and refused.macros
        return replace(content, kind=job.kind, macros=content.macros or macros)
    return refused if isinstance(content, Unreadable) else content
