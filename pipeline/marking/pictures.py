"""A photo with a fault as a thumbnail, the fault written below it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from pipeline.content.picture import open_small

_SIDE = 480  # pixels
_NARROWEST = 320  # so that the caption of a tiny picture can be read
_LARGEST = 40_000  # octets
_QUALITIES = (70, 55, 40, 25)
_SIZE, _LINE, _MARGIN = 18, 26, 10
_INK, _GROUND = (179, 38, 30), (255, 255, 255)  # as the letter writes what is to be mended

# Fonts with Chinese that systems bring along, and which of a collection's faces is the simplified one.
_FONTS = (
    ("msyh.ttc", 0),  # Windows
    ("simhei.ttf", 0),
    ("simsun.ttc", 0),
    ("PingFang.ttc", 0),  # macOS
    ("Hiragino Sans GB.ttc", 0),
    ("STHeiti Medium.ttc", 0),
    ("NotoSansCJK-Regular.ttc", 2),  # Linux
    ("NotoSansCJKsc-Regular.otf", 0),
    ("NotoSansSC-Regular.otf", 0),
    ("SourceHanSansSC-Regular.otf", 0),
    ("SourceHanSansCN-Regular.otf", 0),
    ("wqy-microhei.ttc", 0),
    ("wqy-zenhei.ttc", 0),
    ("NotoSerifCJK-Regular.ttc", 2),
    ("DroidSansFallbackFull.ttf", 0),
    ("uming.ttc", 0),
)


@cache
def chinese_font() -> ImageFont.FreeTypeFont | None:
    """The first font on this machine that has Chinese; None where there is none."""
    for name, index in _FONTS:
        try:
            return ImageFont.truetype(name, _SIZE, index=index)
        except OSError:
            continue
    return None


def draw_thumbnail(octets: bytes, caption: str, font: ImageFont.FreeTypeFont | None) -> bytes:
    """A JPEG of at most 40 KB, the picture upright and at most 480 pixels wide and high, the caption in a band below.

    Without a font there is no band. Raises :class:`~pipeline.content.refusal.Refusal`.
    """
    picture = open_small(octets, _SIDE)
    if font is not None:
        picture = _with_caption(picture, caption, font)
    for scale in (1, 2):
        small = picture if scale == 1 else picture.reduce(scale)
        for quality in _QUALITIES:
            stream = io.BytesIO()
            small.save(stream, "JPEG", quality=quality, optimize=True)
            if stream.tell() <= _LARGEST:
                return stream.getvalue()
    return stream.getvalue()


def _with_caption(picture: Image.Image, caption: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    width = max(picture.width, _NARROWEST)
    lines = list(_wrap(caption, font, width - 2 * _MARGIN))
    canvas = Image.new("RGB", (width, picture.height + len(lines) * _LINE + 2 * _MARGIN), _GROUND)
    canvas.paste(picture, ((width - picture.width) // 2, 0))
    draw = ImageDraw.Draw(canvas)
    for number, line in enumerate(lines):
        draw.text((_MARGIN, picture.height + _MARGIN + number * _LINE), line, _INK, font)
    return canvas


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """Lines of at most this width; Chinese may break anywhere, though no line begins with 。 or ，."""
    for paragraph in text.splitlines():
        line, length = "", 0.0
        for sign in paragraph:
            length += _advance(font, sign)
            if length > width and sign not in "，。；：、！？）”":
                yield line
                line, length = "", _advance(font, sign)
            line += sign
        yield line


@cache
def _advance(font: ImageFont.FreeTypeFont, sign: str) -> float:
    return font.getlength(sign)
