"""Facts of pictures."""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageOps

from pipeline.content.picture import read_picture
from pipeline.likeness import agreement
from pipeline.model.content import Unreadable
from pipeline.model.files import FileKind, Problem
from pipeline.model.reading import Picture
from tests.content.scenes import NOON, grainy, octets, scene, store

THRESHOLD = 20.0  # what the check photo-blurred takes for out of focus


def read(content: bytes) -> Picture:
    picture = read_picture(content, "照片.jpg")
    assert isinstance(picture, Picture), picture
    return picture


def problem(content: bytes) -> Problem:
    picture = read_picture(content, "照片.jpg")
    assert isinstance(picture, Unreadable), picture
    return picture.problem


def test_size_kind_digest_and_name() -> None:
    """A JPEG's size, kind, digest and name are told."""
    content = octets(scene())
    picture = read(content)
    assert (picture.kind, picture.width, picture.height, picture.name) == (FileKind.JPEG, 1024, 768, "照片.jpg")
    assert picture.digest == hashlib.sha256(content).hexdigest()
    assert picture.taken_at is None


def test_a_path_is_read_like_octets(tmp_path: Path) -> None:
    """A file in the cache gives what its octets give."""
    content = octets(scene(size=(320, 240)))
    assert read_picture(store(tmp_path, content), "a.jpg") == read_picture(content, "a.jpg")


def test_one_drawn_in_a_document_is_not_measured_for_sharpness() -> None:
    """Nobody asks whether it is in focus, nor for its preview, so it is decoded smaller; all else is as of a photo."""
    content = octets(scene(size=(1600, 1200)))
    alone, drawn = read(content), read_picture(content, "照片.jpg", drawn=True)
    assert isinstance(drawn, Picture)
    assert agreement(drawn.look, alone.look) > 0.99
    assert (drawn.likeness ^ alone.likeness).bit_count() <= 4
    assert drawn == replace(alone, sharpness=0.0, look=drawn.look, likeness=drawn.likeness)
    assert (bool(alone.preview), drawn.preview) == (True, b"")


@pytest.mark.parametrize("format", ["PNG", "GIF", "BMP", "WEBP", "TIFF", "HEIF"])
def test_other_formats_are_read_alike(format: str) -> None:  # noqa: A002 (Pillow's word)
    """Every picture format that phones and offices send gives size, sharpness and nearly the same likeness."""
    image = scene(size=(640, 480))
    picture = read(octets(image, format))
    assert picture.kind == {"HEIF": "heic"}.get(format, format.lower())
    assert (picture.width, picture.height) == (640, 480)
    assert picture.sharpness > THRESHOLD
    assert (picture.likeness ^ read(octets(image)).likeness).bit_count() <= 6


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP", "HEIF"])
def test_size_is_as_shown(format: str) -> None:  # noqa: A002
    """A picture that EXIF turns by 90 degrees is as high as a viewer shows it, and looks like its upright twin."""
    image = scene(size=(640, 480))
    turned = octets(image.transpose(Image.Transpose.ROTATE_90), format, orientation=6)
    picture = read(turned)
    assert (picture.width, picture.height) == (640, 480)
    assert (picture.likeness ^ read(octets(image)).likeness).bit_count() <= 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_stands_upright(orientation: int) -> None:
    """All eight EXIF orientations give the likeness that Pillow's own turning gives."""
    content = octets(scene(size=(640, 480)), orientation=orientation)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    picture = read(content)
    assert (picture.width, picture.height) == upright.size
    upright.info.clear()
    assert (picture.likeness ^ read(octets(upright, "PNG")).likeness).bit_count() <= 3


def test_mpo_is_a_jpeg() -> None:
    """A phone's MPO (several JPEGs in one file) is a JPEG to everyone."""
    stream = io.BytesIO()
    scene(1, (320, 240)).save(stream, "MPO", save_all=True, append_images=[scene(2, (320, 240))])
    assert read(stream.getvalue()).kind is FileKind.JPEG


@pytest.mark.parametrize(
    "written", ["2023:05:12 12:00:05", "2023-05-12 12:00:05", "2023:05:12 12:00:05\0", "2023/05/12 12:00:05"]
)
def test_taken_at(written: str) -> None:
    """EXIF DateTimeOriginal in the spellings that cameras use."""
    assert read(octets(scene(size=(64, 48)), taken_at=written)).taken_at == NOON


@pytest.mark.parametrize(
    "written", ["0000:00:00 00:00:00", "2023:13:45 10:00:00", "1970:01:01 08:00:00", "    :  :     :  :  ", "x"]
)
def test_nonsense_is_no_date(written: str) -> None:
    """A clock that was never set tells nothing."""
    assert read(octets(scene(size=(64, 48)), taken_at=written)).taken_at is None


