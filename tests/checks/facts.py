"""Literals for the checks' tests: each builder gives a fact with nothing wrong, and takes what is to be otherwise."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.check import Setting, all_checks, run_check
from pipeline.model.campaign import Deliverable, Kind
from pipeline.model.content import Content, Document, Video
from pipeline.model.facts import (
    ActivityTable,
    Delivery,
    Fact,
    FigureTable,
    File,
    Link,
    Mail,
    OtherText,
    PhotoSet,
    Prose,
)
from pipeline.model.files import FileKind, Problem
from pipeline.model.filled import ActivityRow, FilledForm, FormDifference
from pipeline.model.finding import Finding
from pipeline.model.message import Address, Attachment, Authentication, Blob, CloudLink, Message
from pipeline.model.reading import Activity, Figure, FigurePlace, Picture
from pipeline.model.standing import State
from pipeline.model.submission import Filing, LinkFiling, Submission

ZONE = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = date(2023, 5, 1), date(2023, 5, 31)
WORD = frozenset({FileKind.DOCX, FileKind.DOCM, FileKind.DOC, FileKind.RTF})
VIDEO = frozenset({FileKind.MP4, FileKind.MOV})


def find(code: str, fact: Fact, **options: Any) -> list[Finding]:
    """What this check finds, as the runner stamps it."""
    check = all_checks()[code].check
    setting = Setting(options=check.options(**options))
    return [*run_check(code, check, fact, setting, village="孙家村", deliverable="plan", attachment=None)]


def moment(day: int, hour: int = 9, minute: int = 0, *, month: int = 5) -> datetime:
    """A moment of 2023 in the campaign's zone."""
    return datetime(2023, month, day, hour, minute, tzinfo=ZONE)


# --- mails and files --------------------------------------------------------------------------------------------------


def attachment(
    name: str = "方案.docx", kind: FileKind = FileKind.DOCX, *, problem: Problem | None = None, size: int = 9
) -> Attachment:
    """A file by its name and sniffed kind."""
    return Attachment((name,), Blob("0" * 64, size), "application/octet-stream", kind, problem)


def document(*, kind: FileKind = FileKind.DOCX, macros: bool = False) -> Document:
    """A Word document of one paragraph."""
    return Document(kind, ("本村开展了宣传服务活动。",), (), macros=macros)


def deliverable(
    kind: Kind = Kind.PROSE,
    formats: frozenset[FileKind] = WORD,
    words: str = "Word文档",
    *,
    due_at: datetime | None = None,
) -> Deliverable:
    """A deliverable due on 10 May."""
    return Deliverable(
        id="plan",
        name="plan",
        title="活动月实施方案",
        kind=kind,
        due_on=date(2023, 5, 10),
        due_at=due_at or moment(11, 0),
        formats=formats,
        format_words=words,
        keywords=("方案",),
    )


PHOTOS = deliverable(Kind.PHOTOS, frozenset({FileKind.JPEG}), "jpg格式")
VIDEOS = deliverable(Kind.VIDEOS, VIDEO, "视频")


def file(
    name: str = "方案.docx",
    kind: FileKind = FileKind.DOCX,
    content: Content | None = None,
    rules: Deliverable | None = deliverable(),  # noqa: B008 (frozen)
    *,
    problem: Problem | None = None,
    size: int = 9,
) -> File:
    """A file that was put to a deliverable; ``problem`` is its container's."""
    held = attachment(name, kind, problem=problem, size=size)
    return File(Filing(held, content or document(), "孙家村", rules.id if rules else None), rules)


def filing(village: str | None = "孙家村", name: str = "方案.docx", deliverable: str | None = "plan") -> Filing:
    """A file of a mail."""
    return Filing(attachment(name), document(), village, deliverable)


def cloud_link(
    village: str | None = "孙家村", name: str = "视频.mp4", expires_at: datetime | None = None
) -> LinkFiling:
    """A big file left with QQ."""
    link = CloudLink("https://mail.example/x", "QQ邮箱超大附件", name, "86.35M", expires_at, quoted=False)
    return LinkFiling(link, village, "video")


