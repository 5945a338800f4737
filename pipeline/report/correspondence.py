"""Tells of each mail what came of it, and why it was not answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from pipeline.model.campaign import Campaign
from pipeline.model.finding import Audience, Severity
from pipeline.model.ledger import JudgedMessage
from pipeline.model.letter import LetterState
from pipeline.model.message import Reason
from pipeline.model.verdict import Disposition
from pipeline.report.words import LETTERS, REASONS, clean_line
from pipeline.text.days import write_moment


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail as the report lists it."""

    message: JudgedMessage
    received_at: datetime  # in the campaign's time zone
    when: str
    sender: str
    address: str
    subject: str
    villages: str
    files: str  # how many for which deliverable
    result: str
    reply: str
    why: str  # why it was not answered; empty where it was or will be

    @property
    def needs_mending(self) -> bool:
        """Whether the village was asked to mend something."""
        return count_errors(self.message) > 0


def describe_mail(campaign: Campaign, message: JudgedMessage) -> MailLine:
    """The words for one mail."""
    villages = [message.village, *(each.village for each in message.attachments)]
    villages += [each.village for each in message.links]
    return MailLine(
        message=message,
        received_at=message.received_at.astimezone(campaign.timezone),
        when=write_moment(message.received_at, campaign.timezone),
        sender=clean_line(message.sender.name, 40) or clean_line(message.sender.address, 60),
        address=clean_line(message.sender.address, 120),
        subject=clean_line(message.subject, 200) or "（无主题）",
        villages="、".join(dict.fromkeys(village for village in villages if village)),
        files=describe_files(campaign, message),
        result=describe_result(message),
        reply=LETTERS[message.reply.state] + ("，被退回" if came_back(message) else ""),
        why=explain_silence(message),
    )


def describe_files(campaign: Campaign, message: JudgedMessage) -> str:
    """How many files came for which deliverable: 活动照片4个、活动视频（链接）."""
    titles = {each.id: each.title for each in campaign.deliverables}
    files = Counter(titles.get(each.deliverable or "", "未认出的文件") for each in message.attachments)
    links = dict.fromkeys(titles.get(each.deliverable or "", "文件") for each in message.links if not each.link.quoted)
    return "、".join(
        [*(f"{title}{count}个" for title, count in files.items()), *(f"{title}（链接）" for title in links)]
    )


def count_errors(message: JudgedMessage) -> int:
    """How many things the sender must mend."""
    return sum(
        finding.severity is Severity.ERROR and finding.audience is Audience.VILLAGE for finding in message.findings
    )


def describe_result(message: JudgedMessage) -> str:
    """What came of the mail."""
    if message.disposition is None:
        return "尚未核对"
    if message.disposition is Disposition.IGNORED:
        return "不作登记"
    if message.reason is Reason.NOTHING_SENT:
        return "没有附件，不作登记"
    if message.disposition is Disposition.UNRECOGNISED:
        return "未认出材料" if message.village else "未认出是哪个村"
    errors = count_errors(message)
    if errors:
        return f"已登记，{errors}处须补正"
    linked = any(not each.link.quoted for each in message.links)
    return "已登记，链接待审核" if linked else "已登记，无须补正"


def came_back(message: JudgedMessage) -> bool:
    """Whether our answer went out and was not delivered."""
    return message.reply.state is LetterState.SENT and bool(message.reply.note)


def explain_silence(message: JudgedMessage) -> str:
    """Why the mail has no answer of ours, or whether it came back; empty where it has one or one is on its way."""
    if came_back(message):
        return f"回信已寄出，但{message.reply.note}，请您电话联系"
    if message.reply.state is LetterState.HELD:
        return "回信没有发出去，请见“需要您处理的事项”"
    if message.reply.state is not LetterState.NONE:
        return ""
    reason = message.reply.reason or message.reason
    if reason is not None:
        return REASONS[reason]
    if message.trouble or message.disposition is None:
        return "系统还没能核对这封邮件，请见“需要您处理的事项”"
    return "还没有生成回信，若明天仍在这里，请联系维护人员"
