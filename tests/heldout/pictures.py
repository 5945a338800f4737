"""Pictures and films of invented scenes. Every scene has its own light, so that no two are alike; the same number
always gives the same octets."""

from __future__ import annotations

import io
import random
import time
from fractions import Fraction
from functools import cache
from typing import Any

import av
from PIL import Image, ImageDraw, ImageFilter
from pillow_heif import from_pillow

IN_TABLE = (480, 360)
PHOTO = (1080, 810)


@cache
def draw(scene: int, size: tuple[int, int] = PHOTO) -> Image.Image:
    """A village square in this light: ground, walls, people, leaflets."""
    rng = random.Random(scene * 7919 + 13)
    light = Image.new("RGB", (9, 8))
    light.putdata([tuple(rng.randint(40, 225) for _ in range(3)) for _ in range(72)])
    image = light.resize(size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(image)
    width, height = size
    for _ in range(46):
        x, y = rng.random() * width, rng.random() * height
        w, h = (0.02 + rng.random() * 0.09) * width, (0.02 + rng.random() * 0.11) * height
        colour = tuple(rng.randint(0, 255) for _ in range(3))
        shape = rng.choice((pen.rectangle, pen.ellipse))
        shape((x, y, x + w, y + h), fill=colour, outline=(20, 20, 20))
    for _ in range(90):
        x, y = rng.random() * width, rng.random() * height
        pen.line((x, y, x + rng.uniform(-30, 30), y + rng.uniform(-30, 30)), fill=(15, 15, 15), width=2)
    return image


def jpeg(
    scene: int, size: tuple[int, int] = PHOTO, *, quality: int = 72, taken: str | None = None, blurred: bool = False
) -> bytes:
    """The scene as a JPEG; with EXIF where ``taken`` (``2023:05:08 09:12:00``) is given; WeChat's copies have none."""
    image = draw(scene, size)
    if blurred:
        image = image.filter(ImageFilter.GaussianBlur(14))
    exif = Image.Exif()
    if taken:
        exif[0x0110] = "ANY-AN00"
        exif.get_ifd(0x8769)[0x9003] = taken
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, exif=exif if taken else b"")
    return stream.getvalue()


def table_picture(scene: int) -> bytes:
    """The scene as it is pasted into a Word table."""
    return jpeg(scene, IN_TABLE, quality=60)


def other_format(scene: int, kind: str) -> bytes:
    """The scene as PNG, BMP, WEBP, GIF or HEIC."""
    stream = io.BytesIO()
    if kind == "HEIC":
        from_pillow(draw(scene, (800, 640))).save(stream, quality=50)
    else:
        image = draw(scene, (800, 640))
        (image.quantize(64) if kind in {"PNG", "GIF"} else image).save(stream, kind)
    return stream.getvalue()


def scan(scene: int) -> bytes:
    """A page of paper as a phone's scanner makes it: a PDF of one picture, without a letter of text."""
    stream = io.BytesIO()
    made = time.gmtime(1_683_000_000)
    draw(scene, (620, 877)).save(stream, "PDF", resolution=75.0, creationDate=made, modDate=made)
    return stream.getvalue()


def logo() -> bytes:
    """What stands in a signature: 120 x 40 pixels."""
    stream = io.BytesIO()
    image = Image.new("RGB", (120, 40), (200, 30, 30))
    ImageDraw.Draw(image).ellipse((4, 4, 36, 36), fill=(250, 220, 90))
    image.save(stream, "PNG")
    return stream.getvalue()


@cache
def film(scene: int, *, seconds: int = 8, container: str = "mp4") -> bytes:
    """A film of the scene: mp4, mov, 3gp or avi."""
    size = (352, 288)  # one that H.263, the codec of old 3gp, knows
    stage = draw(scene, (704, 576))
    stream = io.BytesIO()
    frame_of: Any = av.VideoFrame
    with av.open(stream, "w", format=container) as out:
        track: Any = out.add_stream("mpeg4", rate=Fraction(8))
        track.width, track.height, track.pix_fmt, track.bit_rate = *size, "yuv420p", 150_000
        for number in range(seconds * 8):
            left, top = number * 3 % 300, number * 2 % 250
            picture = stage.crop((left, top, left + size[0], top + size[1]))
            out.mux(track.encode(frame_of.from_image(picture)))
        out.mux(track.encode())
    return stream.getvalue()
