# ruff: noqa: E501 a head is read as a whole
# fmt: off
"""How the fourth office's mail programs put a mail together: phones' own, old ones, and gateways that mend what is right."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC
from urllib.parse import quote

from tests.heldout.mails import Mail, Sent, file_part, multipart, rfc_date, text_part
from tests.strangers.story import Story

Build = Callable[[str, Sequence[Sent]], bytes]


def _quoted(octets: bytes) -> bytes:
    spelled = "".join(f"={octet:02X}" if octet > 126 or octet == 61 or octet < 32 else chr(octet) for octet in octets)
    pieces, line = [], ""
    for place in range(len(spelled)):
        line += spelled[place]
        if len(line) > 70 and "=" not in line[-2:]:
            pieces.append(line)
            line = ""
    return "=\r\n".join([*pieces, line]).encode()


def xiaomi(body: str, files: Sequence[Sent]) -> bytes:
    """Quoted-printable GBK; names by RFC 2231 in GB18030; each file's base64 in one line."""
    parts = [b"Content-Type: text/plain; charset=GBK\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + _quoted(body.encode("gbk"))]
    for each in files:
        name = "".join(f"%{octet:02X}" for octet in each.name.encode("gb18030"))
        head = f"Content-Type: {each.kind};\r\n name*=GB18030''{name}\r\nContent-Disposition: attachment;\r\n filename*=GB18030''{name}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        parts.append(head.encode() + base64.b64encode(each.octets))
    return multipart(parts, "mixed", "--_com.android.email_1683700000000")


def huawei(body: str, files: Sequence[Sent]) -> bytes:
    """The page alone; a name cut into two words within a character; files beside the page in a related part."""
    parts = [text_part(f"<html><body><p>{body or '<br>'}</p><p>发自我的华为手机</p></body></html>", "utf-8", "html")]
    for each in files:
        octets = each.name.encode()
        cut = len(octets) // 2 + 1
        words = "\r\n\t".join(f"=?UTF-8?B?{base64.b64encode(piece).decode()}?=" for piece in (octets[:cut], octets[cut:]) if piece)
        head = f'Content-Type: {each.kind}; name="{words}"\r\nContent-Disposition: attachment; filename="{words}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        parts.append(head.encode() + base64.encodebytes(each.octets))
    return multipart(parts, "related", "----=_Huawei_7712")


def nameless(body: str, files: Sequence[Sent]) -> bytes:
    """The text in bare GBK without a word on its charset; names as raw UTF-8 octets."""
    parts = [b"Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body.encode("gbk")]
    for each in files:
        head = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: BASE64\r\nContent-Disposition: attachment; filename=\"" + each.name.encode() + b"\"\r\n\r\n"
        parts.append(head + base64.encodebytes(each.octets).replace(b"\n", b"\r\n"))
    return multipart(parts, "mixed", "NextPart_gateway_0x17")


def mislabelled(body: str, files: Sequence[Sent]) -> bytes:
    """UTF-8 that calls itself iso-8859-1; names percent-encoded as in a link."""
    parts = [b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(body.encode())]
    for each in files:
        name = quote(each.name)
        head = f'Content-Type: {each.kind}; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        parts.append(head.encode() + base64.encodebytes(each.octets))
    return multipart(parts, "mixed", "b1_af09")


def apple(body: str, files: Sequence[Sent]) -> bytes:
    """Plain words, or a page that is a mixed part and holds the files between its lines."""
    page = [text_part(f"<html><body>{body}<br></body></html>", "utf-8", "html")]
    for each in files:
        page += [file_part(each, "iphone"), text_part("<html><body><br></body></html>", "us-ascii", "html")]
    return multipart([text_part(body), multipart(page, "mixed", "Apple-Mail=_B7")], "alternative", "Apple-Mail=_A6")


def dress(story: Story, *, mailer: str = "", subject: str = "", utc: bool = False, sender: str = "") -> Mail:
    """The last mail with another program's marks: its name, the subject or the sender as raw octets in UTF-8, the office's server
    telling the time of Greenwich."""
    made = story.mails[-1]
    head, gap, content = made.octets.partition(b"\r\nContent-Type:")

    def put(field: str, value: str) -> None:
        nonlocal head
        head = re.sub(rb"(?m)^%s:.*(?:\n[ \t].*)*" % field.encode(), lambda _: f"{field}: {value}".encode() + b"\r", head, count=1)

    for field, value in (("X-Mailer", mailer), ("Subject", subject), ("From", sender)):
        if value:
            put(field, value)
    if utc:
        theirs = rfc_date(made.received_at.astimezone(UTC)).replace("+0800", "+0000 (UTC)")
        head = head.replace(rfc_date(made.received_at).encode(), theirs.encode(), 1)
    story.mails[-1] = replace(made, octets=head.rstrip(b"\r") + gap + content)
    return story.mails[-1]
