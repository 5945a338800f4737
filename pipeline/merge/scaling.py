"""A picture as it goes into a document: upright, small, JPEG."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

# Its import also tells Pillow how large a phone's picture may be.
from pipeline.content.picture import PILLOW_ERRORS, teach_pillow

# Pixels of the long side: 260 to the inch in a column of five centimetres. A JPEG is decoded at a half, a quarter or an
# eighth of its size; what comes out between these two is left so: to make it smaller takes more time than all else.
WANTED_SIDE, LONGEST_SIDE = 480, 960
_QUALITY = 82
_MOST_PIXELS = 100_000_000  # of what is not JPEG and must be decoded whole

# What Pillow raises on damaged files; DecompressionBombError is none of the reader's, who refuses a bomb as such.
_PILLOW_ERRORS = (*PILLOW_ERRORS, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class Scaled:
    """A JPEG with its size in pixels."""

    octets: bytes
    width: int
    height: int


def scale_picture(octets: bytes) -> Scaled | None:
    """The picture with no side over ``LONGEST_SIDE``; None where Pillow cannot read it (EMF, damaged).

    Equal octets give equal octets.
    """
    teach_pillow(octets)
    try:
        with Image.open(io.BytesIO(octets)) as image:
            if image.format not in {"JPEG", "MPO"} and image.width * image.height > _MOST_PIXELS:
                return None
            share = WANTED_SIDE / max(image.size)
            if share < 1:
                image.draft("RGB", (int(image.width * share), int(image.height * share)))
            ImageOps.exif_transpose(image, in_place=True)
            if max(image.size) > LONGEST_SIDE:
                image.thumbnail((WANTED_SIDE, WANTED_SIDE), Image.Resampling.HAMMING)
            flat = image if image.mode == "RGB" and "transparency" not in image.info else _flatten(image)
            stream = io.BytesIO()
            flat.save(stream, "JPEG", quality=_QUALITY)
            return Scaled(stream.getvalue(), flat.width, flat.height)
    except _PILLOW_ERRORS:
        return None


def _flatten(image: Image.Image) -> Image.Image:
    """The picture in RGB; what is transparent becomes the paper's white."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return image.convert("RGB")
