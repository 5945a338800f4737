"""The report's Chinese words, and how it writes days, times and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.model.campaign import Campaign, Deliverable
from pipeline.model.finding import Audience, Severity
from pipeline.model.ledger import Act, ActKind
from pipeline.model.letter import LetterState
from pipeline.model.message import Reason
from pipeline.model.standing import State
from pipeline.text.days import write_moment, write_month_day

STATES: Mapping[State, str] = {
    State.NOT_DUE: "未到期",
    State.MISSING: "未报",
    State.RETURNED: "待补正",
    State.REVIEW: "待审核",
    State.ACCEPTED: "合格",
    State.WAIVED: "免报",
    State.NIL: "零报告",
}
LATE = "迟"

SEVERITIES: Mapping[Severity, str] = {
    Severity.ERROR: "须补正",
    Severity.WARNING: "提醒",
    Severity.INFO: "说明",
}

AUDIENCES: Mapping[Audience, str] = {
    Audience.VILLAGE: "发件人",
    Audience.COORDINATOR: "仅您",
}

REASONS: Mapping[Reason, str] = {
    Reason.OWN: "本办公室自己发出的邮件，不必回复",
    Reason.BOUNCE: "退信，是邮件服务器发来的通知，不能回复",
    Reason.RECEIPT: "已读或送达回执，不必回复",
    Reason.AUTO_REPLY: "对方邮箱的自动回复，不再回复，以免来回不断",
    Reason.BULK: "群发邮件或广告，不回复",
    Reason.DUPLICATE: "与已处理过的来件完全相同，不重复回复",
    Reason.NOTHING_SENT: "没有附件，不像是报送材料，请您看一眼是否需要答复",
    Reason.CAP: "一天之内给这个邮箱的回复已达上限，暂不再回，请您电话联系",
    Reason.NO_ADDRESS: "来件没有可以回复的邮箱地址",
    Reason.REPEATED: "回复的内容与前一封相同，又没有附件，不再回复，请您看一眼",
    Reason.DEAD_ADDRESS: "给这个邮箱的信此前被退回，不再发信，请您电话联系",
}

LETTERS: Mapping[LetterState, str] = {
    LetterState.NONE: "未回复",
    LetterState.QUEUED: "回复待发出",
    LetterState.SENDING: "回复正在发出",
    LetterState.SENT: "已回复",
    LetterState.HELD: "回复没有发出",
}

ACTS: Mapping[ActKind, str] = {
    ActKind.ACCEPT: "判为合格",
    ActKind.RETURN: "退回补正",
    ActKind.WAIVE: "免予报送",
    ActKind.EXTEND: "延长期限",
    ActKind.ASSIGN: "改认来件",
    ActKind.REREAD: "重新核对",
    ActKind.CONFIRM: "确认邮箱",
    ActKind.RESEND: "重发信件",
    ActKind.SETTLE: "已处理",
    ActKind.UNDO: "撤销",
}

# Not allowed in XML 1.0 (section 2.2), or able to turn round the order in which a file's name is read.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH_REMARK = re.compile("（[^（]*[A-Za-z]{3}.*")
ROUND_TITLE = re.compile(r"(.+?)（([^（）]+)）")


def clean_text(text: str) -> str:
    """The text without what XML forbids and what would turn its reading round; its lines stay."""
    return UNPRINTABLE.sub("", text)


def clean_line(text: str, limit: int = 0) -> str:
    """The text on one line, fit for XML and for a reader; cut with … where it is longer than ``limit`` characters."""
    plain = text.isprintable() and " " not in text  # most are, and a province's workbook has millions
    line = text if plain else " ".join(clean_text(text).split())
    return f"{line[: limit - 1]}…" if limit and len(line) > limit else line


def write_deadline(due_at: datetime, timezone: ZoneInfo) -> str:
    """6月10日 where the whole day is still in time, else 6月10日17:00. ``due_at`` is the first moment that is late."""
    local = due_at.astimezone(timezone)
    if local.time() == time.min:
        return write_month_day(local - timedelta(days=1))
    return write_moment(due_at, timezone)


def write_days_left(days: int, *, past: bool) -> str:
    """How far a deadline is, in calendar days."""
    if past:
        return "已截止"
    return {0: "今日截止", 1: "明日截止"}.get(days, f"还有{days}天")


def write_change(change: int) -> str:
    """+6, -1, 持平."""
    return f"{change:+d}" if change else "持平"


def write_share(part: int, whole: int) -> str:
    """The percentage, rounded down so that 100% means all."""
    return f"{part * 100 // whole}%" if whole else "—"


def split_title(deliverable: Deliverable) -> tuple[str, str]:
    """The title of a recurring deliverable apart from its round's words in brackets; the latter may be empty."""
    match = ROUND_TITLE.fullmatch(deliverable.title) if deliverable.round else None
    return (match[1], match[2]) if match else (deliverable.title, "")


def describe_act(act: Act, campaign: Campaign) -> str:
    """What a person did, on one line: 退回补正：石桥村 活动总结（照抄去年）."""
    titles = {each.id: each.title for each in campaign.deliverables}
    about = " ".join(part for part in (act.village, titles.get(act.deliverable or "", act.deliverable)) if part)
    parts = [ACTS[act.kind] if act.undoes is None else f"撤销第{act.undoes}号决定", about]
    if until := act.detail.get("until"):
        parts.append(f"延至{write_deadline(datetime.fromisoformat(until), campaign.timezone)}")
    parts.append(act.detail.get("address", ""))
    return clean_line("，".join(part for part in parts if part))


def join_titles(deliverables: Iterable[Deliverable]) -> str:
    """Titles in one line, the rounds of one table drawn together: 写实表（5月10日、5月20日）、活动总结."""
    rounds: dict[str, list[str]] = {}
    for deliverable in deliverables:
        title, words = split_title(deliverable)
        rounds.setdefault(title, []).extend([words] if words else [])
    return "、".join(f"{title}（{'、'.join(words)}）" if words else title for title, words in rounds.items())


def with_stop(text: str) -> str:
    """The sentence with a full stop at its end."""
    return text if text.endswith(("。", "！", "？", "…")) else f"{text}。"


def only_chinese(text: str) -> str:
    """The line without the English remark in brackets at its end; nothing where it holds no Chinese at all.

    A mail server's own answer is of no use on the page; the workbook has it.
    """
    line = clean_line(ENGLISH_REMARK.sub("", clean_line(text)), 120)
    return line if CHINESE.search(line) else ""
