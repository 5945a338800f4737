"""Photo-like pictures, drawn: sky, houses, trees, a red banner and people, under uneven light and with grain.

Two scenes differ clearly, also for a difference hash, and every picture has sharp edges. The same scene in two sizes is
the same picture, as a photo in the Word table and its original are.
"""

from __future__ import annotations

import io
from datetime import datetime
from functools import cache
from random import Random

from PIL import Image, ImageDraw

from pipeline.demo.chance import seeded

PHOTO_SIZE = (1280, 960)  # pixels
TABLE_SIZE = (640, 480)

_GRAIN_SIZE = (1600, 1200)
_GRAIN_SEED = 20230529  # the grain is the camera's own, the same in every run
_GRAIN = 0.07  # its share of each pixel
_RED = (196, 30, 36)
_SKIN = (222, 184, 150)
_CLOTHES = ((38, 62, 120), (120, 34, 44), (58, 96, 66), (70, 70, 76), (214, 206, 190), (150, 96, 40), (30, 32, 38))
_WALLS = ((226, 220, 206), (198, 186, 170), (176, 122, 98), (238, 238, 232), (160, 164, 168))

_EXIF_IFD = 0x8769  # Exif 2.3, 4.6.3
_EXIF_MAKE, _EXIF_CHANGED, _EXIF_TAKEN = 0x010F, 0x0132, 0x9003


def render_photo(scene: int, *, size: tuple[int, int] = PHOTO_SIZE, taken_at: datetime | None = None) -> bytes:
    """A JPEG of this scene; with EXIF when ``taken_at`` is given, as a camera's own file has and WeChat's has not."""
    exif = Image.Exif()
    if taken_at is not None:
        moment = taken_at.strftime("%Y:%m:%d %H:%M:%S")
        exif[_EXIF_MAKE] = "Phone"
        exif[_EXIF_CHANGED] = moment
        exif.get_ifd(_EXIF_IFD)[_EXIF_TAKEN] = moment
    stream = io.BytesIO()
    quality = 74 if size == PHOTO_SIZE else 58
    draw_scene(scene, size).save(stream, "JPEG", quality=quality, exif=exif if taken_at is not None else b"")
    return stream.getvalue()


def render_png(scene: int, *, size: tuple[int, int] = TABLE_SIZE) -> bytes:
    """The scene as a phone's screen shot keeps it: a PNG."""
    stream = io.BytesIO()
    draw_scene(scene, size).quantize(128).save(stream, "PNG", compress_level=4)
    return stream.getvalue()


def draw_scene(scene: int, size: tuple[int, int]) -> Image.Image:
    """The picture of this number; the same number gives the same picture in any size."""
    rng = seeded(scene)
    width, height = size
    image = _light(rng).resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)

    horizon = rng.uniform(0.42, 0.62)
    for _ in range(rng.randint(2, 4)):
        _draw_house(draw, rng, width, height, horizon)
    for _ in range(rng.randint(1, 4)):
        _draw_tree(draw, rng, width, height, horizon)
    _draw_banner(draw, rng, width, height, horizon)
    for _ in range(rng.randint(5, 12)):
        _draw_person(draw, rng, width, height, horizon)

    grain = _grain()
    left, top = rng.randrange(grain.width - width), rng.randrange(grain.height - height)
    return Image.blend(image, grain.crop((left, top, left + width, top + height)), _GRAIN)


@cache
def _grain() -> Image.Image:
    width, height = _GRAIN_SIZE
    return Image.frombytes("L", _GRAIN_SIZE, seeded(_GRAIN_SEED).randbytes(width * height)).convert("RGB")


def _light(rng: Random) -> Image.Image:
    """A few large patches of light and shade, bluish above, earthy below: what makes two scenes unlike."""
    pixels = bytearray()
    for row in range(5):
        red, green, blue = (120, 150, 190) if row < 2 else (150, 138, 116)
        for _ in range(7):
            shade = rng.randint(-78, 62)
            pixels += bytes((red + shade, green + shade, min(255, blue + shade)))
    return Image.frombytes("RGB", (7, 5), bytes(pixels))


