"""Pictures for documents: small, upright, on white."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from pipeline.merge.scaling import LONGEST_SIDE, WANTED_SIDE, scale_picture


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    "size", [(4032, 3024), (3024, 4032), (1600, 1200), (1440, 1080), (1279, 1706), (1000, 10), (901, 900)]
)
def test_a_large_photo_becomes_small_in_proportion(size: tuple[int, int]) -> None:
    """Between the two bounds on its long side, its shape kept."""
    scaled = scale_picture(encode(Image.new("RGB", size, "teal"), "JPEG"))
    assert scaled is not None
    assert WANTED_SIDE - 1 <= max(scaled.width, scaled.height) <= LONGEST_SIDE
    assert scaled.width / scaled.height == pytest.approx(size[0] / size[1], rel=0.1)
    with Image.open(io.BytesIO(scaled.octets)) as image:
        assert (image.format, image.size) == ("JPEG", (scaled.width, scaled.height))


def test_a_small_picture_is_not_made_larger() -> None:
    """It has no more to show."""
    scaled = scale_picture(encode(Image.new("RGB", (300, 200)), "JPEG"))
    assert scaled is not None
    assert (scaled.width, scaled.height) == (300, 200)


def test_a_photo_taken_sideways_stands_upright() -> None:
    """EXIF orientation 6: Word does not turn it, so we do; where it was taken is not handed on."""
    image = Image.new("RGB", (1200, 800), "red")
    image.paste("blue", (0, 0, 600, 800))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "phone"
    scaled = scale_picture(encode(image, "JPEG", exif=exif))
    assert scaled is not None
    assert scaled.width < scaled.height
    with Image.open(io.BytesIO(scaled.octets)) as upright:
        assert not upright.getexif()
        top = upright.convert("RGB").getpixel((scaled.width // 2, 10))
    assert isinstance(top, tuple)
    assert top[2] > 200 > 50 > top[0]


def test_what_is_transparent_is_white_on_paper() -> None:
    """A picture pasted from a screen, with or without a palette."""
    for picture in (
        encode(Image.new("RGBA", (50, 40), (0, 0, 0, 0)), "PNG"),
        encode(Image.new("P", (50, 40), 0), "PNG", transparency=0),
    ):
        scaled = scale_picture(picture)
        assert scaled is not None
        with Image.open(io.BytesIO(scaled.octets)) as image:
            assert image.getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize(
    "octets",
    [b"", b"\x01\x00\x00\x00 EMF", b"\xff\xd8\xff\xe0 cut off", encode(Image.new("RGB", (900, 900)), "PNG")[:200]],
)
def test_what_cannot_be_read_is_nothing(octets: bytes) -> None:
    """No exception: the caller names it."""
    assert scale_picture(octets) is None
