"""What an archive may unfold to, and how its readers say that it cannot or must not be unfolded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.cache.workplace import Workplace
from pipeline.model.files import Problem
from pipeline.octets import CHUNK

__all__ = ["CHUNK", "LIMITS", "Broken", "Chunks", "Limits", "Refused", "Spent"]

Chunks = Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may unfold to. A village's month of photos and videos stays far below."""

    members: int = 500  # those in archives within it too
    member_size: int = 600 << 20
    total_size: int = 1 << 30
    ratio: int = 100  # of all that it unfolds to against its own size; not asked below `ratio_floor`
    ratio_floor: int = 64 << 20
    inner_size: int = 128 << 20  # of an archive within it
    depth: int = 3


LIMITS = Limits()


class Refused(Exception):  # noqa: N818 (no fault of ours: the answer to an archive)
    """The archive as a whole cannot be opened or must not be; never leaves this package."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Broken(Exception):  # noqa: N818 (likewise)
    """One file of an archive cannot be read, or not to its end; never leaves this package."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(slots=True)
class Spent:
    """What has been unfolded so far, over all archives within the outermost one, and where it lies."""

    limits: Limits
    outer_size: int
    workplace: Workplace
    members: int = 0
    octets: int = 0

    def add_member(self) -> None:
        """Count a file; raises Refused where it is one too many."""
        self.members += 1
        if self.members > self.limits.members:
            raise Refused(Problem.HOSTILE)

    def add_octets(self, octets: int) -> None:
        """Count what was unfolded; raises Refused where it is too much."""
        self.octets += octets
        too_thin = self.octets > self.limits.ratio_floor and self.octets > self.limits.ratio * self.outer_size
        if self.octets > self.limits.total_size or too_thin:
            raise Refused(Problem.HOSTILE)
