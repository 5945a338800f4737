"""The values that flow through the pipeline: frozen, without behaviour beyond what they can tell of themselves.

They stand in the order of the flow::

    RawMessage -> Message + Attachments -> Submission -> facts -> Findings -> Verdict

Rules of the campaign (:class:`Campaign`) and what the ledger remembers (:class:`Past`) enter from the side.
Names are those of the standards; ``…_at`` is an aware datetime, ``…_on`` a date, ``size`` octets, ``digest`` a
lower-case hex SHA-256.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

# A part of this module in a file of its own; a name imported as itself is handed on (PEP 484).
# ruff: noqa: PLC0414
from pipeline.standing import Activity as Activity
from pipeline.standing import Audience as Audience
from pipeline.standing import Figure as Figure
from pipeline.standing import FigurePlace as FigurePlace
from pipeline.standing import FileKind as FileKind
from pipeline.standing import Finding as Finding
from pipeline.standing import FormCell as FormCell
from pipeline.standing import Picture as Picture
from pipeline.standing import Remembered as Remembered
from pipeline.standing import Severity as Severity
from pipeline.standing import Standing as Standing
from pipeline.standing import State as State

if TYPE_CHECKING:
    from pipeline.check import Setting

# --- words ----------------------------------------------------------------------------------------------------------


class Unit(StrEnum):
    """A unit of an office's work. Each is safe to begin again: what is to be done stands in the rows."""

    POLL = "poll"  # bring in what is new in the mailbox
    JUDGE = "judge"  # judge what was brought in
    SEND = "send"  # send what is due
    REMIND = "remind"  # the day's reminders, once their time has come
    REPORT = "report"  # the day's report, once its time has come


class Disposition(StrEnum):
    """What a message is to us."""

    SUBMISSION = "submission"
    UNRECOGNISED = "unrecognised"
    IGNORED = "ignored"


class Reason(StrEnum):
    """Why a message is ignored, or why it is not answered."""

    OWN = "own"  # our own mail, come back or copied to ourselves
    BOUNCE = "bounce"  # RFC 3464 report, or a null envelope sender
    RECEIPT = "receipt"  # RFC 8098 disposition notification
    AUTO_REPLY = "auto-reply"  # RFC 3834
    BULK = "bulk"  # lists, newsletters
    DUPLICATE = "duplicate"  # the identical mail once more
    NOTHING_SENT = "nothing-sent"  # names no village and carries no file
    CAP = "cap"  # too many answers to this address within 24 hours
    DEAD_ADDRESS = "dead-address"  # what we wrote there came back
    NO_ADDRESS = "no-address"  # nobody to answer to
    REPEATED = "repeated"  # an answer to a letter of ours, without a file, that says the same once more


WORD_KINDS = frozenset({FileKind.DOCX, FileKind.DOCM, FileKind.DOC, FileKind.RTF})
SHEET_KINDS = frozenset({FileKind.XLSX, FileKind.XLSM, FileKind.XLS, FileKind.ODS})
PICTURE_KINDS = frozenset(
    {FileKind.JPEG, FileKind.PNG, FileKind.GIF, FileKind.BMP, FileKind.WEBP, FileKind.TIFF, FileKind.HEIC}
)
VIDEO_KINDS = frozenset(
    {
        FileKind.MP4,
        FileKind.MOV,
        FileKind.THREEGP,
        FileKind.AVI,
        FileKind.WMV,
        FileKind.MKV,
        FileKind.FLV,
        FileKind.MPEG,
    }
)
PACKED_KINDS = frozenset({FileKind.GZIP, FileKind.BZIP2, FileKind.XZ, FileKind.ZSTD})  # of one file each
ARCHIVE_KINDS = PACKED_KINDS | {FileKind.ZIP, FileKind.RAR, FileKind.SEVEN_ZIP, FileKind.TAR}


# --- what arrives ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Location:
    """Where a message lies on the server. Says nothing of what the message is."""

    mailbox: str  # the mailbox url without secrets
    folder: str
    uidvalidity: int  # 0 where the source has none
    uid: str  # IMAP UID, POP3 UIDL, or a file's name


