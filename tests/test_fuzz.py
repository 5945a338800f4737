"""The short form of ``make fuzz``: the same mutations of the same small files every time."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.mutation import mutate
from tests.fuzz.seeds import made_seeds
from tests.fuzz.targets import TARGETS

# How often, so that all of it takes about twenty seconds: a workbook is read by a process of its own.
RUNS = {"message": 400, "sheet": 8, "doc": 60, "word": 150, "embedded": 100, "pdf": 100, "picture": 300}


@pytest.mark.parametrize("name", TARGETS)
def test_octets_that_nobody_wrote_are_read(name: str) -> None:
    """Every reader returns, or says that it cannot read; it never raises anything else."""
    chance, seeds = Random(name), made_seeds(name)
    for seed in seeds:
        TARGETS[name](seed)
    for _ in range(RUNS.get(name, 300)):
        TARGETS[name](mutate(chance.choice(seeds), chance))


def test_a_fault_would_be_found() -> None:
    """The mutations reach what a byte's change can reach: a reader that trusts a length falls."""

    def trusting(octets: bytes) -> None:
        assert len(octets) > 4
        assert octets[1] != 0xFF

    chance = Random(1)
    fell = 0
    for _ in range(3000):
        try:
            trusting(mutate(b"a\x10" + b"b" * 16, chance))
        except AssertionError:
            fell += 1
    assert fell
