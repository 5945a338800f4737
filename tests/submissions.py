"""Mails and what their files hold, as literals, judged by the project's own rules. Villages are invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cache
from hashlib import sha256
from pathlib import Path

from pipeline.campaign import load_campaign
from pipeline.matching import file_submission, find_villages, listed_writers
from pipeline.model.campaign import Campaign, Village
from pipeline.model.content import Cell, Content, Document, Table, Unreadable, Video
from pipeline.model.files import FileKind, Problem
from pipeline.model.finding import Finding
from pipeline.model.message import Address, Attachment, Authentication, Blob, CloudLink, Message, Reason
from pipeline.model.past import Past
from pipeline.model.reading import Activity, Picture
from pipeline.model.standing import Remembered, Standing, State
from pipeline.model.submission import Submission
from pipeline.model.verdict import Outcome, Verdict
from pipeline.register import Register
from pipeline.verdict import judge

CAMPAIGN = load_campaign(Path(__file__).parent.parent / "rules" / "2023-529.toml")
REGISTER = Register(
    (
        Village("石桥村", addresses=("shiqiao@village.test",)),
        Village("青禾村", addresses=("qinghe@village.test",)),
        Village("柳堤村", addresses=("both@village.test",)),
        Village("上柳堤村", addresses=("both@village.test",)),
    ),
    CAMPAIGN.place_words,
)
_STRANGER = "stranger@elsewhere.test"


def at(month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """A moment of 2023 in Beijing."""
    return datetime(2023, month, day, hour, minute, second, tzinfo=CAMPAIGN.timezone)


# --- what files hold --------------------------------------------------------------------------------------------------


def text(*lines: str, kind: FileKind = FileKind.DOCX) -> Document:
    """A Word document of these paragraphs."""
    return Document(kind, lines, ())


@cache
def plan(village: str, more: str = "") -> Document:
    """A plan with nothing wrong."""
    tasks = ("成立领导小组，明确人员分工", "入户走访慰问困难会员家庭", "在文化广场开展宣传服务")
    lines = [
        f"{task}。{village}计生协会员小组长负责联系，村委会提供场地和茶水，活动前三天在村务公开栏张贴通知，"
        f"活动后一天内把照片和文字整理好，及时上报街道计划生育协会办公室。{more}"
        for task in tasks
    ]
    return text(f"{village}5.29会员活动月实施方案", *lines, f"{village}委会")


def account(day: int, place: str = "在文化广场", people: str = "组织会员和群众30人参加") -> str:
    """What a row of the progress table tells."""
    return f"5月{day}日上午9时，{place}{people}，发放优生优育宣传册。"


@cache
def progress(
    unit: str, *accounts: str, column: str | None = None, title: str = "", kind: FileKind = FileKind.DOCX
) -> Document:
    """The progress form with a row for each account; ``unit`` stands above the table, ``column`` in its first one."""
    cells = [Cell(0, 0, "单位"), Cell(0, 1, "开展的具体活动写实"), Cell(0, 2, "活动照片")]
    for number, each in enumerate(accounts or (account(2), account(3)), 1):
        pictures = tuple(picture(f"{unit}{number}{which}") for which in range(2))
        cells += [Cell(number, 0, unit if column is None else column), Cell(number, 1, each)]
        cells.append(Cell(number, 2, "", pictures=pictures))
    heading = title or "2023年宣传服务月活动进展情况写实表"
    table = Table(tuple(cells))
    shown = tuple(each for cell in cells for each in cell.pictures)
    return Document(kind, (heading, f"单位：{unit}"), (table,), shown)


@cache
def statistics(unit: str, figures: tuple[str, ...] = ("3", "120", "2", "8", "1", "40")) -> Document:
    """The statistics form with a village's own six figures."""
    form = CAMPAIGN.deliverable("statistics").form
    assert form is not None
    places = {(row, column): figure for (row, column), figure in zip(_FIGURE_CELLS, figures, strict=True)}
    cells = tuple(replace(cell, text=places.get((cell.row, cell.column), cell.text)) for cell in form.blank.cells)
    return Document(FileKind.DOCX, ("2023年“5.29会员活动月”信息统计表", f"单位：{unit}"), (Table(cells),))


_FIGURE_CELLS = ((2, 17), (2, 21), (5, 17), (5, 21), (7, 17), (7, 21))


def picture(seed: str, *, kind: FileKind = FileKind.JPEG, size: tuple[int, int] = (1024, 768)) -> Picture:
    """A sharp picture, unlike that of any other seed."""
    digest = sha256(seed.encode()).hexdigest()
    return Picture(digest, kind, *size, sharpness=200.0, likeness=int(digest[:16], 16))


def video(seconds: float = 60) -> Video:
    """A video that plays."""
    return Video(seconds, 1280, 720, "h264", whole=True)


DAMAGED = Unreadable(Problem.DAMAGED)


# --- mails ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """A file as it was sent, and what it holds."""

    attachment: Attachment
    content: Content


