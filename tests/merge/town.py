"""A town whose villages have sent what they will send, merged once; and what stands in its documents."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import docx
from PIL import Image, ImageChops, ImageStat

from pipeline.cli import main
from pipeline.demo.videos import render_video
from tests.flow.township import lay_out_office, photo, plan, progress, statistics, write_mail

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = "2023-06-20T09:30:00+08:00"
STAMP = (2023, 6, 20, 1, 30, 0)  # the same in UTC, as the documents keep it

# In the register's order: events and people of each of the three kinds.
FIGURES = {"石桥村": (("3", "120"), ("2", "8"), ("1", "40")), "青禾村": (("4", "95"), ("0", "0"), ("2", "33"))}
VILLAGES = ("石桥村", "青禾村", "柳堤村")
# What would be a formula in a workbook, and a path in an archive.
HOSTILE_SUBJECT = '=HYPERLINK("http://evil.test","青禾村信息统计表和活动总结")'
HOSTILE_NAME = "=1+1青禾村统计表.docx"


def summary(village: str, opening: str = "") -> bytes:
    """A summary in Word with nothing wrong."""
    document = docx.Document()
    document.add_paragraph(f"{village}5.29会员活动月活动总结")
    for number in range(1, 4):
        document.add_paragraph(
            f"{opening}{number}、{village}计生协组织会员和志愿者入户走访慰问困难会员家庭，在文化广场开展宣传服务活动，"
            f"发放优生优育和青春健康宣传册，解答群众咨询，活动后及时整理照片和文字，会员群众都很满意。"
        )
    document.add_paragraph(f"{village}委会\n2023年6月5日")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def photos(village: str, count: int) -> list[tuple[str, bytes]]:
    """Photos of a village by the names that phones give."""
    return [(f"IMG_{number}.jpg", photo(f"{village}精选{number}")) for number in range(1, count + 1)]


def lay_out_town(folder: Path) -> Path:
    """The office with its mail polled; the path of config.toml.

    石桥村 sent everything, and six photos. 青禾村 is one round behind and sent no video. 柳堤村's only table was
    returned.
    """
    config = lay_out_office(folder)
    mails = [
        (5, 19, "青禾村", "青禾村5月20日写实表", [("青禾村写实表.docx", progress("青禾村", rows=1, pictures=3))]),
        (5, 30, "石桥村", "石桥村5月31日写实表", [("石桥村写实表.docx", progress("石桥村"))]),
        (5, 30, "柳堤村", "柳堤村5月31日写实表", [("柳堤村写实表.docx", progress("柳堤村", place=False))]),
        (
            6,
            8,
            "青禾村",
            HOSTILE_SUBJECT,
            [
                (HOSTILE_NAME, statistics("青禾村", FIGURES["青禾村"])),
                ("青禾村活动总结.docx", summary("青禾村", "=1+1")),
            ],
        ),
        (
            6,
            9,
            "石桥村",
            "石桥村信息统计表、活动总结",
            [
                ("石桥村统计表.docx", statistics("石桥村", FIGURES["石桥村"])),
                ("石桥村活动总结.docx", summary("石桥村")),
            ],
        ),
        (6, 9, "石桥村", "石桥村精选活动照片", photos("石桥村", 6)),
        (6, 9, "石桥村", "石桥村活动视频", [("石桥村活动视频.mp4", render_video(1))]),
        (6, 10, "青禾村", "青禾村精选活动照片", photos("青禾村", 3)),
        (5, 4, "石桥村", "石桥村活动方案", [("石桥村活动方案.docx", plan("石桥村"))]),
    ]
    addresses = {"石桥村": "shiqiao", "青禾村": "qinghe", "柳堤村": "liudi"}
    for number, (month, day, village, subject, files) in enumerate(mails):
        arrived = datetime(2023, month, day, 10, number, tzinfo=BEIJING)
        mail = write_mail(f"{addresses[village]}@village.test", subject, *files, arrived=arrived)
        (folder / "mailbox" / f"{month:02d}{day:02d}-{number}.eml").write_bytes(mail)
    assert main(["--config", str(config), "--now", NOW, "poll"]) == 0
    return config


def merge(config: Path, *arguments: str) -> int:
    """The exit status of ``baosong merge``."""
    return main(["--config", str(config), "--now", NOW, "merge", *arguments])


def read_cells(file: Path, table: int = 0) -> list[list[Any]]:
    """The cells of a Word table, row by row, as they stand (merged ones once)."""
    document = docx.Document(str(file))
    return [row._tr.tc_lst for row in document.tables[table].rows]  # a row's own cells, without those merged into it


def cell_text(cell: Any) -> str:
    """The lines of a cell."""
    return "\n".join("".join(each.text or "" for each in line.xpath(".//w:t")) for line in cell.p_lst)


def cell_pictures(file: Path, cell: Any) -> list[bytes]:
    """The octets of the pictures drawn in a cell."""
    part = docx.Document(str(file)).part
    return [part.related_parts[id_].blob for id_ in cell.xpath(".//a:blip/@r:embed")]


def paragraphs(file: Path) -> list[str]:
    """The paragraphs of a Word document outside its tables."""
    return [paragraph.text for paragraph in docx.Document(str(file)).paragraphs]


def is_like(one: bytes, other: bytes) -> bool:
    """Whether two JPEGs show the same, whatever their size."""
    small = [
        Image.open(io.BytesIO(each)).convert("RGB").resize((20, 16), Image.Resampling.BOX) for each in (one, other)
    ]
    return max(ImageStat.Stat(ImageChops.difference(*small)).mean) < 12
