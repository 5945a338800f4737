"""A picture's own facts, by Pillow. How sharp it is: :mod:`pipeline.content.sharpness`."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import warnings
import zlib
from datetime import datetime
from functools import cache
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

from pipeline.content.refusal import Refusal, refuse
from pipeline.content.sharpness import measure_sharpness
from pipeline.likeness import SIDE, encode_look, near_signatures
from pipeline.model.content import Unreadable
from pipeline.model.files import FileKind, Problem
from pipeline.model.reading import Picture

warnings.filterwarnings("ignore", module=r"PIL\.")  # Pillow tells standard error of every oddity; we tell the sender

# Of the preview, and of the picture that is measured: 12 megapixels are brought there by JPEG's own scale of 1/8 alone.
PREVIEW_SIDE = 480
_DRAWN_SIDE = 4 * SIDE  # no more than the look needs
_PREVIEW_QUALITY = 85

_LARGEST = 200_000_000  # pixels: phones of 2023 take 200 megapixels
Image.MAX_IMAGE_PIXELS = _LARGEST  # Pillow raises above twice that; up to there it warns, and we refuse
_LARGEST_WITHOUT_DRAFT = 100_000_000  # other formats are decoded whole: 300 MB of memory
_KINDS = {
    "JPEG": FileKind.JPEG,
    "MPO": FileKind.JPEG,  # seen: Samsung and Huawei phones; a JPEG with further pictures behind it
    "PNG": FileKind.PNG,
    "GIF": FileKind.GIF,
    "BMP": FileKind.BMP,
    "DIB": FileKind.BMP,
    "WEBP": FileKind.WEBP,
    "TIFF": FileKind.TIFF,
    "HEIF": FileKind.HEIC,
}
_FORMATS = tuple(name for name in _KINDS if name not in {"MPO", "HEIF"})  # Pillow opens MPO as JPEG first
# What Pillow's and libheif's readers raise on damaged files (seen over Pillow's own fuzz corpus).
PILLOW_ERRORS = (
    OSError,  # UnidentifiedImageError too
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    IndexError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)
_BOXED = b"ftyp"  # at the fifth octet of HEIC (ISO/IEC 14496-12, 4.3)
_COMMON = (b"\xff\xd8", b"\x89PNG", b"GIF8", b"BM")  # beginnings of what Pillow knows in every variety
# EXIF orientation -> what brings the picture upright (CIPA DC-008, 4.6.4 A).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LAID = frozenset(turn for orientation, turn in _TURNS.items() if orientation >= 5)
_TAKEN = re.compile(r"\s*(\d{4})\D(\d{1,2})\D(\d{1,2})\D+(\d{1,2}):(\d{1,2}):(\d{1,2})")


def read_picture(source: Path | bytes, name: str, *, drawn: bool = False) -> Picture | Unreadable:
    """The picture's facts, or why there are none. Decodes at the reduced size that JPEG allows, so 12 MP cost 30 ms.

    A photo of its own comes with its preview: it may have to be shown, and is decoded only here. Of one that is
    ``drawn`` in a document nobody asks for that, nor for its sharpness, which takes most of a small picture's time.
    """
    octets = source.read_bytes() if isinstance(source, Path) else source
    try:
        return _read(octets, name, alone=not drawn)
    except Refusal as refusal:
        return refusal.unreadable


def open_small(octets: bytes, side: int) -> Image.Image:
    """The picture itself, upright and in colour, at most ``side`` pixels wide and high. Raises Refusal."""
    try:
        with _opened(octets) as image:
            _refuse_bomb(image)
            turn = _turn(image)
            image.draft("RGB", (side, side))
            small = image.convert("RGB")
    except (Image.DecompressionBombError, *PILLOW_ERRORS) as error:
        raise refuse(Problem.DAMAGED, error) from error
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return small if turn is None else small.transpose(turn)


def scale_jpeg(octets: bytes, side: int) -> bytes:
    """The same JPEG, at most ``side`` pixels wide and high, not turned and with its EXIF. Raises Refusal."""
    stream = io.BytesIO()
    try:
        with Image.open(io.BytesIO(octets), formats=("JPEG",)) as image:
            _refuse_bomb(image)
            image.draft("RGB", (side, side))
            image.thumbnail((side, side), Image.Resampling.BILINEAR)
            image.save(stream, "JPEG", quality=75, exif=image.info.get("exif", b""))
    except (Image.DecompressionBombError, *PILLOW_ERRORS) as error:
        raise refuse(Problem.DAMAGED, error) from error
    return stream.getvalue()


def _read(octets: bytes, name: str, *, alone: bool) -> Picture:
    if not octets:
        raise Refusal(Problem.EMPTY)
    try:
        with _opened(octets) as image:
            _refuse_bomb(image)  # first of all: Pillow decodes a whole PNG to look for its EXIF
            width, height = image.size
            turn = _turn(image)
            if turn in _LAID:
                width, height = height, width
            taken_at = _taken_at(image)
            kind = _KINDS[image.format or ""]
            small = _decoded(image, "YCbCr", PREVIEW_SIDE) if alone else _decoded(image, "L", _DRAWN_SIDE)
    except Image.DecompressionBombError as error:
        raise refuse(Problem.HOSTILE, error) from error
    except UnidentifiedImageError as error:
        raise refuse(Problem.DAMAGED if octets.startswith(_COMMON) else Problem.UNSUPPORTED, error) from error
    except PILLOW_ERRORS as error:
        raise refuse(Problem.DAMAGED, error) from error
    if kind is FileKind.JPEG and not _ends(octets):
        raise Refusal(Problem.DAMAGED, "JPEG without its end")
    if alone:
        small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    if turn is not None:
        small = small.transpose(turn)
    grey = small.getchannel("Y") if small.mode == "YCbCr" else small.convert("L")
    tiny = grey.resize((SIDE, SIDE), Image.Resampling.BOX)
    look = encode_look(tiny.tobytes())
    return Picture(
        digest=hashlib.sha256(octets).hexdigest(),
        kind=kind,
        width=width,
        height=height,
        sharpness=measure_sharpness(grey) if alone else 0.0,
        likeness=_likeness(tiny),
        look=look,
        taken_at=taken_at,
        name=name,
        near=tuple(near_signatures(look)),
        preview=_jpeg(small) if alone else b"",
    )


def _opened(octets: bytes) -> Image.Image:
    """The picture, its header read."""
    return Image.open(io.BytesIO(octets), formats=("HEIF",) if teach_pillow(octets) else _FORMATS)


def teach_pillow(octets: bytes) -> bool:
    """Whether these may be HEIC, which Pillow then knows. libheif takes 10 MB of memory, and few mails have any."""
    if octets[4:8] != _BOXED:
        return False
    _know_heic()
    return True


@cache
def _know_heic() -> None:
    import pillow_heif  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415  # has no stubs in every release

    pillow_heif.register_heif_opener()


def _refuse_bomb(image: Image.Image) -> None:
    limit = _LARGEST if image.format in {"JPEG", "MPO"} else _LARGEST_WITHOUT_DRAFT
    if image.width * image.height > limit:
        raise Refusal(Problem.HOSTILE, f"{image.width} x {image.height} pixels")


def _exif(image: Image.Image) -> Image.Exif:
    """The EXIF block; empty where it is broken, which leaves the picture as good as it was."""
    try:
        return image.getexif()
    except PILLOW_ERRORS:
        return Image.Exif()


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How the picture must be turned to stand upright."""
    if image.format in {"TIFF", "HEIF"}:  # Pillow turns TIFF and libheif turns HEIC by themselves
        return None
    return _TURNS.get(_exif(image).get(ExifTags.Base.Orientation, 1))


