"""rules/ -> Campaign. Strict: what its author mistypes is one clear line with file, line, key and remedy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.campaign.settings import FACTS, FACTS_OF_ANY, FACTS_OF_MAIL, read_checks
from pipeline.campaign.written import Written, WrittenDeliverable, WrittenForm
from pipeline.content import read_content
from pipeline.model.campaign import Campaign, Deliverable, Form, Kind, ReminderPlan
from pipeline.model.content import Content, Document, Table
from pipeline.model.files import PICTURE_KINDS, SHEET_KINDS, VIDEO_KINDS, WORD_KINDS, FileKind
from pipeline.model.reading import FigurePlace
from pipeline.sniff import sniff_kind
from pipeline.text.days import write_month_day
from pipeline.tomlfile import KeyPath, complain, did_you_mean, read_model

# What a campaign may name as a format: a family, or one kind of file.
_FAMILIES: Mapping[str, tuple[frozenset[FileKind], str]] = {
    "word": (WORD_KINDS | {FileKind.ODT}, "Word文档"),
    "excel": (SHEET_KINDS, "Excel表格"),
    "pdf": (frozenset({FileKind.PDF}), "PDF"),
    "jpeg": (frozenset({FileKind.JPEG}), "jpg格式"),
    "picture": (PICTURE_KINDS, "图片"),
    "video": (VIDEO_KINDS, "视频"),
}


def load_campaign(path: Path) -> Campaign:
    """The campaign of this file, its blank forms read. Raises ConfigError."""
    written, text = read_model(path, "活动规则文件", Written)
    heading = written.campaign
    try:
        zone = ZoneInfo(heading.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        problem = "不认识这个时区，中国请写 Asia/Shanghai"
        raise complain(path, text, ("campaign", "timezone"), problem) from error
    names = [each.name for each in written.deliverable]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise complain(path, text, ("deliverable", number, "name"), f"{name} 出现了两次，请改用不同的名称")
    deliverables = tuple(
        deliverable
        for number, each in enumerate(written.deliverable)
        for deliverable in _read_deliverable(each, path, text, ("deliverable", number), zone)
    )
    letters = path.parent / "letters"
    notice = _read_notice(heading.notice, path, text)
    return Campaign(
        id=heading.id,
        title=heading.title,
        short_title=heading.short_title,
        issuer=heading.issuer,
        contact=heading.contact or heading.issuer,
        timezone=zone,
        opens_on=heading.opens,
        closes_on=heading.closes,
        deliverables=deliverables,
        place_words=tuple(heading.place_words),
        checks=read_checks(written.checks, FACTS_OF_MAIL, path, text, ("checks",)),
        letters=letters,
        rules_digest=_digest([path, *sorted({*(d.form.file for d in deliverables if d.form), *notice})]),
        reminders=ReminderPlan(
            before=tuple(written.reminders.before),
            on_day=written.reminders.on_day,
            after=tuple(written.reminders.after),
            hour=written.reminders.hour,
        ),
        notice="\n".join(notice.values()),
        notice_file=next(iter(notice), None),
        notice_digest="".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in notice),
    )


def _read_notice(name: str, path: Path, text: str) -> Mapping[Path, str]:
    """What the notice says, by its file; none where the campaign names none."""
    if not name:
        return {}
    file, key = path.parent / name, ("campaign", "notice")
    content = _read_paper(file, "通知", path, text, key)
    if not isinstance(content, Document):
        raise complain(path, text, key, f"通知 {file} 打不开，请换成 Word 文档（docx）")
    return {file: content.text}


def _read_paper(file: Path, what: str, path: Path, text: str, key: KeyPath) -> Content:
    """What a file that the campaign names holds."""
    if not file.is_file():
        raise complain(path, text, key, f"找不到{what} {file}，请检查路径")
    return read_content(file, sniff_kind(file.read_bytes()), file.name)


def _read_deliverable(
    written: WrittenDeliverable, path: Path, text: str, key: KeyPath, zone: ZoneInfo
) -> Iterator[Deliverable]:
    formats, words = _read_formats(written.formats, path, text, (*key, "formats"))
    if written.kind in (Kind.ACTIVITIES, Kind.FIGURES) and written.form is None:
        raise complain(path, text, key, f"{written.title}是表格，请在 [deliverable.form] 里写明空白表 file")
    form = _read_form(written.form, written.kind, path, text, (*key, "form")) if written.form else None
    checks = read_checks(written.checks, FACTS_OF_ANY | FACTS[written.kind], path, text, (*key, "checks"))
    recurs = len(written.due) > 1
    for number, due_on in enumerate(sorted(written.due), 1):
        yield Deliverable(
            id=f"{written.name}@{due_on.isoformat()}" if recurs else written.name,
            name=written.name,
            title=f"{written.title}（{write_month_day(due_on)}）" if recurs else written.title,
            kind=written.kind,
            due_on=due_on,
            # “于5月10日前” includes the whole of 10 May: the contract's reading.
            due_at=datetime.combine(due_on + timedelta(days=1), time.min, zone),
            formats=formats,
            format_words=words,
            keywords=tuple(written.keywords),
            form=form,
            set=written.kind is Kind.PHOTOS,
            round=number if recurs else 0,
            nil_allowed=written.nil_allowed,
            checks=checks,
        )


def _read_formats(written: Sequence[str], path: Path, text: str, key: KeyPath) -> tuple[frozenset[FileKind], str]:
    kinds: set[FileKind] = set()
    words: list[str] = []
    for name in written:
        if name in _FAMILIES:
            kinds |= _FAMILIES[name][0]
            words.append(_FAMILIES[name][1])
        elif name in list(FileKind):
            kinds.add(FileKind(name))
            words.append(name)
        else:
            known = [*_FAMILIES, *FileKind]
            hint = did_you_mean(name, known) or f"，可用的有 {'、'.join(_FAMILIES)}"
            raise complain(path, text, key, f"不认识的格式 {name}{hint}")
    return frozenset(kinds), "或".join(words)


def _read_form(written: WrittenForm, kind: Kind, path: Path, text: str, key: KeyPath) -> Form:
    file = path.parent / written.file
    content = _read_paper(file, "空白表", path, text, (*key, "file"))
    if not isinstance(content, Document) or not content.tables:
        raise complain(path, text, (*key, "file"), f"空白表 {file} 打不开或里面没有表格，请换成 Word 文档（docx）")
    blank = max(content.tables, key=lambda table: len(table.cells))
    headings = _headings(blank)
    if kind is Kind.ACTIVITIES:
        if missing := {"account", "photos"} - set(written.columns):
            raise complain(path, text, (*key, "columns"), f"缺少 {'、'.join(sorted(missing))}，请写明各是哪一栏")
        for role, column in written.columns.items():
            if role not in ("unit", "account", "photos"):
                raise complain(path, text, (*key, "columns"), f"不认识 {role}，只能写 unit、account、photos")
            if _plain(column) not in headings:
                hint = did_you_mean(_plain(column), headings)
                raise complain(path, text, (*key, "columns"), f"空白表里没有“{column}”这一栏{hint}")
    elif not written.figures:
        raise complain(path, text, key, "缺少 figures，请写明各村必须填写的数字在哪里")
    for number, figure in enumerate(written.figures):
        if strange := next((each for each in figure.headings if _plain(each) not in headings), None):
            hint = did_you_mean(_plain(strange), headings)
            problem = f"第{number + 1}个数字“{figure.title}”：空白表里没有“{strange}”这一格{hint}"
            raise complain(path, text, (*key, "figures"), problem)
    return Form(
        file=file,
        title=written.title,
        blank=blank,
        columns=dict(written.columns),
        figures=tuple(FigurePlace(each.id, each.title, tuple(each.headings)) for each in written.figures),
        samples=tuple(written.samples),
        digest=hashlib.sha256(file.read_bytes()).hexdigest(),
    )


def _headings(table: Table) -> frozenset[str]:
    return frozenset(_plain(cell.text) for cell in table.cells if cell.text.strip())


def _plain(text: str) -> str:
    return "".join(text.split())


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
