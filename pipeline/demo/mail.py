"""Mails as the villages' programs write them: QQ Mail in a browser and on a phone, 163 in a browser, Foxmail.

Built line by line, for the library's own generator would write them all alike. What is peculiar to each program was
seen in real mail: display names as encoded words within quotes, file names by RFC 2047 in parameters where RFC 2231
would be right, every file called an octet stream, GBK called GB2312.
"""

from __future__ import annotations

import base64
import html
import quopri
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from random import Random

from pipeline.demo.villages import OFFICE_ADDRESS, OFFICE_NAME


class Client(StrEnum):
    """The program a mail was written with."""

    QQ_WEB = "qq-web"
    QQ_PHONE = "qq-phone"
    NETEASE_WEB = "163-web"
    FOXMAIL = "foxmail"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a mail."""

    name: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class BigFile:
    """A file left with QQ Mail as 超大附件; the mail carries a link."""

    name: str
    size: str
    expires: str  # as QQ Mail writes it


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person wrote, before a program made a mail of it."""

    client: Client
    name: str  # the sender's display name
    address: str
    subject: str | None  # None: no such field at all
    text: str = ""
    files: tuple[Enclosure, ...] = ()
    big_file: BigFile | None = None
    quoted: str = ""  # the mail it answers, as the program repeats it below
    to: str = OFFICE_ADDRESS


_CHARSETS = {
    Client.QQ_WEB: "gb18030",
    Client.QQ_PHONE: "utf-8",
    Client.NETEASE_WEB: "GBK",
    Client.FOXMAIL: "GB2312",  # its label; the octets are GBK
}
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/x-zip-compressed",
    "jpg": "image/jpeg",
    "png": "image/png",
    "mp4": "video/mp4",
}
_OCTETS = "application/octet-stream"


def write_mail(draft: Draft, arrived_at: datetime, rng: Random) -> bytes:
    """The mail as it lies in the office's mailbox: the topmost Received field tells ``arrived_at``."""
    sent_at = arrived_at - timedelta(seconds=rng.randint(2, 40))
    return trace(draft.address, arrived_at, sent_at, rng) + write_message(draft, sent_at, rng)


def write_forward(draft: Draft, inner: Draft, inner_at: datetime, arrived_at: datetime, rng: Random) -> bytes:
    """A mail that carries another as a message/rfc822 part, as 163 forwards “作为附件”."""
    sent_at = arrived_at - timedelta(seconds=rng.randint(2, 40))
    carried = write_message(inner, inner_at, rng)
    name = f"{inner.subject}.eml"
    return trace(draft.address, arrived_at, sent_at, rng) + write_message(draft, sent_at, rng, (name, carried))


def write_message(draft: Draft, sent_at: datetime, rng: Random, carried: tuple[str, bytes] | None = None) -> bytes:
    """The message as its program handed it in, without fields of transport."""
    boundary = _boundary(draft.client, rng)
    body = _body(draft, rng)
    parts = [_file_part(draft.client, file) for file in draft.files]
    if carried:
        parts.append(_carried_part(draft.client, *carried))
    fields = list(_fields(draft, sent_at, rng))
    if not parts:
        return _lines(*fields) + body
    fields.append(f'Content-Type: multipart/mixed;\r\n\tboundary="{boundary}"')
    opening = f"--{boundary}\r\n".encode()
    whole = b"".join(opening + part + b"\r\n" for part in (body, *parts))
    return _lines(*fields) + b"\r\nThis is a multi-part message in MIME format.\r\n\r\n" + whole + _close(boundary)


