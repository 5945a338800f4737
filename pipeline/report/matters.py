"""Finds what only a person can settle, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.model.finding import Audience, Finding
from pipeline.model.ledger import JudgedMessage
from pipeline.model.letter import AddressState, LetterState, LostAddress
from pipeline.model.message import Reason
from pipeline.model.standing import State
from pipeline.model.submission import LinkFiling
from pipeline.model.verdict import Disposition
from pipeline.model.work import Difference, DifferenceKind
from pipeline.report import needs
from pipeline.report.figures import DONE, Figures
from pipeline.report.needs import Need
from pipeline.report.space import NOT_KNOWN, Space, write_space
from pipeline.report.words import clean_line, only_chinese, with_stop
from pipeline.text.days import write_moment

EXPIRY_HORIZON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter that waits for the coordinator."""

    need: Need
    text: str
    origin: str = ""  # which mail is meant
    village: str = ""
    title: str = ""  # of the deliverable
    url: str = ""  # of a cloud link
    message: str = ""  # digest of the mail that is meant
    deliverable: str = ""  # its id

    @property
    def key(self) -> str:
        """By what a person's word that it is done with is kept."""
        return "|".join((self.need.heading, self.message, self.village, self.deliverable, self.text))[:400]


@dataclass(frozen=True, slots=True)
class Mailing:
    """How the office's own letters fared, and whether all that came is kept."""

    lost: tuple[LostAddress, ...] = ()
    unreachable: tuple[tuple[str, str], ...] = ()  # villages that owe something and cannot be written to, and why
    flood: int = 0  # the most letters an hour, where so many went out on the last day; 0 where not
    waiting: int = 0  # letters due and not sent yet
    differences: tuple[Difference, ...] = ()  # between server, ledger and cache
    unchecked: tuple[str, ...] = ()  # why the server could not be asked


# Told of with the message itself.
_OF_MESSAGES = {DifferenceKind.QUARANTINED, DifferenceKind.WAITING}

NOTHING_LOST = Mailing()


def find_matters(
    figures: Figures,
    messages: Sequence[JudgedMessage],
    mailing: Mailing = NOTHING_LOST,
    space: Space = NOT_KNOWN,
    settled: Set[str] = frozenset(),
) -> tuple[Matter, ...]:
    """Everything that waits for a person, the most pressing first, links by the day they expire.

    ``settled``: the keys of the matters that a person is done with; they are left out.
    """
    links = list(find_link_matters(figures, messages))
    linked = {(matter.village, matter.title) for matter in links}
    matters = [*links, *find_review_matters(figures, linked), *find_mailing_matters(figures, mailing)]
    matters += find_space_matters(space)
    understood = {address.bounce for address in mailing.lost}
    for message in messages:
        if message.digest not in understood:
            matters += find_message_matters(figures, message)
    unique = dict.fromkeys(matter for matter in matters if matter.key not in settled)
    return tuple(sorted(unique, key=lambda matter: needs.ORDER.index(matter.need)))


def group_matters(matters: Sequence[Matter]) -> tuple[tuple[Need, tuple[Matter, ...]], ...]:
    """The matters under their needs, in the same order."""
    found = dict.fromkeys(matter.need for matter in matters)
    return tuple((need, tuple(matter for matter in matters if matter.need is need)) for need in found)


def find_link_matters(figures: Figures, messages: Sequence[JudgedMessage]) -> Iterator[Matter]:
    """Cloud links whose deliverable is not settled, the first to expire first."""
    found: dict[str, tuple[JudgedMessage, LinkFiling]] = {}
    for message in messages:
        for filing in message.links if message.disposition is not Disposition.IGNORED else ():
            square = figures.square(filing.village, filing.deliverable)
            if not filing.link.quoted and (square is None or square.state not in DONE):
                found[filing.link.url] = (message, filing)
    far = datetime.max.replace(tzinfo=figures.now.tzinfo)
    for message, filing in sorted(found.values(), key=lambda each: each[1].link.expires_at or far):
        yield describe_link(figures, message, filing)


def describe_link(figures: Figures, message: JudgedMessage, filing: LinkFiling) -> Matter:
    """One link with the time that is left."""
    link, title = filing.link, write_title(figures, filing.deliverable)
    need = needs.LINKED
    expiry = "没有写明到期时间"
    if link.expires_at is not None:
        left = link.expires_at - figures.now
        when = write_moment(link.expires_at, figures.campaign.timezone)
        if left <= timedelta(0):
            need, expiry = needs.EXPIRED, f"已于{when}到期"
        else:
            need = needs.EXPIRING if left <= EXPIRY_HORIZON else needs.LINKED
            expiry = f"{when}到期，" + (f"还剩{left.days}天" if left.days else "剩下不到一天")
    facts = "，".join(part for part in (clean_line(link.size), clean_line(link.provider)) if part)
    name = f"“{clean_line(link.name, 60)}”" if clean_line(link.name) else "文件链接"
    text = f"{name}{f'（{facts}）' if facts else ''}，{expiry}。"
    origin = write_origin(figures, message)
    return Matter(
        need,
        text,
        origin,
        village=filing.village or "",
        title=title,
        url=clean_line(link.url),
        message=message.digest,
        deliverable=filing.deliverable or "",
    )


def find_review_matters(figures: Figures, linked: set[tuple[str, str]]) -> Iterator[Matter]:
    """What only a person can judge, where no link of today's list says so already."""
    for row in figures.rows:
        for square in row.squares:
            title = square.deliverable.title
            if square.state is State.REVIEW and (row.village.name, title) not in linked:
                why = next((with_stop(clean_line(finding.message, 80)) for finding in square.findings), "")
                yield Matter(
                    needs.REVIEW,
                    why or "只能由您判断是否合格。",
                    village=row.village.name,
                    title=title,
                    deliverable=square.deliverable.id,
                )


