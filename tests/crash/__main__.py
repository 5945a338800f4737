"""``make crash``: the long form. Exit status 1 where anything is lost, doubled or unequal; the figures come last."""

from __future__ import annotations

import argparse
import os
import sys

from tests.crash.harness import crash
from tests.servers.dovecot import MISSING, PASSWORD, find_dovecot


def run() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--mails", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3, help="how often at every step boundary")
    parser.add_argument("--instants", type=int, default=200, help="random instants")
    parser.add_argument("--seed", type=int, default=529)
    chosen = parser.parse_args()
    if not find_dovecot():
        print(MISSING)
        return 1
    os.environ["BAOSONG_MAILBOX_PASSWORD"] = PASSWORD
    reckoning = crash(
        mails=chosen.mails,
        rounds=chosen.rounds,
        instants=chosen.instants,
        seed=chosen.seed,
        say=lambda line: print(line, flush=True),
    )
    print(reckoning)
    return 0 if reckoning.good else 1


if __name__ == "__main__":
    sys.exit(run())
