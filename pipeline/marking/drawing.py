"""What is drawn for a letter, said so that a worker process can draw it: the libraries are heavy, and the files are
strangers'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.content.refusal import Refusal
from pipeline.marking.broken import Unmarkable
from pipeline.marking.cells import Spot
from pipeline.model.campaign import Form
from pipeline.model.content import Unreadable
from pipeline.model.files import Problem


@dataclass(frozen=True, slots=True)
class WordCopy:
    """A village's own document with what is to be mended at its places."""

    path: Path
    legacy: bool  # .doc or .wps: its docx twin is marked
    spots: Mapping[Spot, list[str]]
    at: datetime  # of the comments
    most: int  # octets; of a larger one the photos are scaled down


@dataclass(frozen=True, slots=True)
class SheetCopy:
    """A village's own workbook, likewise."""

    path: Path
    sheets: tuple[str, ...]
    spots: Mapping[Spot, list[str]]


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A photo, small, with what is said of it."""

    preview: bytes  # of the photo; empty where the file itself is needed
    path: Path
    caption: str


@dataclass(frozen=True, slots=True)
class Blank:
    """The campaign's form, a village's name filled in."""

    octets: bytes
    form: Form
    village: str


Drawing = WordCopy | SheetCopy | Thumbnail | Blank


@dataclass(frozen=True, slots=True)
class Drawn:
    """The file's octets."""

    octets: bytes
    captioned: bool = False  # False where no font on this machine has Chinese


Draw = Callable[[Drawing], Drawn | Unreadable]


def draw(drawing: Drawing) -> Drawn | Unreadable:
    """The file, or why there is none: it cannot be marked, or holds what must not be sent back."""
    try:
        return _draw(drawing)
    except Unmarkable as error:
        return Unreadable(Problem.UNSUPPORTED, str(error))
    except Refusal as refusal:
        return refusal.unreadable


def _draw(drawing: Drawing) -> Drawn:
    # ruff: noqa: PLC0415 (each library when the first of its kind is drawn)
    match drawing:
        case WordCopy(path, legacy, spots, at, most):
            from pipeline.marking.word import convert_word, mark_word

            return Drawn(mark_word(convert_word(path) if legacy else path.read_bytes(), spots, at, most=most))
        case SheetCopy(path, sheets, spots):
            from pipeline.marking.sheet import mark_sheet

            return Drawn(mark_sheet(path.read_bytes(), sheets, spots))
        case Thumbnail(preview, path, caption):
            from pipeline.marking.pictures import chinese_font, draw_thumbnail

            font = chinese_font()
            return Drawn(draw_thumbnail(preview or path.read_bytes(), caption, font), captioned=font is not None)
        case Blank(octets, form, village):
            from pipeline.marking.blank import fill_blank

            return Drawn(fill_blank(octets, form, village))
