"""When two pictures are one, and how one is found again among many."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from PIL import Image

from pipeline.content.picture import read_picture
from pipeline.likeness import ALIKE, agreement, distinct_pictures, is_same_picture, near_signatures, signature
from pipeline.model.reading import Picture
from tests.content.scenes import octets
from tests.looks import Cut, taken

ORIGINAL = taken(1)


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(taken(1, width=480, quality=40), id="微信转存"),
        pytest.param(taken(1, width=240), id="缩略图"),
        pytest.param(taken(1, brighter=1.3), id="调亮"),
        pytest.param(taken(1, brighter=0.7), id="调暗"),
        pytest.param(taken(1, cut=(0.05, 0, 0, 0)), id="裁去左边"),
        pytest.param(taken(1, cut=(0, 0.06, 0, 0.06)), id="裁去上下"),
        pytest.param(taken(1, cut=(0.05, 0.05, 0.05, 0.05), width=640, quality=50), id="四边裁后转存"),
        pytest.param(taken(1, cut=(0.07, 0, 0.02, 0.04)), id="裁得多些"),
    ],
)
def test_the_same_view_saved_again(again: Picture) -> None:
    """Made smaller, compressed anew, brighter, cut at its edges: still one picture, and found by its signature."""
    assert again.digest != ORIGINAL.digest
    assert is_same_picture(ORIGINAL, again)
    assert is_same_picture(again, ORIGINAL)
    assert signature(ORIGINAL.look) in near_signatures(again.look)


def test_different_views_are_different() -> None:
    """Of thirty scenes no two are one, and their agreement stays far from the threshold."""
    pictures = [taken(seed) for seed in range(1, 31)]
    assert max(agreement(one.look, other.look) for one, other in combinations(pictures, 2)) < ALIKE - 0.2
    assert distinct_pictures(pictures) == pictures


def test_two_shots_of_one_event_are_two() -> None:
    """The place is the same, the people have moved: what village photos of one activity look like."""
    first, second = (read_picture(octets(_event(shift)), "1.jpg") for shift in (0, 60))
    assert isinstance(first, Picture)
    assert isinstance(second, Picture)
    assert not is_same_picture(first, second)


def _event(shift: int) -> Image.Image:
    """A scene with a dozen people before it, who stand elsewhere by ``shift`` pixels."""
    from tests.content.scenes import scene  # noqa: PLC0415

    image = scene(4)
    for number in range(12):
        colour = (20 * number, 60, 255 - 20 * number)
        image.paste(
            colour, (60 + number * 75 + shift * (number % 3), 380, 100 + number * 75 + shift * (number % 3), 600)
        )
    return image


@pytest.mark.parametrize("cut", [(0.3, 0, 0, 0), (0.25, 0.25, 0.25, 0.25)])
def test_half_a_picture_is_another(cut: Cut) -> None:
    """What is cut by far more than an eighth is not found: stated so."""
    assert not is_same_picture(ORIGINAL, taken(1, cut=cut))


def test_plain_surfaces_are_not_one_picture() -> None:
    """A wall is like every other wall: only the same octets count."""
    walls = [read_picture(octets(Image.new("RGB", (800, 600), (grey, grey, grey))), "墙.jpg") for grey in (90, 120)]
    one, other = (wall for wall in walls if isinstance(wall, Picture))
    assert not is_same_picture(one, other)
    assert is_same_picture(one, one)
    assert signature(one.look) is None
    assert near_signatures(one.look) == []


@pytest.mark.parametrize("look", ["", "!!", "AAAA"])
def test_without_a_look_only_the_octets_count(look: str) -> None:
    """A picture that could not be decoded, or one kept by an earlier version."""
    blind = replace(ORIGINAL, look=look, digest="f" * 64)
    assert not is_same_picture(ORIGINAL, blind)
    assert signature(look) is None
