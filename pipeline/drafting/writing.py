"""A draft -> the text of its rules file, the notice's own words above each rule. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import tomlkit

from pipeline.drafting.terms import WHY, Untold
from pipeline.drafting.values import CheckDraft, DeliverableDraft, Draft, FormDraft

_WIDE = 120  # characters of a rule
_SAMPLES = ("ＸＸ村委", "XX村委", "××村委")


def write_rules(draft: Draft) -> str:
    """The file's text. Every sentence of the notice and every doubt is a comment, so that it is read with the rule."""
    return "\n".join(
        [*_write_heading(draft), *(line for each in draft.deliverables for line in _write_one(each, draft))]
    )


def _write_heading(draft: Draft) -> Iterator[str]:
    yield "# 按通知起草的收集规则：收什么、何时截止、怎样核对。"
    yield "# 每一段上面引的是通知原话；写着“请核对”的，请对照通知看一遍，改好后删去那一行。"
    yield "# 改完后请运行：baosong rules check 本文件"
    yield "# 各项核对的说明：baosong explain 代号（例如 baosong explain photo-count）"
    yield ""
    for key, doubt in draft.doubts:
        if not key:
            yield f"# 请核对：{doubt}。"
    yield "[campaign]"
    yield f"id          = {_value(draft.id)}"
    yield from _doubts_of("title", draft)
    yield f"title       = {_value(draft.title)}"
    yield f"short_title = {_value(draft.short_title)}   # 用在信件主题里"
    yield from _doubts_of("issuer", draft)
    yield f"issuer      = {_value(draft.issuer)}"
    if draft.contact:
        yield f"contact     = {_value(draft.contact)}"
    yield 'timezone    = "Asia/Shanghai"'
    if draft.period:
        yield from _quote(draft.period)
    yield from _doubts_of("opens", draft)
    yield f"opens       = {draft.opens_on.isoformat()}            # 活动期：这以外的活动日期、照片日期会提示"
    yield f"closes      = {draft.closes_on.isoformat()}"
    if draft.notice_file:
        yield f"notice      = {_value(draft.notice_file)}   # 通知原文：各村引用通知的话，不算互相抄袭"
    if draft.place_words:
        yield "# 这些词不当作村名，也不当作材料名"
        yield f"place_words = {_value(list(draft.place_words))}"
    yield from _write_left_over(draft)


def _doubts_of(key: str, draft: Draft) -> Iterator[str]:
    yield from (f"# 请核对：{doubt}。" for own, doubt in draft.doubts if own == key)


def _write_left_over(draft: Draft) -> Iterator[str]:
    """What the notice says besides."""
    if not (draft.untold or draft.undated or draft.loose):
        return
    yield ""
    yield "# ---------------------------------------------------------------- 没有写进规则的"
    for each in draft.untold:
        yield f"# 请核对：{told(each)}"
    for name, sentence in draft.undated:
        yield f"# 请核对：“{name}”没有看出期限，没有写进规则。通知：“{_flat(sentence)}”"
    for blank in draft.loose:
        yield f"# 请核对：{_flat(blank.shown)}（{_flat(blank.origin)}）没有对上哪一项材料。"


def told(untold: Untold) -> str:
    """The phrase, and why it is not in the rules."""
    return f"“{_flat(untold.quote)}”：{WHY[untold.why]}。"


def _write_one(deliverable: DeliverableDraft, draft: Draft) -> Iterator[str]:
    title = _flat(deliverable.title)
    yield ""
    yield f"# ---------------------------------------------------------------- {title}"
    for quote in deliverable.quotes:
        yield from _quote(quote)
    for doubt in deliverable.doubts:
        yield f"# 请核对：{_flat(doubt)}。"
    for untold in deliverable.untold:
        yield f"# 请核对：{told(untold)}"
    yield "[[deliverable]]"
    yield f"name     = {_value(deliverable.name)}"
    yield f"title    = {_value(deliverable.title)}"
    yield f"kind     = {_value(deliverable.kind.value)}"
    yield f"due      = {_days(deliverable.days)}"
    yield f"formats  = {_value(list(deliverable.formats))}"
    yield f"keywords = {_value(list(deliverable.keywords))}"
    if deliverable.nil_allowed:
        yield "nil_allowed = true   # 允许零报告：回复“无”“本期无活动”即登记"
    if deliverable.form:
        yield from _write_form(deliverable.form, draft)
    yield from _write_checks(deliverable.checks)


def _days(days: Sequence[date]) -> str:
    written = [each.isoformat() for each in days]
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"


def _write_form(form: FormDraft, draft: Draft) -> Iterator[str]:
    read = form.blank.form
    assert read is not None  # only what holds a table is a form
    yield ""
    yield "[deliverable.form]"
    yield f"file    = {_value(form.file)}"
    yield f"title   = {_value(form.blank.shown)}"
    if read.columns:
        yield f"columns = {_inline(read.columns)}"
    samples = read.samples or _samples_elsewhere(draft)
    if samples:
        yield f"samples = {_value(list(samples))}   # 表里的示例字样，填表时应当删去"
    if read.figures and not read.columns:
        yield "figures = ["
        for figure in read.figures:
            headings = _value(list(figure.headings))
            yield f"    {{ id = {_value(figure.id)}, title = {_value(figure.title)}, headings = {headings} }},"
        yield "]"


def _samples_elsewhere(draft: Draft) -> list[str]:
    """How the other forms write a village that is to be filled in: whoever fills in this one copies it from there."""
    found = (
        sample
        for each in draft.deliverables
        if each.form and each.form.blank.form
        for sample in each.form.blank.form.samples
    )
    return [sample for sample in dict.fromkeys(found) if sample in _SAMPLES]


def _inline(pairs: object) -> str:
    assert isinstance(pairs, dict)
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in pairs.items()) + " }"


def _write_checks(checks: Sequence[CheckDraft]) -> Iterator[str]:
    off = [each for each in checks if each.options is None]
    if off:
        yield ""
        yield "[deliverable.checks]"
        for each in off:
            yield f"{each.code} = false{f'   # {_flat(each.why)}' if each.why else ''}"
    on = [each for each in checks if each.options is not None]
    if on:
        yield ""
    for each in on:
        if each.why:
            yield f"# {_flat(each.why)}"
        yield f"[deliverable.checks.{each.code}]"
        for key, value in (each.options or {}).items():
            yield f"{key} = {_value(value)}"


def _quote(sentence: str) -> Iterator[str]:
    yield f"# 通知：“{_flat(sentence)}”"


def _flat(text: str) -> str:
    """On one line, without signs that TOML refuses in a comment."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _value(value: object) -> str:
    """As TOML writes it."""
    if isinstance(value, str):
        return tomlkit.item(_flat(value)).as_string()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    return tomlkit.item(value).as_string()
