"""What a clerk sees in the report's HTML and workbook, as plain text; and the snapshots to compare it with."""

from __future__ import annotations

import io
import os
from datetime import datetime
from pathlib import Path

from lxml import html as lxml_html
from lxml.etree import _Element
from openpyxl import load_workbook

SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "report"


def assert_snapshot(name: str, text: str) -> None:
    """The text is as it was approved. After a wanted change: SNAPSHOTS=write pytest tests/report."""
    path = SNAPSHOTS / name
    if os.environ.get("SNAPSHOTS") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def parse_html(page: str) -> _Element:
    """The page's tree."""
    return lxml_html.document_fromstring(page.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))


def find_all(element: _Element, path: str) -> list[_Element]:
    """The elements of this XPath."""
    found = element.xpath(path)
    assert isinstance(found, list)
    return [each for each in found if isinstance(each, _Element)]


def read_text(element: _Element) -> str:
    """All text within on one line; a line break as a slash."""
    text = ""
    for part in element.iter():
        text += " / " if part.tag == "br" else part.text or ""
        text += (part.tail or "") if part is not element else ""
    return " ".join(text.split())


def outline(page: str) -> str:
    """Headings, paragraphs and rows of the HTML, one a line; a cell's ground colour in brackets, a bar as its parts."""
    lines: list[str] = []
    for element in parse_html(page).iter("h1", "h2", "p", "tr"):
        if element.tag != "tr":
            mark = {"h1": "# ", "h2": "## "}.get(str(element.tag), "")
            lines.append(f"{mark}{read_text(element)}")
        elif not find_all(element, ".//h1") and not find_all(element, "./td[@title]"):  # the page's frame; a bar
            lines.append(" | ".join(describe_cell(cell) for cell in find_all(element, "./td | ./th")))
    return "\n".join(lines) + "\n"


def describe_cell(cell: _Element) -> str:
    """One cell of a row."""
    bar = find_all(cell, ".//td[@title]")
    text = "+".join(f"{part.get('title')}={part.get('width')}" for part in bar) if bar else read_text(cell)
    ground = cell.get("bgcolor", "")
    return f"{text} [{ground}]" if ground else text


def dump_workbook(octets: bytes) -> str:
    """Every sheet of the workbook, its cells parted by bars."""
    lines: list[str] = []
    for sheet in load_workbook(io.BytesIO(octets)).worksheets:
        lines.append(f"=== {sheet.title}（冻结 {sheet.freeze_panes}，筛选 {sheet.auto_filter.ref}）")
        for row in sheet.iter_rows(values_only=True):
            lines.append(" | ".join(write_value(value) for value in row).rstrip(" |"))
    return "\n".join(lines) + "\n"


def write_value(value: object) -> str:
    """A cell's value on one line."""
    if value is None:
        return ""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value).replace("\n", " / ")
