"""Whose each file is, and which deliverable it is: Message + contents -> Submission.

Both are decided by evidence, the strongest first, and all evidence is kept with the decision. Of several sources the
first that names exactly one wins; a source that names several or none says nothing.

Village: the unit written in the document; the file's name or folder; the subject; the body; the letter of ours that the
mail answers; the sender's registered address; the mail's other files where they agree.

Deliverable: the campaign's own form, recognised by its headings; the file's name or folder; the document's title; what
a file of this kind can only be; what the letter asked for that the mail answers; the mail's text where it names just
one deliverable. A recurring one then needs its round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import takewhile

from pipeline.activity.numerals import read_number
from pipeline.forms import read_activity_rows, read_figures, read_filled_form, resembles
from pipeline.links import ANY_PROVIDER
from pipeline.model import (
    ARCHIVE_KINDS,
    PICTURE_KINDS,
    VIDEO_KINDS,
    Attachment,
    Campaign,
    CloudLink,
    Content,
    Deliverable,
    Document,
    Evidence,
    FileKind,
    Filing,
    Kind,
    LinkFiling,
    Message,
    Other,
    Past,
    Source,
    State,
    Submission,
    Thread,
    Writer,
)
from pipeline.register import Register, normalise

# A form is taken for the campaign's own from this share of its headings on: a dropped section still leaves it known.
_RESEMBLANCE = 0.6
# How many paragraphs of a text count as its title at least and at most, and as its sign-off. A red head and its number
# stand over the title of a paper of state (GB/T 9704); no title is a sentence, nor the first point of a list.
_TITLE, _MOST_OF_A_TITLE, _SIGN_OFF = 2, 5, 3
_NO_TITLE = re.compile(r"[。；;]|[:：]\s*$|^\s*[(（]?(?:[一二三四五六七八九十]+|\d{1,2})[)）、.．](?!\d)")
_END_OF_FIRST, _END_OF_SECOND = 10, 20  # days of the month: 上旬, 中旬

# 第二次, 第3期; 写实表（二）. Not 附件（二）, and not (2): so a computer names a copy.
_ORDINAL = re.compile(
    r"第(?P<of_times>[一二三四五六七八九十]|\d{1,2})[次轮期批阶回]|(?<!附件)(?<!附表)\((?P<in_brackets>[一二三四五六七八九十])\)"
)
_DATE_IN_WORDS = re.compile(
    r"(?P<month>[一二三四五六七八九十]{1,2})月份?(?P<day>[一二三四五六七八九十]{1,3})(?:[日号]|(?![一二三四五六七八九十个]))"
)
# What a period begins with is no round: 5.11-5.20 and 5月11日至20日 mean the 20th.
_BEGIN_OF_PERIOD = re.compile(
    r"(\d{1,2}[月./])\d{1,2}[日号]?(?:至|到|[~—–-]+)(?=(?P<month>\d{1,2}[月./])?\d{1,2}(?!\d))"
)

# What a mail's papers say of themselves, whoever sends them.
_OWN_WORD = frozenset({Source.DOCUMENT, Source.FILE_NAME, Source.SUBJECT})

# Of a file's name: from programs (无标题, 工作簿), and of any paper (终稿, 上报, 会员活动月材料).
_EMPTY_WORDS = re.compile(
    "新建|新的|无标题|未命名|文档|文字|文件|文稿|表格|工作表|工作簿|副本|附件|扫描件?|图像|电子版|材料|资料|汇总|上报|报送|呈报"
    "|最终版?|定稿|终稿|初稿|修改|更正|改|版|微信|图片|会员活动[月日]|宣传服务月|活动月|活动|计生协"
)
Contents = Mapping[int, Content]  # by the attachment's number in the message
Owners = Mapping[int, tuple[str | None, tuple[Evidence, ...]]]
Naming = Callable[[str], tuple[str, ...]]  # the villages that a text names


# --- village ----------------------------------------------------------------------------------------------------------


def listed_writers(address: str, register: Register) -> tuple[Writer, ...]:
    """The villages that an address is known to write for by the register alone."""
    return tuple(Writer(village, f"名册中登记的邮箱{address}") for village in register.of_address(address))


def find_villages(
    message: Message,
    contents: Sequence[Content],
    campaign: Campaign,
    register: Register,
    writers: Sequence[Writer],
    thread: Thread | None = None,
) -> Owners:
    """Whose each attachment is, by its number in the message, with the evidence.

    Where nothing names a village rightly, and none is known to write from this address, a name counts that sounds so,
    then one with a single sign mistaken.
    """
    owners: dict[int, tuple[str | None, tuple[Evidence, ...]]] = {}
    for named_in in (register.named_in, register.sounding_in, register.resembling_in):
        of_mail = _villages_of_mail(message, register, writers, thread, named_in)
        for number, (attachment, content) in enumerate(zip(message.attachments, contents, strict=True)):
            evidence = (*_villages_of_file(attachment, content, campaign, named_in), *of_mail)
            owners[number] = (_strongest(evidence), evidence)
        if any(evidence for _, evidence in owners.values()):
            break
    agreed = {village for village, _ in owners.values() if village}
    if len(agreed) == 1:
        village = next(iter(agreed))
        for number, (owner, evidence) in owners.items():
            if owner is None:
                owners[number] = (village, (*evidence, Evidence(Source.SIBLINGS, village, "同一封邮件中的其他文件")))
    return owners


def _strongest(evidence: Iterable[Evidence]) -> str | None:
    """The name given by the first source that gives just one."""
    by_source: dict[Source, set[str]] = {}
    for each in evidence:
        by_source.setdefault(each.source, set()).add(each.names)
    for source in Source:  # declared from the strongest down
        if len(names := by_source.get(source, set())) == 1:
            return next(iter(names))
    return None


def _villages_of_file(
    attachment: Attachment, content: Content, campaign: Campaign, named_in: Naming
) -> Iterable[Evidence]:
    if isinstance(content, Document):
        for text in _unit_texts(content, campaign):
            for village in named_in(text):
                yield Evidence(Source.DOCUMENT, village, text)
    # The innermost name speaks first: the file's own, then its folder, its archive, the mail that it was forwarded in.
    for name in _names_inside_out(attachment):
        if named := named_in(name):
            yield from (Evidence(Source.FILE_NAME, village, name) for village in named)
            return


def _unit_texts(document: Document, campaign: Campaign) -> list[str]:
    """The places where a document says whose it is: a form's unit; a text's title and sign-off."""
    if rules := _known_form(document, campaign):
        filled = read_filled_form(document, rules.form) if rules.form else None
        if filled is not None:
            return [text for text in (filled.unit_line, *dict.fromkeys(filled.unit_column)) if text]
    lines = [line for line in document.paragraphs if line.strip()]
    title = _title(document)
    texts = [*title, *lines[len(title) :][-_SIGN_OFF:]]
    labelled = [line for line in lines if re.match(r"\s*(填报|报送)?单位\s*[:：]", line)]
    return labelled or texts


def _title(document: Document) -> list[str]:
    """The paragraphs at the head of a text that are its title."""
    lines = [line for line in document.paragraphs if line.strip()]
    more = takewhile(lambda line: not _NO_TITLE.search(line), lines[:_MOST_OF_A_TITLE])
    return lines[: max(_TITLE, len(list(more)))]


def _known_form(document: Document, campaign: Campaign) -> Deliverable | None:
    """The deliverable whose blank form this document is, filled in; of one that recurs, its first round."""
    if not document.tables:
        return None
    forms = {d.name: (d, d.form) for d in reversed(campaign.deliverables) if d.form}
    scores = {name: resembles(document, form) for name, (_, form) in forms.items()}
    known = [d for name, (d, _) in reversed(forms.items()) if scores[name] >= _RESEMBLANCE]
    if len(known) > 1:  # seen: the office's whole notice sent back, one of its forms filled in
        known = [each for each in known if _is_filled(document, each, campaign)] or known
    return max(known, key=lambda each: scores[each.name], default=None)


def _is_filled(document: Document, rules: Deliverable, campaign: Campaign) -> bool:
    """Whether the form holds more than the blank one does."""
    assert rules.form is not None
    if rules.kind is Kind.ACTIVITIES:
        opens_on, closes_on = campaign.opens_on, campaign.closes_on
        return bool(read_activity_rows(document, rules.form, opens_on=opens_on, closes_on=closes_on))
    return any(figure.raw.strip() for figure in read_figures(document, rules.form))


def _names_inside_out(attachment: Attachment) -> list[str]:
    names: list[str] = []
    for container in reversed(attachment.path):
        names += [part for part in reversed(container.replace("\\", "/").split("/")) if part]
    return [*names, *attachment.subjects]  # seen: three villages' mails passed on, all named forwarded.eml


def attested_villages(filings: Iterable[Filing]) -> frozenset[str]:
    """The villages that files of a mail belong to by their own word or the subject's, whoever sent them."""
    return frozenset(filing.village for filing in filings if filing.village and _source_of_village(filing) in _OWN_WORD)


