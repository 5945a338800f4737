"""A small campaign, its register, and verdicts on it, as literals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.model.campaign import Campaign, Deliverable, Kind, Village
from pipeline.model.files import FileKind
from pipeline.model.message import Address, Authentication, Blob, Location, Message, RawMessage
from pipeline.model.standing import Remembered, State
from pipeline.model.verdict import Disposition, Outcome, Verdict
from pipeline.register import Register

ZONE = ZoneInfo("Asia/Shanghai")
REGISTER = Register((Village("甲村"), Village("乙村")))


def at(day: int, hour: int = 9) -> datetime:
    """A moment in May 2023."""
    return datetime(2023, 5, day, hour, tzinfo=ZONE)


def _deliverable(id_: str, kind: Kind, day: int) -> Deliverable:
    due_on = date(2023, 5, day)
    return Deliverable(
        id=id_,
        name=id_,
        title=id_,
        kind=kind,
        due_on=due_on,
        due_at=datetime.combine(due_on + timedelta(days=1), time.min, ZONE),
        formats=frozenset({FileKind.DOCX}),
        format_words="Word文档",
        keywords=(id_,),
        set=kind is Kind.PHOTOS,
    )


CAMPAIGN = Campaign(
    id="test",
    title="活动",
    short_title="活动材料",
    issuer="街道",
    contact="办公室",
    timezone=ZONE,
    opens_on=date(2023, 5, 1),
    closes_on=date(2023, 5, 31),
    deliverables=(_deliverable("plan", Kind.PROSE, 5), _deliverable("photos", Kind.PHOTOS, 31)),
    place_words=(),
    checks={},
    letters=Path("rules/letters"),
    rules_digest="",
)


def raw(octets: str, received_at: datetime, uid: str = "1", uidvalidity: int = 7) -> RawMessage:
    """A stored message."""
    digest = sha256(octets.encode()).hexdigest()
    return RawMessage(Location("imaps://u@h", "INBOX", uidvalidity, uid), received_at, Blob(digest, len(octets)))


def message(source: RawMessage, message_id: str | None = "<1@x>", fingerprint: str = "f") -> Message:
    """The message of these octets."""
    return Message(
        blob=source.blob,
        message_id=message_id,
        sender=Address("", "a@b.cn"),
        reply_to=None,
        subject="甲村方案",
        sent_at=None,
        received_at=source.received_at,
        return_path=None,
        in_reply_to=(),
        references=(),
        text="",
        quoted="",
        automatic=None,
        authentication=Authentication(),
        attachments=(),
        links=(),
        fingerprint=fingerprint,
    )


def outcome(state: State, *, late: bool = False, stands: bool = True, text: str = "") -> Outcome:
    """What a mail did to the plan of 甲村."""
    return Outcome(
        village="甲村",
        deliverable="plan",
        state=state,
        late=late,
        stands=stands,
        unchanged=False,
        attachments=("d" * 64,),
        findings=(),
        remembered=Remembered(text=text),
    )


def verdict(source: RawMessage, *outcomes: Outcome, message_id: str | None = "<1@x>") -> Verdict:
    """A submission of 甲村."""
    return Verdict(
        message=replace(message(source), message_id=message_id),
        disposition=Disposition.SUBMISSION,
        reason=None,
        filings=(),
        links=(),
        outcomes=outcomes,
        findings=(),
        village="甲村",
    )
