"""Facts: what checks look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.model.campaign import Deliverable
from pipeline.model.content import Video
from pipeline.model.filled import ActivityRow, FilledForm
from pipeline.model.reading import Activity, Figure, Picture
from pipeline.model.standing import State
from pipeline.model.submission import Filing, LinkFiling, Submission


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail as a whole."""

    submission: Submission
    speaks_of_file: bool  # its text promises an attachment


@dataclass(frozen=True, slots=True)
class File:
    """One file, for what it is rather than what it says."""

    filing: Filing
    deliverable: Deliverable | None


@dataclass(frozen=True, slots=True)
class Link:
    """One cloud link."""

    filing: LinkFiling
    deliverable: Deliverable | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One village's delivery of one deliverable by one mail."""

    village: str
    deliverable: Deliverable
    received_at: datetime
    standing: State | None  # how the ledger stood before; None when nothing had come
    standing_late: bool


@dataclass(frozen=True, slots=True)
class ActivityTable:
    """The progress table of one village."""

    rows: tuple[ActivityRow, ...]
    earlier: tuple[Activity, ...]  # of accepted earlier rounds
    opens_on: date
    closes_on: date
    received_on: date
    earlier_told_on: date | None = None  # when those arrived


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The statistics table of one village."""

    figures: tuple[Figure, ...]  # those the village must fill in
    progress: tuple[Activity, ...] | None  # of its last accepted progress table; None where there is none


@dataclass(frozen=True, slots=True)
class OtherText:
    """What another village wrote for the same deliverable."""

    village: str
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A plan or summary."""

    text: str
    village_names: tuple[str, ...]  # its own names, to be left out when texts are compared
    others: tuple[OtherText, ...]
    notice: str = ""  # what all were told alike


@dataclass(frozen=True, slots=True)
class Seen:
    """Where else a picture was met."""

    village: str
    deliverable: str
    campaign: str
    exact: bool  # the same octets, not only alike


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures of one delivery, wherever they stand, with where else they were met."""

    pictures: tuple[tuple[Picture, tuple[Seen, ...]], ...]


@dataclass(frozen=True, slots=True)
class PhotoSet:
    """All photos of one village: those of this mail, and the good ones that came before."""

    new: tuple[Picture, ...]  # of this mail, of an accepted format
    earlier: tuple[Picture, ...]
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class VideoSet:
    """The videos of one delivery."""

    videos: tuple[tuple[str, Video], ...]  # file name, facts


Fact = Mail | File | Link | Delivery | FilledForm | ActivityTable | FigureTable | Prose | Pictures | PhotoSet | VideoSet