def sent(name: str, content: Content, *, kind: FileKind | None = None, within: Sequence[str] = ()) -> Sent:
    """A file by this name, ``within`` these containers; the same content gives the same octets."""
    if kind is None:
        kind = _kind_of(content, name)
    octets = repr((content, kind)).encode()
    digest = content.digest if isinstance(content, Picture) else sha256(octets).hexdigest()
    problem = content.problem if isinstance(content, Unreadable) else None
    blob = Blob(digest, 0 if problem is Problem.EMPTY else len(octets))
    return Sent(Attachment((*within, name), blob, "application/octet-stream", kind), content)


def _kind_of(content: Content, name: str) -> FileKind:
    match content:
        case Document() | Picture():
            return content.kind
        case Video():
            return FileKind.MP4
        case _:
            ending = name.rpartition(".")[2]
            return FileKind(ending) if ending in set(FileKind) else FileKind.UNKNOWN


def mail(
    *files: Sent,
    subject: str = "材料",
    body: str = "请查收附件。",
    sender: str = _STRANGER,
    received_at: datetime | None = None,
    links: tuple[CloudLink, ...] = (),
    automatic: Reason | None = None,
    number: int = 1,
) -> tuple[Message, list[Content]]:
    """A mail and what its files hold; it arrives on 4 May unless told otherwise."""
    message = Message(
        blob=Blob(f"{number:064x}", 1000),
        message_id=f"<{number}@village.test>",
        sender=Address("", sender),
        reply_to=None,
        subject=subject,
        sent_at=None,
        received_at=received_at or at(5, 4),
        return_path=sender,
        in_reply_to=(),
        references=(),
        text=body,
        quoted="",
        automatic=automatic,
        authentication=Authentication(),
        attachments=tuple(each.attachment for each in files),
        links=links,
        fingerprint=f"{number}",
    )
    return message, [each.content for each in files]


def cloud_link(name: str = "石桥村活动视频.mp4", *, quoted: bool = False) -> CloudLink:
    """A big file left with QQ Mail, kept until 3 July."""
    return CloudLink("https://mail.example/big", "QQ邮箱超大附件", name, "86.35M", at(7, 3), quoted)


# --- judged -----------------------------------------------------------------------------------------------------------


def file_mail(
    given: tuple[Message, list[Content]],
    past: Past = Past(),  # noqa: B008 (frozen)
    campaign: Campaign = CAMPAIGN,
    register: Register = REGISTER,
) -> Submission:
    """Every file put where it belongs."""
    message, contents = given
    writers = listed_writers(message.sender.address, register)
    owners = find_villages(message, contents, campaign, register, writers, past.thread)
    return file_submission(message, contents, owners, past, campaign, register, writers)


def judge_mail(
    given: tuple[Message, list[Content]],
    past: Past = Past(),  # noqa: B008 (frozen)
    campaign: Campaign = CAMPAIGN,
) -> Verdict:
    """The verdict."""
    return judge(file_mail(given, past, campaign), past, campaign, REGISTER)


def standing(
    state: State,
    deliverable: str = "plan",
    village: str = "石桥村",
    *,
    received_at: datetime | None = None,
    late: bool = False,
    attachments: tuple[str, ...] = (),
    remembered: Remembered = Remembered(),  # noqa: B008 (frozen)
    findings: tuple[Finding, ...] = (),
    due_at: datetime | None = None,
) -> Standing:
    """How a deliverable stands since 3 May."""
    return Standing(
        village, deliverable, state, late, received_at or at(5, 3), due_at, attachments, remembered, findings
    )


def past(*standings: Standing) -> Past:
    """What was known before."""
    return Past(standings={(each.village, each.deliverable): each for each in standings})


def after(verdict: Verdict, before: Past = Past()) -> Past:  # noqa: B008 (frozen)
    """What is known after a verdict, as the ledger would tell it."""
    standings = dict(before.standings)
    for each in verdict.outcomes:
        if each.stands and not each.unchanged:
            standings[each.village, each.deliverable] = Standing(
                each.village, each.deliverable, each.state, each.late, verdict.message.received_at, None,
                each.attachments, each.remembered, each.findings,
            )  # fmt: skip
    return replace(before, standings=standings)


def only(outcomes: Sequence[Outcome]) -> Outcome:
    """The one outcome there is."""
    (outcome,) = outcomes
    return outcome


def codes(findings: Sequence[Finding]) -> list[str]:
    """The findings' codes, in order."""
    return [finding.code for finding in findings]


def activity(day: int) -> Activity:
    """An activity told in full."""
    told = account(day)
    return Activity(told, date(2023, 5, day), f"5月{day}日上午9时", "文化广场", "会员和群众30人", "发放优生优育宣传册")


def end_of(day: date) -> datetime:
    """The last second of a day."""
    return datetime.combine(day, time(23, 59, 59), CAMPAIGN.timezone)