def _source_of_village(filing: Filing) -> Source | None:
    """The source that decided whose the file is."""
    evidence = [each for each in filing.evidence if each.names == filing.village]
    return next((each.source for each in evidence if _strongest([each]) == filing.village), None)


def _villages_of_mail(
    message: Message, register: Register, writers: Sequence[Writer], thread: Thread | None, named_in: Naming
) -> tuple[Evidence, ...]:
    found = [
        Evidence(source, village, text[:80])
        for source, text in (
            (Source.SUBJECT, message.subject),
            (Source.BODY, message.text or message.quoted),
        )
        for village in named_in(text)
    ]
    if thread is not None:
        found += [
            Evidence(Source.THREAD, village, "回复的是给该村的信") for village in thread.villages if village in register
        ]
    found += [Evidence(Source.SENDER, each.village, each.why) for each in writers]
    return tuple(found)


# --- deliverable ------------------------------------------------------------------------------------------------------


def file_submission(
    message: Message,
    contents: Sequence[Content],
    owners: Owners,
    past: Past,
    campaign: Campaign,
    register: Register,
    writers: Sequence[Writer],
) -> Submission:
    """Every file and link of the message put where it belongs."""
    of_mail = _villages_of_mail(message, register, writers, past.thread, register.named_in)
    filings: list[Filing] = []
    for number, (attachment, content) in enumerate(zip(message.attachments, contents, strict=True)):
        village, why = owners[number]
        evidence = list(why)
        asked = _names_asked(past, village)
        name = _find_deliverable(attachment, content, message, len(message.attachments), campaign, evidence, asked)
        rounds = campaign.rounds(name) if name else ()
        sources = _sources_of_round(attachment, content, message)
        if rounds and _is_named_for_an_old_round(attachment, rounds, message, village, past):
            sources = tuple(each for each in sources if each[0] is Source.SUBJECT)
        deliverable = _find_round(rounds, sources, message.received_at, village, past, evidence) if rounds else None
        which = deliverable.id if deliverable else None
        filings.append(Filing(attachment, content, village, which, tuple(evidence)))
    agreed = {filing.village for filing in filings if filing.village}
    village = next(iter(agreed)) if len(agreed) == 1 else _strongest(of_mail) if not agreed else None
    links = tuple(
        _file_link(link, message, village, past, campaign, register)
        for link in message.links
        if (not link.quoted or not message.attachments)
        and (link.provider != ANY_PROVIDER or _stands_for_a_file(link, message, village, campaign))
    )
    return Submission(
        message=message,
        filings=tuple(filings),
        links=links,
        village=village,
        sender_villages=tuple(each.village for each in writers),
        named_villages=register.named_in(f"{message.subject}\n{message.text}"),
    )