@dataclass(frozen=True, slots=True)
class Blob:
    """Octets kept in the cache."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message as received, safe on our disk."""

    location: Location
    received_at: datetime  # arrival: INTERNALDATE, else the topmost Received header, else the file's time
    blob: Blob
    told_size: int | None = None  # as the source told it beforehand, now and then an estimate


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322: display name and addr-spec, the latter in lower case."""

    name: str
    address: str


class Problem(StrEnum):
    """Why the content of a file cannot be had."""

    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    PARTIAL = "partial"  # one volume of an archive of several, the others not beside it
    HOSTILE = "hostile"
    UNSUPPORTED = "unsupported"  # whole, perhaps, but no reader here understands it


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file that somebody sent: a MIME part, or a member of an archive, a forwarded mail, a TNEF part."""

    path: tuple[str, ...]  # names from the outermost container inwards, as the sender wrote them; never a file path
    blob: Blob
    content_type: str  # declared
    sniffed_kind: FileKind
    problem: Problem | None = None  # of a container that could not be opened; the container then stands for its members
    inline: bool = False  # shown within the text by its Content-ID
    subjects: tuple[str, ...] = ()  # of the mails that it was forwarded in, the innermost first

    @property
    def name(self) -> str:
        """The file's own name, without the folders within its archive."""
        return self.path[-1].replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]

    @property
    def shown_name(self) -> str:
        """The name as a person would point to it: ``材料.zip / 照片/1.jpg``."""
        return " / ".join(self.path)


@dataclass(frozen=True, slots=True)
class CloudLink:
    """A link to a file left with a provider, in place of the file."""

    url: str
    provider: str  # in Chinese, as the letter says it: QQ邮箱超大附件
    name: str
    size: str  # as written, 86.35M; empty where unknown
    expires_at: datetime | None
    quoted: bool  # stands only in quoted or forwarded text


@dataclass(frozen=True, slots=True)
class Authentication:
    """What the receiving server's own Authentication-Results said (RFC 8601); empty where it said nothing."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, RFC 5322, understood as far as its own octets allow."""

    blob: Blob
    message_id: str | None  # with its angle brackets; for threading, never the key
    sender: Address
    reply_to: Address | None
    subject: str
    sent_at: datetime | None  # the Date field: the sender's claim
    received_at: datetime
    return_path: str | None  # "" for the null path <>, None where the field is absent
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str  # what the sender wrote, without what he quotes
    quoted: str  # quoted or forwarded text
    automatic: Reason | None  # a mark of a machine's mail: bounce, receipt, auto-reply, bulk
    authentication: Authentication
    attachments: tuple[Attachment, ...]
    links: tuple[CloudLink, ...]
    fingerprint: str  # digest of what was said and sent, without transport fields: equal for an identical copy


