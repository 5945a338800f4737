"""Short films of a drawn scene: the camera pans over it while people would be dancing. MP4, a few seconds."""

from __future__ import annotations

import io
from random import Random
from typing import Any

import av
from PIL import Image, ImageDraw

from pipeline.demo.chance import seeded
from pipeline.demo.pictures import draw_scene

_SIZE = (320, 240)
_FRAMES_A_SECOND = 10
# libx264 is not in every wheel of PyAV; MPEG-4 part 2 is, and any reader of MP4 knows it.
_ENCODER = "libx264" if "libx264" in av.codecs_available else "mpeg4"


def render_video(scene: int, *, seconds: int = 7) -> bytes:
    """An MP4 of this scene, ``seconds`` long; its index stands at the end, as phones write it."""
    rng = seeded(scene)
    width, height = _SIZE
    stage = draw_scene(scene, (width * 2, height * 2)).resize((width * 3 // 2, height * 3 // 2))
    frames = seconds * _FRAMES_A_SECOND
    room_x, room_y = stage.width - width, stage.height - height
    frames_of: Any = av.VideoFrame  # from_image is not typed
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        track = container.add_stream(_ENCODER, rate=_FRAMES_A_SECOND)
        assert isinstance(track, av.VideoStream)  # PyAV types it as any kind of stream
        track.width, track.height = _SIZE
        track.pix_fmt = "yuv420p"
        if _ENCODER == "libx264":
            track.options = {"preset": "ultrafast", "crf": "34", "threads": "1"}
        else:
            track.bit_rate = 200_000
        for number in range(frames):
            left, top = room_x * number // frames, room_y * number // frames
            picture = stage.crop((left, top, left + width, top + height))
            _draw_dancers(picture, rng, number)
            container.mux(track.encode(frames_of.from_image(picture)))
        container.mux(track.encode())
    return stream.getvalue()


def _draw_dancers(picture: Image.Image, rng: Random, number: int) -> None:
    draw = ImageDraw.Draw(picture)
    for dancer in range(4):
        x = 50 + dancer * 70 + (number * 3 + rng.randrange(3)) % 24
        y = 150 + (number + dancer) % 6 * 3
        draw.rectangle((x, y, x + 14, y + 40), fill=(200, 40 + dancer * 30, 60))
        draw.ellipse((x, y - 14, x + 14, y), fill=(222, 184, 150))