def _find_deliverable(
    attachment: Attachment,
    content: Content,
    message: Message,
    siblings: int,
    campaign: Campaign,
    evidence: list[Evidence],
    asked: Collection[str],
) -> str | None:
    """The deliverable's name (without its round), or None. ``asked``: what the letter asked for that it answers."""
    kinds = _kinds_possible(attachment.sniffed_kind, content)
    if isinstance(content, Document):
        rules = _known_form(content, campaign)
        if rules is not None:
            evidence.append(Evidence(Source.CONTENT, rules.name, "表格与空白表相同"))
            return rules.name
    for text in _names_inside_out(attachment):
        if name := keyword_deliverable(text, campaign, kinds):
            evidence.append(Evidence(Source.FILE_NAME, name, text))
            return name
    if isinstance(content, Document):
        for line in _title(content):
            if name := keyword_deliverable(line, campaign, kinds):
                evidence.append(Evidence(Source.DOCUMENT, name, line[:80]))
                return name
    return _guess_deliverable(attachment, content, message, siblings, campaign, evidence, asked)


def _guess_deliverable(
    attachment: Attachment,
    content: Content,
    message: Message,
    siblings: int,
    campaign: Campaign,
    evidence: list[Evidence],
    asked: Collection[str],
) -> str | None:
    """The deliverable's name of a file that does not say by itself what it is."""
    kinds = _kinds_possible(attachment.sniffed_kind, content)
    only = {d.name for d in campaign.deliverables if d.kind in kinds} if kinds else set()
    if len(only) == 1 and attachment.sniffed_kind in PICTURE_KINDS | VIDEO_KINDS:
        name = next(iter(only))
        evidence.append(Evidence(Source.CONTENT, name, attachment.sniffed_kind))
        return name
    if attachment.sniffed_kind in _TOLD_BY_ENDING and (kinds := _kinds_by_ending(attachment.name)):
        only = {d.name for d in campaign.deliverables if d.kind in kinds}
        if len(only) == 1:  # an error page saved as 视频1.mp4
            name = next(iter(only))
            evidence.append(Evidence(Source.FILE_NAME, name, attachment.name))
            return name
    fitting = {d.name for d in campaign.deliverables if d.name in asked and _fits(attachment, content, d)}
    if len(fitting) == 1:
        name = next(iter(fitting))
        evidence.append(Evidence(Source.THREAD, name, "回复的信只要求补这一项"))
        return name
    if _says_nothing(attachment.name) and siblings == 1:
        for source, text in ((Source.SUBJECT, message.subject), (Source.BODY, message.text)):
            if found := keyword_deliverable(text, campaign, kinds):
                evidence.append(Evidence(source, found, text[:80]))
                return found
    return None