def mail(
    *filings: Filing,
    links: tuple[LinkFiling, ...] = (),
    village: str | None = "孙家村",
    senders: tuple[str, ...] = ("孙家村",),
    named: tuple[str, ...] = (),
    speaks: bool = False,
    authentication: Authentication = Authentication(),  # noqa: B008 (frozen)
) -> Mail:
    """A mail with these files, from an address of the register."""
    message = Message(
        blob=Blob("0" * 64, 100),
        message_id="<1@example.com>",
        sender=Address("孙家村", "sunjia@example.com"),
        reply_to=None,
        subject="材料",
        sent_at=None,
        received_at=moment(9),
        return_path=None,
        in_reply_to=(),
        references=(),
        text="请查收",
        quoted="",
        automatic=None,
        authentication=authentication,
        attachments=tuple(each.attachment for each in filings),
        links=tuple(each.link for each in links),
        fingerprint="f",
    )
    return Mail(Submission(message, filings, links, village, senders, named), speaks)


def link(expires_at: datetime | None = None, name: str = "视频.mp4") -> Link:
    """A cloud link received on 9 May."""
    return Link(cloud_link(name=name, expires_at=expires_at), VIDEOS, moment(9))


def delivery(received_at: datetime, standing: State | None = None, *, late: bool = False) -> Delivery:
    """A delivery of what is due on 10 May."""
    return Delivery("孙家村", deliverable(), received_at, standing, late)


# --- tables -----------------------------------------------------------------------------------------------------------


def form(*differences: FormDifference, line: str = "孙家村委会", column: tuple[str, ...] = ("孙家村",)) -> FilledForm:
    """A form as it should be."""
    return FilledForm("写实表", differences, line, column)


def activity(
    day: date | None = date(2023, 5, 6),
    *,
    time: str = "5月6日上午",
    place: str = "文化广场",
    people: str = "群众30人",
    account: str = "组织义诊，为老年人量血压",
) -> Activity:
    """An activity told in full."""
    return Activity(f"{time}，在{place}，{people}参加，{account}。", day, time, place, people, account)


def row(
    *activities: Activity, number: int = 1, pictures: tuple[Picture, ...] | None = None, samples: tuple[str, ...] = ()
) -> ActivityRow:
    """A row with two pictures."""
    shown = (picture("a", likeness=1 << 60), picture("b", likeness=1 << 30)) if pictures is None else pictures
    return ActivityRow(number, activities, shown, samples)


def table(
    *rows: ActivityRow,
    earlier: tuple[Activity, ...] = (),
    received_on: date = date(2023, 5, 20),
    earlier_told_on: date | None = None,
) -> ActivityTable:
    """A progress table received on 20 May."""
    return ActivityTable(rows, earlier, OPENS, CLOSES, received_on, earlier_told_on)


def figure(id: str, title: str, value: int | None, raw: str | None = None) -> Figure:  # noqa: A002 (the contract's word)
    """A figure, written as its value unless ``raw`` says otherwise."""
    return Figure(FigurePlace(id, title, (title,)), str(value) if raw is None else raw, value)


def figures(*them: Figure, progress: tuple[Activity, ...] | None = None) -> FigureTable:
    """A statistics table."""
    return FigureTable(them, progress)


# --- texts, pictures, videos ------------------------------------------------------------------------------------------


def prose(text: str, *others: OtherText) -> Prose:
    """A text of 孙家村."""
    return Prose(text, ("孙家村", "孙家"), others)


def picture(
    digest: str,
    name: str = "",
    *,
    size: tuple[int, int] = (1024, 768),
    sharpness: float = 200.0,
    likeness: int | None = None,
    taken_at: datetime | None = None,
) -> Picture:
    """A sharp picture; by default its likeness is far from that of others with other digests."""
    alike = int.from_bytes(digest.encode() * 8, "big") % (1 << 64) if likeness is None else likeness
    return Picture(digest, FileKind.JPEG, *size, sharpness, alike, taken_at, name)


def photos(*new: Picture, earlier: tuple[Picture, ...] = ()) -> PhotoSet:
    """Photos of a village."""
    return PhotoSet(new, earlier, OPENS, CLOSES)


def video(seconds: float = 60, *, whole: bool = True) -> Video:
    """A video that plays."""
    return Video(seconds, 1280, 720, "h264", whole)