def find_message_matters(figures: Figures, message: JudgedMessage) -> Iterator[Matter]:
    """What one message leaves to a person."""
    origin = write_origin(figures, message)
    village = message.village or ""
    reasons = {message.reason, message.reply.reason}
    if message.trouble or message.disposition is None:
        need = needs.QUARANTINED if message.quarantined else needs.FAILED
        yield Matter(
            need,
            with_stop(only_chinese(message.trouble) or "核对时出错"),
            origin,
            village=village,
            message=message.digest,
        )
    if message.reply.state is LetterState.HELD:
        note = only_chinese(message.reply.note) or "对方的邮件服务器没有接受，或不能确定是否送到"
        to = clean_line(message.reply.to or "发件人", 60)
        yield Matter(needs.HELD, f"给{to}的回信：{with_stop(note)}", origin, village=village, message=message.digest)
    if Reason.BOUNCE in reasons:
        yield Matter(needs.BOUNCED, "有一封退信。", origin, message=message.digest)
    elif Reason.NOTHING_SENT in reasons:
        yield Matter(needs.QUESTION, "没有附件的来信。", origin, village=village, message=message.digest)
    elif message.disposition is Disposition.UNRECOGNISED or any(f.code == "village-unknown" for f in message.findings):
        names = "、".join(clean_line(each.name, 40) for each in message.attachments[:3])
        more = f"等{len(message.attachments)}个" if len(message.attachments) > 3 else ""
        asked = message.reply.state in {LetterState.QUEUED, LetterState.SENDING, LetterState.SENT}
        files = f"附件：{names}{more}。" if names else "没有附件。"
        yield Matter(
            needs.UNKNOWN,
            f"{files}{'已回信请对方说明。' if asked else ''}",
            origin,
            village=village,
            message=message.digest,
        )
    if message.disposition is not Disposition.IGNORED:
        yield from find_finding_matters(figures, message)


def find_mailing_matters(figures: Figures, mailing: Mailing) -> Iterator[Matter]:
    """Addresses that our letters do not reach, villages that must be called, and a flood that was stopped."""
    if mailing.flood:
        rest = f"，还有{mailing.waiting}封在等" if mailing.waiting else "，现已全部发出"
        yield Matter(needs.FLOOD, f"最近一天里，一小时发信达到{mailing.flood}封的上限{rest}。")
    for lost in mailing.lost:
        need = needs.DEAD if lost.state is AddressState.DEAD else needs.RETURNED_LETTER
        when = write_moment(lost.since, figures.campaign.timezone)
        letter = f"“{clean_line(lost.subject, 60)}”没有送到" if lost.subject else "有信没有送到"
        text = f"{clean_line(lost.address, 60)}：{letter}，{only_chinese(lost.why) or '被退回'}（{when}）。"
        yield Matter(need, text, village=lost.village or "")
    for difference in mailing.differences:
        if difference.kind not in _OF_MESSAGES:
            yield Matter(needs.DIFFERENCE, with_stop(clean_line(difference.said, 160)))
    for why in mailing.unchecked:
        yield Matter(needs.UNCHECKED, with_stop(clean_line(why, 160)))
    for village, why in mailing.unreachable:
        yield Matter(needs.UNREACHABLE, with_stop(clean_line(why, 80)), village=village)


def find_space_matters(space: Space) -> Iterator[Matter]:
    """A disk or a mailbox that is nearly full."""
    if space.disk_is_short:
        yield Matter(needs.DISK, with_stop(write_space(Space(disk_free=space.disk_free))))
    if space.mailbox_is_full:
        yield Matter(needs.MAILBOX, with_stop(write_space(replace(space, disk_free=None))))


def find_finding_matters(figures: Figures, message: JudgedMessage) -> Iterator[Matter]:
    """What was found for the coordinator alone; the same sort of finding in one deliverable stands once."""
    found: dict[tuple[str, str | None, str | None], list[Finding]] = {}
    for finding in message.findings:
        # A link whose village nobody knows is told of as a link, with its expiry.
        if finding.audience is Audience.COORDINATOR and finding.code != "cloud-link":
            found.setdefault((finding.code, finding.village, finding.deliverable), []).append(finding)
    for (code, village, deliverable), findings in found.items():
        first = findings[0]
        file = f"“{clean_line(first.attachment, 60)}”：" if first.attachment else ""
        more = f"同类共{len(findings)}处，见附件“问题明细”。" if len(findings) > 1 else ""
        yield Matter(
            needs.OF_CODES.get(code, needs.OTHER),
            f"{file}{with_stop(clean_line(first.message, 160))}{more}",
            write_origin(figures, message),
            village=village or message.village or "",
            title=write_title(figures, deliverable),
            message=message.digest,
            deliverable=deliverable or "",
        )


def write_title(figures: Figures, deliverable: str | None) -> str:
    """The deliverable's title; empty where it is unknown."""
    titles = {each.id: each.title for each in figures.campaign.deliverables}
    return titles.get(deliverable or "", "")


def write_origin(figures: Figures, message: JudgedMessage) -> str:
    """Which mail is meant, in the words by which a person finds it in the mailbox."""
    sender = clean_line(message.sender.name, 30) or clean_line(message.sender.address, 60) or "发件人不明"
    subject = clean_line(message.subject, 40) or "无主题"
    return f"{write_moment(message.received_at, figures.campaign.timezone)}来件，{sender}，“{subject}”"
