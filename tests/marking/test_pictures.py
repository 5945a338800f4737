"""Thumbnails of photos with a fault."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from pipeline.content.refusal import Refusal
from pipeline.marking.pictures import draw_thumbnail


@pytest.fixture
def font() -> ImageFont.FreeTypeFont:
    """A font that every machine has: what it draws for Chinese does not matter here."""
    found = ImageFont.load_default(18)
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found


def jpeg(picture: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", **options)
    return stream.getvalue()


def test_size(font: ImageFont.FreeTypeFont) -> None:
    """At most 480 pixels and 40 KB, be the photo as large and as rich as it may."""
    noise = Image.merge("RGB", [Image.effect_noise((3000, 2000), 200)] * 3)
    octets = draw_thumbnail(jpeg(noise), "这张照片比较模糊。", font)
    small = Image.open(io.BytesIO(octets))
    assert small.format == "JPEG"
    assert len(octets) <= 40_000
    assert small.width <= 480


def test_the_caption_below(font: ImageFont.FreeTypeFont) -> None:
    """Red signs on white below the picture; a long caption takes several lines, a tiny picture a wider band."""
    red = Image.new("RGB", (800, 600), (0, 0, 255))
    short = Image.open(io.BytesIO(draw_thumbnail(jpeg(red), "1.jpg", font)))
    long = Image.open(io.BytesIO(draw_thumbnail(jpeg(red), "1.jpg\n" + "blurred " * 30, font)))
    assert short.width == long.width == 480
    assert long.height > short.height > 360
    bottom = short.convert("RGB").crop((0, 364, 480, short.height))
    assert bottom.getpixel((470, 5)) == pytest.approx((255, 255, 255), abs=12)
    darkest = {band: min(bottom.getchannel(band).tobytes()) for band in "RGB"}
    assert darkest["B"] < darkest["R"] < 200
    tiny = Image.open(io.BytesIO(draw_thumbnail(jpeg(red.resize((60, 40))), "1.jpg", font)))
    assert tiny.width == 320


def test_no_font() -> None:
    """Without a Chinese font the picture goes without its caption."""
    small = Image.open(io.BytesIO(draw_thumbnail(jpeg(Image.new("RGB", (800, 600))), "模糊", None)))
    assert small.size == (480, 360)


def test_upright(font: ImageFont.FreeTypeFont) -> None:
    """A photo that a phone took lying stands upright."""
    exif = Image.Exif()
    exif[274] = 6
    small = Image.open(io.BytesIO(draw_thumbnail(jpeg(Image.new("RGB", (800, 600)), exif=exif), "", None)))
    assert small.size == (360, 480)


def test_a_broken_picture(tmp_path: Path) -> None:
    """One that cannot be decoded is told by the letter alone."""
    with pytest.raises(Refusal):
        draw_thumbnail(b"\xff\xd8\xff\xe0 nothing", "", None)