def _names_asked(past: Past, village: str | None) -> frozenset[str]:
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


def _kinds_by_ending(name: str) -> frozenset[Kind]:
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
    clean = normalise(text)
    for word in campaign.place_words:
        clean = clean.replace(normalise(word), " ")
    owners: dict[str, str] = {}
    for deliverable in campaign.deliverables:
        for keyword in deliverable.keywords:
            owners.setdefault(normalise(keyword), deliverable.name)
    pattern = "|".join(re.escape(word) for word in sorted(owners, key=len, reverse=True))
    found = [owners[match.group()] for match in re.finditer(pattern, clean)]
    names = list(dict.fromkeys(found))
    if len(names) > 1:
        fitting = [name for name in names if any(d.name == name and d.kind in kinds for d in campaign.deliverables)]
        names = fitting if len(kinds) < len(Kind) and fitting else names
    return names[0] if len(names) == 1 else None


def _says_nothing(name: str) -> bool:
    """Whether a file's name is one that a program or a hurried person gives: 新建 DOCX 文档, IMG_2023, zongjie."""
    stem = normalise(name).rsplit(".", 1)[0]
    bare = re.sub(r"[\W\da-z_]", "", stem, flags=re.I)
    bare = re.sub(r"^[\u4e00-\u9fff]{1,4}?(?:村|社区)(?:民?委员?会|居?委会?|两委|计生协)?", "", bare)
    return not _EMPTY_WORDS.sub("", bare)


