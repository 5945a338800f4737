"""``python -m pipeline.content.supervisor PROGRAM PROFILE``: keeps one LibreOffice warm, and makes sure that it ends.

A line of JSON on standard input is a file to convert, the answer is a line on standard output: ``done``, or what went
wrong. Where a file takes too long or too much, LibreOffice is killed with all that it started, and started anew for
the next file; so too where it has died, and after so many files. When standard input closes, which is when the process
that asked is gone, however it ended, everything ends.

LibreOffice ends by itself when its last document is closed. So it is given one to hold, and each conversion is a second
call with the same profile: that call hands its file over to the one that runs. No UNO is needed for this: the binding
is a package of its own on Debian, belongs to one Python only, and breaks off where the office dies.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from pipeline.watchdog import INTERVAL, Allowance, Watch, end_family

MEMORY: Final = 2_000_000_000  # octets, of LibreOffice and all that belongs to it
PROCESSOR: Final = 3.0  # seconds for one file; a document takes a tenth of one (seen: a sheet that takes hours)
FILES: Final = 100  # then it is started anew, so that what it leaks does not add up
DONE: Final = "done"
_START: Final = 60.0  # seconds; it takes one to five, and longer from a slow disk
_LARGEST_FILE: Final = 256_000_000  # octets that it may write into one file
_OPTIONS: Final = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard")
_HELD: Final = "held.txt"


class _Closed(Exception):  # noqa: N818 (the end of work, no error)
    """Nothing more is to be started."""


class _Desk:
    """The one LibreOffice, and what is asked of it at the moment."""

    def __init__(self, program: str, profile: Path) -> None:
        self._command = [program, f"-env:UserInstallation={profile.as_uri()}", *_OPTIONS]
        self._held = profile / _HELD
        self._lock = profile / f".~lock.{_HELD}#"  # there while the document is open
        self._running: dict[str, subprocess.Popen[bytes]] = {}  # the warm one, and the call in hand
        self._files = 0
        self._starting = threading.Lock()
        self.closed = False

    def convert(self, source: str, wanted: str, out: str, seconds: float) -> str:
        """``done`` where the call came back, whatever it made of the file; else what it took too much of."""
        if "warm" not in self._running or self._running["warm"].poll() is not None or self._files >= FILES:
            self.end()
            self._begin()
        self._files += 1
        call = self._start("call", "--convert-to", wanted, "--outdir", out, source)
        allowance = Allowance(MEMORY, PROCESSOR, seconds)
        watches = [Watch(each.pid, allowance) for each in list(self._running.values())]
        looked_at = time.monotonic()
        while call.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                call.wait(0.02)
            if time.monotonic() - looked_at < INTERVAL:
                continue
            looked_at = time.monotonic()
            for watch in watches:
                excess = watch.look()
                if excess is not None:
                    self.end()
                    return str(excess)
        return DONE

    def end(self) -> None:
        """Kill what there is."""
        for role in list(self._running):
            process = self._running.pop(role, None)  # both threads may be at it
            if process is not None:
                end_family(process.pid)
                process.kill()
                process.wait()

    def close(self) -> None:
        """Kill what there is; nothing is started any more. By another thread than that which converts."""
        with self._starting:
            self.closed = True
            self.end()

    def _begin(self) -> None:
        """Start one that holds a document. Where that does not succeed, each call starts one of its own."""
        self._files = 0
        self._lock.unlink(missing_ok=True)
        self._held.write_text("baosong", encoding="ascii")
        warm = self._start("warm", str(self._held))
        until = time.monotonic() + _START
        while not self._lock.exists():
            if warm.poll() is not None or time.monotonic() > until:
                self.end()
                return
            time.sleep(0.02)

    def _start(self, role: str, *arguments: str) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        with self._starting:  # what is started has its place before anyone can close the desk
            if self.closed:
                raise _Closed
            process = subprocess.Popen(  # noqa: S603 (our own words)
                [*self._command, *arguments], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
            )
            self._running[role] = process
            return process


def main(program: str, profile: Path) -> None:
    """Listen until standard input closes; then nothing is left, neither processes nor files."""
    _limit()
    desk = _Desk(program, profile)
    asked: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_answer, args=(asked, desk), daemon=True).start()
    for line in sys.stdin.buffer:
        asked.put(line)
    desk.close()
    shutil.rmtree(profile.parent, ignore_errors=True)  # who was killed could not: the village's files are in it
    os._exit(0)


def _answer(asked: queue.Queue[bytes], desk: _Desk) -> None:
    try:
        while True:
            request = json.loads(asked.get())
            print(desk.convert(**request), flush=True)
    finally:  # our own fault, unless the desk is closed: then the other thread ends this process
        if not desk.closed:
            desk.close()
            os._exit(1)


def _limit() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # POSIX only

        for number, limit in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, _LARGEST_FILE)):
            with suppress(ValueError, OSError):  # inherited by LibreOffice
                resource.setrlimit(number, (limit, resource.getrlimit(number)[1]))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
