"""A campaign of invented villages as its report sees it, the day before the last deadline."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.model.campaign import Campaign, Deliverable, Kind, Village
from pipeline.model.files import FileKind
from pipeline.model.finding import Audience, Finding, Severity
from pipeline.model.ledger import FiledAttachment, JudgedMessage
from pipeline.model.letter import LetterState, Reply
from pipeline.model.message import Address, CloudLink, Reason
from pipeline.model.standing import Standing, State
from pipeline.model.submission import LinkFiling
from pipeline.model.verdict import Disposition

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2023, 6, 9, 17, 0, tzinfo=ZONE)
NAMES = (
    *("东槐村", "西槐村", "青柳村", "月湖村", "石桥村", "前营村", "后营村", "白杨村", "枣林村", "大井村", "小井村"),
    *("南渡村", "北渡村", "新安社区", "福临社区", "桃园村", "杏坡村", "龙泉村", "马坊村", "双庙村", "长堤村", "上沟村"),
)
REGISTER = tuple(Village(name, contact="王主任 6000001" if name == "石桥村" else "") for name in NAMES)


def make_deliverable(name: str, title: str, kind: Kind, due_on: date, round_: int = 0) -> Deliverable:
    """A deliverable whose last day is still in time."""
    return Deliverable(
        id=f"{name}@{due_on}" if round_ else name,
        name=name,
        title=title,
        kind=kind,
        due_on=due_on,
        due_at=datetime.combine(due_on + timedelta(days=1), time.min, tzinfo=ZONE),
        formats=frozenset({FileKind.DOCX}),
        format_words="Word 文档",
        keywords=(title,),
        round=round_,
    )


CAMPAIGN = Campaign(
    id="sample",
    title="关于开展会员活动月的通知",
    short_title="5·29会员活动月材料",
    issuer="清河街道计生协办公室",
    contact="街道计生协办公室（6000000）",
    timezone=ZONE,
    opens_on=date(2023, 5, 1),
    closes_on=date(2023, 5, 31),
    deliverables=(
        make_deliverable("plan", "活动月实施方案", Kind.PROSE, date(2023, 5, 5)),
        make_deliverable("progress", "工作进展情况写实表（5月10日）", Kind.ACTIVITIES, date(2023, 5, 10), 1),
        make_deliverable("progress", "工作进展情况写实表（5月20日）", Kind.ACTIVITIES, date(2023, 5, 20), 2),
        make_deliverable("progress", "工作进展情况写实表（5月31日）", Kind.ACTIVITIES, date(2023, 5, 31), 3),
        make_deliverable("statistics", "信息统计表", Kind.FIGURES, date(2023, 6, 10)),
        make_deliverable("summary", "活动总结", Kind.PROSE, date(2023, 6, 10)),
        make_deliverable("photos", "精选活动照片", Kind.PHOTOS, date(2023, 6, 10)),
        make_deliverable("video", "活动视频", Kind.VIDEOS, date(2023, 6, 10)),
    ),
    place_words=(),
    checks={},
    letters=Path("letters"),
    rules_digest="",
)
IDS = tuple(deliverable.id for deliverable in CAMPAIGN.deliverables)


def at(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    """A moment of June 2023."""
    return datetime(2023, month, day, hour, minute, tzinfo=ZONE)


def make_finding(
    code: str,
    message: str,
    village: str | None,
    deliverable: str | None,
    *,
    severity: Severity = Severity.ERROR,
    audience: Audience = Audience.VILLAGE,
    attachment: str | None = None,
    where: str = "",
) -> Finding:
    """A finding for the village, an error unless told otherwise."""
    return Finding(code, severity, audience, message, village, deliverable, attachment, where)


FEW_PHOTOS = make_finding("photo-count", "照片收到2张，应报3至5张，请补发。", "石桥村", "photos")
PNG_PHOTO = make_finding(
    "photo-format", "“IMG_3.png”不是JPG格式，请转换后重发。", "石桥村", "photos", attachment="IMG_3.png", where="第3张"
)
BLANK_CELL = make_finding("cell-blank", "“慰问人数”没有填写，没有的请填0。", "前营村", "statistics", where="第5行")
LINK_NOTE = make_finding(
    "cloud-link",
    "活动视频是以链接发来的，我们会尽快下载。",
    "月湖村",
    "video",
    severity=Severity.WARNING,
)
COPIED = make_finding(
    "text-copied",
    "活动总结与东槐村的文字几乎相同",
    "西槐村",
    "summary",
    severity=Severity.WARNING,
    audience=Audience.COORDINATOR,
    attachment="总结.docx",
)
REUSED = tuple(
    make_finding(
        "photo-reused",
        f"第{number}张照片与青柳村报过的照片相同。",
        "后营村",
        "photos",
        severity=Severity.WARNING,
        audience=Audience.COORDINATOR,
        attachment=f"{number}.jpg",
        where=f"第{number}张",
    )
    for number in (1, 2)
)
MACRO = make_finding(
    "file-macro",
    "文件带有宏。",
    "白杨村",
    "plan",
    severity=Severity.WARNING,
    audience=Audience.COORDINATOR,
    attachment="方案.docm",
)
UNVERIFIED = make_finding(
    "sender-unverified",
    "收件服务器没能核实发件人身份。",
    "前营村",
    None,
    severity=Severity.WARNING,
    audience=Audience.COORDINATOR,
)
UNKNOWN_VILLAGE = make_finding("village-unknown", "没有看出是哪个村报送的，请回复写明村名。", None, None)


def list_standings() -> Iterator[Standing]:
    """Eight villages complete, one to be judged, the others owing something; the last four have sent nothing."""
    for name in NAMES[:18]:
        for deliverable in IDS:
            late = (name, deliverable) in {("青柳村", IDS[1]), ("枣林村", "plan")}
            yield Standing(name, deliverable, *find_state(name, deliverable), late=late)


def find_state(name: str, deliverable: str) -> tuple[State]:
    """The state in the sample, where findings say nothing."""
    special = {
        ("月湖村", "video"): State.REVIEW,
        ("小井村", "video"): State.WAIVED,
        ("新安社区", IDS[2]): State.NIL,
    }
    if (name, deliverable) in special:
        return (special[name, deliverable],)
    if name in NAMES[9:18] and deliverable in {"photos", "video"} and name not in {"小井村", "南渡村", "北渡村"}:
        return (State.NOT_DUE,)
    return (State.ACCEPTED,)


def find_standings() -> tuple[Standing, ...]:
    """How the villages stand now."""
    returned = {
        ("石桥村", "photos"): (FEW_PHOTOS, PNG_PHOTO),
        ("前营村", "statistics"): (BLANK_CELL,),
        ("桃园村", IDS[3]): (
            make_finding("form-changed", "写实表少了“活动照片”一列，请用原表填写。", "桃园村", IDS[3]),
        ),
    }
    standings = []
    for standing in list_standings():
        key = (standing.village, standing.deliverable)
        if key in returned:
            standings.append(Standing(*key, State.RETURNED, findings=returned[key]))
        elif key == ("月湖村", "video"):
            standings.append(Standing(*key, State.REVIEW, findings=(LINK_NOTE,)))
        elif key == ("龙泉村", "summary"):
            standings.append(Standing(*key, State.NOT_DUE, due_at=at(16, 0)))
        elif key not in {("杏坡村", IDS[3]), ("杏坡村", IDS[2])}:
            standings.append(standing)
    return tuple(standings)


STANDINGS = find_standings()
YESTERDAY = tuple(
    standing
    for standing in STANDINGS
    if standing.deliverable not in {"video", "summary"} or standing.village in {"东槐村", "青柳村"}
)


def make_file(name: str, village: str | None, deliverable: str | None, *folders: str) -> FiledAttachment:
    """A file of a mail."""
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    return FiledAttachment((*folders, name), digest, 20_480, village, deliverable, ())


def make_message(
    number: int,
    received_at: datetime,
    sender: str,
    subject: str,
    *,
    village: str | None = None,
    disposition: Disposition | None = Disposition.SUBMISSION,
    reason: Reason | None = None,
    attachments: tuple[FiledAttachment, ...] = (),
    links: tuple[LinkFiling, ...] = (),
    findings: tuple[Finding, ...] = (),
    reply: Reply | None = None,
    trouble: str = "",
) -> JudgedMessage:
    """A mail from an invented address, answered unless told otherwise."""
    address = f"sender{number}@example.com"
    return JudgedMessage(
        digest=hashlib.sha256(str(number).encode()).hexdigest(),
        message_id=f"<{number}@example.com>",
        sender=Address(sender, address),
        subject=subject,
        received_at=received_at,
        disposition=disposition,
        reason=reason,
        village=village,
        attachments=attachments,
        links=links,
        findings=findings,
        reply=reply or Reply(LetterState.SENT, to=address),
        trouble=trouble,
    )


def make_link(
    name: str, village: str | None, deliverable: str | None, expires_at: datetime | None, *, quoted: bool = False
) -> LinkFiling:
    """A link in place of a file."""
    url = f"https://files.example.com/{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return LinkFiling(CloudLink(url, "QQ邮箱超大附件", name, "86.5M", expires_at, quoted), village, deliverable)


SILENT = Reply(LetterState.NONE)
VIDEO_LINK = make_link("活动视频.mp4", "月湖村", "video", at(11, 12))
MESSAGES = (
    make_message(
        1,
        at(6, 9, 12),
        "月湖村",
        "月湖村活动视频",
        village="月湖村",
        links=(VIDEO_LINK,),
        findings=(LINK_NOTE,),
    ),
    make_message(
        2,
        at(8, 18, 3),
        "石桥村王主任",
        "石桥村照片",
        village="石桥村",
        attachments=tuple(make_file(name, "石桥村", "photos") for name in ("IMG_1.jpg", "IMG_2.jpg", "IMG_3.png")),
        findings=(FEW_PHOTOS, PNG_PHOTO),
    ),
    make_message(
        3,
        at(8, 20, 41),
        "平安是福",
        "材料",
        disposition=Disposition.UNRECOGNISED,
        attachments=(make_file("统计表.doc", None, "statistics"),),
        findings=(UNKNOWN_VILLAGE,),
    ),
    make_message(
        4,
        at(9, 8, 30),
        "西槐村",
        "西槐村总结、统计表",
        village="西槐村",
        attachments=(
            make_file("总结.docx", "西槐村", "summary", "西槐村.zip"),
            make_file("统计表.xlsx", "西槐村", "statistics", "西槐村.zip"),
        ),
        findings=(COPIED,),
    ),
    make_message(
        5,
        at(9, 8, 52),
        "后营村",
        "后营村照片3张",
        village="后营村",
        attachments=tuple(make_file(f"{number}.jpg", "后营村", "photos") for number in (1, 2, 3)),
        findings=REUSED,
    ),
    make_message(
        6,
        at(9, 9, 15),
        "Postmaster",
        "系统退信",
        disposition=Disposition.IGNORED,
        reason=Reason.BOUNCE,
        reply=SILENT,
    ),
    make_message(
        7,
        at(9, 9, 16),
        "前营村",
        "自动回复：【请补正】前营村材料",
        disposition=Disposition.IGNORED,
        reason=Reason.AUTO_REPLY,
        reply=SILENT,
    ),
    make_message(
        8,
        at(9, 10, 2),
        "前营村",
        '=HYPERLINK("http://example.com","前营村统计表")',
        village="前营村",
        attachments=(make_file("=1+1.xlsx", "前营村", "statistics"),),
        findings=(BLANK_CELL, UNVERIFIED),
        reply=Reply(
            LetterState.HELD,
            to="sender8@example.com",
            note="收件地址不存在：请与该村核对邮箱地址（服务器答复：550 5.1.1 User unknown (x)）。",
        ),
    ),
    make_message(
        9,
        at(9, 11, 20),
        "白杨村",
        "白杨村实施方案",
        village="白杨村",
        attachments=(make_file("方案.docm", "白杨村", "plan"),),
        findings=(MACRO,),
        reply=Reply(LetterState.QUEUED, to="sender9@example.com"),
    ),
    make_message(
        10,
        at(9, 14, 5),
        "小井村",
        "小井村活动材料",
        disposition=None,
        attachments=(),
        reply=SILENT,
        trouble="核对时内存不足",
    ),
    make_message(
        11,
        at(9, 15, 40),
        "李会计",
        "请问总结要写多少字",
        disposition=Disposition.UNRECOGNISED,
        reason=Reason.NOTHING_SENT,
        reply=SILENT,
    ),
)
