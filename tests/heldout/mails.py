"""Mails as clients in China put them together, octet by octet, with what is right to say of each."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from tests.heldout.township import OFFICE

ZONE = ZoneInfo("Asia/Shanghai")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Client = Literal["qq", "coremail", "foxmail", "raw", "outlook", "iphone", "bare"]


@dataclass(frozen=True)
class Sent:
    """A file as it stands in a mail, and where it belongs. ``None`` among the answers: unknown is as good."""

    name: str
    octets: bytes
    village: str | None = None
    deliverables: tuple[str | None, ...] = ()
    cid: str = ""  # shown within the text
    kind: str = "application/octet-stream"
    inside: tuple[Sent, ...] = ()  # of a container: its files, which are judged in its stead
    scored: bool = True

    def leaves(self) -> tuple[Sent, ...]:
        """The files that are judged."""
        return tuple(leaf for each in self.inside for leaf in each.leaves()) if self.inside else (self,)


@dataclass(frozen=True)
class Claim:
    """A finding that must be made: one of the codes, of one of these deliverables (None: of the mail)."""

    codes: tuple[str, ...]
    deliverable: str | None


@dataclass(frozen=True)
class Mail:
    """A mail and its truth."""

    name: str  # tells which mess it is; also the name of the file
    octets: bytes
    received_at: datetime
    dispositions: tuple[str, ...]
    files: tuple[Sent, ...]
    expected: tuple[Claim, ...]
    allowed: tuple[tuple[str, str | None], ...]
    answered: bool | None  # None: as the office likes
    leaves: dict[tuple[str, str], tuple[str, bool | None]]  # village and deliverable -> states joined by |, late
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(self.octets).hexdigest())


def at(text: str) -> datetime:
    """``5-08 09:30`` or ``5-10 23:59:40`` in 2023, Beijing."""
    day, clock = text.split()
    month, number = day.split("-")
    hour, minute, second = (int(part) for part in f"{clock}:0".split(":")[:3])
    return datetime(2023, int(month), int(number), hour, minute, second, tzinfo=ZONE)


def rfc_date(moment: datetime) -> str:
    """The moment as a mail writes it, whatever the machine's locale."""
    return f"{_DAYS[moment.weekday()]}, {moment.day:02d} {_MONTHS[moment.month]} {moment:%Y %H:%M:%S} +0800"


# --- header fields ----------------------------------------------------------------------------------------------------


def encoded(text: str, charset: str) -> str:
    """RFC 2047, one word for each 12 characters."""
    if text.isascii():
        return text
    words = [text[place : place + 12] for place in range(0, len(text), 12)]
    return "\r\n ".join(f"=?{charset}?B?{base64.b64encode(word.encode(charset)).decode()}?=" for word in words)


def _cut_in_character(text: str) -> str:
    """RFC 2047 as careless clients do it: the octets cut anywhere, even within a character."""
    octets = text.encode("gb18030")
    words = [octets[place : place + 31] for place in range(0, len(octets), 31)]
    return "\r\n\t".join(f"=?gb2312?B?{base64.b64encode(word).decode()}?=" for word in words)


def _rfc2231(name: str) -> str:
    """filename*0*=…; filename*1*=… as Outlook writes long names."""
    spelled = "".join(f"%{octet:02X}" for octet in name.encode())
    pieces = [spelled[place : place + 48] for place in range(0, len(spelled), 48)]
    return ";\r\n\t".join(
        f"filename*{number}*={chr(39).join(['utf-8', '', piece]) if number == 0 else piece}"
        for number, piece in enumerate(pieces)
    )


def _file_head(file: Sent, client: Client) -> bytes:
    name = file.name
    disposition = "inline" if file.cid else "attachment"
    if client == "raw":  # old Foxmail: GBK as it is
        lines = [
            b'Content-Type: application/octet-stream;\r\n\tname="' + name.encode("gb18030") + b'"',
            f"Content-Disposition: {disposition};\r\n\tfilename=".encode() + b'"' + name.encode("gb18030") + b'"',
        ]
    elif client == "outlook":
        lines = [
            f"Content-Type: {file.kind}".encode(),
            f"Content-Disposition: {disposition};\r\n\t{_rfc2231(name)}".encode(),
        ]
    elif client == "iphone":
        spelled = "".join(f"%{octet:02X}" for octet in name.encode())
        lines = [
            f"Content-Type: {file.kind};\r\n\tname*=utf-8''{spelled}".encode(),
            f"Content-Disposition: {disposition};\r\n\tfilename*=utf-8''{spelled}".encode(),
        ]
    elif client == "bare":  # Content-Type alone has the name
        lines = [f'Content-Type: {file.kind}; name="{encoded(name, "gbk")}"'.encode()]
    else:
        charset = {"qq": "gb18030", "coremail": "GBK", "foxmail": "utf-8"}[client]
        word = base64.b64encode(name.encode(charset)).decode()
        spelled = name if name.isascii() else f"=?{charset}?B?{word}?="
        lines = [
            f'Content-Type: application/octet-stream;\r\n\tcharset="{charset}";\r\n\tname="{spelled}"'.encode(),
            f'Content-Disposition: {disposition}; filename="{spelled}"'.encode(),
        ]
    if file.cid:
        lines[0] = lines[0].replace(b"application/octet-stream", b"image/jpeg")
        lines.append(f"Content-ID: <{file.cid}>".encode())
    return b"\r\n".join(lines)