def trace(address: str, arrived_at: datetime, sent_at: datetime, rng: Random) -> bytes:
    """The fields that servers put in front; addresses of hosts are those of RFC 5737."""
    domain = address.partition("@")[2]
    relay = f"smtpbg{rng.randint(100, 900)}.{domain}" if domain == "qq.com" else f"m{rng.randint(10, 99)}.mail.{domain}"
    host = f"203.0.113.{rng.randint(2, 250)}"
    return _lines(
        f"Received: from {relay} (unknown [{host}])",
        f"\tby mx{rng.randint(1, 60)} (Coremail) with SMTP id {_hex(rng, 10)}--.{rng.randint(10000, 99999)}S2;",
        f"\t{format_datetime(arrived_at)} (CST)",
        f"Authentication-Results: mx.163.com; spf=pass smtp.mailfrom={address}; dkim=pass header.i=@{domain}",
        f"Received: from PC-{_hex(rng, 8)} (unknown [198.51.100.{rng.randint(2, 250)}])",
        f"\tby {relay} with ESMTPSA id {_hex(rng, 12)}",
        f"\tfor <{OFFICE_ADDRESS}>; {format_datetime(sent_at)}",
    )


def encode_word(text: str, charset: str, *, quoted_printable: bool = False) -> str:
    """The text as one encoded word of RFC 2047, however long: that is what these programs write."""
    if text.isascii():
        return text
    octets = text.encode("gbk" if charset == "GB2312" else charset)
    if quoted_printable:
        packed = quopri.encodestring(octets, header=True).replace(b"=\n", b"").replace(b"?", b"=3F").decode()
        return f"=?{charset}?Q?{packed}?="
    return f"=?{charset}?B?{base64.b64encode(octets).decode()}?="


def _fields(draft: Draft, sent_at: datetime, rng: Random) -> Iterator[str]:
    client, charset = draft.client, _CHARSETS[draft.client]
    quoted_printable = client is Client.NETEASE_WEB and rng.random() < 0.5
    name = encode_word(draft.name, charset, quoted_printable=quoted_printable)
    yield f"Date: {format_datetime(sent_at)}" + (" (CST)" if client is Client.NETEASE_WEB else "")
    yield f"From: {name} <{draft.address}>" if client is Client.NETEASE_WEB else f'From: "{name}" <{draft.address}>'
    yield f"To: {encode_word(OFFICE_NAME, charset)} <{draft.to}>" if client is Client.FOXMAIL else f"To: {draft.to}"
    if draft.subject is not None:
        yield f"Subject: {encode_word(draft.subject, charset, quoted_printable=quoted_printable)}"
    yield "MIME-Version: 1.0"
    yield "X-Priority: 3"
    if client in {Client.QQ_WEB, Client.QQ_PHONE}:
        yield "X-QQ-MIME: TCMime 1.0 by Tencent"
        yield "X-Mailer: QQMail 2.x"
        yield "X-QQ-Mailer: QQMail 2.x"
        kind = "webmail" if client is Client.QQ_WEB else "riamail"
        yield f"X-QQ-mid: {kind}{rng.randint(100, 999)}t{int(sent_at.timestamp())}t{rng.randint(10**6, 10**7)}"
        if client is Client.QQ_PHONE:
            yield "X-QQ-WAPMAIL: 1"
        yield f"Message-ID: <tencent_{_hex(rng, 36)}@qq.com>"
    elif client is Client.NETEASE_WEB:
        yield (
            "X-Mailer: Coremail Webmail Server Version XT5.0.14 build 20230109(dcb5de15)\r\n"
            " Copyright (c) 2002-2023 www.mailtech.cn 163com"
        )
        yield f"X-CM-TRANSID: {_hex(rng, 24)}"
        middle = f"{_hex(rng, 8)}.{_hex(rng, 4)}.{int(sent_at.timestamp() * 1000):x}".lower()
        yield f"Message-ID: <{middle}.Coremail.{draft.address}>"
    else:
        yield f"X-GUID: {_hex(rng, 8)}-{_hex(rng, 4)}-{_hex(rng, 4)}-{_hex(rng, 4)}-{_hex(rng, 12)}"
        yield f"X-Has-Attach: {'yes' if draft.files else 'no'}"
        yield "X-Mailer: Foxmail 7.2.25.254[cn]"
        yield f"Message-ID: <{sent_at:%Y%m%d%H%M%S}{rng.randint(10**9, 10**10)}@{draft.address.partition('@')[2]}>"


