"""A small office for tests of the whole flow: its folder, and what villages write to it. All names are invented."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from email import policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import docx
from docx.shared import Cm
from PIL import Image

RULES = Path(__file__).parent.parent.parent / "rules"
FORMS = RULES / "2023-529"
OFFICE = "office@town.test"
VILLAGES = {"石桥村": "shiqiao", "青禾村": "qinghe", "柳堤村": "liudi"}

# Where the statistics form has a village's own figures: the last two cells of these rows.
_FIGURE_ROWS = (2, 5, 7)


def lay_out_office(
    folder: Path,
    *,
    mailbox: str = "eml:mailbox",
    outgoing: str = "maildir:outgoing",
    office: str = OFFICE,
    mark: str = "",
    campaign: str = f"{RULES.as_posix()}/2023-529.toml",
    more: str = "",
) -> Path:
    """A folder with config.toml and register, by the project's own rules; the path of config.toml.

    ``mark`` is a part of every village's address, so that tests can share a server.
    """
    folder.mkdir(parents=True, exist_ok=True)
    register = ["village,aliases,addresses,contact"]
    register += [f"{village},,{name}{mark}@village.test," for village, name in VILLAGES.items()]
    (folder / "villages.csv").write_text("\n".join(register), encoding="utf-8")
    if mailbox == "eml:mailbox":
        (folder / "mailbox").mkdir(exist_ok=True)
    config = folder / "config.toml"
    config.write_text(
        f"""\
campaign = "{campaign}"
villages = "villages.csv"

[mailbox]
url = "{mailbox}"
timeout = 5

[outgoing]
url = "{outgoing}"
from = "万家镇计生协办公室 <{office}>"
timeout = 5
{more}""",
        encoding="utf-8",
    )
    return config


def write_mail(
    sender: str,
    subject: str,
    *files: tuple[str, bytes],
    text: str = "请查收附件。",
    message_id: str = "",
    arrived: datetime | None = None,
    fields: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """A mail to the office; with ``arrived`` it has the Received field of a mail server; further ``fields``."""
    mail = EmailMessage(policy=policy.SMTP)
    if arrived is not None:
        mail["Received"] = f"from mail.village.test by mail.town.test; {arrived:%a, %d %b %Y %H:%M:%S %z}"
    mail["From"] = sender
    mail["To"] = OFFICE
    mail["Subject"] = subject
    if message_id:
        mail["Message-ID"] = message_id
    for field, value in fields.items():
        mail[field.replace("_", "-")] = value
    mail.set_content(text)
    for name, octets in files:
        mail.add_attachment(octets, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


@cache
def plan(village: str) -> bytes:
    """A plan in Word with nothing wrong."""
    document = docx.Document()
    document.add_paragraph(f"{village}5.29会员活动月实施方案")
    for number, task in enumerate(
        ("成立领导小组，明确人员分工", "入户走访慰问困难会员家庭", "在文化广场开展宣传服务"), 1
    ):
        document.add_paragraph(
            f"{number}、{task}。{village}计生协会员小组长负责联系，村委会提供场地和茶水，"
            f"活动前三天在村务公开栏张贴通知，活动后一天内把照片和文字整理好，及时上报街道计划生育协会办公室。"
        )
    document.add_paragraph(f"{village}委会\n2023年5月4日")
    return _octets(document)


@cache
def progress(village: str, *, rows: int = 2, place: bool = True, pictures: int = 2) -> bytes:
    """The progress form in Word; without ``place`` every row lacks where it was."""
    document: Any = docx.Document(str(FORMS / "progress.docx"))
    _write_unit_line(document, village)
    table = document.tables[0]
    for number in range(1, rows + 1):
        row = table.rows[number]
        where = f"在{village}文化广场" if place else ""
        row.cells[0].text = f"{village}委"
        row.cells[1].text = f"5月{number + 4}日上午9时，{where}组织会员和群众{30 + number}人参加，发放优生优育宣传册。"
        row.cells[2].text = ""
        for each in range(pictures):
            run = row.cells[2].paragraphs[0].add_run()
            run.add_picture(io.BytesIO(photo(f"{village}{number}{each}")), width=Cm(2))
    for row in list(table.rows)[rows + 1 :]:
        table._tbl.remove(row._tr)  # python-docx has no way to remove a row
    return _octets(document)


@cache
def statistics(village: str, figures: Sequence[tuple[str, str]] = (("3", "120"), ("2", "8"), ("1", "40"))) -> bytes:
    """The statistics form in Word with the village's own figures: events and people of each of three kinds."""
    document: Any = docx.Document(str(FORMS / "statistics.docx"))
    _write_unit_line(document, village)
    for number, pair in zip(_FIGURE_ROWS, figures, strict=True):
        cells = document.tables[0].rows[number]._tr.tc_lst[-2:]
        for figure, cell in zip(pair, cells, strict=True):
            cell.p_lst[0].add_r().text = figure
    return _octets(document)


@cache
def photo(seed: str) -> bytes:
    """A sharp JPEG of 800 × 640 pixels, unlike that of any other seed."""
    chance = random.Random(seed)
    small = Image.frombytes("RGB", (20, 16), chance.randbytes(20 * 16 * 3))
    stream = io.BytesIO()
    small.resize((800, 640), Image.Resampling.NEAREST).save(stream, "JPEG", quality=60)
    return stream.getvalue()


def _write_unit_line(document: Any, unit: str) -> None:
    for paragraph in document.paragraphs:
        if paragraph.text.startswith("单位："):
            for run in paragraph.runs[1:]:
                run.text = ""
            paragraph.runs[0].text = f"单位：{unit}"


def _octets(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