def _base64(octets: bytes) -> bytes:
    return b"\r\n".join(base64.encodebytes(octets).splitlines()) + b"\r\n"


# --- bodies -----------------------------------------------------------------------------------------------------------


def text_part(text: str, charset: str = "utf-8", subtype: str = "plain") -> bytes:
    """A text part."""
    return (
        f'Content-Type: text/{subtype}; charset="{charset}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'.encode()
        + _base64(text.encode(charset, "xmlcharrefreplace"))
    )


def multipart(parts: Sequence[bytes], subtype: str, boundary: str, *, quoted: bool = True) -> bytes:
    """A multipart with its own Content-Type field; ``quoted`` False leaves the boundary bare, '=' and all."""
    shown = f'"{boundary}"' if quoted else boundary
    head = f"Content-Type: multipart/{subtype};\r\n\tboundary={shown}\r\n\r\n".encode()
    line = b"--" + boundary.encode()
    return head + b"".join(line + b"\r\n" + part.rstrip(b"\r\n") + b"\r\n" for part in parts) + line + b"--\r\n"


def file_part(file: Sent, client: Client = "qq") -> bytes:
    """A file as a MIME part."""
    if file.kind == "message/rfc822":
        head = b'Content-Type: message/rfc822; name="forwarded.eml"\r\nContent-Disposition: attachment'
        return head + b"\r\n\r\n" + file.octets
    return _file_head(file, client) + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + _base64(file.octets)


def _content(client: Client, body: str, html: str | None, files: Sequence[Sent], number: str) -> bytes:
    charset = {"qq": "gb18030", "coremail": "GBK", "raw": "gb18030", "bare": "gb18030"}.get(client, "utf-8")
    boundary = {
        "qq": f"----=_NextPart_64{number}_A1B2C3D4_5E6F7081",
        "coremail": f"----=_Part_{number}_1846.16837{number}",
        "foxmail": f"----=_001_NextPart{number}_=----",
        "outlook": f"_004_{number}TYZPR06MB_",
    }.get(client, f"Apple-Mail-{number}-77")
    words = text_part(body, charset)
    if html is not None:
        words = multipart([words, text_part(html, charset, "html")], "alternative", boundary + "alt")
    if not files:
        return words
    parts = [words, *(file_part(each, client) for each in files)]
    if client == "iphone" and not body:
        parts = parts[1:]  # a phone sends the pictures and nothing else
    # seen: boundaries with '=' left unquoted, against RFC 2045 section 5.1
    return multipart(parts, "related" if any(f.cid for f in files) else "mixed", boundary, quoted=client != "foxmail")


def forwarded(*, subject: str, sender: str, body: str, files: Sequence[Sent], when: str, client: Client = "qq") -> Sent:
    """A mail to be carried within another as message/rfc822."""
    fields = [
        f"From: {sender}",
        f"To: {OFFICE}",
        f"Subject: {encoded(subject, 'utf-8')}",
        f"Date: {rfc_date(at(when))}",
    ]
    head = "\r\n".join([*fields, "Message-ID: <inner." + _number(subject) + "@qq.example>", "MIME-Version: 1.0"])
    octets = head.encode() + b"\r\n" + _content(client, body, None, files, _number(subject + when))
    return Sent("forwarded.eml", octets, kind="message/rfc822", inside=tuple(files))


def _number(text: str) -> str:
    return str(int(hashlib.sha256(text.encode()).hexdigest()[:8], 16))


# --- whole mails ------------------------------------------------------------------------------------------------------


