"""A notice -> the campaign that it seems to want. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from pipeline.drafting.asking import Asked, Undated, find_asked
from pipeline.drafting.choosing import Around, choose_names, draft_one
from pipeline.drafting.days import Anchor, Period
from pipeline.drafting.describing import describe
from pipeline.drafting.heading import Heading, read_heading
from pipeline.drafting.outline import Line, join_captions, outline
from pipeline.drafting.pairing import match_forms, with_form_name, with_listed_title
from pipeline.drafting.period import find_period
from pipeline.drafting.plain import fold, join_timed, shorten, split_sentences
from pipeline.drafting.topics import place_words, short_title, topic_words
from pipeline.drafting.unknown import find_unknown
from pipeline.drafting.values import CheckDraft, DeliverableDraft, Draft, Notice
from pipeline.errors import ConfigError
from pipeline.model.campaign import Kind

_CUMULATIVE: Final = re.compile(r"累计|以来的情况|依次类推|以此类推|包[含括][^,。;]{0,16}(?:以前|之前|上次)")
_BY_HAND: Final = "或者照 rules/ 里已有的规则文件改写"
_YEAR_IN: Final = re.compile(r"(20\d\d)\s*年")


def draft_campaign(notice: Notice, *, today: date, id: str = "") -> Draft:  # noqa: A002 (the contract's word)
    """The campaign of a notice. ConfigError where nothing is asked for by any day."""
    heading = read_heading(notice.paragraphs)
    body = join_timed(notice.paragraphs[heading.first : heading.end])
    sentences = join_captions(split_sentences(body))
    anchor = _find_anchor(heading, notice.paragraphs, today)
    period = find_period(split_sentences([heading.title, *body]), anchor)
    lines = outline(sentences, anchor, period)
    if period is None and (
        days := [d for line in lines for each in line.deadlines if not each.rule for d in each.days]
    ):
        period = Period(min(anchor.day, *days), max(days), "", sure=False)  # as far as the notice itself looks
        lines = outline(sentences, anchor, period)
    asked, undated = find_asked(lines)
    if not asked:
        raise ConfigError(_nothing_found(undated, lines), file=notice.file)
    blanks = tuple(with_listed_title(each, heading.appendices) for each in notice.blanks)
    asked = tuple(with_form_name(each, heading.appendices, blanks) for each in asked)
    description = describe(lines, asked)
    forms = match_forms(asked, blanks, heading.appendices)
    around = "\n".join([heading.issuer, heading.contact, *notice.paragraphs[heading.first : heading.first + 1]])
    words = topic_words(heading.title, around, "\n".join(body))
    cumulative = bool(_CUMULATIVE.search(fold("\n".join([*notice.paragraphs, *(each.notes for each in blanks)]))))
    campaign_id = id or _choose_id(heading, asked)
    names = choose_names(asked)
    context = Around(campaign_id, lines, asked, words, heading.appendices, cumulative)
    deliverables = tuple(
        draft_one(each, said, name, forms.get(place), context)
        for place, (each, said, name) in enumerate(zip(asked, description.of, names, strict=True))
    )
    deliverables = _compare_figures(deliverables)
    opens_on, closes_on = _choose_period(period, anchor, asked)
    loose = tuple(each for each in blanks if all(each is not form for form in forms.values()))
    return Draft(
        id=campaign_id,
        title=heading.title or "（请填写通知的标题）",
        short_title=short_title(heading.title),
        issuer=heading.issuer or "（请填写发通知的单位）",
        contact=heading.contact,
        opens_on=opens_on,
        closes_on=closes_on,
        period=period.quote if period else "",
        notice_file=f"{campaign_id}/notice{_suffix(notice.file)}",
        place_words=place_words(heading.issuer, "\n".join(body)),
        deliverables=deliverables,
        doubts=(*_doubts(heading, anchor, period, deliverables), *(("", each) for each in notice.doubts)),
        untold=tuple(dict.fromkeys([*find_unknown(lines, asked), *description.untold])),
        undated=tuple(_shown(each, lines) for each in undated if _belongs(lines[each.line])),
        loose=loose,
    )


def _nothing_found(undated: Sequence[Undated], lines: Sequence[Line]) -> str:
    if undated:
        names = "、".join(each.thing.name for each in undated[:5])
        return f"看出要报{names}，但没有看出什么时候前报；请在通知里补上期限（例如“于5月10日前报送”），{_BY_HAND}"
    if any(line.deadlines for line in lines):
        return f"看出了期限，但没有看出要报什么材料；请确认这是要求报送材料的通知，{_BY_HAND}"
    return f"没有看出要报什么材料、什么时候前报；请确认这是要求报送材料的通知，{_BY_HAND}"


# --- the frame --------------------------------------------------------------------------------------------------------


def _find_anchor(heading: Heading, paragraphs: Sequence[str], today: date) -> Anchor:
    if heading.signed_on:
        return Anchor(heading.signed_on)
    years = Counter(int(year) for text in (heading.title, *paragraphs) for year in _YEAR_IN.findall(fold(text)))
    in_title = _YEAR_IN.search(fold(heading.title))
    year = int(in_title[1]) if in_title else years.most_common(1)[0][0] if years else today.year
    return Anchor(date(year, 1, 1) if year != today.year else today.replace(month=1, day=1), sure=False)


def _choose_period(period: Period | None, anchor: Anchor, asked: Sequence[Asked]) -> tuple[date, date]:
    days = [day for each in asked for day in each.days]
    if period and (period.sure or anchor.sure is False):
        return period.opens_on, period.closes_on
    opens_on = anchor.day if anchor.sure else min(days) - timedelta(days=31)
    return min(opens_on, max(days)), max(days)


def _doubts(
    heading: Heading, anchor: Anchor, period: Period | None, deliverables: Sequence[DeliverableDraft]
) -> list[tuple[str, str]]:
    doubts: list[tuple[str, str]] = []
    if not anchor.sure:
        doubts.append(("", f"没有找到通知的日期，没写年份的日期暂按{anchor.day.year}年"))
    if not heading.issuer:
        doubts.append(("issuer", "没有看出是哪个单位发的通知"))
    if "通知" not in heading.title and not re.search(r"公告|启事|函|通报|意见", heading.title):
        doubts.append(("title", "没有找到“关于……的通知”这样的标题"))
    dated = any(each.kind in (Kind.ACTIVITIES, Kind.PHOTOS) for each in deliverables)
    if dated and not (period and period.sure):
        doubts.append(
            ("opens", "通知没有写明活动从哪天到哪天，暂从通知之日到最后一个期限；这以外的活动日期、照片日期会提示")
        )
    return doubts


def _choose_id(heading: Heading, asked: Sequence[Asked]) -> str:
    day = heading.signed_on or asked[0].days[0]
    named = re.search(r"[“\"](\d{1,2})[.·](\d{1,2})", heading.title)
    return f"{day.year}-{named[1]}{int(named[2]):02}" if named else f"{day:%Y-%m%d}"


def _suffix(file: str) -> str:
    found = re.search(r"\.[A-Za-z0-9]{2,4}$", file)
    return found[0].lower() if found else ".docx"


def _belongs(line: Line) -> bool:
    return line.reporting or line.labelled or line.list_of is not None or bool(line.times)


def _shown(undated: Undated, lines: Sequence[Line]) -> tuple[str, str]:
    return undated.thing.name, shorten(lines[undated.line].sentence.quoted)


def _compare_figures(deliverables: Sequence[DeliverableDraft]) -> tuple[DeliverableDraft, ...]:
    """Where there is one table of activities, the numbers of events are compared with it."""
    progress = [each for each in deliverables if each.kind is Kind.ACTIVITIES]
    if len(progress) != 1:
        return tuple(deliverables)
    found = []
    for each in deliverables:
        events = each.form.blank.form.events if each.form and each.form.blank.form else ()
        if each.kind is Kind.FIGURES and events:
            check = CheckDraft(
                "figures-unlike-progress",
                {"events": list(events)},
                f"场次与{progress[0].title}里的活动数相差太大的，只告诉您",
            )
            each = replace(each, checks=(*each.checks, check))  # noqa: PLW2901
        found.append(each)
    return tuple(found)
