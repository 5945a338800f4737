"""rules/ -> Campaign. Strict: what its author mistypes is one clear line with file, line, key and remedy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from pipeline.check import Check, Setting, all_checks, placeholders
from pipeline.content import read_content
from pipeline.model.campaign import Campaign, Deliverable, Form, Kind, ReminderPlan
from pipeline.model.content import Content, Document, Table
from pipeline.model.facts import (
    ActivityTable,
    Delivery,
    FigureTable,
    File,
    Link,
    Mail,
    PhotoSet,
    Pictures,
    Prose,
    VideoSet,
)
from pipeline.model.files import PICTURE_KINDS, SHEET_KINDS, VIDEO_KINDS, WORD_KINDS, FileKind
from pipeline.model.filled import FilledForm
from pipeline.model.finding import Severity
from pipeline.model.reading import FigurePlace
from pipeline.sniff import sniff_kind
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

# Which facts each kind of deliverable has, and so which checks may be put on it.
_FACTS_OF_ANY: frozenset[type[Any]] = frozenset({Delivery, File, Link, Pictures})
_FACTS: Mapping[Kind, frozenset[type[Any]]] = {
    Kind.ACTIVITIES: frozenset({FilledForm, ActivityTable}),
    Kind.FIGURES: frozenset({FilledForm, FigureTable}),
    Kind.PROSE: frozenset({Prose}),
    Kind.PHOTOS: frozenset({PhotoSet}),
    Kind.VIDEOS: frozenset({VideoSet}),
}
_FACTS_OF_MAIL: frozenset[type[Any]] = frozenset({Mail, File, Link})


# --- the file's shape -------------------------------------------------------------------------------------------------


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


class _Heading(_Strict):
    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    short_title: str = Field(min_length=1)
    issuer: str = Field(min_length=1)
    contact: str = ""
    timezone: str = "Asia/Shanghai"
    opens: date
    closes: date
    place_words: list[str] = []
    notice: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> _Heading:
        if self.closes < self.opens:
            raise ValueError("closes（结束日期）早于 opens（开始日期），请核对")
        return self


class _Figure(_Strict):
    id: str
    title: str
    headings: list[str] = Field(min_length=1)


class _Form(_Strict):
    file: str
    title: str
    columns: dict[str, str] = {}
    samples: list[str] = []
    figures: list[_Figure] = []


class _Deliverable(_Strict):
    name: str = Field(min_length=1, pattern=r"^[a-z][a-z0-9-]*$")
    title: str = Field(min_length=1)
    kind: Kind = Field(strict=False)
    due: Annotated[list[date], BeforeValidator(_as_list)] = Field(min_length=1)
    formats: list[str] = Field(min_length=1)
    keywords: list[str] = Field(min_length=1)
    form: _Form | None = None
    nil_allowed: bool = False
    checks: dict[str, dict[str, Any] | bool] = {}


_USUAL = ReminderPlan()
_Days = Annotated[list[Annotated[int, Field(ge=1, le=60)]], Field(max_length=10)]


class _Reminders(_Strict):
    before: _Days = list(_USUAL.before)
    on_day: bool = _USUAL.on_day
    after: _Days = list(_USUAL.after)
    hour: int = Field(_USUAL.hour, ge=8, le=18)  # nobody is written to at night


class _CampaignFile(_Strict):
    campaign: _Heading
    reminders: _Reminders = _Reminders()
    deliverable: list[_Deliverable] = Field(min_length=1)
    checks: dict[str, dict[str, Any] | bool] = {}


# --- reading it -------------------------------------------------------------------------------------------------------


def load_campaign(path: Path) -> Campaign:
    """The campaign of this file, its blank forms read. Raises ConfigError."""
    written, text = read_model(path, "活动规则文件", _CampaignFile)
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
        checks=_read_checks(written.checks, _FACTS_OF_MAIL, path, text, ("checks",)),
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
    written: _Deliverable, path: Path, text: str, key: KeyPath, zone: ZoneInfo
) -> Iterator[Deliverable]:
    formats, words = _read_formats(written.formats, path, text, (*key, "formats"))
    if written.kind in (Kind.ACTIVITIES, Kind.FIGURES) and written.form is None:
        raise complain(path, text, key, f"{written.title}是表格，请在 [deliverable.form] 里写明空白表 file")
    form = _read_form(written.form, written.kind, path, text, (*key, "form")) if written.form else None
    checks = _read_checks(written.checks, _FACTS_OF_ANY | _FACTS[written.kind], path, text, (*key, "checks"))
    recurs = len(written.due) > 1
    for number, due_on in enumerate(sorted(written.due), 1):
        yield Deliverable(
            id=f"{written.name}@{due_on.isoformat()}" if recurs else written.name,
            name=written.name,
            title=f"{written.title}（{due_on.month}月{due_on.day}日）" if recurs else written.title,
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


def _read_form(written: _Form, kind: Kind, path: Path, text: str, key: KeyPath) -> Form:
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


def _read_checks(
    written: Mapping[str, Mapping[str, Any] | bool],
    facts: frozenset[type[Any]],
    path: Path,
    text: str,
    key: KeyPath,
) -> Mapping[str, Setting]:
    """How each check that looks at one of these facts is to run; those not written run as they declare themselves."""
    known = all_checks()
    for code in written:
        if code not in known:
            raise complain(path, text, (*key, code), f"没有这项核对{did_you_mean(code, known)}")
        if known[code].check.on not in facts:
            fitting = "、".join(sorted(other for other in known if known[other].check.on in facts))
            raise complain(path, text, (*key, code), f"这项核对不适用于此处，此处可用的有 {fitting}")
    settings: dict[str, Setting] = {}
    for code, found in known.items():
        if found.check.on not in facts:
            continue
        wish = written.get(code, {})
        if isinstance(wish, bool):
            settings[code] = Setting(enabled=wish, options=_defaults(found.check))
        else:
            settings[code] = _read_setting(found.check, wish, path, text, (*key, code))
    return settings


def _defaults(check: Check) -> Any:
    """The check's options where it can do without the campaign's word, else None."""
    required = [f for f in fields(check.options) if f.default is MISSING and f.default_factory is MISSING]
    return None if required else check.options()


def _read_setting(check: Check, wish: Mapping[str, Any], path: Path, text: str, key: KeyPath) -> Setting:
    options = dict(wish)
    severity = options.pop("severity", None)
    if severity is not None and severity not in list(Severity):
        raise complain(path, text, (*key, "severity"), "应为 error、warning 或 info")
    message = options.pop("message", None)
    if message is not None:
        _refuse_strange_placeholders(check, message, path, text, (*key, "message"))
    known = {field.name for field in fields(check.options)}
    for name in options:
        if name not in known:
            also = ["severity", "message", *sorted(known)]
            hint = did_you_mean(name, also) or f"，可用的有 {'、'.join(also)}"
            raise complain(path, text, (*key, name), f"这项核对没有这个选项{hint}")
    if not options:
        defaults = _defaults(check)
        return Setting(severity and Severity(severity), message, defaults, enabled=defaults is not None)
    hints = get_type_hints(check.options)
    try:
        values = {name: TypeAdapter(hints[name]).validate_python(value) for name, value in options.items()}
        chosen = check.options(**values)
    except ValidationError as error:
        name = next(iter(options))
        raise complain(path, text, (*key, name), "这个值的类型不对，请对照 baosong explain 的说明") from error
    except TypeError as error:
        raise complain(path, text, key, "选项没有写全，请对照 baosong explain 的说明") from error
    return Setting(severity and Severity(severity), message, chosen)


def _refuse_strange_placeholders(check: Check, message: str, path: Path, text: str, key: KeyPath) -> None:
    allowed = placeholders(check.message) | {"where"}
    try:
        strange = placeholders(message) - allowed
    except ValueError as error:
        raise complain(path, text, key, "大括号没有配对，请检查") from error
    if strange:
        problem = f"没有 {{{sorted(strange)[0]}}} 这个占位词，可用的有 {'、'.join(sorted(allowed))}"
        raise complain(path, text, key, problem)


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
