"""Findings and moments in the words of a letter."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from pipeline.model.campaign import Campaign
from pipeline.model.finding import Audience, Finding, Severity
from pipeline.text.days import write_month_day

_WEEKDAYS = "一二三四五六日"
_ONE = re.compile(r"\A这(?=[张段个份])")  # 这张照片, of several: 这几张照片
_MOST_FILES = 6  # that one sentence names


def tell_findings(findings: Sequence[Finding], *, several: bool = False) -> tuple[str, ...]:
    """What a village is told: what must be mended first, by rows, then what is only remarked; each sentence once.

    What is the same in several rows is said once. Where there are ``several`` files each sentence names the one that
    it means.
    """
    told = [finding for finding in findings if finding.audience is Audience.VILLAGE]
    told.sort(key=lambda finding: (finding.severity is not Severity.ERROR, _row(finding)))
    names: dict[str, dict[str, None]] = {}
    for finding in told:
        named = finding.attachment if several and finding.attachment not in (None, *_names_in(finding)) else None
        names.setdefault(finding.message, {}).update({named: None} if named else {})
    return tuple(_tell(message, tuple(files)) for message, files in names.items())


def _tell(message: str, files: Sequence[str]) -> str:
    if not files:
        return message
    return f"{_quote(files)}：{_ONE.sub('这几', message) if len(files) > 1 else message}"


def _names_in(finding: Finding) -> tuple[str, ...]:
    """The file's name, where the message says it already."""
    return (finding.attachment,) if finding.attachment and finding.attachment in finding.message else ()


def _quote(files: Sequence[str]) -> str:
    """“1.jpg”、“2.jpg”; of very many the first ones and their number."""
    quoted = "、".join(f"“{name}”" for name in files[:_MOST_FILES])
    return quoted if len(files) <= _MOST_FILES else f"{quoted}等{len(files)}个文件"


def _row(finding: Finding) -> int:
    number = re.search(r"\d+", finding.where)
    return int(number.group()) if number else sys.maxsize


def name_file(finding: Finding) -> str:
    """What is found, with the file that it is found in."""
    if not finding.attachment or finding.attachment in finding.message:
        return finding.message
    return f"“{finding.attachment}”：{finding.message}"


def write_last_moment(due_at: datetime, campaign: Campaign) -> str:
    """6月10日（星期六）24:00; ``due_at`` is the first moment that is late.

    The end of a day is called 24:00: nobody reads 0:00 of the next day right.
    """
    local = due_at.astimezone(campaign.timezone)
    last = (local - timedelta(microseconds=1)).date()
    return f"{write_day(last)}{'24:00' if local.time() == time.min else f'{local:%H:%M}'}"


def write_day(day: date) -> str:
    """6月10日（星期六）."""
    return f"{write_month_day(day)}（星期{_WEEKDAYS[day.weekday()]}）"