def _body(draft: Draft, rng: Random) -> bytes:
    """The multipart/alternative with its own Content-Type field."""
    charset, boundary = _CHARSETS[draft.client], _boundary(draft.client, rng)
    plain, rich = draft.text, "".join(f"<div>{html.escape(line)}</div>" for line in draft.text.split("\n"))
    if draft.big_file:
        block_plain, block_rich = _big_file_block(draft.big_file, rng)
        plain, rich = plain + block_plain, rich + block_rich
    if draft.quoted:
        plain += f"\n\n\n------------------ 原始邮件 ------------------\n{draft.quoted}"
        quoted = "".join(f"<div>{html.escape(line)}</div>" for line in draft.quoted.split("\n"))
        rich += f"<div><br></div><div>------------------&nbsp;原始邮件&nbsp;------------------</div>{quoted}"
    rich = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">{rich}'
    inner = b"".join(
        _lines(f"--{boundary}", f"Content-Type: text/{kind};", f'\tcharset="{charset}"')
        + _lines("Content-Transfer-Encoding: base64")
        + b"\r\n"
        + _base64(text.encode("gbk" if charset == "GB2312" else charset))
        for kind, text in (("plain", plain), ("html", rich))
    )
    return _lines("Content-Type: multipart/alternative;", f'\tboundary="{boundary}"', "") + inner + _close(boundary)


def _big_file_block(file: BigFile, rng: Random) -> tuple[str, str]:
    key = _hex(rng, 40).lower()
    url = f"https://wx.mail.qq.com/ftn/download?func=3&key={key}&code={key[:8]}"
    told = f"({file.size}, {file.expires} 到期)"
    link = html.escape(url)
    plain = f"\n\n从QQ邮箱发来的超大附件\n\n{file.name} {told}进入下载页面：{url}\n"
    rich = (
        '<div id="QQMailBigAttach" style="margin:18px 0 8px 0;width:565px;"><div><b>从QQ邮箱发来的超大附件</b></div>'
        f'<div class="bigatt_bt"><div class="name_big"><a href="{link}" target="_blank">{html.escape(file.name)}</a>'
        f'<span style="color:#A0A0A0;"> {told}</span></div><div class="down_big"><a href="{link}">进入下载页面</a>'
        f'<span style="display:none;">：{link}</span></div></div></div>'
    )
    return plain, rich


def _file_part(client: Client, file: Enclosure) -> bytes:
    charset = _CHARSETS[client]
    name = encode_word(file.name, charset)
    content_type = _TYPES.get(file.name.rpartition(".")[2], _OCTETS) if client is Client.NETEASE_WEB else _OCTETS
    declared = f'\tcharset="{charset}";\r\n\tname="{name}"' if client is Client.QQ_WEB else f'\tname="{name}"'
    head = _lines(
        f"Content-Type: {content_type};",
        declared,
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment;",
        f'\tfilename="{name}"',
        "",
    )
    return head + _base64(file.octets)


def _carried_part(client: Client, name: str, octets: bytes) -> bytes:
    word = encode_word(name, _CHARSETS[client])
    head = _lines("Content-Type: message/rfc822;", f'\tname="{word}"', "Content-Transfer-Encoding: 7bit")
    return head + _lines("Content-Disposition: attachment;", f'\tfilename="{word}"', "") + octets


def _boundary(client: Client, rng: Random) -> str:
    if client is Client.NETEASE_WEB:
        return f"----=_Part_{rng.randint(10**5, 10**6)}_{rng.randint(10**8, 10**9)}.{rng.randint(10**12, 10**13)}"
    if client is Client.FOXMAIL:
        return f"----=_00{rng.randint(1, 3)}_NextPart{rng.randint(10**11, 10**12)}_=----"
    return f"----=_NextPart_{_hex(rng, 8)}_{_hex(rng, 8)}_{_hex(rng, 8)}"


def _base64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


def _close(boundary: str) -> bytes:
    return f"--{boundary}--\r\n".encode()


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _hex(rng: Random, digits: int) -> str:
    return f"{rng.getrandbits(digits * 4):0{digits}X}"