def _stands_for_a_file(link: CloudLink, message: Message, village: str | None, campaign: Campaign) -> bool:
    """Whether a link to a place that nobody knows was sent in place of a file: a village's, and no file beside it."""
    return village is not None and not message.attachments and _deliverable_of_link(link, message, campaign) is not None


def _file_link(
    link: CloudLink, message: Message, village: str | None, past: Past, campaign: Campaign, register: Register
) -> LinkFiling:
    """A link counts as the file that it leads to; the mail's own village where its name tells none."""
    village = register.one_named_in(link.name) or village
    name = _deliverable_of_link(link, message, campaign)
    rounds = campaign.rounds(name) if name else ()
    sources = ((Source.FILE_NAME, link.name), (Source.SUBJECT, message.subject))
    deliverable = _find_round(rounds, sources, message.received_at, village, past, []) if rounds else None
    return LinkFiling(link, village, deliverable.id if deliverable else None)


def _deliverable_of_link(link: CloudLink, message: Message, campaign: Campaign) -> str | None:
    """The deliverable's name (without its round), or None."""
    kinds = _kinds_by_ending(link.name) or frozenset(Kind)
    for text in (link.name, message.subject, message.text):
        if name := keyword_deliverable(text, campaign, kinds):
            return name
    only = {d.name for d in campaign.deliverables if d.kind in kinds}
    return next(iter(only)) if len(only) == 1 else None


# --- round ------------------------------------------------------------------------------------------------------------


def _sources_of_round(attachment: Attachment, content: Content, message: Message) -> tuple[tuple[Source, str], ...]:
    titles = _title(content) if isinstance(content, Document) else []
    return (
        *((Source.FILE_NAME, name) for name in _names_inside_out(attachment)),
        *((Source.DOCUMENT, line) for line in titles),
        (Source.SUBJECT, message.subject),
    )


def _is_named_for_an_old_round(
    attachment: Attachment, rounds: Sequence[Deliverable], message: Message, village: str | None, past: Past
) -> bool:
    """5.10写实表.docx under the subject 5月20日写实表, when the round of the 20th is due: saved under its old name.

    Not where the round of its name is still owed, or another of the mail's files is the subject's.
    """
    meant = rounds_named(message.subject, rounds)
    names = next((found for name in _names_inside_out(attachment) if len(found := rounds_named(name, rounds)) == 1), [])
    if len(meant) != 1 or not names or names == meant or not is_settled(past, village, names[0].id):
        return False
    others = [each for each in message.attachments if each is not attachment]
    if any(rounds_named(name, rounds) == meant for other in others for name in _names_inside_out(other)):
        return False
    return round_by_arrival(rounds, message.received_at, village, past) == meant[0]


def _find_round(
    rounds: Sequence[Deliverable],
    sources: Iterable[tuple[Source, str]],
    received_at: datetime,
    village: str | None,
    past: Past,
    evidence: list[Evidence],
) -> Deliverable:
    """The round that is meant; the only one of a deliverable that does not recur."""
    if len(rounds) == 1:
        return rounds[0]
    for source, text in sources:
        named = rounds_named(text, rounds)
        if len(named) == 1:
            evidence.append(Evidence(source, named[0].id, text[:80]))
            return named[0]
    asked = _rounds_asked(rounds, village, past)
    if len(asked) == 1:
        evidence.append(Evidence(Source.THREAD, asked[0].id, "回复的信要求补这一次"))
        return asked[0]
    chosen = round_by_arrival(rounds, received_at, village, past)
    evidence.append(Evidence(Source.ARRIVAL, chosen.id, received_at.isoformat()))
    return chosen


