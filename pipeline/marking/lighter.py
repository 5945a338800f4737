"""A docx with smaller pictures, so that it can be sent back."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

from pipeline.content.picture import scale_jpeg
from pipeline.content.refusal import Refusal
from pipeline.marking.broken import Unmarkable

_SIDE = 1280  # pixels: in a column of 6 cm still more than a printer shows, for the village will send this copy again
_LARGE = 200_000  # octets; a smaller picture is left as it is
_MOST = 12  # pictures: 50 ms each


def lighten(octets: bytes) -> bytes:
    """The same package with its large JPEGs scaled down. Raises Unmarkable where they are too many."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as copy:
        members = source.infolist()
        large = {each.filename for each in members if _is_jpeg(each.filename) and each.file_size > _LARGE}
        if len(large) > _MOST:
            raise Unmarkable("too many large pictures")
        for member in members:
            part = source.read(member)
            if member.filename in large:
                with suppress(Refusal):
                    part = scale_jpeg(part, _SIDE)
            copy.writestr(member.filename, part)
    return stream.getvalue()


def _is_jpeg(name: str) -> bool:
    return name.lower().endswith((".jpg", ".jpeg"))