# --- what files hold ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, at its place in the grid."""

    row: int  # from 0
    column: int
    text: str  # paragraphs joined by newlines
    rows: int = 1  # cells of the grid that it covers
    columns: int = 1
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table by grid; a merged cell stands once, at its top left place."""

    cells: tuple[Cell, ...]
    name: str = ""  # the sheet's name

    @property
    def height(self) -> int:
        """Number of grid rows."""
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    def row(self, number: int) -> tuple[Cell, ...]:
        """The cells that begin in this row, from left to right."""
        return tuple(cell for cell in self.cells if cell.row == number)


@dataclass(frozen=True, slots=True)
class Document:
    """A Word document or a workbook: its paragraphs outside tables, and its tables."""

    kind: FileKind
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...] = ()  # all of them, those in tables too
    macros: bool = False
    # Digests of the pictures that lie over the page rather than in a line: where they are anchored says little.
    floating: frozenset[str] = frozenset()
    # By the deliverable's name, where whoever opened it has read its tables already (pipeline.forms.read_form).
    readings: Mapping[str, FormReading] = field(default_factory=dict, compare=False)

    @property
    def text(self) -> str:
        """All its text, paragraphs first."""
        cells = (cell.text for table in self.tables for cell in table.cells)
        return "\n".join(part for part in (*self.paragraphs, *cells) if part.strip())


@dataclass(frozen=True, slots=True)
class Video:
    """A video's own facts."""

    seconds: float
    width: int
    height: int
    codec: str
    whole: bool  # a frame could be decoded, and nothing is cut off


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file whose content cannot be had, and why."""

    problem: Problem
    detail: str = ""  # for the coordinator and the log; never shown to a village
    macros: bool = False  # known all the same


@dataclass(frozen=True, slots=True)
class Other:
    """A file that is whole but of no kind that a deliverable could be: music, a program, an unknown file."""


Content = Document | Picture | Video | Unreadable | Other


# --- the rules ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Village:
    """One of those who must hand in; a row of the register."""

    name: str
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    contact: str = ""


class Kind(StrEnum):
    """What a deliverable consists of, and so by which facts it is judged."""

    ACTIVITIES = "activities"  # a form with one activity a row
    FIGURES = "figures"  # a form with figures at fixed places
    PROSE = "prose"  # running text
    PHOTOS = "photos"
    VIDEOS = "videos"


@dataclass(frozen=True, slots=True)
class Form:
    """A blank form of the campaign."""

    file: Path
    title: str
    blank: Table  # as the reader sees the blank form
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)  # activities: role (unit, …) -> heading
    figures: tuple[FigurePlace, ...] = ()
    samples: tuple[str, ...] = ()  # the blank form's own sample text: ＸＸ村委, ……, 2-3张活动照片
    digest: str = ""  # of the file


@dataclass(frozen=True, slots=True)
class Forms:
    """The blank forms of a campaign by their deliverables' names, and the days between which its activities lie."""

    blank: Mapping[str, Form]
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One thing due by one deadline."""

    id: str  # progress@2023-05-10
    name: str  # progress: shared by the rounds of one that recurs
    title: str  # 工作进展情况写实表（5月10日）
    kind: Kind
    due_on: date
    due_at: datetime  # the first moment that is late
    formats: frozenset[FileKind]
    format_words: str  # as a letter says it: Word 文档
    keywords: tuple[str, ...]
    form: Form | None = None
    set: bool = False  # all that a village sent counts together
    round: int = 0  # from 1; 0 where it does not recur
    nil_allowed: bool = False
    checks: Mapping[str, Setting] = field(default_factory=dict)  # code -> how this deliverable is checked


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """When a village that owes something is reminded. A day without work moves: before a deadline to an earlier one."""

    before: tuple[int, ...] = (3, 1)  # days before a deadline
    on_day: bool = True
    after: tuple[int, ...] = (1, 3, 7)  # days after it
    hour: int = 9  # not earlier on such a day


@dataclass(frozen=True, slots=True)
class Campaign:
    """One notice's collection: who must hand in what, by when, checked how."""

    id: str
    title: str
    short_title: str  # for subjects of letters: 5·29会员活动月材料
    issuer: str
    contact: str
    timezone: ZoneInfo
    opens_on: date
    closes_on: date
    deliverables: tuple[Deliverable, ...]
    place_words: tuple[str, ...]  # name no village and no deliverable: the town's own names, 计划生育
    checks: Mapping[str, Setting]  # checks of mails and files that belong to no deliverable
    letters: Path  # the folder of the letters' wording
    rules_digest: str  # of all files the campaign was read from
    reminders: ReminderPlan = ReminderPlan()
    notice: str = ""  # what the notice says, where its file is named: whoever quotes it copies from no village
    notice_file: Path | None = None

    def deliverable(self, id: str) -> Deliverable:  # noqa: A002 (the contract's word)
        """The deliverable of this id; KeyError if there is none."""
        for deliverable in self.deliverables:
            if deliverable.id == id:
                return deliverable
        raise KeyError(id)

    @property
    def forms(self) -> Forms:
        """Its blank forms; all rounds of one that recurs have the same."""
        blank = {each.name: each.form for each in reversed(self.deliverables) if each.form}
        return Forms(blank, self.opens_on, self.closes_on)

    def rounds(self, name: str) -> tuple[Deliverable, ...]:
        """All rounds of a recurring deliverable, by deadline."""
        return tuple(sorted((d for d in self.deliverables if d.name == name), key=lambda d: d.due_at))


# --- whose and which ------------------------------------------------------------------------------------------------


