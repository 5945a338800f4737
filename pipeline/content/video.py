"""A video's own facts, by PyAV (FFmpeg)."""

from __future__ import annotations

import time
from pathlib import Path

import av
import av.error
import av.logging
from av.container import InputContainer
from av.video.stream import VideoStream

from pipeline.content.refusal import Refusal, refuse
from pipeline.model.content import Video
from pipeline.model.files import FileKind, Problem

av.logging.set_level(None)  # FFmpeg complains of damaged files on standard error; we say it in the letter

# FFmpeg is told the container, so that a file cannot be a playlist that leads to other files or to the network.
_CONTAINERS = {
    FileKind.MP4: "mp4",
    FileKind.MOV: "mov",
    FileKind.THREEGP: "mov",
    FileKind.AVI: "avi",
    FileKind.WMV: "asf",
    FileKind.MKV: "matroska",
    FileKind.FLV: "flv",
}
_BOXED = frozenset({FileKind.MP4, FileKind.MOV, FileKind.THREEGP})
_ASF_FILE_PROPERTIES = bytes.fromhex("A1DCAB8C47A9CF118EE400C00C205365")  # ASF 3.2
_PATIENCE = 5.0  # seconds for reading through a file
_LARGEST_FRAME = "67108864"  # pixels: 8192 x 8192
_PYAV_ERRORS = (av.error.FFmpegError, ValueError, LookupError, ArithmeticError, OSError, MemoryError, RuntimeError)


def read_video(path: Path, kind: FileKind) -> Video:
    """Length, size and codec. ``whole`` is False where the file's own plan of itself goes on after its end.

    Raises Refusal where no frame can be decoded: cut off before its index, sound alone, no video at all.
    """
    try:
        with av.open(
            str(path), format=_container(path, kind), timeout=(_PATIENCE, _PATIENCE), metadata_errors="ignore"
        ) as container:
            stream = _moving_pictures(container)
            stream.codec_context.options = {"max_pixels": _LARGEST_FRAME}
            seconds = _stated_seconds(container, stream)
            frame = next(container.decode(stream), None)
            if frame is None:
                raise Refusal(Problem.DAMAGED, "no frame")
            width, height = _shown_size(frame.width, frame.height, frame.rotation)
            codec = stream.codec_context.name
            if kind in _BOXED:
                whole = _boxes_end_within(path)
                seconds = seconds or _reached_seconds(container, stream)
            else:
                reached = _reached_seconds(container, stream)
                whole = (
                    reached >= seconds - max(1.0, seconds * 0.05) and _stated_size(path, kind) <= path.stat().st_size
                )
                seconds = max(seconds, reached)  # FFmpeg only estimates the length of an MPEG stream
    except _PYAV_ERRORS as error:
        raise refuse(Problem.DAMAGED, error) from error
    return Video(seconds=round(seconds, 2), width=width, height=height, codec=codec, whole=whole)


def _container(path: Path, kind: FileKind) -> str:
    if kind in _CONTAINERS:
        return _CONTAINERS[kind]
    with path.open("rb") as stream:
        beginning = stream.read(4)
    if beginning[:1] == b"G":
        return "mpegts"
    return "mpeg" if beginning == b"\0\0\x01\xba" else "mpegvideo"


def _moving_pictures(container: InputContainer) -> VideoStream:
    for stream in container.streams.video:
        cover = stream.disposition & stream.disposition.attached_pic  # of a song
        if not cover and stream.codec_context is not None:  # None: no decoder for it
            return stream
    raise Refusal(Problem.DAMAGED, "no moving pictures that can be decoded")


def _stated_seconds(container: InputContainer, stream: VideoStream) -> float:
    """The length that the file claims; 0 where it claims none."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else 0.0


def _shown_size(width: int, height: int, rotation: int) -> tuple[int, int]:
    """Width and height as a player shows them: phones write upright videos lying, with a note to turn them."""
    return (height, width) if rotation % 180 else (width, height)


def _reached_seconds(container: InputContainer, stream: VideoStream) -> float:
    """How far the packets go, none of them decoded."""
    give_up_at = time.monotonic() + _PATIENCE
    container.seek(0)
    first: float | None = None
    last = 0.0
    for packet in container.demux(stream):
        if packet.pts is not None and packet.time_base:
            at = float(packet.pts * packet.time_base)
            first = at if first is None else min(first, at)
            last = max(last, at + float((packet.duration or 0) * packet.time_base))
        if time.monotonic() > give_up_at:
            break
    return last - (first or 0.0)


def _boxes_end_within(path: Path) -> bool:
    """Whether every top-level box lies within the file (ISO/IEC 14496-12, 4.2); FFmpeg plays half a file as well."""
    size = path.stat().st_size
    at = 0
    with path.open("rb") as stream:
        while at + 8 <= size:
            stream.seek(at)
            header = stream.read(16)
            length = int.from_bytes(header[:4], "big")
            if length == 0:  # to the end of the file
                return True
            if length == 1:
                length = int.from_bytes(header[8:16], "big")
            if length < 8 or not header[4:8].isascii():  # what stands behind the last box is nobody's
                return at > 0
            at += length
    return at <= size


def _stated_size(path: Path, kind: FileKind) -> int:
    """The file's size by its own header; 0 where it says none. FFmpeg shortens the length of a cut AVI or WMV."""
    with path.open("rb") as stream:
        beginning = stream.read(1 << 16)
    if kind is FileKind.AVI:
        return int.from_bytes(beginning[4:8], "little") + 8
    properties = beginning.find(_ASF_FILE_PROPERTIES) if kind is FileKind.WMV else -1
    return int.from_bytes(beginning[properties + 40 : properties + 48], "little") if properties >= 0 else 0
