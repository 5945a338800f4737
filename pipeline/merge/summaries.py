"""All villages' summaries in one document, with a table of contents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.text.paragraph import Paragraph

from pipeline.merge.gathering import Account, Delivered, Gathered, Line, group_gaps
from pipeline.merge.pages import LINE, count_starts
from pipeline.merge.saving import save_document
from pipeline.merge.word import add_field, add_page_number, add_run, add_title, end_field, new_document
from pipeline.model.campaign import Deliverable
from pipeline.report.words import clean_text
from pipeline.text.days import write_month_day

# Headings of the first level, as links: what Word makes of it when a person updates the field.
_CONTENTS = r'TOC \o "1-1" \h \z \u'
_TITLE = re.compile(r".{2,40}(?:总结|方案|汇报|报告|计划|情况)[^。；，]{0,10}")
_SIGNATURE = re.compile(
    r"[^。；，：:]{2,24}(?:村|社区|委会|计生协|计划生育协会|办公室|街道)[^。；，：:]{0,12}|\d{4}\s*年.{0,8}日?"
)


def write_summaries(gathered: Gathered, deliverable: Deliverable, target: Path, name: str, account: Account) -> None:
    """A heading and the text for each village, in the register's order. OSError where it cannot be written."""
    taken, gaps = gathered.take(deliverable)
    account.gaps += gaps
    told = [each for each in taken if each.remembered.text.strip()]
    title = f"{gathered.campaign.short_title.removesuffix('材料')}{deliverable.title}汇编"
    document = new_document()
    add_title(document, title)
    add_title(document, gathered.campaign.issuer).runs[0].font.size = Pt(14)
    notes = [(gap.village, gap.why) for gap in gaps]
    for each in taken:
        remark = ""
        if not each.remembered.text.strip():
            remark = "已判合格，但文件里没有读出文字，请人工补入"
            account.trouble(each.village, deliverable.title, remark)
            notes.append((each.village, remark))
        for source in each.sources or (None,):
            account.lines.append(Line(name, each.village, deliverable.title, "", source, each.version, remark))
    day = write_month_day(gathered.as_of)
    closing = [f"截至{day}，名册共{len(gathered.villages)}个村，收录{len(told)}个村。"]
    if notes:
        closing.append(f"没有收录的：{'；'.join(group_gaps(notes))}。")
    starts = count_starts([_lines(each) for each in told], closing)
    _add_contents(document, [each.village for each in told], starts)
    for number, text in enumerate(closing):
        _space(document.add_paragraph(text), before=0 if number else LINE)
    for number, each in enumerate(told, start=1):
        _add_village(document, number, each)
    add_page_number(document)
    save_document(document, target, title=title, author=gathered.campaign.issuer, at=gathered.as_of)


def _add_contents(document: WordDocument, villages: list[str], starts: list[int]) -> None:
    """A field that Word can update, its result until then the list of villages, each a link, with its page."""
    heading = document.add_paragraph()
    _space(heading)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.add_run("目　录").bold = True
    paragraph: Any = _add_entry(document)
    add_field(paragraph, _CONTENTS)
    for number, village in enumerate(villages, start=1):
        if number > 1:
            paragraph = _add_entry(document)
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), _bookmark(number))
        link.set(qn("w:history"), "1")
        link.append(add_run(paragraph, f"{number}、{village}"))
        paragraph.append(link)
        paragraph.add_r().add_tab()
        add_field(paragraph, rf"PAGEREF {_bookmark(number)} \h")
        add_run(paragraph, str(starts[number - 1]))
        end_field(paragraph)
    end_field(paragraph)


def _add_entry(document: WordDocument) -> Any:
    paragraph = document.add_paragraph()
    _space(paragraph)
    section = document.sections[0]
    width = Length((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0))
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    return paragraph._p


def _lines(delivered: Delivered) -> list[str]:
    return [line.strip() for line in clean_text(delivered.remembered.text).split("\n") if line.strip()]


def _space(paragraph: Paragraph, *, before: int = 0, after: int = 0) -> None:
    """Lines of one height, as the counting of the pages takes them."""
    form = paragraph.paragraph_format
    form.line_spacing = Pt(LINE)
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.widow_control = False


def _bookmark(number: int) -> str:
    return f"_Toc{number:08d}"


def _add_village(document: WordDocument, number: int, delivered: Delivered) -> None:
    heading = document.add_heading(clean_text(delivered.village), level=1)
    heading.paragraph_format.page_break_before = True
    _space(heading, after=LINE // 2)
    heading.paragraph_format.line_spacing = Pt(LINE + LINE // 2)
    element: Any = heading._p
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), _bookmark(number))
    end.set(qn("w:id"), str(number))
    element.insert(1 if element.pPr is not None else 0, start)
    element.append(end)
    lines = _lines(delivered)
    signed = len(lines)
    while signed > 1 and len(lines) - signed < 3 and _SIGNATURE.fullmatch(lines[signed - 1]):
        signed -= 1
    for place, line in enumerate(lines):
        paragraph = document.add_paragraph(line)
        _space(paragraph)
        if place == 0 and _TITLE.fullmatch(line):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.runs[0].bold = True
        elif place >= signed:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            paragraph.paragraph_format.first_line_indent = Pt(24)  # two characters
