"""Mailboxes to measure with: villages' mail of a kind and number, put straight into a Dovecot's Maildir."""

from __future__ import annotations

import io
import os
import random
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from email import policy
from email.message import EmailMessage
from functools import cache
from itertools import cycle
from pathlib import Path

import docx
from docx.shared import Cm
from PIL import Image, ImageChops

from pipeline.demo.videos import render_video
from tests.flow.township import FORMS
from tests.servers.dovecot import Dovecot

_DAY = "Mon, 08 May 2023 09:00:00 +0800"
_SCENES, _PLACES = 6, 5  # pictures that the photos are made of; steps by which they are moved, each way
_TURNS = (None, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.ROTATE_180)


def fill(dovecot: Dovecot, account: str, mails: Iterator[bytes]) -> int:
    """Put the mails into the account's INBOX; their octets in all."""
    folder = dovecot.folder / "mail" / account
    owner = (dovecot.folder / "mail").stat()
    for each in (folder, *(folder / name for name in ("tmp", "new", "cur"))):
        each.mkdir(exist_ok=True)
        os.chown(each, owner.st_uid, owner.st_gid)
    total = 0
    for number, octets in enumerate(mails):
        place = folder / "cur" / f"{1683507600 + number}.M{number}.bench,S={len(octets)}:2,"
        place.write_bytes(octets)
        os.chown(place, owner.st_uid, owner.st_gid)
        total += len(octets)
    return total


def media(count: int, villages: list[tuple[str, str]]) -> Iterator[bytes]:
    """Mails with a Word form and two photos of 12 megapixels, every third with a video."""
    with ProcessPoolExecutor(os.cpu_count()) as drawing:
        yield from drawing.map(_with_media, range(count), cycle(villages))


def _with_media(number: int, of: tuple[str, str]) -> bytes:
    village, address = of
    files = [(f"{village}写实表.docx", form(village, number))]
    files += [(f"{village}照片{side}.jpg", photo(2 * number + side)) for side in (0, 1)]
    if number % 3 == 0:
        files.append((f"{village}视频.mp4", video(number)))
    return mail(number, village, address, files)


def small(count: int, villages: list[tuple[str, str]]) -> Iterator[bytes]:
    """Mails of some 55 KB with a Word form."""
    for number in range(count):
        village, address = villages[number % len(villages)]
        yield mail(number, village, address, [(f"{village}写实表.docx", form(village, number))])


def newsletters(count: int) -> Iterator[bytes]:
    """Mails of a list, which nobody answers and nothing is read of."""
    for number in range(count):
        message = EmailMessage(policy=policy.SMTP)
        message["From"], message["To"] = f"news{number}@letters.test", "office@town.test"
        message["Subject"], message["Date"], message["List-Id"] = f"第{number}期", _DAY, "<news.letters.test>"
        message["Message-ID"] = f"<{number}@letters.test>"
        message.set_content("本期要闻。")
        yield bytes(message)


def huge(octets: int, village: str, address: str) -> bytes:
    """One mail of about this size, most of it a video."""
    body = video(0)
    return mail(0, village, address, [(f"{village}视频.mp4", body + _free_box(octets * 3 // 4 - len(body)))])


def mail(number: int, village: str, address: str, files: list[tuple[str, bytes]]) -> bytes:
    """A village's mail to the office."""
    message = EmailMessage(policy=policy.SMTP)
    message["Received"] = f"from mx by mail.town.test; {_DAY}"
    message["From"], message["To"] = address, "office@town.test"
    message["Subject"], message["Date"] = f"{village}第一次写实表（{number}）", _DAY
    message["Message-ID"] = f"<{number}.{address}>"
    message.set_content(f"{village}报送材料，请查收。")
    for name, octets in files:
        message.add_attachment(octets, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


@cache
def _form(village: str, *, whole: bool) -> bytes:
    """A progress table with one activity and two photos of the village's own; where it is not whole, without place."""
    document = docx.Document(str(FORMS / "progress.docx"))
    table = document.tables[0]
    place = "在村文化广场" if whole else ""
    told = f"2023年5月6日上午，{place}组织育龄妇女32人参加优生优育知识讲座，发放宣传手册，解答群众提问。"
    row = table.rows[1].cells
    row[0].text, row[1].text, row[2].text = village, told, ""
    for side in (0, 1):
        photo = _jpeg(_scene(zlib.crc32(f"{village}{side}".encode()), 320, 240), 60)
        row[2].paragraphs[0].add_run().add_picture(io.BytesIO(photo), width=Cm(3))
    for sample in table.rows[2:]:
        table._tbl.remove(sample._tr)
    for paragraph in document.paragraphs:
        if "单位" in paragraph.text:
            paragraph.text = f"单位：{village}"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def form(village: str, number: int) -> bytes:
    """A filled progress table, every fourth with a fault; the archive's comment makes each its own file."""
    octets = _form(village, whole=number % 4 != 0)
    comment = f"{number}".encode()
    assert octets[-2:] == b"\0\0"
    return octets[:-2] + len(comment).to_bytes(2, "little") + comment


@cache
def _scene(seed: int, width: int, height: int) -> Image.Image:
    rough = Image.frombytes(
        "RGB", (width // 16, height // 16), random.Random(seed).randbytes(width // 16 * (height // 16) * 3)
    )
    fine = Image.effect_noise((width, height), 24).convert("RGB")
    return Image.blend(rough.resize((width, height), Image.Resampling.BICUBIC), fine, 0.25)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def photo(number: int) -> bytes:
    """A photo of 4000 × 3000 pixels; the first 600 show each its own view, as villages' photos do."""
    rest, turn = divmod(number, len(_TURNS))  # the scene changes last: to draw one takes a second
    rest, right = divmod(rest, _PLACES)
    scene, down = divmod(rest, _PLACES)
    picture, way = _scene(scene % _SCENES, 4000, 3000), _TURNS[turn]
    turned = picture if way is None else picture.transpose(way)
    return _jpeg(ImageChops.offset(turned, right * 4000 // _PLACES, down * 3000 // _PLACES), 85)


@cache
def _film() -> bytes:
    return render_video(5)


def video(number: int) -> bytes:
    """A video of some seconds; a free box at its end makes each its own file."""
    return _film() + _free_box(8_000_000 + number)


def _free_box(octets: int) -> bytes:
    return octets.to_bytes(4, "big") + b"free" + random.Random(octets).randbytes(octets - 8)


def villages(count: int) -> list[tuple[str, str]]:
    """So many invented villages with their addresses."""
    first, second = "东西南北上下前后大小新旧", "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
    names = [f"{a}{b}{c}村" for a in first for b in second for c in ("庄", "屯", "家", "营", "寨", "堡", "湾", "岗")]
    assert count <= len(names)
    return [(name, f"v{number}@village.test") for number, name in enumerate(names[:count])]


def register(path: Path, known: list[tuple[str, str]]) -> None:
    """The register of these villages."""
    lines = ["village,aliases,addresses,contact", *(f"{name},,{address}," for name, address in known)]
    path.write_text("\n".join(lines), encoding="utf-8")
