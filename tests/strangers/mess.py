# ruff: noqa: E501 a page is read as a whole
# fmt: off
"""Files that are wrong or odd in themselves, and pages of mail as phones and web mailers write them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from tests.content.compound import compound_file
from tests.heldout.forms import HEADINGS, TITLE, Row
from tests.heldout.pictures import jpeg, table_picture
from tests.heldout.word import Cell, Word, pack


def locked_word() -> bytes:
    """A Word file with a password (MS-OFFCRYPTO): a compound file of two streams."""
    return compound_file({"EncryptionInfo": b"\4\0\4\0\x40\0\0\0" + bytes(500), "EncryptedPackage": bytes(range(256)) * 24})


def locked_zip(member: str) -> bytes:
    """A zip whose file is marked encrypted (APPNOTE 4.4.4, bit 0)."""
    octets = bytearray(pack({member: bytes(range(256)) * 3}, stored=True))
    octets[6] |= 1
    octets[octets.index(b"PK\x01\x02") + 8] |= 1
    return bytes(octets)


def bomb(member: str) -> bytes:
    """A hundred megabytes of nothing."""
    return pack({member: bytes(100 << 20)})


def nested_bomb(member: str) -> bytes:
    """Zips within zips, each holding the next ten times over."""
    octets = pack({member: bytes(4 << 20)})
    for _ in range(4):
        octets = pack({f"{number}.zip": octets for number in range(10)})
    return octets


def escaping(octets: bytes) -> bytes:
    """A path that leads out of its archive, as Windows would follow it."""
    return pack({"..\\..\\..\\Windows\\System32\\evil.dll": b"MZ", "照片1.jpg": octets})


def boxed(village: str, rows: Sequence[Row]) -> bytes:
    """The progress table with its title and unit in text boxes, and the account of each row in one too."""
    word = Word()
    word.add(word.text_box(word.paragraph(TITLE, bold=True) + word.paragraph(f"单位：{village}")))
    lines: list[list[Cell | str]] = [list(HEADINGS)]
    for row in rows:
        pictures = Cell(word.pictures([table_picture(scene) for scene in row.scenes]))
        lines.append([village, Cell(word.text_box(word.paragraphs(row.text))), pictures])
    word.add(word.table(lines, (1400, 5200, 2800)))
    return word.octets()


def boxed_pictures(village: str, rows: Sequence[Row]) -> bytes:
    """The pictures of each row within a text box."""
    word = Word()
    word.add(word.paragraph(TITLE), word.paragraph(f"单位：{village}"))
    lines: list[list[Cell | str]] = [list(HEADINGS)]
    for row in rows:
        pictures = word.pictures([table_picture(scene) for scene in row.scenes])
        lines.append([village, row.text, Cell(word.text_box(pictures))])
    word.add(word.table(lines, (1400, 5200, 2800)))
    return word.octets()


def old_form(village: str, rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    """Last year's form: the same title, other columns; the texts go where an account would."""
    word = Word()
    word.add(word.paragraph("2022年宣传服务月活动进展情况写实表"), word.paragraph(f"单位：{village}"))
    lines: list[list[Cell | str]] = [list(columns)]
    for number, row in enumerate(rows, 1):
        pictures = Cell(word.pictures([table_picture(scene) for scene in row.scenes]))
        given: dict[str, Cell | str] = {"单位": village, "序号": str(number), "活动照片": pictures, "照片": pictures}
        lines.append([given.get(each, row.text if "写实" in each or "内容" in each else "") for each in columns])
    word.add(word.table(lines, [1800] * len(columns)))
    return word.octets()


def rtf(paragraphs: Sequence[str]) -> bytes:
    """Rich text as old WordPad writes it: every sign that is not ASCII as \\uN?."""
    text = "\\par\n".join(paragraph for paragraph in map(_rtf_text, paragraphs))
    return ("{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fnil\\fcharset134 SimSun;}}\n\\f0\\fs28 " + text + "\\par}").encode()


def rtf_table(village: str, rows: Sequence[Row]) -> bytes:
    """The progress table as rich text, pictures as hexadecimal."""

    def line(cells: Sequence[str]) -> str:
        return "\\trowd\\cellx1400\\cellx6600\\cellx9400 " + "".join(f"\\pard\\intbl {cell}\\cell " for cell in cells) + "\\row\n"

    head = f"{{\\rtf1\\ansi\\ansicpg936\\deff0{{\\fonttbl{{\\f0\\fnil\\fcharset134 SimSun;}}}}\n{_rtf_text(TITLE)}\\par {_rtf_text('单位：' + village)}\\par\n"
    body = line([_rtf_text(each) for each in HEADINGS])
    for row in rows:
        pictures = "".join("{\\pict\\jpegblip\\picw480\\pich360\\picwgoal1400\\pichgoal1050 " + table_picture(scene).hex() + "}" for scene in row.scenes)
        body += line([_rtf_text(village), _rtf_text(row.text), pictures])
    return (head + body + "\\pard\\par}").encode()


def _rtf_text(text: str) -> str:
    return "".join(sign if sign.isascii() else f"\\u{ord(sign) if ord(sign) < 1 << 15 else ord(sign) - (1 << 16)}?" for sign in text)


def web_page(title: str, paragraphs: Sequence[str], charset: str = "gb2312") -> bytes:
    """A page of HTML that Word saved, or that somebody renamed."""
    page = f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv=Content-Type content="text/html; charset={charset}"><title>{title}</title></head><body><h1>{title}</h1>{"".join(f"<p class=MsoNormal>{each}</p>" for each in paragraphs)}</body></html>'
    return page.encode("gb18030" if charset.startswith("gb") else charset)


def album(scenes: Sequence[int]) -> bytes:
    """Photos pasted into Word."""
    word = Word()
    word.add(word.paragraph("活动照片"), word.pictures([jpeg(scene) for scene in scenes]))
    return word.octets()


def crossed(octets: bytes) -> bytes:
    """A zip container with its middle overwritten: it opens, its document does not."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        entry = archive.getinfo("word/document.xml")
    start = entry.header_offset + 60
    return octets[:start] + bytes(entry.compress_size // 2) + octets[start + entry.compress_size // 2 :]


def steady(octets: bytes) -> bytes:
    """An Office file without the moment of its making, so that a mailbox is always the same."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    moment = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+Z")
    return pack({name: moment.sub(b"2023-05-06T09:00:00Z", part) if name.startswith("docProps/") else part for name, part in parts.items()})


def big_attachment(provider: str, name: str, link: str, size: str = "88.4M") -> str:
    """The block that a web mailer puts under the text in place of a file."""
    shown = link.replace("&", "&amp;")
    return f'<div style="border:1px solid #ccc"><div>{provider}</div><div><a href="{shown}">{name}</a> <span>({size}, 2023年07月10日 12:30 到期)</span></div><a href="{shown}">进入下载页面</a></div>'
