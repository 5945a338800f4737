"""The villages' own progress tables read once more, for their accounts and the octets of their photos.

In worker processes: a JPEG's decoding keeps the interpreter's lock, so that threads would take turns; and a file that
kills its reader is one village's trouble.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import cast

from pipeline.cache import Cache
from pipeline.content.embedded import read_embedded
from pipeline.errors import AccessError
from pipeline.forms.overlay import overlay
from pipeline.forms.rows import ACCOUNT, BodyRow, body_rows, read_activity_rows
from pipeline.forms.units import without_samples
from pipeline.merge.gathering import Delivered, Source
from pipeline.merge.scaling import Scaled, scale_picture
from pipeline.model.campaign import Form
from pipeline.model.content import Content, Unreadable
from pipeline.model.reading import Activity
from pipeline.sandbox.readers import Job, Readers
from pipeline.sniff import sniff_kind

# Villages, between two steps of the progress bar: at the end of each such lot all workers but one wait for the last.
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A row of the office's table."""

    text: str  # as the village wrote it
    photos: tuple[Scaled, ...]
    lost: int = 0  # photos that could not be read


@dataclass(frozen=True, slots=True)
class FileRows:
    """What one file gave."""

    rows: tuple[AccountRow, ...]
    activities: tuple[Activity, ...]  # as the checks read them


@dataclass(frozen=True, slots=True)
class VillageRows:
    """What one village's document gave."""

    delivered: Delivered
    rows: tuple[AccountRow, ...]
    source: Source | None
    trouble: str = ""
    brief: str = ""  # the same for the document's readers: no names of files, no places on this machine


def read_villages(
    chosen: Sequence[Delivered], form: Form, cache: Cache, opens_on: date, closes_on: date
) -> Iterator[VillageRows]:
    """The rows of each village, in order, its photos scaled. What a file does to its reader is a trouble of that one.

    Raises AccessError only where no worker can be started.
    """
    # A reader of files, though what it gives is no content of the model's: the workers hand on whatever it returns.
    read = cast(Callable[[Job], Content], partial(read_rows, form=form, opens_on=opens_on, closes_on=closes_on))
    with Readers(read=read) as readers:
        for start in range(0, len(chosen), _AT_ONCE):
            some = chosen[start : start + _AT_ONCE]
            found = _read_all(readers, [source for each in some for source in each.sources], cache)
            for delivered in some:
                yield _choose_file(delivered, found)


def _read_all(
    readers: Readers, sources: Sequence[Source], cache: Cache
) -> dict[str, FileRows | Unreadable | AccessError]:
    """File digest -> what it gave, or why there is no file."""
    found: dict[str, FileRows | Unreadable | AccessError] = {}
    jobs: dict[str, Job] = {}
    for source in sources:
        try:
            path = cache.path(source.digest)
            jobs[source.digest] = Job(path, sniff_kind(path), source.name)
        except AccessError as error:
            found[source.digest] = error
        except OSError as error:
            found[source.digest] = AccessError(f"缓存目录读取失败（{error.strerror}）")
    answers = cast(list[FileRows | Unreadable], readers.read_all(list(jobs.values())))
    return found | dict(zip(jobs, answers, strict=True))


def _choose_file(delivered: Delivered, found: Mapping[str, FileRows | Unreadable | AccessError]) -> VillageRows:
    """Of twins (.doc beside .docx) the one whose activities are remembered, else the last with any rows."""
    troubles: list[str] = []
    readings: list[tuple[bool, FileRows, Source]] = []
    for source in reversed(delivered.sources):
        answer = found[source.digest]
        if isinstance(answer, AccessError):
            troubles.append(f"“{source.name}”读不出（{answer}）")
        elif isinstance(answer, Unreadable):
            troubles.append(f"“{source.name}”读不出")
        elif answer.rows:
            readings.append((answer.activities == delivered.remembered.activities, answer, source))
    if readings:
        _, chosen, source = max(readings, key=lambda each: each[0])
        lost = sum(row.lost for row in chosen.rows)
        trouble = f"有{lost}张照片读不出，请对照原件补入" if lost else ""
        return VillageRows(delivered, chosen.rows, source, trouble, trouble)
    brief = "文件读不出" if troubles else "文件里没有找到写实表" if delivered.sources else "没有收到文件"
    why = "；".join(troubles) or brief
    return VillageRows(delivered, (), None, f"已判合格，但{why}，请人工补入", f"已判合格，但{brief}，请人工补入")


# --- within a worker --------------------------------------------------------------------------------------------------


def read_rows(job: Job, *, form: Form, opens_on: date, closes_on: date) -> FileRows | Unreadable:
    """The filled rows of one document, each with its photos scaled."""
    photos: dict[str, Scaled | None] = {}

    def take(digest: str, octets: bytes) -> None:
        if digest not in photos:
            photos[digest] = scale_picture(octets)

    document = read_embedded(job.path, job.kind, take)
    if isinstance(document, Unreadable):
        return document
    laid = overlay(document, form)
    accounts = {row.number: _account(row, form) for row in body_rows(laid, form)}
    rows = read_activity_rows(document, laid, form, opens_on=opens_on, closes_on=closes_on)
    return FileRows(
        rows=tuple(
            _account_row(accounts.get(row.number, ""), [each.digest for each in row.pictures], photos) for row in rows
        ),
        activities=tuple(activity for row in rows for activity in row.activities),
    )


def _account_row(text: str, digests: Sequence[str], photos: Mapping[str, Scaled | None]) -> AccountRow:
    scaled = [photos.get(digest) for digest in digests]
    good = tuple(each for each in scaled if each is not None)
    return AccountRow(text, good, lost=len(scaled) - len(good))


def _account(row: BodyRow, form: Form) -> str:
    """The whole account; columns of the village's own (时间, 地点) stand for labels, as the checks read them."""
    if row.parts:
        return "\n".join(f"{heading}：{cell.text.strip()}" for heading, cell in row.parts if cell.text.strip())
    return without_samples(row.text(ACCOUNT), form)
