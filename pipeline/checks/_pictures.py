"""When two pictures are one: the same octets, or the same view saved again (smaller, recompressed by WeChat)."""

from collections.abc import Iterable

from pipeline.model import Picture

# Bits of 64. The same view saved again differs in 0 to 2; of different views in a village's set none came below 10.
_NEAR = 3
_FLAT = frozenset({0, 2**64 - 1})  # a plain surface has no likeness: all such would be one picture


def is_same_picture(one: Picture, other: Picture) -> bool:
    """Whether a person would call both the same photo."""
    if one.digest == other.digest:
        return True
    if one.likeness in _FLAT or other.likeness in _FLAT:
        return False
    return (one.likeness ^ other.likeness).bit_count() <= _NEAR


def distinct_pictures(pictures: Iterable[Picture]) -> list[Picture]:
    """Each picture once, the first of those that are the same."""
    distinct: list[Picture] = []
    for picture in pictures:
        if not any(is_same_picture(picture, other) for other in distinct):
            distinct.append(picture)
    return distinct
