"""Looks of drawn photographs: of a scene as it was taken, and of the same picture cut, made smaller or brighter."""

from __future__ import annotations

from functools import cache
from random import Random

from PIL import Image, ImageEnhance

from pipeline.content.picture import read_picture
from pipeline.model.reading import Picture
from tests.content.scenes import octets, scene

Cut = tuple[float, float, float, float]  # shares of the sides: left, top, right, bottom


@cache
def taken(seed: int, *, cut: Cut = (0, 0, 0, 0), width: int = 800, brighter: float = 1.0, quality: int = 80) -> Picture:
    """The facts of the scene with this seed, after such a treatment, as the reader of pictures gives them."""
    image = cut_edges(scene(seed), cut)
    image = image.resize((width, width * image.height // image.width))
    picture = read_picture(octets(ImageEnhance.Brightness(image).enhance(brighter), quality=quality), f"{seed}.jpg")
    assert isinstance(picture, Picture)
    return picture


def cut_edges(image: Image.Image, cut: Cut) -> Image.Image:
    """The picture without so much of its edges."""
    left, top, right, bottom = cut
    width, height = image.size
    return image.crop(
        (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height))
    )


def random_cut(rnd: Random, most: float) -> Cut:
    """Something off every edge."""
    return (rnd.uniform(0, most), rnd.uniform(0, most), rnd.uniform(0, most), rnd.uniform(0, most))
