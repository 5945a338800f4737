"""What is still to be done: by the rows that tell it, and by what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError
from pipeline.ledger import intake, jobs, letters
from pipeline.model.work import Unit
from pipeline.office import Office

if TYPE_CHECKING:
    from pipeline.ledger.engine import EngineJob


_UNSERVED = "没有处理进程处理这个单位"


@dataclass(frozen=True, slots=True)
class Task:
    """A unit of work that was asked for."""

    unit: Unit
    office: str  # "" where there is but one
    status: str  # todo, doing; failed, unserved: they wait for a person
    at: datetime | None  # since when it is so; of one that is put off when it is tried again
    attempts: int  # that failed
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What this office still has to do; of a distributed engine the tasks of all its offices."""

    waiting: int  # messages to be judged
    quarantined: int  # messages that a person must look at
    due: int  # letters to be sent now
    workers: int | None  # alive; None where there is no engine
    tasks: tuple[Task, ...]

    @property
    def needs_a_person(self) -> bool:
        """Whether it will not get done by itself."""
        return self.workers == 0 or any(task.status in ("failed", "unserved") for task in self.tasks)


def look_at_work(office: Office) -> Work:
    """As it stands now. Raises AccessError."""
    ledger = office.ledger
    workers: int | None = None
    if ledger.distributed:
        from pipeline.ledger.engine import look  # noqa: PLC0415 (the province's extra)

        state = look(ledger)
        workers = state.workers
        tasks = [_task_of(job, alive=workers > 0) for job in state.jobs]
    else:
        tasks = [Task(job.unit, "", "todo", job.due_at, job.attempts, job.trouble) for job in jobs.planned(ledger)]
    return Work(
        waiting=intake.count_waiting(ledger),
        quarantined=len(intake.quarantined(ledger)),
        due=letters.count_due(ledger, office.now()),
        workers=workers,
        tasks=tuple(tasks),
    )


def _task_of(job: EngineJob, *, alive: bool) -> Task:
    unserved = job.unserved and alive  # where no worker is alive at all, that is told by itself
    status, trouble = ("unserved", _UNSERVED) if unserved else (job.status, "")
    return Task(job.unit, job.office, status, job.since, job.attempts, trouble)


def drop_office(office: Office, name: str) -> int:
    """Forget the tasks of an office that no worker serves any more; how many those were. ConfigError."""
    if not office.ledger.distributed:
        raise ConfigError("只有多单位共用的队列才要清理", key="--drop")
    from pipeline.ledger.engine import drop  # noqa: PLC0415 (the province's extra)

    return drop(office.ledger, name)


def try_again(office: Office) -> int:
    """Let what failed be tried at once; how many units of work that are."""
    if not office.ledger.distributed:
        return jobs.hurry(office.ledger, office.now())
    from pipeline.ledger.engine import again  # noqa: PLC0415 (the province's extra)

    return again(office.ledger, office.now())