class Source(StrEnum):
    """Where evidence was found, the strongest first."""

    DOCUMENT = "document"
    FILE_NAME = "file-name"
    SUBJECT = "subject"
    BODY = "body"
    THREAD = "thread"  # the letter of ours that the mail answers
    SENDER = "sender"
    SIBLINGS = "siblings"
    ARRIVAL = "arrival"
    CONTENT = "content"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason why a file belongs to a village or deliverable."""

    source: Source
    names: str  # the village or the deliverable's id
    text: str  # the words that said so


@dataclass(frozen=True, slots=True)
class Filing:
    """Where one file belongs, and why."""

    attachment: Attachment
    content: Content
    village: str | None
    deliverable: str | None
    evidence: tuple[Evidence, ...] = ()

    @property
    def hostile(self) -> bool:
        """Whether it is an attack on who opens it: it goes into quarantine."""
        content = self.content
        problem = content.problem if isinstance(content, Unreadable) else self.attachment.problem
        return Problem.HOSTILE in {problem, self.attachment.problem}


@dataclass(frozen=True, slots=True)
class LinkFiling:
    """Where one cloud link belongs."""

    link: CloudLink
    village: str | None
    deliverable: str | None


@dataclass(frozen=True, slots=True)
class Submission:
    """A message with every file put where it belongs."""

    message: Message
    filings: tuple[Filing, ...]
    links: tuple[LinkFiling, ...]
    village: str | None  # of the mail as a whole, where subject, body, sender or all files agree
    sender_villages: tuple[str, ...]  # for which the sender's address is known to write
    named_villages: tuple[str, ...]  # that subject and body name


@dataclass(frozen=True, slots=True)
class Writer:
    """A village that the sender's address is known to write for."""

    village: str
    why: str  # how it is known, as the coordinator reads it


# --- facts: what checks look at -------------------------------------------------------------------------------------


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
class FormDifference:
    """One way in which a form differs from the blank one."""

    change: Literal["missing", "renamed", "added", "moved", "turned", "foreign"]
    # Of the blank form; of the filled one where it was added; where all were turned the first one, where the table is
    # another one altogether those that it lacks.
    heading: str
    found: str = ""  # what stands there instead


@dataclass(frozen=True, slots=True)
class FilledForm:
    """How a table stands to the campaign's blank form."""

    title: str
    differences: tuple[FormDifference, ...]
    unit_line: str  # what is written after 单位： above the table, samples and blanks removed
    unit_column: tuple[str, ...]  # what the first column says, likewise


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """A filled row of the progress table."""

    number: int  # from 1, the header not counted
    activities: tuple[Activity, ...]
    pictures: tuple[Picture, ...]
    samples: tuple[str, ...]  # the form's own sample text that is still there


@dataclass(frozen=True, slots=True)
class FormReading:
    """The tables of a document, read as one blank form filled in."""

    share: float  # of the form's headings that are there, 0 to 1
    filled: FilledForm | None = None  # None: it is not this form at all, and nothing else was read
    rows: tuple[ActivityRow, ...] = ()  # of a form of activities
    figures: tuple[Figure, ...] = ()  # of a form of figures


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


# --- the verdict ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one mail did to one village's deliverable."""

    village: str
    deliverable: str
    state: State  # of what this mail brought
    late: bool
    stands: bool  # False where an earlier, better version stays in force
    unchanged: bool  # the same octets as the version in force: nothing new to judge
    attachments: tuple[str, ...]  # digests, in order
    findings: tuple[Finding, ...]
    remembered: Remembered


class Ruling(StrEnum):
    """What comes of a village's word that there is nothing to hand in."""

    RECORDED = "recorded"
    REFUSED = "refused"  # the campaign wants it nonetheless
    UNCLEAR = "unclear"  # several deliverables could be meant


