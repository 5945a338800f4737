"""Raw mails as the mailers of China write them, with invented people and villages."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from PIL import Image

from pipeline.cache.workplace import open_workplace
from pipeline.message.parsing import parse_message
from pipeline.model.message import Blob, Message

RECEIVED_AT = datetime(2023, 5, 9, 2, 0, tzinfo=UTC)
File = tuple[str, bytes]


Kept = dict[str, bytes]  # digest -> octets


def parse(
    octets: bytes,
    kept: Kept | None = None,
    authserv_ids: Sequence[str] = (),
    quarantined: Collection[str] = (),
) -> Message:
    """The message, received at a fixed moment; its files go into ``kept``."""
    with open_workplace() as workplace:
        message = parse_message(
            octets,
            blob=Blob(sha256(octets).hexdigest(), len(octets)),
            received_at=RECEIVED_AT,
            workplace=workplace,
            authserv_ids=authserv_ids,
            quarantined=quarantined,
        )
        if kept is not None:
            kept.update({digest: place.read_bytes() for digest, place in workplace.kept.items()})
    return message


def word(text: str, charset: str = "utf-8", encoding: str = "B") -> str:
    """One encoded word of RFC 2047."""
    octets = text.encode("gb18030" if charset.lower() in {"gb2312", "gbk"} else charset)
    if encoding == "Q":
        return f"=?{charset}?Q?{''.join(f'={octet:02X}' for octet in octets)}?="
    return f"=?{charset}?B?{base64.b64encode(octets).decode()}?="


def mixed(parts: Sequence[bytes], boundary: str = "----=_NextPart_1", subtype: str = "mixed") -> bytes:
    """A multipart entity: its Content-Type field, a blank line, and the parts."""
    head = f'Content-Type: multipart/{subtype};\r\n\tboundary="{boundary}"\r\n\r\n'.encode()
    return (
        head
        + b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts)
        + f"--{boundary}--\r\n".encode()
    )


def text_part(text: str, charset: str = "utf-8", subtype: str = "plain") -> bytes:
    """A text part in base64."""
    body = base64.encodebytes(text.encode("gb18030" if charset.lower() in {"gb2312", "gbk"} else charset))
    head = f'Content-Type: text/{subtype};\r\n\tcharset="{charset}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return head.encode() + body


def file_part(head: str | bytes, octets: bytes) -> bytes:
    """A part in base64 with these header lines."""
    raw = head.encode() if isinstance(head, str) else head
    return raw.rstrip() + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(octets)


def _both(name: str) -> str:
    content_type = f'Content-Type: application/octet-stream;\r\n\tname="{name}"'
    return f'{content_type}\r\nContent-Disposition: attachment;\r\n\tfilename="{name}"'


def qq_web(subject: str, text: str, files: Sequence[File] = (), html: str | None = None, extra: str = "") -> bytes:
    """QQ Mail in a browser: gb18030, encoded words in quotes and in parameters, octet-stream for everything."""
    body = mixed(
        [text_part(text, "gb18030"), text_part(html or f"<div>{text}</div>", "gb18030", "html")],
        "----=_NextPart_2",
        "alternative",
    )
    parts = [file_part(_both(word(name, "gb18030")), octets) for name, octets in files]
    head = (
        f'From: "{word("孙庄村小李", "gb18030")}" <100200300@qq.com>\r\nTo: office@163.com\r\n'
        f"Subject: {word(subject, 'gb18030')}\r\nDate: Tue, 9 May 2023 09:58:00 +0800\r\n"
        f"Message-ID: <tencent_0A1B2C@qq.com>\r\nX-QQ-MIME: TCMime 1.0 by Tencent\r\n{extra}MIME-Version: 1.0\r\n"
    )
    return head.encode() + mixed([body, *parts])


def netease_web(subject: str, text: str, files: Sequence[File] = (), html: str | None = None) -> bytes:
    """163 Mail in a browser: GBK, words in Q encoding."""
    body = mixed(
        [text_part(text, "GBK"), text_part(html or f"<div>{text}</div>", "GBK", "html")], "----=_Part_2", "alternative"
    )
    parts = [file_part(_both(word(name, "GBK", "Q")), octets) for name, octets in files]
    head = (
        f"From: {word('孙庄村 ', 'GBK')} <Sunzhuang@126.com>\r\nSubject: {word(subject, 'GBK', 'Q')}\r\n"
        "Message-ID: <1.2.Coremail.sunzhuang@126.com>\r\nMIME-Version: 1.0\r\n"
    )
    return head.encode() + mixed([body, *parts], "----=_Part_1")


def gateway(subject: str, text: str, files: Sequence[File] = ()) -> bytes:
    """Old Foxmail behind a gateway: raw GBK octets in every field."""
    parts = [
        file_part(
            b'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="%s"'
            % name.encode("gbk"),
            octets,
        )
        for name, octets in files
    ]
    body = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text.encode("gbk")
    head = "From: 孙庄村委会 <sun@zhuang.gov.cn>\r\nSubject: ".encode("gbk") + subject.encode("gbk") + b"\r\n"
    return head + mixed([body, *parts])


def plain(text: str, fields: str = "From: a@b.cn\r\n") -> bytes:
    """A mail of text alone, with these header lines before it."""
    return f"{fields}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}".encode()


def html_mail(html: str, fields: str = "From: a@b.cn\r\n") -> bytes:
    """A mail of HTML alone."""
    return fields.encode() + text_part(html, "utf-8", "html")


def zip_of(files: Sequence[File], names: str = "utf-8", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive; with names other than utf-8 written as Chinese packers do, without any mark."""
    if names != "utf-8":
        return _unmarked_zip(files, names)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, octets in files:
            archive.writestr(name, octets)
    return out.getvalue()


def _unmarked_zip(files: Sequence[File], names: str) -> bytes:
    """The octets of APPNOTE 4.3 by hand: zipfile itself cannot write raw names."""
    out = io.BytesIO()
    places = []
    for name, content in files:
        raw = name.encode(names)
        packed = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = packed.compress(content) + packed.flush()
        fixed = b"\x14\0\0\0\x08\0\0\0\x21\x56" + zlib.crc32(content).to_bytes(4, "little")
        fixed += len(body).to_bytes(4, "little") + len(content).to_bytes(4, "little") + len(raw).to_bytes(2, "little")
        places.append((out.tell(), fixed, raw))
        out.write(b"PK\x03\x04" + fixed + b"\0\0" + raw + body)
    start = out.tell()
    for offset, fixed, raw in places:
        out.write(b"PK\x01\x02\x14\0" + fixed + b"\0" * 12 + offset.to_bytes(4, "little") + raw)
    size = out.tell() - start
    count = len(places).to_bytes(2, "little")
    out.write(
        b"PK\x05\x06\0\0\0\0" + count + count + size.to_bytes(4, "little") + start.to_bytes(4, "little") + b"\0\0"
    )
    return out.getvalue()


def office(main: str, part: str, others: Sequence[File] = ()) -> bytes:
    """A smallest Office document with this main content type and main part."""
    types = f'<Types><Override PartName="/{part}" ContentType="application/{main}+xml"/></Types>'
    return zip_of([("[Content_Types].xml", types.encode()), (part, b"<x/>"), *others])


DOCX = office("vnd.openxmlformats-officedocument.wordprocessingml.document.main", "word/document.xml")


def picture(width: int, height: int, kind: str = "JPEG") -> bytes:
    """A picture of this size that does not compress to nothing."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 60).save(out, kind)
    return out.getvalue()
