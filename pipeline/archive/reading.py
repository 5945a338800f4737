"""``python -m pipeline.archive.reading KIND VOLUME…``: the process that :mod:`pipeline.archive.apart` starts."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.archive.apart import Reading, run
from pipeline.model.files import FileKind


def _reading(kind: FileKind) -> Reading:
    # ruff: noqa: PLC0415 (one process reads one kind, and the libraries are heavy)
    match kind:
        case FileKind.RAR:
            from pipeline.archive.rar import read_rar

            return read_rar
        case FileKind.SEVEN_ZIP:
            from pipeline.archive.sevenzip import read_7z

            return read_7z
        case _:
            from pipeline.archive.tars import read_tar

            return read_tar


if __name__ == "__main__":
    run(_reading(FileKind(sys.argv[1])), [Path(name) for name in sys.argv[2:]])