@pytest.mark.parametrize("size", [(640, 480), (1024, 768), (2048, 1536), (4000, 3000)])
@pytest.mark.parametrize("quality", [50, 90])
def test_sharp_pictures_are_far_above_the_threshold(size: tuple[int, int], quality: int) -> None:
    """Neither size nor compression makes a picture in focus look blurred."""
    assert read(octets(scene(3, size), quality=quality)).sharpness > 2 * THRESHOLD


@pytest.mark.parametrize("share", [0.005, 0.01, 0.03])
@pytest.mark.parametrize("size", [(640, 480), (1024, 768), (2048, 1536)])
def test_blurred_pictures_are_below_the_threshold(size: tuple[int, int], share: float) -> None:
    """A blur of half a per cent of the width, and any stronger one, is found at every size."""
    assert read(octets(scene(3, size, blur=size[0] * share))).sharpness < THRESHOLD


def test_grain_does_not_hide_a_blur() -> None:
    """The grain of a phone's twelve megapixels is lost in the reduced picture; the blur is not."""
    assert read(octets(grainy(scene(3, blur=6).resize((4000, 3000))))).sharpness < THRESHOLD


@pytest.mark.parametrize("contrast", [0.3, 0.1])
def test_a_pale_picture_is_not_blurred(contrast: float) -> None:
    """Little contrast (fog, a bright window) is no blur."""
    assert read(octets(ImageEnhance.Contrast(scene(3)).enhance(contrast))).sharpness > THRESHOLD


def test_a_sharp_person_before_a_soft_background() -> None:
    """A picture is in focus where a part of it is."""
    image = scene(3, blur=8)
    image.paste(scene(3).crop((300, 200, 900, 768)), (300, 200))
    assert read(octets(image)).sharpness > THRESHOLD


def test_likeness_survives_the_way_through_a_messenger() -> None:
    """The same photo made smaller and compressed anew differs in few bits, another photo in many."""
    first, again, other = (
        read(octets(image, quality=quality)).likeness
        for image, quality in ((scene(1), 92), (scene(1).resize((640, 480)), 45), (scene(2), 92))
    )
    assert (first ^ again).bit_count() <= 4
    assert (first ^ other).bit_count() >= 12
    assert 0 <= first < 1 << 64


@pytest.mark.parametrize("kept", [0.05, 0.5, 0.97])
def test_a_cut_jpeg_is_damaged(kept: float) -> None:
    """What a broken upload left of a photo is no photo."""
    content = octets(scene())
    assert problem(content[: int(len(content) * kept)]) is Problem.DAMAGED


def test_a_jpeg_without_its_end_is_damaged() -> None:
    """A tail of zeros (a download that stopped) is found by the missing EOI, though the decoder takes it for grey."""
    content = octets(scene())
    assert problem(content[:-2]) is Problem.DAMAGED
    assert problem(content[: len(content) // 2] + bytes(len(content) // 2)) is Problem.DAMAGED


def test_what_stands_behind_a_jpeg_does_not_matter() -> None:
    """Motion photos carry a video behind the picture; some cameras pad with zeros."""
    assert read(octets(scene(size=(320, 240))) + b"\0\0\0\x18ftypmp42" + bytes(1000)).width == 320


def test_a_thumbnail_is_not_the_end() -> None:
    """The EOI of the thumbnail within EXIF does not stand for the picture's own."""
    content = octets(scene(size=(320, 240)))
    thumbnail = octets(scene(size=(64, 48)))
    segment = b"\xff\xe1" + (len(thumbnail) + 8).to_bytes(2, "big") + b"Exif\0\0" + thumbnail
    assert read(content[:2] + segment + content[2:]).width == 320
    assert problem(content[:2] + segment + content[2:-2]) is Problem.DAMAGED


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + bytes(40), b"\xff\xd8\xff\xe0" + bytes(40), b"GIF89a" + bytes(9)]
)
def test_a_header_alone_is_damaged(content: bytes) -> None:
    """Begins like a picture and is none."""
    assert problem(content) is Problem.DAMAGED


def test_no_octets_are_empty() -> None:
    """Nothing at all is empty rather than damaged."""
    assert problem(b"") is Problem.EMPTY


def test_an_unknown_picture_is_unsupported() -> None:
    """A metafile may be whole; nothing here reads it."""
    assert problem(b"\x01\0\0\0" + bytes(36) + b" EMF" + bytes(200)) is Problem.UNSUPPORTED


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [11_000, 20_000, 65_535])
def test_a_bomb_is_hostile(side: int) -> None:
    """More pixels than any camera has are refused by the header, before memory is taken."""
    bomb = octets(Image.new("1", (16, 16)), "PNG")
    size = side.to_bytes(4, "big") * 2
    chunk = b"IHDR" + size + bomb[24:29]
    assert problem(bomb[:12] + chunk + zlib.crc32(chunk).to_bytes(4, "big") + bomb[33:]) is Problem.HOSTILE
