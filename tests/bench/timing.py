"""A program timed as a whole: wall clock, processor and peak memory of it and of its children."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Linux counts among the peak of a program that of the process which started it: so it is started by a small one. That
# one is given (PR_SET_CHILD_SUBREAPER, prctl(2)) what the program leaves behind: its workers are children of a server
# that nobody waits for.
_START = """
import ctypes, json, os, resource, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
begun = time.perf_counter()
child = os.fork()
if not child:
    os.execvp(sys.argv[2], sys.argv[2:])
_, status = os.waitpid(child, 0)
wall = time.perf_counter() - begun
try:
    while True:
        os.wait()
except ChildProcessError:
    pass
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
figures = [wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024]
with open(sys.argv[1], "w") as file:
    json.dump([*figures, os.waitstatus_to_exitcode(status)], file)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a program took."""

    wall: float  # seconds
    processor: float  # seconds, with all processes that it started
    memory: int  # octets: the peak of the largest of its processes
    status: int
    said: str


def timed(command: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run it to its end. What others wrote is on the disk before: nobody waits for another's octets."""
    os.sync()
    said, figures = folder / "said.txt", folder / "figures.json"
    with said.open("wb") as output:
        inherited = {**os.environ, **(environment or {})}
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # whoever uses the program has it compiled
        subprocess.run(
            [sys.executable, "-S", "-c", _START, str(figures), *command],
            cwd=folder,
            env=inherited,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=True,
        )
    wall, processor, memory, status = json.loads(figures.read_text())
    return Run(wall, processor, memory, status, said.read_text("utf-8", "replace"))
