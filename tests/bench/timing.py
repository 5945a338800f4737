"""A program timed as a whole: wall clock, processor and peak memory of it and of its children."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a program took."""

    wall: float  # seconds
    processor: float  # seconds, with its children
    memory: int  # octets: the peak of the largest of its processes
    status: int
    said: str


def timed(command: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run it to its end."""
    said = folder / "said.txt"
    with said.open("wb") as output:
        start = time.perf_counter()
        inherited = {**os.environ, **(environment or {})}
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # whoever uses the program has it compiled
        child = subprocess.Popen(command, cwd=folder, env=inherited, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    return Run(
        wall,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * 1024,
        child.returncode,
        said.read_text("utf-8", "replace"),
    )
