"""What other libraries find in a message, against what we find: by the digest of the decoded content.

Where we give something else than they do, one of the rules below must say why. There is no list of files.
"""

from __future__ import annotations

import base64
import email
import io
import re
import struct
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import imap_tools
import mailparser  # type: ignore[import-untyped]  # it ships no types
from PIL import Image

from pipeline.model.files import ARCHIVE_KINDS, PICTURE_KINDS, FileKind
from pipeline.model.message import Message
from pipeline.sniff import sniff_kind

_CONTAINERS = ARCHIVE_KINDS | {FileKind.EML, FileKind.MSG, FileKind.TNEF}
_MACHINES_OWN = frozenset(
    {
        "text/calendar",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "text/rfc822-headers",
        "message/delivery-status",
        "message/disposition-notification",
        "message/external-body",
        "application/ics",
        "application/applefile",
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    }
)


@dataclass(frozen=True)
class Found:
    """A file that a library found."""

    name: str
    octets: bytes
    content_type: str
    content_id: str
    attached: bool  # its disposition says so


def lost_files(octets: bytes, message: Message, folder: Path) -> tuple[int, Counter[str], list[str]]:
    """How many files the others found; how many of them we rightly do not have as they are, by rule; and the rest."""
    excused: Counter[str] = Counter()
    lost = []
    ours = [(folder / each.blob.digest).read_bytes() for each in message.attachments]
    digests = {sha256(each).hexdigest() for each in ours} | {_loosely(each) for each in ours}
    found = [(library.__name__, each) for library in (_walk, _imap_tools, _mail_parser) for each in library(octets)]
    for library, each in found:
        if sha256(each.octets).hexdigest() in digests or _loosely(each.octets) in digests:
            continue
        rule = next((name for name, holds in RULES.items() if holds(each, message, ours)), None)
        if rule is None:
            lost.append(f"{library} {each.name!r} {each.content_type} {len(each.octets)}")
        else:
            excused[rule] += 1
    return len(found), excused, lost


def _loosely(octets: bytes) -> str:
    """The digest without white space: the libraries differ in the newlines of texts."""
    return sha256(b"".join(octets.split())).hexdigest()


# --- the others -------------------------------------------------------------------------------------------------------


def _walk(octets: bytes) -> Iterator[Found]:
    """The standard library: every part that has a file name or calls itself an attachment."""
    for part in email.message_from_bytes(octets).walk():
        attached = "attachment" in str(part.get("content-disposition", "")).lower()
        if not part.is_multipart() and (part.get_filename() or attached):
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            content_id = str(part.get("content-id", ""))
            yield Found(part.get_filename() or "", content, part.get_content_type(), content_id, attached)


def _imap_tools(octets: bytes) -> Iterator[Found]:
    for each in imap_tools.MailMessage.from_bytes(octets).attachments:
        attached = each.content_disposition == "attachment"
        yield Found(each.filename, each.payload or b"", each.content_type, each.content_id, attached)


def _mail_parser(octets: bytes) -> Iterator[Found]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            attachments = mailparser.parse_from_bytes(octets).attachments
        except Exception:  # noqa: BLE001 (whatever it raises on these files, it finds nothing)
            return
    for each in attachments:
        raw = each["payload"].encode("utf-8", "surrogateescape")
        content = _unpack_base64(raw) if each["binary"] else raw
        attached = each.get("content-disposition", "").lower().startswith("attachment")
        yield Found(each["filename"], content, each["mail_content_type"], each["content-id"], attached)


def _unpack_base64(octets: bytes) -> bytes:
    """As much as can be had, whatever stands between."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
    return base64.b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + b"==="[: -len(letters) % 4])


# --- what may differ --------------------------------------------------------------------------------------------------


def _is_text_of_the_mail(found: Found, message: Message, ours: Sequence[bytes]) -> bool:
    return found.content_type.startswith("text/") and not found.name and not found.attached


def _is_taken_apart(found: Found, message: Message, ours: Sequence[bytes]) -> bool:
    """A mail or an archive: its own files stand in its place, and are compared where the library opens it too."""
    if found.content_type.startswith(("message/rfc822", "message/global", "message/news", "multipart/")):
        return True
    opened = {name for each in message.attachments for name in each.path[:-1]}
    return sniff_kind(found.octets) in _CONTAINERS and (found.name in opened or not found.name)


def _is_a_machines_own(found: Found, message: Message, ours: Sequence[bytes]) -> bool:
    return found.content_type in _MACHINES_OWN or found.name.lower().endswith((".p7s", ".ics", ".vcf"))


def _is_a_small_picture_of_the_text(found: Found, message: Message, ours: Sequence[bytes]) -> bool:
    """Shown within the text by its Content-ID, and too small for a photo: under 8 KB or 200 pixels."""
    if not found.content_id or sniff_kind(found.octets) not in PICTURE_KINDS:
        return False
    if len(found.octets) < 8192:
        return True
    try:
        with Image.open(io.BytesIO(found.octets)) as picture:
            return min(picture.size) < 200
    except (OSError, ValueError, SyntaxError, struct.error):
        return False


def _is_empty_and_nameless(found: Found, message: Message, ours: Sequence[bytes]) -> bool:
    return not found.octets and (not found.name or "@" in found.name)  # mail-parser takes the Content-ID for a name


def _is_left_encoded(found: Found, message: Message, ours: Sequence[bytes]) -> bool:
    """Base64 with a fault in it: they give it as it stands, we what is in it."""
    return _unpack_base64(found.octets) in ours


Rule = Callable[[Found, Message, Sequence[bytes]], bool]
RULES: dict[str, Rule] = {
    "the mail's own text": _is_text_of_the_mail,
    "a mail or archive, taken apart": _is_taken_apart,
    "calendars, cards, signatures, receipts": _is_a_machines_own,
    "a small picture shown in the text": _is_a_small_picture_of_the_text,
    "no octets and no name": _is_empty_and_nameless,
    "base64 that they leave encoded": _is_left_encoded,
}