@dataclass(frozen=True, slots=True)
class NilReport:
    """A village's word that there is nothing to hand in (零报告)."""

    village: str
    deliverables: tuple[str, ...]  # recorded: the one; else all that could be meant
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole judgement on one message."""

    message: Message
    disposition: Disposition
    reason: Reason | None
    filings: tuple[Filing, ...]
    links: tuple[LinkFiling, ...]
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]  # all of them, those of the outcomes too
    village: str | None
    nil: NilReport | None = None
    ours: tuple[str, ...] = ()  # names of files that we ourselves had sent and that came back unchanged: not judged


# --- what the ledger remembers --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    """What a letter of ours asked a village for."""

    village: str
    deliverable: str  # id
    returned: bool  # to be mended; else not received yet


@dataclass(frozen=True, slots=True)
class Thread:
    """The letter of ours that a mail answers."""

    villages: tuple[str, ...] = ()  # to whom it spoke
    asks: tuple[Ask, ...] = ()
    unknown: str | None = None  # digest of the mail of which it asked whose it is, as long as nobody has said


@dataclass(frozen=True, slots=True)
class Past:
    """What was known before a message was judged; all a judge may know of earlier mails."""

    standings: Mapping[tuple[str, str], Standing] = field(default_factory=dict)  # by village and deliverable id
    texts: Mapping[str, tuple[OtherText, ...]] = field(default_factory=dict)  # by deliverable id, those that are like
    seen: Mapping[str, tuple[Seen, ...]] = field(default_factory=dict)  # picture digest -> where else it was met
    pictures: tuple[tuple[Picture, Seen], ...] = ()  # of other villages in this same mail
    thread: Thread | None = None
    ours: frozenset[str] = frozenset()  # digests of files of the mail that we ourselves had sent


# --- letters --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file that goes with a letter."""

    name: str
    content_type: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What goes with an answer, so that mending is easy."""

    marked: tuple[LetterFile, ...] = ()  # the village's own files, the problems marked in them
    thumbnails: tuple[LetterFile, ...] = ()  # its photos with a fault, small
    blanks: tuple[LetterFile, ...] = ()  # blank forms with the village's name

    @property
    def files(self) -> tuple[LetterFile, ...]:
        """All of them."""
        return (*self.marked, *self.thumbnails, *self.blanks)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail of ours, ready to be put into the outbox."""

    key: str  # one letter for one key, ever: reply:<digest of the message>
    kind: Literal["reply", "reminder", "report", "alarm", "notice", "recheck"]
    to: Address
    subject: str
    text: str
    html: str
    message_id: str
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    files: tuple[LetterFile, ...] = ()
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter as the octets of a mail, ready for the outbox."""

    key: str
    kind: str
    sender: str  # envelope, the account's own address
    recipient: str
    subject: str
    message_id: str
    octets: bytes
    asks: tuple[Ask, ...] = ()
    enclosed: tuple[str, ...] = ()  # digests of the files


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    """A letter in the ledger's queue."""

    id: int
    sender: str  # envelope, the account's own address
    recipient: str
    octets: bytes
    attempts: int  # how often it was begun
    message_id: str = ""
    tried_at: datetime | None = None  # the last time


@dataclass(frozen=True, slots=True)
class Silence:
    """A time in which no round reached the mailbox."""

    since: datetime
    rounds: int  # that tried
    trouble: str  # of the newest of them
    idle: bool = False  # none tried