def mail(
    name: str,
    when: str,
    sender: str,
    subject: str | None,
    body: str = "",
    files: Sequence[Sent] = (),
    *,
    nick: str = "",
    client: Client = "qq",
    html: str | None = None,
    date: str | None = None,
    message_id: str | None = "",
    headers: Sequence[str] = (),
    content: bytes | None = None,
    expect: Sequence[str] = (),
    allow: Sequence[str] = (),
    disposition: str = "submission",
    answered: bool | None = True,
    leaves: dict[tuple[str, str], str] | None = None,
) -> Mail:
    """A mail. ``expect`` and ``allow`` as ``code@deliverable`` or ``code``; ``a|b@x`` either will do.

    ``date`` replaces the Date field; ``message_id`` None leaves it out. ``leaves``: how the ledger stands then, as
    ``accepted``, ``accepted late`` or ``accepted|review``; a trailing ``?`` leaves lateness open.
    """
    moment = at(when)
    charset = {"qq": "gb18030", "coremail": "GBK", "outlook": "utf-8"}.get(client, "utf-8")
    ours = [line for line in headers if line.startswith("Authentication-Results")]  # the office's server writes on top
    headers = [line for line in headers if line not in ours]
    lines = [
        *(line.encode() for line in ours),
        f"Return-Path: <{sender}>".encode(),
        f"Received: from smtp.relay.example (unknown [203.0.113.{int(_number(name)) % 250}])\r\n"
        f"\tby mx.office.example (Coremail) with SMTP id {_number(name)};\r\n\t{rfc_date(moment)}".encode(),
        b"Received: from localhost (localhost [127.0.0.1]) by smtp.relay.example; Mon, 01 May 2023 00:00:00 +0000",
    ]
    if client == "raw":
        lines.append(b"From: " + (nick or sender).encode("gb18030") + f" <{sender}>".encode())
        lines.append(b"Subject: " + (subject or "").encode("gb18030"))
    else:
        shown = encoded(nick, charset)
        shown = f'"{shown}"' if client == "qq" and nick else shown  # seen: QQ puts the encoded-word into quotes
        lines.append(f"From: {shown} <{sender}>".strip().encode())
        if subject is not None:
            cut = client == "coremail" and len(subject) > 14
            lines.append(f"Subject: {_cut_in_character(subject) if cut else encoded(subject, charset)}".encode())
    lines += [f"To: <{OFFICE}>".encode(), f"Date: {date or rfc_date(moment)}".encode(), b"MIME-Version: 1.0"]
    if message_id is not None:
        lines.append(f"Message-ID: <{message_id or 'm' + _number(name) + '@client.example'}>".encode())
    mailer = {
        "qq": "X-Mailer: QQMail 2.x",
        "coremail": "X-Mailer: Coremail Webmail Server Version XT5.0.14",
        "foxmail": "X-Mailer: Foxmail 7.2.25.254[cn]",
        "raw": "X-Mailer: Foxmail 6.5 [cn]",
        "outlook": "X-Mailer: Microsoft Outlook 16.0",
        "iphone": "X-Mailer: iPhone Mail (20E252)",
        "bare": "X-Mailer: MailForAndroid",
    }[client]
    lines += [mailer.encode(), *(line.encode() for line in headers)]
    content = content if content is not None else _content(client, body, html, files, _number(name))
    kinds = tuple(disposition.split("|"))
    return Mail(
        name=name,
        octets=b"\r\n".join(lines) + b"\r\n" + content,
        received_at=moment,
        dispositions=kinds,
        files=tuple(leaf for each in files for leaf in each.leaves() if leaf.scored),
        expected=tuple(_claim(text) for text in expect),
        allowed=tuple((code, claim.deliverable) for text in allow for claim in [_claim(text)] for code in claim.codes),
        answered=answered,
        leaves={(village, due(which)): _state(text) for (village, which), text in (leaves or {}).items()},
    )


ROUNDS = {"1": "progress@2023-05-10", "2": "progress@2023-05-20", "3": "progress@2023-05-31"}


def due(name: str) -> str:
    """``1``, ``2``, ``3`` stand for the rounds of the progress table."""
    return ROUNDS.get(name, name)


def _claim(text: str) -> Claim:
    codes, _, deliverable = text.partition("@")
    return Claim(tuple(codes.split("|")), due(deliverable) if deliverable else None)


def _state(text: str) -> tuple[str, bool | None]:
    states, _, late = text.rstrip("?").partition(" ")
    return states, None if text.endswith("?") else late == "late"


def file(name: str, octets: bytes, village: str | None, deliverable: str | None, *, kind: str = "") -> Sent:
    """A file of a village; ``plan|None`` where unknown is as good."""
    answers = tuple(None if part == "None" else due(part) for part in (deliverable or "None").split("|"))
    ending = re.sub(r".*\.", "", name).lower()
    known = {"jpg": "image/jpeg", "doc": "application/msword", "mp4": "video/mp4", "png": "image/png"}
    return Sent(name, octets, village, answers, kind=kind or known.get(ending, "application/octet-stream"))
