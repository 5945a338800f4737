"""The templates' environment: everything escaped, and the Chinese of states, days and sizes."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.model.finding import Severity
from pipeline.model.letter import LetterState
from pipeline.model.standing import State
from pipeline.model.submission import Source
from pipeline.report.words import (
    ACTS,
    LATE,
    SEVERITIES,
    STATES,
    clean_line,
    clean_text,
    describe_act,
    split_title,
    write_deadline,
)
from pipeline.text.days import write_moment
from pipeline.web.books import tell_stock

MARKS = {  # before the word, so that a state is told without its colour too
    State.NOT_DUE: "·",
    State.MISSING: "✕",
    State.RETURNED: "↩",
    State.REVIEW: "？",
    State.ACCEPTED: "✓",
    State.WAIVED: "－",
    State.NIL: "✓",
}
LETTER_KINDS = {"reply": "答复", "reminder": "提醒", "notice": "人工去信", "report": "日报", "alarm": "告警"}
LETTER_STATES = {
    LetterState.NONE: "没有信",
    LetterState.QUEUED: "等待发出",
    LetterState.SENDING: "正在发出",
    LetterState.SENT: "已发出",
    LetterState.HELD: "没有发出，要您过问",
}
SOURCES = {
    Source.DOCUMENT: "文件里写的",
    Source.FILE_NAME: "文件名",
    Source.SUBJECT: "邮件主题",
    Source.BODY: "邮件正文",
    Source.SENDER: "发件邮箱",
    Source.SIBLINGS: "同一封邮件的其他文件",
    Source.ARRIVAL: "收到的时间",
    Source.CONTENT: "文件内容",
    Source.COORDINATOR: "工作人员认定",
}


def write_size(octets: int) -> str:
    """12 KB, 3.4 MB."""
    if octets < 1024:
        return f"{octets} 字节"
    if octets < 1024 * 1024:
        return f"{octets / 1024:.0f} KB"
    return f"{octets / 1024 / 1024:.1f} MB"


def write_due(due_at: datetime, timezone: ZoneInfo) -> str:
    """6月10日前."""
    return f"{write_deadline(due_at, timezone)}前"


def last_day(due_at: datetime, timezone: ZoneInfo) -> date:
    """The last day in time, for a field of a form."""
    return date.fromordinal(due_at.astimezone(timezone).date().toordinal() - 1)


ENVIRONMENT = Environment(
    loader=PackageLoader("pipeline.web", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters.update(line=clean_line, plain=clean_text, size=write_size)
ENVIRONMENT.globals.update(
    ACTS=ACTS,
    LATE=LATE,
    LETTER_KINDS=LETTER_KINDS,
    LETTER_STATES=LETTER_STATES,
    tell_stock=tell_stock,
    MARKS=MARKS,
    SEVERITIES=SEVERITIES,
    SOURCES=SOURCES,
    STATES=STATES,
    Severity=Severity,
    State=State,
    describe_act=describe_act,
    last_day=last_day,
    split_title=split_title,
    write_deadline=write_deadline,
    write_due=write_due,
    write_moment=write_moment,
)
