"""Small pictures, drawn anew by us in a worker process: no octet of a village's picture reaches the browser."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import cast

from pipeline.cache import Cache
from pipeline.content.embedded import read_embedded
from pipeline.content.refusal import Refusal
from pipeline.marking.pictures import draw_thumbnail
from pipeline.model.files import PICTURE_KINDS
from pipeline.sandbox.readers import Job
from pipeline.sandbox.workers import Workers
from pipeline.sniff import sniff_kind

_KEPT = 200  # files whose thumbnails are kept in memory


def draw_file(job: Job) -> dict[str, bytes]:
    """Every picture of a file as a small JPEG, by digest. Runs in a worker; what cannot be drawn is left out."""
    path, kind, drawn = job.path, job.kind, dict[str, bytes]()

    def _take(digest: str, octets: bytes) -> None:
        try:
            drawn[digest] = draw_thumbnail(octets, "", None)
        except Refusal:
            return

    if kind in PICTURE_KINDS:
        octets = path.read_bytes()
        _take(sha256(octets).hexdigest(), octets)
    else:
        read_embedded(path, kind, _take)
    return drawn


class Thumbnails:
    """The small pictures of files in the cache. Called from several threads."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._workers = Workers(draw_file, count=1)
        self._drawn: OrderedDict[str, Mapping[str, bytes]] = OrderedDict()

    def find(self, file: str, picture: str) -> bytes | None:
        """The picture of this digest within the file of that digest, small; None where it cannot be had."""
        with self._lock:
            if file not in self._drawn:
                self._drawn[file] = self._draw(file)
                while len(self._drawn) > _KEPT:
                    self._drawn.popitem(last=False)
            self._drawn.move_to_end(file)
            return self._drawn[file].get(picture)

    def _draw(self, file: str) -> Mapping[str, bytes]:
        path = self._cache.path(file)
        (answer,) = self._workers.do_all([Job(path, sniff_kind(path), "")])
        return cast(Mapping[str, bytes], answer) if isinstance(answer, dict) else {}

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            self._workers.close()