class DifferenceKind(StrEnum):
    """How server, ledger and cache differ."""

    UNFETCHED = "unfetched"  # on the server, unknown to us
    REPLACED = "replaced"  # a place on the server has another message now
    MISSING = "missing"  # a message of the ledger without its octets
    DAMAGED = "damaged"
    FILE_MISSING = "file-missing"  # a file of a judged message
    FILE_DAMAGED = "file-damaged"
    STRAY = "stray"  # octets of a mail that the ledger does not know
    QUARANTINED = "quarantined"
    WAITING = "waiting"  # stored, and not judged


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between server, ledger and cache."""

    kind: DifferenceKind
    said: str  # for the operator, without a full stop
    digest: str = ""
    location: Location | None = None
    message: str = ""  # digest of the mail that the file came with


# --- letters that came back ----------------------------------------------------------------------------------------


class AddressState(StrEnum):
    """What became of what we wrote to an address."""

    ALIVE = "alive"  # somebody wrote from it after a letter of ours had come back
    FAILING = "failing"  # one came back for a reason that may pass: full, too busy, taken for spam
    DEAD = "dead"  # it is not there: never written to again


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that a bounce says was not reached."""

    address: str
    state: AddressState  # DEAD or FAILING
    why: str  # for the coordinator


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce says. One without failures tells of a delay, or of nothing that we understand."""

    letters: tuple[str, ...]  # Message-IDs of letters of ours that it names
    subject: str  # of the letter that came back; empty where it does not say
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class LostAddress:
    """An address that our letters do not reach, as the ledger keeps it."""

    address: str
    state: AddressState
    since: datetime
    why: str
    village: str | None  # for whom the letter was
    subject: str  # of the letter
    bounce: str | None  # digest of the message that said so; None where the server refused at once


# --- what a person decided ------------------------------------------------------------------------------------------


class ActKind(StrEnum):
    """What a person may do with the ledger."""

    ACCEPT = "accept"
    RETURN = "return"
    WAIVE = "waive"
    EXTEND = "extend"
    ASSIGN = "assign"  # tells whose a mail's files are, or which deliverable
    REREAD = "reread"  # has a mail judged again by today's rules
    CONFIRM = "confirm"  # an address is a village's
    RESEND = "resend"  # has a held letter sent after all
    SETTLE = "settle"  # a matter that waited for a person is done with
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a person. Nothing of it is ever deleted: an undone one is followed by the act that undid it."""

    id: int
    at: datetime
    who: str
    kind: ActKind
    why: str
    village: str | None
    deliverable: str | None
    message: str | None  # digest
    undoes: int | None
    undone: bool
    detail: Mapping[str, str]  # what else a reader may want: the new deadline, the address


@dataclass(frozen=True, slots=True)
class Rule:
    """A person's word on whose some files of a mail are, or which deliverable; None leaves it to the evidence."""

    village: str | None = None
    deliverable: str | None = None
    files: tuple[int, ...] | None = None  # numbers within the mail, links after the files; None: all of them
    who: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One delivery of a village, as the ledger keeps it for ever."""

    id: int
    village: str
    deliverable: str
    message: str
    sender: Address
    subject: str
    received_at: datetime
    state: State
    late: bool
    stands: bool  # took the place of what was there
    in_force: bool  # is what counts now
    void: bool  # its mail was assigned otherwise since
    files: tuple[FiledAttachment, ...]
    findings: tuple[Finding, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A deliverable's new state, at the moment from which it counts."""

    village: str
    deliverable: str
    at: datetime
    state: State
    who: str  # baosong, or a person


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter of ours, as the ledger keeps it."""

    id: int
    kind: str
    recipient: str
    subject: str
    state: LetterState
    created_at: datetime
    sent_at: datetime | None
    note: str
    message: str | None
    octets: bytes


# --- what the ledger tells -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FiledAttachment:
    """A file of a judged message, as the ledger keeps it."""

    path: tuple[str, ...]
    digest: str
    size: int
    village: str | None
    deliverable: str | None
    evidence: tuple[Evidence, ...]
    quarantined: bool = False  # never to be opened, nor handed on

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path[-1].replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class FiledDelivery:
    """What a judged message did to one village's deliverable, as the ledger keeps it."""

    village: str
    deliverable: str
    state: State
    late: bool
    stands: bool  # False where an earlier, better version stays in force
    remembered: Remembered  # what was read in it: activities part by part, figures as written and as read


class LetterState(StrEnum):
    """How far a letter of ours has come."""

    NONE = "none"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"  # a person must look: refused for good, or a crash left open whether it went out


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a message, and why there is none."""

    state: LetterState
    to: str | None = None
    message_id: str | None = None
    reason: Reason | None = None  # why not answered
    note: str = ""  # what the server said, for the coordinator


@dataclass(frozen=True, slots=True)
class JudgedMessage:
    """A message as the ledger keeps it. ``disposition`` is None while it could not be judged yet (our own fault)."""

    digest: str
    message_id: str | None
    sender: Address
    subject: str
    received_at: datetime
    disposition: Disposition | None
    reason: Reason | None
    village: str | None
    attachments: tuple[FiledAttachment, ...]
    links: tuple[LinkFiling, ...]
    findings: tuple[Finding, ...]
    reply: Reply
    trouble: str = ""  # our own failure, for the coordinator
    quarantined: bool = False  # given up after several; a person must look
    deliveries: tuple[FiledDelivery, ...] = ()  # where they were asked for