def _draw_house(draw: ImageDraw.ImageDraw, rng: Random, width: int, height: int, horizon: float) -> None:
    left, wide, high = rng.uniform(-0.1, 0.85), rng.uniform(0.18, 0.42), rng.uniform(0.16, 0.38)
    wall = rng.choice(_WALLS)
    box = (left * width, (horizon - high) * height, (left + wide) * width, horizon * height)
    draw.rectangle(box, fill=wall)
    roof = tuple(part // 2 for part in wall)
    middle = (box[0] + box[2]) / 2
    draw.polygon([(box[0] - 12, box[1]), (middle, box[1] - 0.07 * height), (box[2] + 12, box[1])], fill=roof)
    columns = rng.randint(2, 5)
    pane = (box[2] - box[0]) / (2 * columns + 1)
    for column in range(columns):
        x = box[0] + pane * (2 * column + 1)
        draw.rectangle((x, box[1] + 0.05 * height, x + pane, box[1] + 0.13 * height), fill=(64, 84, 104))


def _draw_tree(draw: ImageDraw.ImageDraw, rng: Random, width: int, height: int, horizon: float) -> None:
    x, foot = rng.uniform(0.03, 0.97) * width, (horizon + rng.uniform(0.0, 0.1)) * height
    crown = rng.uniform(0.06, 0.13) * width
    top = foot - rng.uniform(0.25, 0.4) * height
    draw.rectangle((x - 0.008 * width, top, x + 0.008 * width, foot), fill=(84, 62, 44))
    for _ in range(5):
        dx, dy = rng.uniform(-0.6, 0.6) * crown, rng.uniform(-0.5, 0.5) * crown
        green = (rng.randint(30, 70), rng.randint(84, 130), rng.randint(36, 62))
        draw.ellipse((x + dx - crown / 2, top + dy - crown / 2, x + dx + crown / 2, top + dy + crown / 2), fill=green)


def _draw_banner(draw: ImageDraw.ImageDraw, rng: Random, width: int, height: int, horizon: float) -> None:
    left, wide = rng.uniform(0.04, 0.3), rng.uniform(0.45, 0.62)
    top, high = horizon - rng.uniform(0.1, 0.24), 0.07
    draw.rectangle((left * width, top * height, (left + wide) * width, (top + high) * height), fill=_RED)
    letters = rng.randint(12, 20)
    step = wide / letters
    for number in range(letters):  # what a far-off slogan looks like: yellow strokes in squares
        x, y = (left + step * (number + 0.2)) * width, (top + 0.015) * height
        side = step * 0.6 * width
        for _ in range(4):
            if rng.random() < 0.5:
                stroke = y + rng.random() * side
                draw.line((x, stroke, x + side, stroke), fill=(250, 226, 120), width=max(1, width // 400))
            else:
                stroke = x + rng.random() * side
                draw.line((stroke, y, stroke, y + side), fill=(250, 226, 120), width=max(1, width // 400))


def _draw_person(draw: ImageDraw.ImageDraw, rng: Random, width: int, height: int, horizon: float) -> None:
    x = rng.uniform(0.04, 0.96) * width
    tall = rng.uniform(0.22, 0.42) * height
    foot = min(1.05, horizon + rng.uniform(0.16, 0.46)) * height
    head, shoulder = tall * 0.075, tall * 0.14
    top = foot - tall
    coat, trousers = rng.choice(_CLOTHES), rng.choice(_CLOTHES)
    draw.rectangle((x - shoulder * 0.7, top + tall * 0.52, x + shoulder * 0.7, foot), fill=trousers)
    draw.rounded_rectangle(
        (x - shoulder, top + tall * 0.16, x + shoulder, top + tall * 0.56), radius=shoulder * 0.5, fill=coat
    )
    draw.ellipse((x - head, top, x + head, top + 2.3 * head), fill=_SKIN)
    draw.chord((x - head, top - head * 0.2, x + head, top + 1.8 * head), 180, 360, fill=(32, 28, 26))
    if rng.random() < 0.4:  # a leaflet in the hand
        draw.rectangle(
            (x + shoulder * 0.4, top + tall * 0.36, x + shoulder * 1.3, top + tall * 0.46), fill=(246, 246, 240)
        )
