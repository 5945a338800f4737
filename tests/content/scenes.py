"""Makes pictures that behave like photographs: flat fields, edges, fine texture, all from a seed."""

from __future__ import annotations

import io
import random
from datetime import datetime
from pathlib import Path

from PIL import ExifTags, Image, ImageChops, ImageDraw, ImageFilter
from pillow_heif import register_heif_opener

register_heif_opener()  # it also writes


def scene(seed: int = 1, size: tuple[int, int] = (1024, 768), blur: float = 0.0) -> Image.Image:
    """A sky, a wall, figures before it; out of focus by ``blur`` pixels."""
    rnd = random.Random(seed)
    width, height = size
    image = Image.new("RGB", size, (150, 180, 220))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 2 // 5, width, height), fill=(140, 120, 100))
    for _ in range(40):
        x, y = rnd.randrange(width), rnd.randrange(height // 3, height)
        across, down = rnd.randrange(4, width // 8), rnd.randrange(4, height // 4)
        colour = tuple(rnd.randrange(256) for _ in range(3))
        draw.ellipse((x, y, x + across, y + down), fill=colour)
        draw.rectangle((x, y + down, x + across // 2, y + down * 2), fill=colour[::-1])
    for row in range(6):
        draw.line((width // 4, 20 + row * 9, width // 2, 22 + row * 9), fill=(200, 20, 20), width=3)
    return image.filter(ImageFilter.GaussianBlur(blur)) if blur else image


def grainy(image: Image.Image) -> Image.Image:
    """The same with the grain of a small sensor."""
    grain = Image.effect_noise(image.size, 6).convert("RGB")
    return ImageChops.add(image, grain, 1, -128)


def octets(
    image: Image.Image,
    format: str = "JPEG",  # noqa: A002 (Pillow's word)
    *,
    taken_at: str = "",
    orientation: int = 0,
    quality: int = 85,
) -> bytes:
    """The picture as a file's content, with EXIF where asked."""
    exif = Image.Exif()
    if taken_at:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken_at
    if orientation:
        exif[ExifTags.Base.Orientation] = orientation
    stream = io.BytesIO()
    if format == "HEIF":
        image.info["exif"] = exif.tobytes()  # where pillow-heif looks for the orientation
        image.save(stream, format, quality=quality)
    elif taken_at or orientation:
        image.save(stream, format, exif=exif, quality=quality)
    else:
        image.save(stream, format, quality=quality)
    return stream.getvalue()


def store(folder: Path, content: bytes, name: str = "file") -> Path:
    """Put a file's content where a reader finds it: under a name that tells nothing."""
    path = folder / name
    path.write_bytes(content)
    return path


NOON = datetime(2023, 5, 12, 12, 0, 5)  # noqa: DTZ001 (EXIF has no zone)