def _decoded(image: Image.Image, mode: str, side: int) -> Image.Image:
    """The picture, RGB or L; a JPEG's colours in its own ``mode``: YCbCr, or L to decode no more than its light, and by
    JPEG's own scales no larger than for its longer side to have ``side`` pixels or a few more.
    """
    longest = max(image.size)
    width, height = (max(1, each * side // longest) for each in image.size)
    image.draft(mode, (width, height))
    image.load()  # here, while its file is open
    return image if image.mode in {"YCbCr", "L"} else image.convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=_PREVIEW_QUALITY)
    return stream.getvalue()


def _taken_at(image: Image.Image) -> datetime | None:
    """EXIF DateTimeOriginal, naive local time; None where it is absent or nonsense (seen: 0000:00:00 00:00:00)."""
    try:
        raw = _exif(image).get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    except PILLOW_ERRORS:
        return None
    found = _TAKEN.match(raw) if isinstance(raw, str) else None
    if not found:
        return None
    try:
        taken_at = datetime(*map(int, found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 (EXIF has no zone)
    except ValueError:
        return None
    return taken_at if taken_at.year >= 1990 else None  # a camera whose clock was never set


def _likeness(grey: Image.Image) -> int:
    """64-bit difference hash, 0 to 2**64 - 1: a bit for each of 8 x 8 places, set where it brightens to the right."""
    small = grey.resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            left = row * 9 + column
            bits = bits << 1 | (small[left + 1] > small[left])
    return bits


def _ends(octets: bytes) -> bool:
    """Whether the JPEG's own EOI marker is there; libjpeg fills in what is missing before it with grey.

    The segments are walked to the first scan, since a thumbnail within EXIF has an EOI too; within a scan 0xFF is
    always escaped (ITU-T T.81, B.1.1.5), and what stands behind EOI (a motion photo's video) is not looked at.
    """
    at = 2
    while at + 4 <= len(octets) and octets[at] == 0xFF:
        marker = octets[at + 1]
        if marker == 0xFF:  # fill
            at += 1
        elif marker == 0xDA:
            break
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
        else:
            at += 2 + int.from_bytes(octets[at + 2 : at + 4], "big")
    return octets.rfind(b"\xff\xd9", at) > 0  # from behind: of a whole one hardly anything is looked at
