"""One mail of a village, judged by the project's own rules, and what would go with the answer."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn

from pipeline.cache.local import LocalCache
from pipeline.campaign import load_campaign
from pipeline.content import read_content
from pipeline.marking import enclose
from pipeline.matching import file_submission, find_villages, listed_writers
from pipeline.message.unpacking import unpack_message
from pipeline.model.campaign import Campaign, Form, Village
from pipeline.model.content import Content, Unreadable
from pipeline.model.letter import Enclosures
from pipeline.model.past import Past
from pipeline.model.verdict import Verdict
from pipeline.register import Register
from pipeline.verdict import judge
from tests.flow.township import RULES, VILLAGES, write_mail

CAMPAIGN = load_campaign(RULES / "2023-529.toml")
REGISTER = Register(
    tuple(Village(name, addresses=(f"{account}@village.test",)) for name, account in VILLAGES.items()),
    CAMPAIGN.place_words,
)
AT = datetime(2023, 5, 9, 10, 30, tzinfo=CAMPAIGN.timezone)


def form(deliverable: str, campaign: Campaign = CAMPAIGN) -> Form:
    """The blank form of this deliverable."""
    found = campaign.deliverable(deliverable).form
    assert found is not None
    return found


def answer(folder: Path, *files: tuple[str, bytes], fields: dict[str, str] | None = None) -> Enclosures:
    """What goes with the answer to a mail of 石桥村 with these files."""
    cache = LocalCache(folder / "cache")
    return enclose(judge_mail(cache, *files, fields=fields), CAMPAIGN, cache, at=AT)


def judge_mail(cache: LocalCache, *files: tuple[str, bytes], fields: dict[str, str] | None = None) -> Verdict:
    """The verdict on a mail of 石桥村 with these files."""
    octets = write_mail("shiqiao@village.test", "石桥村材料", *files, arrived=AT, fields=fields or {})
    message = unpack_message(cache, cache.store([octets]), AT)
    contents: list[Content] = [
        Unreadable(each.problem)
        if each.problem
        else read_content(cache.path(each.blob.digest), each.sniffed_kind, each.name)
        for each in message.attachments
    ]
    writers = listed_writers(message.sender.address, REGISTER)
    owners = find_villages(message, contents, CAMPAIGN, REGISTER, writers)
    submission = file_submission(message, contents, owners, Past(), CAMPAIGN, REGISTER, writers)
    return judge(submission, Past(), CAMPAIGN, REGISTER)


def comments(octets: bytes) -> list[tuple[str, list[str]]]:
    """Where the comments of a docx stand, in its order, and what each says.

    A place is table, row and cell (``0/2/1``) as they stand in the file, or ``line`` outside a table.
    """
    document: Any = docx.Document(io.BytesIO(octets))
    said = {str(each.comment_id): [line.text for line in each.paragraphs] for each in document.comments}
    places = {}
    for number, table in enumerate(document.element.body.iter(qn("w:tbl"))):
        for row, line in enumerate(table.iter(qn("w:tr"))):
            for column, cell in enumerate(line.iter(qn("w:tc"))):
                places[cell] = f"{number}/{row}/{column}"
    found = []
    for mark in document.element.body.iter(qn("w:commentRangeStart")):
        cell = next(mark.iterancestors(qn("w:tc")), None)
        found.append((places[cell] if cell is not None else "line", said[mark.get(qn("w:id"))]))
    return found


def notes(octets: bytes) -> dict[str, str]:
    """The notes of a workbook's first sheet, by cell."""
    sheet = openpyxl.load_workbook(io.BytesIO(octets)).worksheets[0]
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
