"""How long a large town's documents take, and how much memory: 60 villages × 5 activities × 3 photos of 12 megapixels.

::

    python -m tests.bench.merge             target: under 30 s and 500 MB on two cores
    python -m tests.bench.merge --keep DIR  leaves the town and its documents there
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.merge.large import lay_out_large_town
from tests.merge.town import NOW

_PEAK = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
_COMMAND = f"import sys; from pipeline.cli import main; status = main(); {_PEAK}; sys.exit(status)"


def main() -> None:
    """Make the town, merge it, tell seconds, processor seconds and the largest process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--size", default="4000x3000")
    arguments = parser.parse_args()
    width, height = map(int, arguments.size.split("x"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        config = folder / "config.toml"
        if not config.exists():
            config = lay_out_large_town(folder, width, height)
        begun = time.monotonic()
        command = [sys.executable, "-c", _COMMAND, "--config", str(config), "--now", NOW, "merge"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        seconds = time.monotonic() - begun
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        document = folder / "merged" / "写实表汇总.docx"
        print(
            f"{seconds:.1f} s, processor {used.ru_utime + used.ru_stime:.1f} s, "
            f"main process {int(done.stdout.split()[-1]) // 1024} MB, "
            f"largest reader {used.ru_maxrss // 1024} MB, table {document.stat().st_size / 1e6:.1f} MB"
        )


if __name__ == "__main__":
    main()
