"""Chance that repeats itself: what is drawn depends on the seed alone."""

from random import Random


def seeded(seed: int | str) -> Random:
    """A generator for this seed; the same in every run and on every machine."""
    return Random(seed)  # noqa: S311 (it draws pictures and words, never a secret)