def _rounds_asked(rounds: Sequence[Deliverable], village: str | None, past: Past) -> list[Deliverable]:
    """The rounds that the letter which is answered wants mended, and that still are to be; none, those it asks for."""
    asks = {ask.deliverable: ask for ask in past.thread.asks if ask.village == village} if past.thread else {}
    asked = [each for each in rounds if each.id in asks and not is_settled(past, village, each.id)]
    return [each for each in asked if asks[each.id].returned] or asked


def is_settled(past: Past, village: str | None, deliverable: str) -> bool:
    """Whether nothing more is owed of it."""
    standing = past.standings.get((village, deliverable)) if village else None
    return standing is not None and standing.state in (State.ACCEPTED, State.WAIVED, State.NIL)


def rounds_named(text: str, rounds: Sequence[Deliverable]) -> list[Deliverable]:
    """The rounds named by date (5月20日, 五月二十日, 5.20, 0520), as a period's end (5.11-5.20) or number (第二次)."""
    if not rounds:
        return []
    clean = _DATE_IN_WORDS.sub(_in_figures, re.sub(r"\s", "", normalise(text)))
    clean = _BEGIN_OF_PERIOD.sub(lambda match: "" if match["month"] else match[1], clean)
    found = [r for r in rounds if re.search(_date_pattern(r), clean)]
    if found:
        return found
    if ordinal := _ORDINAL.search(clean):
        written = ordinal["of_times"] or ordinal["in_brackets"]
        number = "一二三四五六七八九十".find(written) + 1 or int(written)
        return [r for r in rounds if r.round == number]
    if re.search("首[次期轮批]", clean):
        return [r for r in rounds if r.round == 1]
    if re.search("最后一?[次期轮批]|末[次期]", clean):
        return [rounds[-1]]
    return [r for r in rounds if re.search(_day_pattern(r), clean)]


def _in_figures(date: re.Match[str]) -> str:
    month, day = (read_number(date[which]) for which in ("month", "day"))
    return f"{month}月{day}日" if month and day else date[0]


def _date_pattern(deliverable: Deliverable) -> str:
    month, day = deliverable.due_on.month, deliverable.due_on.day
    year = deliverable.due_on.year
    apart = rf"(?<![\d.])0?{month}[月./\-·_、。]0?{day}(?!\d)|(?<=\d\d[./\-_])0?{month}[./\-_]0?{day}(?!\d)"
    together = rf"(?<!\d)(?:{year}-?|{year % 100})?{month:02d}{day:02d}(?!\d)"
    return rf"{apart}|{together}|(?<!\d){month}{day:02d}(?![\d人名份元次个张])"


def _day_pattern(deliverable: Deliverable) -> str:
    """A day without its month (20日, 10号), or the part of the month that ends with it (5月上旬, 月底)."""
    month, day = deliverable.due_on.month, deliverable.due_on.day
    part = "上旬" if day <= _END_OF_FIRST else "中旬" if day <= _END_OF_SECOND else "(?:下旬|月?[底末])"
    return rf"(?<![\d月./]){day}[日号]|(?<!\d){month}月份?{part}|(?<![\d月]){part}"


def round_by_arrival(
    rounds: Sequence[Deliverable], received_at: datetime, village: str | None, past: Past
) -> Deliverable:
    """The contract's rule: the first round not yet due, or the one before where that is nearer and not accepted."""
    following = next((number for number, each in enumerate(rounds) if received_at < each.due_at), None)
    if following is None:
        return rounds[-1]
    if following == 0:
        return rounds[0]
    before, after = rounds[following - 1], rounds[following]
    accepted = is_settled(past, village, before.id)
    nearer = received_at - before.due_at < after.due_at - received_at
    return before if nearer and not accepted else after
