"""The watchdog, on real processes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipeline.watchdog import Allowance, Excess, Guard, Watch, end_family
from tests.sandbox.test_sandbox import wait_until_gone

PLENTY = Allowance(memory=1 << 40, processor_seconds=1e6, clock_seconds=1e6)
TALE = "import subprocess, sys, time; c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "


@pytest.mark.parametrize(
    ("program", "allowance", "excess"),
    [
        ("while True: pass", Allowance(1 << 40, 0.3, 60), Excess.PROCESSOR),
        ("import time; kept = b'x' * 300_000_000; time.sleep(600)", Allowance(200_000_000, 60, 60), Excess.MEMORY),
        ("import time; time.sleep(600)", Allowance(1 << 40, 60, 0.3), Excess.CLOCK),
    ],
)
def test_what_takes_too_much_is_ended(program: str, allowance: Allowance, excess: Excess) -> None:
    """Whatever it is that it takes, and one is told which."""
    with subprocess.Popen([sys.executable, "-c", program]) as process, Guard(process.pid, allowance) as guard:
        assert process.wait(30) != 0
        assert guard.excess is None or guard.excess is excess
    assert guard.excess is excess


def test_what_takes_little_is_left_alone() -> None:
    """And what is gone exceeds nothing."""
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process, Guard(process.pid, PLENTY) as guard:
        assert process.wait(30) == 0
    assert guard.excess is None
    assert Watch(process.pid, Allowance(0, 0, 60)).look() is None


def test_a_family_is_ended_together() -> None:
    """With what it started."""
    program = TALE + "print(c.pid, flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        end_family(process.pid)
        assert process.wait(10) != 0
    assert wait_until_gone({child}, 5) == set()
