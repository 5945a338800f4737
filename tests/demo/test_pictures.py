"""Drawn pictures: distinct, sharp, the same in any size."""

import io
from datetime import datetime
from itertools import combinations

from PIL import Image, ImageFilter, ImageStat

from pipeline.demo.pictures import PHOTO_SIZE, TABLE_SIZE, render_photo, render_png


def difference_hash(octets: bytes) -> int:
    """64 bits, each telling whether the picture gets darker from one of its 9 by 8 fields to the next."""
    pixels = Image.open(io.BytesIO(octets)).convert("L").resize((9, 8), Image.Resampling.BILINEAR).tobytes()
    return sum((pixels[r * 9 + c] > pixels[r * 9 + c + 1]) << (r * 8 + c) for r in range(8) for c in range(8))


def test_scenes_are_unlike() -> None:
    """No two scenes could be taken for one by a difference hash; one scene in two sizes is."""
    hashes = [difference_hash(render_photo(scene, size=(320, 240))) for scene in range(80)]
    assert min((one ^ other).bit_count() for one, other in combinations(hashes, 2)) > 10
    assert (difference_hash(render_photo(3)) ^ difference_hash(render_photo(3, size=TABLE_SIZE))).bit_count() <= 3


def test_photos_are_sharp() -> None:
    """Edges stand out at any working size, so that none is taken for out of focus."""
    laplacian = ImageFilter.Kernel((3, 3), [0, 1, 0, 1, -4, 1, 0, 1, 0], scale=1, offset=128)
    for scene in range(6):
        grey = Image.open(io.BytesIO(render_photo(scene))).convert("L")
        assert grey.size == PHOTO_SIZE
        for width in (256, 512, 1024):
            small = grey.resize((width, width * 3 // 4))
            assert ImageStat.Stat(small.filter(laplacian)).var[0] > 60


def test_exif_date() -> None:
    """A camera's picture tells when it was taken; WeChat's copy has no EXIF at all."""
    taken = datetime(2023, 5, 29, 9, 12, 37)  # noqa: DTZ001 (EXIF knows no time zone)
    exif = Image.open(io.BytesIO(render_photo(1, taken_at=taken))).getexif()
    assert exif.get_ifd(0x8769)[0x9003] == "2023:05:29 09:12:37"
    assert not Image.open(io.BytesIO(render_photo(1))).getexif()


def test_png() -> None:
    """The screen shot is a PNG."""
    assert Image.open(io.BytesIO(render_png(1))).format == "PNG"
