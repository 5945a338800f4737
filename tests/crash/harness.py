"""All the deaths: at every step boundary and at random instants, life after life, and the reckoning."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.life import Launcher, Ledger, Life, begin_life
from tests.crash.mails import Sent, write_mails
from tests.crash.steps import BOUNDARIES, FETCH, JUDGE, RECORDED, SEND
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.smtpd import ScriptedSmtpd, running_smtpd

_MOST_LIVES = 200
_MEMORY = Path("/dev/shm")  # a killed process loses nothing of what it wrote; only a machine does


@dataclass(frozen=True, slots=True)
class Plan:
    """How one run ends: at the nth passing of a boundary, or after so many seconds."""

    boundary: str = ""
    nth: int = 0
    after: float | None = None


@dataclass
class Reckoning:
    """What it came to."""

    mails: int
    lives: int = 0
    at_boundaries: int = 0
    at_random: int = 0
    boundaries: set[str] = field(default_factory=set)  # at which it died
    lost: int = 0  # mails without a row, answers that neither went out nor wait for a person
    unequal: int = 0  # ledgers
    doubled: int = 0  # answers
    window: int = 0  # deaths between the last dot and our note of it
    window_held: int = 0  # letters that wait for a person because of one
    notes: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Nothing lost, nothing twice, the same ledger."""
        return not (self.lost or self.unequal or self.doubled)

    def __str__(self) -> str:
        """The figures on one line."""
        return (
            f"crash: {self.mails} mails, {self.lives} lives, "
            f"{self.at_boundaries + self.at_random} kills ({self.at_boundaries} at {len(self.boundaries)} of "
            f"{len(BOUNDARIES)} step boundaries, {self.at_random} at random instants): lost {self.lost}, "
            f"ledgers unequal {self.unequal}, answers doubled {self.doubled}; window {self.window} "
            f"(settled by itself {self.window - self.window_held}, held for a person {self.window_held})"
        )


def crash(
    *,
    mails: int,
    rounds: int,
    instants: int,
    seed: int = 529,
    boundaries: Sequence[str] = BOUNDARIES,
    without: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> Reckoning:
    """Kill at every boundary ``rounds`` times, and at so many random ``instants``.

    ``without``: a step of the program that is left out, to see that its absence is found.
    """
    chance = random.Random(seed)
    reckoning = Reckoning(mails)
    letters = write_mails(mails)
    with (
        tempfile.TemporaryDirectory(prefix="baosong-crash-", dir=_MEMORY if _MEMORY.is_dir() else None) as root,
        running_dovecot() as dovecot,
        running_smtpd() as sink,
    ):
        launcher = Launcher()
        try:
            town = _Town(Path(root), launcher, sink, dovecot, letters, reckoning, without, say)
            undisturbed, seconds, counts = town.live_undisturbed()
            missing = [boundary for boundary in BOUNDARIES if not counts[boundary]]
            assert not missing, f"never passed: {missing}"
            plans = deque(plan for plan in _order(chance, rounds, counts) if plan.boundary in boundaries)
            while plans:
                town.live(undisturbed, plans, chance)
            plans = deque(Plan(after=chance.uniform(0.0, seconds / 8)) for _ in range(instants))
            while plans:
                town.live(undisturbed, plans, chance)
        finally:
            launcher.close()
    return reckoning


def _order(chance: random.Random, rounds: int, counts: Counter[str]) -> list[Plan]:
    """Every boundary ``rounds`` times: those of fetching first, then of judging, then of sending, for so they pass.

    At the first, second or third passing of what is passed often: a life has room for many deaths.
    """
    plans = []
    for _ in range(rounds):
        for steps in (FETCH, JUDGE, SEND):
            labels = [f"{edge} {step}" for step in steps for edge in ("before", "after")]
            chance.shuffle(labels)
            plans += [Plan(label, chance.randint(1, 3 if counts[label] >= 10 else 1)) for label in labels]
    return plans


@dataclass
class _Town:
    """What all lives have in common."""

    root: Path
    launcher: Launcher
    sink: ScriptedSmtpd
    dovecot: Dovecot
    mails: Sequence[Sent]
    reckoning: Reckoning
    without: str
    say: Callable[[str], None]

    def live_undisturbed(self) -> tuple[Ledger, float, Counter[str]]:
        """The ledger that all others must equal, how long it takes, and how often each boundary is passed."""
        with self._life(copies=False) as life:
            counts = self.root / "counts.json"
            began = time.monotonic()
            assert life.start(counts=str(counts)) == 0, life.output
            seconds = time.monotonic() - began
            self.say(f"undisturbed: {seconds:.1f} s")
            life.finish()
            assert max(life.arrived().values()) == 1
            assert sorted(life.arrived()) == sorted(life.sent())
            return life.ledger(), seconds, Counter(json.loads(counts.read_text("utf-8")))

    def live(self, undisturbed: Ledger, plans: deque[Plan], chance: random.Random) -> None:
        """One life with as many of the deaths as it has room for; at its end everything is counted."""
        self.reckoning.lives += 1
        assert self.reckoning.lives <= _MOST_LIVES, plans
        # Two servers of three keep copies of what they took; without them a person must settle the window.
        with self._life(copies=self.reckoning.lives % 3 > 0) as life:
            life.without = self.without
            while plans:
                plan = plans.popleft()
                while life.nearly_poison():
                    life.start(boundary=RECORDED, nth=1)
                if life.start(**_as_run(plan)) >= 0:
                    # It was done before its time came: in another life, and sooner.
                    plans.append(Plan(plan.boundary, 1, plan.after and plan.after * chance.random()))
                    break
                self._count(plan)
            life.finish()
            self._reckon(life, undisturbed)
        self.say(f"life {self.reckoning.lives}: {life.kills} kills in {life.runs} runs, {len(plans)} to come")

    def _life(self, *, copies: bool) -> AbstractContextManager[Life]:
        folder = self.root / f"office{self.reckoning.lives}"
        return begin_life(folder, self.launcher, self.sink, self.dovecot, self.mails, copies=copies)

    def _count(self, plan: Plan) -> None:
        if plan.boundary:
            self.reckoning.at_boundaries += 1
            self.reckoning.boundaries.add(plan.boundary)
        else:
            self.reckoning.at_random += 1

    def _reckon(self, life: Life, undisturbed: Ledger) -> None:
        found, arrived, held = life.ledger(), life.arrived(), life.held()
        known = {row[0] for row in found["message"]}
        answers = {row[5] for row in undisturbed["letter"]}
        settled = set(arrived) | set(held)
        self.reckoning.lost += sum(row[0] not in known for row in undisturbed["message"])
        self.reckoning.lost += len(answers - settled)
        self.reckoning.doubled += sum(times - 1 for times in arrived.values())
        self.reckoning.window += life.window
        self.reckoning.window_held += len(held)
        unequal = [table for table in undisturbed if found[table] != undisturbed[table]]
        if set(life.sent()) - set(arrived):
            unequal.append("letters that are called sent and are not")
        if unequal:
            self.reckoning.unequal += 1
            self.say(f"unequal: {unequal}")


def _as_run(plan: Plan) -> dict[str, object]:
    return {"after": plan.after} if plan.after is not None else {"boundary": plan.boundary, "nth": plan.nth}
