"""All villages' summaries in one document, with a table of contents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from pipeline.merge.gathering import Account, Delivered, Gathered, Line, group_gaps
from pipeline.merge.word import add_field, add_page_number, add_run, add_title, end_field, new_document, save_document
from pipeline.model import Deliverable
from pipeline.report.words import clean_text, write_day

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
        if each not in told:
            remark = "已判合格，但文件里没有读出文字，请人工补入"
            account.trouble(each.village, deliverable.title, remark)
            notes.append((each.village, remark))
        for source in each.sources or (None,):
            account.lines.append(Line(name, each.village, deliverable.title, "", source, each.version, remark))
    _add_contents(document, [each.village for each in told])
    day = write_day(gathered.as_of)
    count = document.add_paragraph(f"截至{day}，名册共{len(gathered.villages)}个村，收录{len(told)}个村。")
    count.paragraph_format.space_before = Pt(12)
    if notes:
        document.add_paragraph(f"没有收录的：{'；'.join(group_gaps(notes))}。")
    for number, each in enumerate(told, start=1):
        _add_village(document, number, each)
    add_page_number(document)
    save_document(document, target, title=title, author=gathered.campaign.issuer, at=gathered.as_of)


def _add_contents(document: WordDocument, villages: list[str]) -> None:
    """A field that Word can update, its result until then the plain list of villages, each a link."""
    heading = document.add_paragraph()
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
        run = add_run(paragraph, f"{number}、{village}")
        link.append(run)
        paragraph.append(link)
    end_field(paragraph)


def _add_entry(document: WordDocument) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    return paragraph._p


def _bookmark(number: int) -> str:
    return f"_Toc{number:08d}"


def _add_village(document: WordDocument, number: int, delivered: Delivered) -> None:
    heading = document.add_heading(clean_text(delivered.village), level=1)
    heading.paragraph_format.page_break_before = True
    heading.paragraph_format.space_after = Pt(10)
    element: Any = heading._p
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), _bookmark(number))
    end.set(qn("w:id"), str(number))
    element.insert(1 if element.pPr is not None else 0, start)
    element.append(end)
    lines = [line.strip() for line in clean_text(delivered.remembered.text).split("\n") if line.strip()]
    signed = len(lines)
    while signed > 1 and len(lines) - signed < 3 and _SIGNATURE.fullmatch(lines[signed - 1]):
        signed -= 1
    for place, line in enumerate(lines):
        paragraph = document.add_paragraph(line)
        form = paragraph.paragraph_format
        form.line_spacing = 1.5
        form.space_after = Pt(0)
        if place == 0 and _TITLE.fullmatch(line):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.runs[0].bold = True
        elif place >= signed:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            form.first_line_indent = Pt(24)  # two characters
