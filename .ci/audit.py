"""The packages that we ship and build with, held against the public list of known faults.

Exit status: 0 all were looked up and none has a known fault; 1 one has; 3 they could not be looked up. pip-audit itself
ends with 0 in that last case, package by package "not found": a build would pass that nobody has audited.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

LOCKS = ("requirements.lock", "requirements-dev.lock")
FAULTY, NOT_AUDITED = 1, 3


def main(locks: Sequence[str]) -> int:
    """Ask, and tell in a line or two."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--disable-pip",
        "--require-hashes",
        "--format",
        "json",
        "--timeout",
        "30",
    ]
    command += [word for lock in locks for word in ("--requirement", lock)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603
    try:
        dependencies = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError, TypeError):
        return say([], (done.stderr.strip().splitlines() or ["no answer"])[-1])
    return say(dependencies, "not known to the service")


def say(dependencies: Sequence[dict[str, Any]], why: str) -> int:
    """What was found, on standard output; the exit status."""
    audited = [each for each in dependencies if "vulns" in each]
    skipped = len(dependencies) - len(audited)
    faults = [(each["name"], each["version"], fault) for each in audited for fault in each["vulns"]]
    for name, version, fault in faults:
        print(f"AUDIT: {name} {version}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version'}")
    if faults:
        return FAULTY
    if skipped or not audited:
        print(f"AUDIT NOT DONE: {len(audited)} of {len(dependencies)} packages were looked up ({why})")
        return NOT_AUDITED
    print(f"AUDIT: {len(audited)} packages, no known fault")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or LOCKS))
