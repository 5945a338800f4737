"""What is read in the files of a village."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from pipeline.model.files import FileKind


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, alone or within a document."""

    digest: str
    kind: FileKind
    width: int  # pixels as shown, after EXIF rotation
    height: int
    sharpness: float  # 0 to 90, as pipeline.content.picture measures it: below 20 out of focus; 0 in a document
    likeness: int  # 64-bit difference hash; near pictures differ in few bits
    taken_at: datetime | None = None  # EXIF, naive local time
    name: str = ""
    look: str = ""  # 32 x 32 greys in base64, by which it is laid over another; empty where it could not be decoded
    # The signatures by which it may be met again (pipeline.likeness), where whoever measured it has found them already.
    near: tuple[int, ...] = field(default=(), compare=False, repr=False)
    preview: bytes = field(default=b"", compare=False, repr=False)  # a small upright JPEG of it; of photos alone


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """A figure of the form that a village must fill in, by the headings above and beside it."""

    id: str
    title: str  # as a letter names it: 宣传活动的活动场次
    headings: tuple[str, ...]  # outermost first: 宣传活动, 村居社区计生协, 活动场次


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the statistics table."""

    place: FigurePlace
    raw: str  # as written
    value: int | None  # read with certainty, else None
    there: bool = True  # False where the form has lost its heading: told as form-changed, not as a blank cell


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity as a village tells it; a part not told is empty."""

    text: str
    held_on: date | None = None  # the first day, where a day is named
    time: str = ""
    place: str = ""
    people: str = ""
    account: str = ""  # what was done
