"""A draft as the clerk reads it on the screen: what is due when, what to confirm, what to do next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from pipeline.drafting.values import DeliverableDraft, Draft
from pipeline.drafting.writing import told
from pipeline.model.campaign import Kind

_KINDS: Final = {
    Kind.PROSE: "文字材料",
    Kind.ACTIVITIES: "逐条填写的表（写实表一类）",
    Kind.FIGURES: "填数字的表（统计表一类）",
    Kind.PHOTOS: "照片",
    Kind.VIDEOS: "视频",
}
_FORMATS: Final = {
    "word": "Word",
    "excel": "Excel",
    "pdf": "PDF",
    "jpeg": "jpg",
    "picture": "图片",
    "video": "视频",
    "png": "png",
}


def tell_draft(draft: Draft, files: Sequence[Path], campaign: str) -> str:
    """The summary. ``campaign``: how config.toml is to name the rules."""
    return "\n".join(_lines(draft, files, campaign))


def _lines(draft: Draft, files: Sequence[Path], campaign: str) -> Iterator[str]:
    yield f"通知：{draft.title}"
    yield f"发通知的单位：{draft.issuer}{f'，联系：{draft.contact}' if draft.contact else ''}"
    yield f"活动期：{_long(draft.opens_on)}至{_long(draft.closes_on)}"
    yield from (f"  请核对：{doubt}。" for _, doubt in draft.doubts)
    yield ""
    yield f"要报的材料有{len(draft.deliverables)}项："
    for number, each in enumerate(draft.deliverables, 1):
        yield from _one(number, each)
    left = [told(each) for each in draft.untold]
    left += [f"“{name}”没有看出期限：“{sentence}”" for name, sentence in draft.undated]
    left += [f"{each.shown}（{each.origin}）没有对上哪一项材料。" for each in draft.loose]
    if left:
        yield ""
        yield "没有写进规则的，要由您把握："
        yield from (f"  {each}" for each in left)
    yield ""
    yield "已写好："
    yield from (f"  {file}" for file in files)
    yield ""
    yield "接下来："
    mend = "" if draft.clear else "，写着“请核对”的逐条改好"
    yield f"  1. 用记事本打开 {files[0]}，对照上面引的通知原话看一遍{mend}。"
    yield f"  2. 运行：baosong rules check {files[0]}"
    yield f'  3. 在 config.toml 里写 campaign = "{campaign}"，以后收到的邮件就按它核对。'


def _one(number: int, each: DeliverableDraft) -> Iterator[str]:
    yield ""
    yield f"{number}. {each.title}（{each.name}，{_KINDS[each.kind]}）"
    times = f"，共{len(each.days)}次" if len(each.days) > 1 else ""
    yield f"   期限：{_days(each.days)}前{times}"
    asked = "或".join(_FORMATS.get(name, name) for name in each.formats)
    counted = f"；数量：{each.counted}" if each.counted else ""
    yield f"   格式：{asked}{counted}{'；允许零报告' if each.nil_allowed else ''}"
    if each.form:
        yield f"   空白表：{each.form.blank.shown}"
    yield from (f"   通知：“{quote}”" for quote in each.quotes)
    yield from (f"   请核对：{doubt}。" for doubt in each.doubts)
    yield from (f"   没有写进规则：{told(untold)}" for untold in each.untold)


def _days(days: Sequence[date]) -> str:
    return "、".join(
        _long(day) if not place or day.year != days[place - 1].year else f"{day.month}月{day.day}日"
        for place, day in enumerate(days)
    )


def _long(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
