"""``python -m pipeline.content.supervisor SECONDS PROCESSOR COMMAND…``: runs a program and makes sure that it ends.

It is killed, with everything that it started, when the time is over or when standard input closes: that is when the
process that asked for it is gone, however it ended. Beyond so many seconds of processor time it is killed too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

TOO_LATE = 124  # the status of timeout(1)


def main(seconds: float, processor: int, command: list[str]) -> int:
    """The program's own exit status; 124 where it had to be killed."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # POSIX only

        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        with suppress(ValueError, OSError):  # inherited: of this process itself nothing is to be feared
            resource.setrlimit(resource.RLIMIT_CPU, (processor, most))
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 (our own words)
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    threading.Thread(target=_end_with_parent, args=(process,), daemon=True).start()
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        status = TOO_LATE
    _kill(process)  # LibreOffice is a script that starts a program that starts another: what is left of them
    return status


def _end_with_parent(process: subprocess.Popen[bytes]) -> None:
    while os.read(0, 1):
        pass
    _kill(process)
    os._exit(TOO_LATE)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 (our own words)
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
