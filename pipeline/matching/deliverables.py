"""Which deliverable a file is, its round aside."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.matching.evidence import known_form, names_inside_out, title_lines
from pipeline.matching.rounds import rounds_named
from pipeline.model.campaign import Campaign, Deliverable, Kind
from pipeline.model.content import Content, Document, Other, Unreadable
from pipeline.model.files import ARCHIVE_KINDS, PICTURE_KINDS, VIDEO_KINDS, FileKind
from pipeline.model.message import Attachment, Message
from pipeline.model.past import Past
from pipeline.model.submission import Evidence, Source
from pipeline.register import core_name, normalise

# Of a file's name: from programs (无标题, 工作簿), and of any paper (终稿, 上报, 会员活动月材料).
_EMPTY_WORDS = re.compile(
    "新建|新的|无标题|未命名|文档|文字|文件|文稿|表格|工作表|工作簿|副本|附件|扫描件?|图像|电子版|材料|资料|汇总|上报|报送|呈报"
    "|最终版?|定稿|终稿|初稿|修改|更正|改|版|微信|图片|会员活动[月日]|宣传服务月|活动月|活动|计生协"
)


def find_deliverable(
    attachment: Attachment,
    content: Content,
    message: Message,
    campaign: Campaign,
    asked: Collection[str],
    village: str | None,
) -> Evidence | None:
    """What tells which deliverable a file is: it names that without its round. None where nothing tells.

    ``asked``: what the letter asked for that the mail answers; ``village``: whose the file is.
    """
    kinds = _kinds_possible(attachment.sniffed_kind, content)
    if isinstance(content, Document):
        rules = known_form(content, campaign)
        if rules is not None:
            return Evidence(Source.CONTENT, rules.name, "表格与空白表相同")
    for text in names_inside_out(attachment):
        if name := keyword_deliverable(text, campaign, kinds):
            return Evidence(Source.FILE_NAME, name, text)
    if isinstance(content, Document):
        for line in title_lines(content):
            if name := keyword_deliverable(line, campaign, kinds):
                return Evidence(Source.DOCUMENT, name, line[:80])
    return _guess_deliverable(attachment, content, message, campaign, asked, village)


def _guess_deliverable(
    attachment: Attachment,
    content: Content,
    message: Message,
    campaign: Campaign,
    asked: Collection[str],
    village: str | None,
) -> Evidence | None:
    """The same of a file that does not say by itself what it is."""
    kinds = _kinds_possible(attachment.sniffed_kind, content)
    name = only_deliverable(campaign, kinds)
    if name and attachment.sniffed_kind in PICTURE_KINDS | VIDEO_KINDS:
        return Evidence(Source.CONTENT, name, attachment.sniffed_kind)
    if (
        attachment.sniffed_kind in _TOLD_BY_ENDING
        and (kinds := kinds_by_ending(attachment.name))
        and (name := only_deliverable(campaign, kinds))
    ):  # an error page saved as 视频1.mp4
        return Evidence(Source.FILE_NAME, name, attachment.name)
    fitting = {d.name for d in campaign.deliverables if d.name in asked and _fits(attachment, content, d)}
    if len(fitting) == 1:
        return Evidence(Source.THREAD, next(iter(fitting)), "回复的信只要求补这一项")
    if _says_nothing(attachment.name, village) and len(message.attachments) == 1:
        for source, text in ((Source.SUBJECT, message.subject), (Source.BODY, message.text)):
            if found := keyword_deliverable(text, campaign, kinds):
                return Evidence(source, found, text[:80])
    return _named_for_a_round(attachment, campaign) if isinstance(content, Unreadable) else None


def _named_for_a_round(attachment: Attachment, campaign: Campaign) -> Evidence | None:
    """The one thing that recurs, where a file that nobody can read is named for one of its rounds: 5.20.docx."""
    recurring = {each.name for each in campaign.deliverables if len(campaign.rounds(each.name)) > 1}
    if len(recurring) != 1 or kinds_by_ending(attachment.name):
        return None
    (name,) = recurring
    for text in names_inside_out(attachment):
        if len(rounds_named(text, campaign.rounds(name))) == 1:
            return Evidence(Source.FILE_NAME, name, text)
    return None


def only_deliverable(campaign: Campaign, kinds: frozenset[Kind]) -> str | None:
    """The name of the one deliverable of these kinds; None where there are several, or none."""
    names = {each.name for each in campaign.deliverables if each.kind in kinds}
    return next(iter(names)) if len(names) == 1 else None


def names_asked(past: Past, village: str | None) -> frozenset[str]:
    """The names of what the letter that is answered wants mended; where nothing, of what it wants at all."""
    asks = [ask for ask in past.thread.asks if ask.village == village] if past.thread else []
    wanted = [ask for ask in asks if ask.returned] or asks
    return frozenset(ask.deliverable.partition("@")[0] for ask in wanted)


def _fits(attachment: Attachment, content: Content, rules: Deliverable) -> bool:
    """Whether a file could be meant for it at all: a document without a table is no form."""
    if attachment.sniffed_kind not in rules.formats:
        return False
    return rules.form is None or (isinstance(content, Document) and bool(content.tables))


def _kinds_possible(kind: FileKind, content: Content) -> frozenset[Kind]:
    """What a file of this kind may be a part of; empty where it says nothing."""
    if kind in PICTURE_KINDS:
        return frozenset({Kind.PHOTOS})
    if kind in VIDEO_KINDS:
        return frozenset({Kind.VIDEOS})
    if isinstance(content, Other) and kind not in ARCHIVE_KINDS:
        return frozenset()
    return frozenset(Kind)


# Whose content says nothing of what it was meant for.
_TOLD_BY_ENDING = frozenset({FileKind.HTML, FileKind.TEXT, FileKind.UNKNOWN})


def kinds_by_ending(name: str) -> frozenset[Kind]:
    """What a file of this name is meant for, by its ending; empty where that says nothing."""
    ending = name.rsplit(".", 1)[-1].lower()
    if ending in {"mp4", "mov", "3gp", "avi", "wmv", "mkv", "flv", "mpg", "mpeg", "m4v"}:
        return frozenset({Kind.VIDEOS})
    return frozenset({Kind.PHOTOS}) if ending in {"jpg", "jpeg", "png", "heic"} else frozenset()


def keyword_deliverable(text: str, campaign: Campaign, kinds: frozenset[Kind] = frozenset(Kind)) -> str | None:
    """The deliverable that a name or title speaks of, if it speaks of just one.

    The longest keyword at a place wins (活动总结 over 总结). Of several, the one that a file of these ``kinds`` can be
    wins: a picture named 写实表照片 is a photo, one named 写实表 alone is a table in the wrong format.
    """
    names = keyword_deliverables(text, campaign)
    if len(names) > 1:
        fitting = [name for name in names if any(d.name == name and d.kind in kinds for d in campaign.deliverables)]
        names = fitting if len(kinds) < len(Kind) and fitting else names
    return names[0] if len(names) == 1 else None


def keyword_deliverables(text: str, campaign: Campaign) -> list[str]:
    """The deliverables that a text speaks of, each once, in its order."""
    clean = normalise(text)
    for word in campaign.place_words:
        clean = clean.replace(normalise(word), " ")
    owners: dict[str, str] = {}
    for deliverable in campaign.deliverables:
        for keyword in deliverable.keywords:
            owners.setdefault(normalise(keyword), deliverable.name)
    pattern = "|".join(re.escape(word) for word in sorted(owners, key=len, reverse=True))
    return list(dict.fromkeys(owners[match.group()] for match in re.finditer(pattern, clean)))


def _says_nothing(name: str, village: str | None) -> bool:
    """Whether a file's name is one that a program or a hurried person gives: 新建 DOCX 文档, IMG_2023, zongjie, or that
    of the village, with its 村 or without.
    """
    stem = normalise(name).rsplit(".", 1)[0]
    bare = re.sub(r"[\W\da-z_]", "", stem, flags=re.I)
    place = rf"[\u4e00-\u9fff]{{1,4}}?(?:村|社区)|{re.escape(core_name(normalise(village or '村')))}"
    bare = re.sub(rf"^(?:{place})(?:民?委员?会|居?委会?|两委|计生协)?", "", bare)
    return not _EMPTY_WORDS.sub("", bare)
