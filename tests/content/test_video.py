"""Videos."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from pipeline.content import read_content
from pipeline.model.content import Content, Unreadable, Video
from pipeline.model.files import FileKind, Problem
from tests.content.scenes import scene, store

ENCODINGS = [
    (FileKind.MP4, "mp4", "mpeg4"),
    (FileKind.MOV, "mov", "mpeg4"),
    (FileKind.THREEGP, "3gp", "h263"),
    (FileKind.AVI, "avi", "mpeg4"),
    (FileKind.WMV, "asf", "wmv2"),
    (FileKind.MKV, "matroska", "mpeg4"),
    (FileKind.FLV, "flv", "flv"),
    (FileKind.MPEG, "mpeg", "mpeg1video"),
    (FileKind.MPEG, "mpegts", "mpeg2video"),
]


def film(
    folder: Path, container: str = "mp4", codec: str = "mpeg4", *, seconds: int = 4, faststart: bool = False
) -> Path:
    """A film of 176 x 144 pixels with 25 frames a second."""
    path = folder / "film"
    options = {"movflags": "faststart"} if faststart else {}
    with av.open(str(path), "w", format=container, options=options) as output:
        stream = output.add_stream(codec, rate=25)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 176, 144, "yuv420p"
        for number in range(seconds * 25):
            frame = VideoFrame.from_image(scene(number // 10, (176, 144)))  # type: ignore[no-untyped-call]  # its stub
            frame.pts = number
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def song(folder: Path) -> Path:
    """An MP4 with sound alone."""
    path = folder / "song"
    with av.open(str(path), "w", format="mp4") as output:
        stream = output.add_stream("aac", rate=8000, layout="mono")
        assert isinstance(stream, AudioStream)
        for number in range(8):
            frame = AudioFrame(format="fltp", layout="mono", samples=1024)
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            frame.sample_rate, frame.pts = 8000, number * 1024
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def read(path: Path, kind: FileKind = FileKind.MP4) -> Content:
    return read_content(path, kind, "视频.mp4")


@pytest.mark.parametrize(("kind", "container", "codec"), ENCODINGS)
def test_facts(tmp_path: Path, kind: FileKind, container: str, codec: str) -> None:
    """Length, size and codec of a whole film in each container."""
    found = read(film(tmp_path, container, codec, seconds=2), kind)
    assert isinstance(found, Video), found
    assert abs(found.seconds - 2) < 0.2
    assert (found.width, found.height, found.whole) == (176, 144, True)
    assert found.codec.startswith(codec.removesuffix("1video").removesuffix("2video"))


@pytest.mark.parametrize(
    ("kind", "container", "codec"), [each for each in ENCODINGS if each[1] in {"avi", "asf", "flv"}]
)
def test_a_cut_film_is_not_whole(tmp_path: Path, kind: FileKind, container: str, codec: str) -> None:
    """Half a file plays, and its own header says that there should be more."""
    path = film(tmp_path, container, codec)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert isinstance(found := read(path, kind), Video), found
    assert not found.whole


def test_a_cut_mp4(tmp_path: Path) -> None:
    """With its index in front half a file plays but is not whole; with the index at the end nothing can be decoded."""
    path = film(tmp_path, faststart=True)
    assert isinstance(found := read(path), Video)
    assert found.whole
    path.write_bytes(path.read_bytes()[:-200])
    assert isinstance(found := read(path), Video)
    assert not found.whole
    path = film(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    assert isinstance(cut := read(path), Unreadable)
    assert cut.problem is Problem.DAMAGED


def test_what_stands_behind_the_last_box_does_not_matter(tmp_path: Path) -> None:
    """Zeros or a phone's own trailer after a whole film leave it whole."""
    path = film(tmp_path, seconds=1)
    whole = path.read_bytes()
    for tail in (bytes(1000), b"\xff" * 7, b"\xff\xff\xff\xff\x80\x81\x82\x83 trailer"):
        path.write_bytes(whole + tail)
        assert isinstance(found := read(path), Video)
        assert found.whole


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    """A song renamed to .mp4 has no moving pictures."""
    assert isinstance(found := read(song(tmp_path)), Unreadable)
    assert found.problem is Problem.DAMAGED


@pytest.mark.parametrize(
    "content", [b"\0\0\0\x18ftypmp42" + bytes(200), b"#EXTM3U\nfile:///etc/hostname\n", b"x" * 300]
)
@pytest.mark.parametrize("kind", [FileKind.MP4, FileKind.AVI, FileKind.MPEG])
def test_what_is_no_video(tmp_path: Path, content: bytes, kind: FileKind) -> None:
    """Words, a header alone, or a playlist that would lead to another file: damaged, and no other file is opened."""
    path = store(tmp_path, content)
    assert isinstance(found := read(path, kind), Unreadable)
    assert found.problem is Problem.DAMAGED
