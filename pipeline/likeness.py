"""Whether two pictures are one: the same view saved again, smaller, paler, or cut at its edges. Pure.

A picture is remembered by its *look*, 32 x 32 greys. Two looks are laid over each other: each of the four edges of one
is moved against the other in ever smaller steps, up to an eighth of the picture, as long as they agree better. Then
what is left when the light is taken off (each grey less the mean around it) must agree. Measured on drawn photographs
(``tests/bench/likeness.py``): recompressed, made smaller or brighter 0.98 and more; cut by up to a tenth at every edge
0.92 and more for nine in ten, above the threshold for 96 of 100; two shots of one event from one place at most 0.79;
different scenes at most 0.33. So 0.86 parts them with room on both sides.

Not found: mirrored or turned pictures, a cut of more than an eighth at an edge, a picture within a frame or a collage,
and what has no structure at all (a wall, a black screen): of such only the same octets count.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import mul
from typing import Final

from pipeline.model.reading import Picture

SIDE: Final = 32  # of a look
ALIKE: Final = 0.86  # agreement from which two looks are one picture
# What is cheap to ask first; both leave room for a cut of a tenth (seen: 21 bits, 0.36).
_MOST_BITS: Final = 22  # of the 64 of the difference hashes
_FIRST_AGREEMENT: Final = 0.35
_HOPELESS: Final = 0.6  # after the coarsest steps; different scenes stay below
_UNCUT: Final = 0.95  # agreement from which nothing is to be gained by moving
_LEAST_CONTRAST: Final = 4.0  # greys

_STEPS: Final = (0.06, 0.03, 0.015, 0.008)
_FARTHEST: Final = 0.13
_ROUNDS: Final = 4  # over one step
_COARSE, _FINE = 12, 24  # places at which looks are compared, each way
_AROUND: Final = 2  # places that light is measured over

_Edges = tuple[float, float, float, float]  # left, top, right, bottom: how far the other's edge lies within
_EDGE_MOVES: Final[tuple[tuple[int, int, int, int], ...]] = (
    *((1, 0, 0, 0), (-1, 0, 0, 0), (0, 1, 0, 0), (0, -1, 0, 0)),
    *((0, 0, 1, 0), (0, 0, -1, 0), (0, 0, 0, 1), (0, 0, 0, -1)),
    *((1, 0, -1, 0), (-1, 0, 1, 0), (0, 1, 0, -1), (0, -1, 0, 1)),  # the whole of it, aside
)

# The signature: the signs of fourteen slow waves across the look, the slowest first.
_WAVES: Final = (
    (0, 1),
    (1, 0),
    (1, 1),
    (0, 2),
    (2, 0),
    (1, 2),
    (2, 1),
    (2, 2),
    (0, 3),
    (3, 0),
    (1, 3),
    (3, 1),
    (0, 4),
    (4, 0),
)
_DOUBTFUL: Final = 6  # waves, the weakest, whose sign a cut may turn
_NOTHING: Final = (0,) * SIDE
_BLACK: Final = (0,) * SIDE * SIDE
# Of each wave along a line, and its dot product with itself.
_COSINES: Final = tuple(
    (cosines, sum(map(mul, cosines, cosines)))
    for wave in range(5)
    for cosines in [tuple(math.cos(math.pi * wave * (2 * place + 1) / (2 * SIDE)) for place in range(SIDE))]
)


def is_same_picture(one: Picture, other: Picture) -> bool:
    """Whether a person would call both one photo."""
    if one.digest == other.digest:
        return True
    if (one.likeness ^ other.likeness).bit_count() > _MOST_BITS:
        return False
    return agreement(one.look, other.look) >= ALIKE


def distinct_pictures(pictures: Iterable[Picture]) -> list[Picture]:
    """Each picture once, the first of those that are the same."""
    distinct: list[Picture] = []
    for picture in pictures:
        if not any(is_same_picture(picture, other) for other in distinct):
            distinct.append(picture)
    return distinct


def encode_look(greys: bytes) -> str:
    """The look as a picture carries it, of 32 x 32 greys row by row."""
    return base64.b64encode(greys).decode()


# --- to be found again ------------------------------------------------------------------------------------------------


def signature(look: str) -> int | None:
    """Fourteen bits that most pictures of one view share; None for one without structure."""
    waves = _waves(look)
    return None if waves is None else sum(1 << place for place, wave in enumerate(waves) if wave > 0)


def near_signatures(look: str) -> list[int]:
    """The signature first, and those that it may have been before a cut: each way of turning its six weakest waves.

    Measured: all of the recompressed are found by them, 96 of 100 cut by up to 6 % at every edge, 80 by up to 10 %.
    """
    waves, exact = _waves(look), signature(look)
    if waves is None or exact is None:
        return []
    near = [exact]
    for place in sorted(range(len(waves)), key=lambda place: abs(waves[place]))[:_DOUBTFUL]:
        near += [each ^ (1 << place) for each in near]
    return near


def may_be_same(likeness: int, other: int) -> bool:
    """Whether two difference hashes leave it possible, at hardly any cost."""
    return (likeness ^ other).bit_count() <= _MOST_BITS


@lru_cache(maxsize=256)
def _waves(look: str) -> tuple[float, ...] | None:
    greys = _greys(look)
    if greys is None:
        return None
    lines = [_measure_waves(greys[start : start + SIDE]) for start in range(0, SIDE * SIDE, SIDE)]
    columns = [_measure_waves(column) for column in zip(*lines, strict=True)]
    return tuple(columns[across][down] for down, across in _WAVES)


def _measure_waves(line: Sequence[float]) -> list[float]:
    """How much of each wave there is in a line: the dot products, from distances, which Python has in C."""
    whole = math.dist(line, _NOTHING) ** 2
    return [(whole + own - math.dist(line, cosines) ** 2) / 2 for cosines, own in _COSINES]


# --- laid over each other ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def agreement(look: str, other: str) -> float:
    """-1 to 1: how well two looks agree where they lie over each other best; 0 where one has no structure."""
    mine, theirs = _greys(look), _greys(other)
    if mine is None or theirs is None:
        return 0.0
    if look == other:
        return 1.0
    edges: _Edges = (0.0, 0.0, 0.0, 0.0)
    best = _agree(mine, theirs, edges)
    if best < _FIRST_AGREEMENT:
        return 0.0
    # Saved again and not cut, as most copies are: there is nothing to move.
    if best > _UNCUT and (uncut := _agree_closely(mine, theirs, edges)) > _UNCUT:
        return uncut
    for step in _STEPS:
        for _ in range(_ROUNDS):
            before = best
            for move in _EDGE_MOVES:
                left, top, right, bottom = (edge + step * way for edge, way in zip(edges, move, strict=True))
                if max(map(abs, (left, top, right, bottom))) > _FARTHEST:
                    continue
                found = _agree(mine, theirs, (left, top, right, bottom))
                if found > best:
                    best, edges = found, (left, top, right, bottom)
            if best == before:
                break
        if best < _HOPELESS:
            return 0.0
    return _agree_closely(mine, theirs, edges)


def _agree_closely(mine: Sequence[float], theirs: Sequence[float], edges: _Edges) -> float:
    return _correlate(*map(_without_light, _overlaid(mine, theirs, edges, _FINE)))


def _agree(mine: Sequence[float], theirs: Sequence[float], edges: _Edges) -> float:
    return _correlate(*_overlaid(mine, theirs, edges, _COARSE))


def _overlaid(
    mine: Sequence[float], theirs: Sequence[float], edges: _Edges, count: int
) -> tuple[list[float], list[float]]:
    """Both looks at the same places of the view, where both have it; ``count`` places each way, row by row."""
    left, top, right, bottom = edges
    my_columns, their_columns = _places(left, right, count)
    my_rows, their_rows = _places(top, bottom, count)
    return _sample(mine, my_columns, my_rows), _sample(theirs, their_columns, their_rows)


_Place = tuple[int, float]  # a row or column, and how far on to the next


@lru_cache(maxsize=4096)
def _places(before: float, behind: float, count: int) -> tuple[tuple[_Place, ...], tuple[_Place, ...]]:
    """Along one side: the places in mine and in theirs, whose edges lie so far within mine (beyond it, below 0)."""
    scale = 1 - before - behind
    first, last = max(0.0, -before / scale), min(1.0, (1 - before) / scale)
    theirs = [first + (last - first) * (each + 0.5) / count for each in range(count)]
    return tuple(_place(before + scale * each) for each in theirs), tuple(_place(each) for each in theirs)


def _place(share: float) -> _Place:
    at = min(max(share * SIDE - 0.5, 0.0), SIDE - 1.001)
    return int(at), at - int(at)


def _sample(greys: Sequence[float], columns: Sequence[_Place], rows: Sequence[_Place]) -> list[float]:
    sampled: list[float] = []
    for row, part in rows:
        upper, lower = greys[row * SIDE : (row + 1) * SIDE], greys[(row + 1) * SIDE : (row + 2) * SIDE]
        line = [above + (below - above) * part for above, below in zip(upper, lower, strict=True)]
        sampled += [line[at] + (line[at + 1] - line[at]) * on for at, on in columns]
    return sampled


def _correlate(mine: Sequence[float], theirs: Sequence[float]) -> float:
    """Pearson's coefficient; 0 where one of them is flat."""
    my_mean, their_mean = sum(mine) / len(mine), sum(theirs) / len(theirs)
    mine, theirs = [each - my_mean for each in mine], [each - their_mean for each in theirs]
    spread = math.sqrt(sum(each * each for each in mine) * sum(each * each for each in theirs))
    return sum(map(mul, mine, theirs)) / spread if spread else 0.0


def _without_light(greys: Sequence[float]) -> list[float]:
    """Each grey less the mean of those around it."""
    size = _FINE
    reach = [range(max(0, place - _AROUND), min(size, place + _AROUND + 1)) for place in range(size)]
    lines = [
        [sum(greys[row * size + near] for near in reach[column]) / len(reach[column]) for column in range(size)]
        for row in range(size)
    ]
    return [
        greys[row * size + column] - sum(lines[near][column] for near in reach[row]) / len(reach[row])
        for row in range(size)
        for column in range(size)
    ]


@lru_cache(maxsize=64)  # one is held against many in a row; a thousand took 8 MB
def _greys(look: str) -> tuple[int, ...] | None:
    """The look's greys; None where it is not there, or flat."""
    try:
        octets = base64.b64decode(look)
    except binascii.Error:
        return None
    if len(octets) != SIDE * SIDE:
        return None
    greys = tuple(octets)
    mean = sum(greys) / len(greys)
    contrast = math.sqrt(max(math.dist(greys, _BLACK) ** 2 / len(greys) - mean * mean, 0.0))
    return greys if contrast >= _LEAST_CONTRAST else None
