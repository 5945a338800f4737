"""How an entry of the ledger stands, and what that is told with: the part of the model that ``status`` needs.

These values belong to :mod:`pipeline.model` and are known by its name. They have a file of their own because to make
all of its classes takes longer than to read a township.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs. Only an error returns a deliverable."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Audience(StrEnum):
    """Who is told of a finding."""

    VILLAGE = "village"
    COORDINATOR = "coordinator"


class State(StrEnum):
    """How a deliverable of a village stands."""

    NOT_DUE = "not-due"
    MISSING = "missing"
    RETURNED = "returned"
    REVIEW = "review"
    ACCEPTED = "accepted"
    WAIVED = "waived"
    NIL = "nil"


class FileKind(StrEnum):
    """What a file is by its content, whatever its name says."""

    DOCX = "docx"
    DOCM = "docm"
    DOC = "doc"  # Word 97 in OLE: .doc and Kingsoft's .wps
    RTF = "rtf"
    XLSX = "xlsx"
    XLSM = "xlsm"
    XLS = "xls"  # BIFF in OLE: .xls and Kingsoft's .et
    PPTX = "pptx"
    PPT = "ppt"
    ODT = "odt"
    ODS = "ods"
    PDF = "pdf"
    OFD = "ofd"  # GB/T 33190: what PDF is elsewhere
    HTML = "html"
    TEXT = "text"
    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    BMP = "bmp"
    WEBP = "webp"
    TIFF = "tiff"
    HEIC = "heic"
    MP4 = "mp4"
    MOV = "mov"
    THREEGP = "3gp"
    AVI = "avi"
    WMV = "wmv"
    MKV = "mkv"
    FLV = "flv"
    MPEG = "mpeg"
    AUDIO = "audio"
    ZIP = "zip"
    RAR = "rar"
    SEVEN_ZIP = "7z"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"
    TAR = "tar"
    EML = "eml"
    TNEF = "tnef"
    MSG = "msg"  # Outlook's own message file
    OLE = "ole"  # a compound file of another kind
    EXECUTABLE = "executable"
    SHORTCUT = "shortcut"  # leads to a file of the sender's disk, or to a page: nothing is in it
    EMPTY = "empty"
    UNKNOWN = "unknown"


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


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell of a filled form, for a program to find again; with nothing set, the first heading."""

    row: int = 0  # as ActivityRow.number; 0 where it is of no one row
    column: str = ""  # role: unit, account, photos. Without it the row's own; without a row where the column begins
    figure: str = ""  # id of a FigurePlace
    heading: str = ""  # as it stands in the filled form


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: code, severity, where, and what to tell whom."""

    code: str
    severity: Severity
    audience: Audience
    message: str
    village: str | None = None
    deliverable: str | None = None
    attachment: str | None = None  # the file's own name
    where: str = ""  # 第2行, 第3张
    cells: tuple[FormCell, ...] = ()  # of a form: where ``where`` is


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept of a delivery for later checks and for the office's own documents."""

    activities: tuple[Activity, ...] = ()
    figures: tuple[Figure, ...] = ()
    text: str = ""
    pictures: tuple[Picture, ...] = ()  # photos of the set, or pictures within the table


@dataclass(frozen=True, slots=True)
class Standing:
    """How one deliverable of one village stands."""

    village: str
    deliverable: str
    state: State
    late: bool = False
    received_at: datetime | None = None  # of the version in force
    due_at: datetime | None = None  # where an extension replaced the campaign's
    attachments: tuple[str, ...] = ()
    remembered: Remembered = Remembered()
    findings: tuple[Finding, ...] = ()
    superseded: frozenset[str] = frozenset()  # digests of files of the versions that a newer one took the place of
