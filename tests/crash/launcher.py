"""A process that has loaded the program and forks a child for each run, so that a start costs milliseconds.

On each line of standard input stands a run as JSON; on standard output comes how it ended. The child kills itself with
SIGKILL at the step boundary that it was told, or is killed by its parent after so many seconds.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import pkgutil
import signal
import sys
import time
from collections import Counter
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pipeline
from pipeline.cli import main
from pipeline.sandbox.workers import _context
from tests.crash.steps import STEPS


def instrument(boundary: str, nth: int, counts: Counter[str], without: str) -> None:
    """Wrap every step; the ``nth`` passing of this boundary is the process's last moment.

    ``without``: a step that is left out, to see that its absence is found.
    """

    def _pass(label: str) -> None:
        counts[label] += 1
        if label == boundary and counts[label] == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    for step in STEPS:
        module, _, path = step.partition(":")
        owner: Any = importlib.import_module(module)
        *holders, name = path.split(".")
        for holder in holders:
            owner = getattr(owner, holder)
        setattr(owner, name, _wrapped(getattr(owner, name), step, _pass, without))


def _wrapped(function: Any, step: str, passing: Any, without: str) -> Any:
    @functools.wraps(function)
    def _stepping(*arguments: Any, **named: Any) -> Any:
        passing(f"before {step}")
        result = None if step == without else function(*arguments, **named)
        passing(f"after {step}")
        return result

    return _stepping


def run_child(run: dict[str, Any]) -> None:
    """Within the child: the program from its command line to its exit."""
    # The server of reader processes was started by the parent and is no child of ours: it need not be waited for.
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]
    forkserver.ensure_running = lambda: None
    output = os.open(run["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(output, 1)
    os.dup2(output, 2)
    counts: Counter[str] = Counter()
    instrument(run.get("boundary", ""), run.get("nth", 0), counts, run.get("without", ""))
    status = main(run["arguments"])
    if "counts" in run:
        Path(run["counts"]).write_text(json.dumps(counts), encoding="utf-8")
    sys.stdout.flush()
    os._exit(status)


def launch(run: dict[str, Any]) -> int:
    """Fork, wait, and kill where that is asked for; the exit status, or minus the signal."""
    child = os.fork()
    if child == 0:
        try:
            run_child(run)
        finally:
            os._exit(70)
    if (after := run.get("after")) is not None:
        until = time.monotonic() + after
        while time.monotonic() < until:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.001)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def load_program() -> None:
    """Everything that a child would otherwise load by itself."""
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    importlib.import_module("alembic.command")


if __name__ == "__main__":
    load_program()
    _context()  # what its server of reader processes loads
    for line in sys.stdin:
        forkserver.ensure_running()  # anew where a child died while it asked for a worker, which ends the server
        print(launch(json.loads(line)), flush=True)
