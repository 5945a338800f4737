"""A command in a process that has all modules loaded: to load them takes longer than a township's work.

Such a process is forked from a small one that has loaded them and waits (``python -m tests.bench.loaded``), not from
the benchmark itself, whose mailboxes would be counted to its memory.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

from pipeline.cli.program import main
from tests.bench.timing import Run

_HEAVY = (
    "holidays",
    "psycopg",
    "pipeline.merge.telling",
    "pipeline.report.workbook",
    "pipeline.reporting",
    "pipeline.run",
    "pipeline.stocktaking",
)


def run_loaded(arguments: Sequence[str], folder: Path) -> Run:
    """Run a command of baosong's to its end; what it says goes through a file in this folder."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps([str(folder), *arguments]) + "\n")
    server.stdin.flush()
    return Run(**json.loads(server.stdout.readline()))


@cache
def _server() -> subprocess.Popen[str]:
    """Started with the first command; it ends with its standard input, which ends with us."""
    command = [sys.executable, "-m", "tests.bench.loaded"]
    return subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _serve() -> None:
    for name in _HEAVY:
        importlib.import_module(name)
    for line in sys.stdin:
        folder, *arguments = json.loads(line)
        print(json.dumps(asdict(_fork(arguments, Path(folder) / "said.txt"))), flush=True)


def _fork(arguments: Sequence[str], output: Path) -> Run:
    begun = time.perf_counter()
    child = os.fork()
    if not child:
        said = os.open(output, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        status = 70
        try:
            status = main(arguments)
        finally:
            os._exit(status)
    _, status, usage = os.wait4(child, 0)
    wall, processor = time.perf_counter() - begun, usage.ru_utime + usage.ru_stime
    code = os.waitstatus_to_exitcode(status)
    return Run(wall, processor, usage.ru_maxrss * 1024, code, output.read_text("utf-8", "replace"))


if __name__ == "__main__":
    _serve()
