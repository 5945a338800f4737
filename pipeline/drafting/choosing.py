"""One material -> its rules: kind, formats, checks, keywords. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.drafting.asking import Asked
from pipeline.drafting.demands import find_demands
from pipeline.drafting.describing import Said
from pipeline.drafting.lexicon import OWN_IDS, OWN_WORDS, Sort
from pipeline.drafting.outline import Line
from pipeline.drafting.pairing import bare_title
from pipeline.drafting.plain import shorten
from pipeline.drafting.terms import Untold
from pipeline.drafting.values import Blank, CheckDraft, DeliverableDraft, FormDraft
from pipeline.model.campaign import Kind


@dataclass(frozen=True, slots=True)
class Around:
    """What the rules of one material are drawn from besides itself."""

    campaign: str  # its id
    lines: Sequence[Line]
    asked: Sequence[Asked]  # all materials
    words: Sequence[str]  # of the campaign's subject
    appendices: Mapping[int, str]  # the forms that the notice lists
    cumulative: bool  # whether each round holds the earlier ones


def draft_one(asked: Asked, said: Said, name: str, blank: Blank | None, around: Around) -> DeliverableDraft:
    """The rules of a material, under the id ``name``."""
    kind, listed, doubts = _choose_kind(asked, blank, around.appendices)
    demands = find_demands(kind, said, listed=listed, blank=blank, words=around.words)
    if kind is Kind.ACTIVITIES and len(asked.days) > 1 and not around.cumulative:
        why = "通知没有说每次都要包含以前的活动，所以不查是否累计"
        demands.checks.append(CheckDraft("not-cumulative", None, why))
        doubts.append("看看各次是只报新的活动，还是每次都含以前的；要含以前的，请删去 not-cumulative 一行")
    if said.nil:
        doubts.append("通知提到没有也要报，所以允许零报告")
    keywords, shared = _choose_keywords(asked, blank, around.asked)
    if shared:
        bare = asked.thing.head[-2:]
        doubts.append(f"不止一项叫“{bare}”，文件名只写“{bare}”的分不清是哪一项")
    tabular = blank is not None and kind in (Kind.ACTIVITIES, Kind.FIGURES)
    form = FormDraft(blank, f"{around.campaign}/{name}{blank.suffix}") if blank and tabular else None
    if form and kind is Kind.FIGURES:
        doubts.append("每个村要填哪些数字，是从空白表里推断的")
    quotes = [*(around.lines[number].sentence.quoted for number in asked.lines), *said.quotes]
    return DeliverableDraft(
        name=name,
        title=asked.name,
        kind=kind,
        days=asked.days,
        formats=demands.formats,
        keywords=keywords,
        quotes=tuple(dict.fromkeys(map(shorten, quotes))),
        doubts=tuple(dict.fromkeys([*asked.doubts, *doubts, *demands.doubts])),
        untold=tuple(dict.fromkeys([*(Untold(each, "clock") for each in asked.clocks), *demands.untold])),
        checks=tuple(demands.checks),
        form=form,
        template=None if form else blank,
        nil_allowed=said.nil,
        counted=demands.counted,
    )


_KINDS: Final = {Sort.PROSE: Kind.PROSE, Sort.PHOTOS: Kind.PHOTOS, Sort.VIDEOS: Kind.VIDEOS}


def _choose_kind(asked: Asked, blank: Blank | None, appendices: Mapping[int, str]) -> tuple[Kind, bool, list[str]]:
    """The kind, whether it is a table taken as text, and what is doubtful about that."""
    sort, form = asked.thing.sort, blank.form if blank else None
    if sort in _KINDS:
        return _KINDS[sort], False, []
    if form is not None and form.columns:
        return Kind.ACTIVITIES, False, []
    if form is not None and form.figures and sort is not Sort.LIST:
        return Kind.FIGURES, False, []
    if blank is not None and form is not None:
        lacks = f"{blank.shown}没有“活动内容、照片”两栏，也没有固定填数字的格子，规则没有这一类"
        return Kind.PROSE, True, [f"{lacks}，暂按文字材料收，只看有没有内容"]
    number = asked.thing.appendix
    listed = f"：{appendices[number]}" if number and number in appendices else ""
    where = f"（附件{number}{listed}）" if number else ""
    remedy = "有空白表的，请写在命令后面重新起草"
    return Kind.PROSE, True, [f"没有找到它的空白表{where}，暂按文字材料收，只看有没有内容；{remedy}"]


def choose_names(asked: Sequence[Asked]) -> list[str]:
    """The materials' ids: English words, numbered where there are several of a kind."""
    names: list[str] = []
    for each in asked:
        family = each.thing.family
        own = next((id_ for word, id_ in OWN_IDS.items() if each.thing.head.endswith(word)), "")
        base = own or (family.id if family else "form")
        number = 1
        while (name := base if number == 1 else f"{base}-{number}") in names:
            number += 1
        names.append(name)
    return names


def _choose_keywords(asked: Asked, blank: Blank | None, among: Sequence[Asked]) -> tuple[tuple[str, ...], bool]:
    """What its files may be called, and whether others share its bare name."""
    root = asked.thing.head[-2:]
    kin = [each for each in among if each is not asked and set(_base_words(each)) & set(_base_words(asked))]
    shared = any(each.thing.head[-2:] == root for each in kin)  # 小结 beside 总结 is told by its own word
    base = [] if shared else [word for word in _base_words(asked) if not kin or root in word]
    name = re.sub(r"20\d\d年(?:度)?|[“”\"]", "", asked.name)
    words = {name: None}
    if blank:
        words |= {bare_title(blank.title)[-20:]: None}
    words |= dict.fromkeys(each for each in (re.sub(r"工作|情况", "", name),) if len(each) > len(asked.thing.head))
    words |= dict.fromkeys(base)
    return tuple(word for word in words if word), shared


def _base_words(asked: Asked) -> tuple[str, ...]:
    own = next((words for head, words in OWN_WORDS.items() if asked.thing.head.endswith(head)), None)
    family = asked.thing.family
    return own or (family.words if family else ())
