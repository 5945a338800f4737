"""A message's parts -> the files that somebody sent: parts, members of archives, files of forwarded mails.

Left out is what nobody meant to send: the text itself, logos of signatures, calendars, cards, a system's own traces.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from PIL import Image

from pipeline.archive import Member, VolumeSet, group_volumes, is_further, is_junk, join_zip, unfolded
from pipeline.body import Body, is_text, read_body, read_text
from pipeline.headers import decode_base64
from pipeline.model import ARCHIVE_KINDS, PICTURE_KINDS, Attachment, Blob, FileKind, Problem
from pipeline.outlook import Wrapped, read_msg, read_tnef
from pipeline.part import Part, parse_part, walk
from pipeline.sniff import sniff_kind

Keep = Callable[[bytes], Blob]


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Where octets are kept, and the digests of those that are never to be opened again."""

    keep: Keep
    quarantined: Collection[str]

    def bars(self, octets: bytes) -> bool:
        """Whether these are quarantined."""
        return bool(self.quarantined) and hashlib.sha256(octets).hexdigest() in self.quarantined


_DEEPEST = 5  # forwarded mails that come as files, within each other and within archives
_LOGO_SIDE = 200  # pixels
_LOGO_SIZE = 8 * 1024  # octets
_NO_FILES = frozenset(
    {
        "text/calendar",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "text/x-amp-html",
        "text/watch-html",
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
# What Exchange makes of the text parts of other mailers.
_EXCHANGE_TEXT = re.compile(r"ATT\d{5,6}\.(?:txt|htm|html)", re.IGNORECASE)
_ENDINGS = {FileKind.JPEG: "jpg", FileKind.TEXT: "txt", FileKind.GZIP: "gz", FileKind.TNEF: "dat"}
_NO_ENDING = frozenset(
    {FileKind.UNKNOWN, FileKind.OLE, FileKind.EXECUTABLE, FileKind.SHORTCUT, FileKind.AUDIO, FileKind.EMPTY}
)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A mail within the mail, by its words; its files stand among the attachments."""

    subject: str
    body: Body


_CONTAINERS = frozenset({*ARCHIVE_KINDS, FileKind.EML, FileKind.TNEF, FileKind.MSG})
Found = Attachment | Forwarded


def find_attachments(
    message: Part, body: Body, keep: Keep, quarantined: Collection[str] = ()
) -> tuple[tuple[Attachment, ...], tuple[Forwarded, ...]]:
    """The files of a message in their order, and the mails forwarded in it. ``keep`` stores the octets of a file.

    An archive or wrapped mail whose digest is ``quarantined`` is not opened. Raises nothing but what ``keep`` raises.
    """
    found = list(_from_message(message, body, (), 0, _Keeping(keep, quarantined)))
    return (
        tuple(each for each in found if isinstance(each, Attachment)),
        tuple(each for each in found if isinstance(each, Forwarded)),
    )


def _from_message(message: Part, body: Body, path: tuple[str, ...], depth: int, keeping: _Keeping) -> Iterator[Found]:
    shown = frozenset(unquote(each) for each in body.content_ids)
    named = [(part.filename, part) for part in walk(message) if _is_leaf(part)]
    volumes = {id(each.volumes[0]): each for each in group_volumes(named)}
    further = {id(part) for each in volumes.values() for part in each.volumes[1:]}
    for part in walk(message):
        if part.beyond_limits:
            octets = part.source[part.start : part.end]
            yield Attachment(
                (*path, "邮件原文.eml"), keeping.keep(octets), part.content_type, FileKind.EML, Problem.HOSTILE
            )
        elif part.is_message and part.children:
            yield from _from_forwarded(part.children[0], part.filename, path, depth, keeping)
        elif id(part) in volumes:
            yield from _from_volumes(volumes[id(part)], path, depth, keeping)
        elif _is_leaf(part) and id(part) not in further:
            yield from _from_part(part, shown, path, depth, keeping)
    for number, picture in enumerate(body.pictures, 1):
        octets = decode_base64(unquote(picture.decode("ascii")).encode("ascii", "replace"))
        kind = sniff_kind(octets)
        if kind in PICTURE_KINDS and not (len(octets) < _LOGO_SIZE or _is_small(octets)):
            name = f"正文图片{number}.{_ENDINGS.get(kind, kind.value)}"
            yield Attachment((*path, name), keeping.keep(octets), "", kind, inline=True)


def _is_leaf(part: Part) -> bool:
    """Whether the part may be a file."""
    return not (part.is_multipart or part.is_message or is_text(part) or part.content_type.startswith("multipart/"))


def _from_volumes(archive: VolumeSet[Part], path: tuple[str, ...], depth: int, keeping: _Keeping) -> Iterator[Found]:
    """The files of an archive whose volumes are parts of one message; or the volumes, each with what is wrong."""
    volumes = [part.octets() for part in archive.volumes]
    further: list[bytes] = []
    match archive.style:
        case "rar" | "old rar":
            octets, *further = volumes
        case "zip":
            octets = join_zip(volumes)
        case _:
            octets = b"".join(volumes)
    kind, name = sniff_kind(octets), archive.volumes[0].filename
    problem = Problem.HOSTILE if any(map(keeping.bars, volumes)) else Problem.DAMAGED
    if kind in ARCHIVE_KINDS and problem is not Problem.HOSTILE:
        with unfolded(octets, kind, name=name, further=further) as members:
            if not isinstance(members, Problem):
                yield from _from_archive((*path, name), members, depth + 1, keeping)
                return
            problem = members
    if problem is Problem.DAMAGED and archive.style == "cut":
        problem = Problem.PARTIAL  # they are numbered, and do not say how many there are
    for part, each in zip(archive.volumes, volumes, strict=True):
        yield Attachment((*path, part.filename), keeping.keep(each), part.content_type, sniff_kind(each), problem)


def _from_forwarded(message: Part, name: str, path: tuple[str, ...], depth: int, keeping: _Keeping) -> Iterator[Found]:
    subject = message.text_field("subject")
    body = read_body(message)
    yield Forwarded(subject, body)
    for found in _from_message(message, body, (*path, name or f"{subject or '转发邮件'}.eml"), depth, keeping):
        yield replace(found, subjects=(*found.subjects, subject)) if isinstance(found, Attachment) else found


def _from_part(
    part: Part, shown: frozenset[str], path: tuple[str, ...], depth: int, keeping: _Keeping
) -> Iterator[Found]:
    name = part.filename
    if part.content_type in _NO_FILES or is_junk(name) or _EXCHANGE_TEXT.fullmatch(name):
        return
    octets = part.octets()
    if not octets and not name:
        return
    kind = sniff_kind(octets)
    if kind in PICTURE_KINDS and _is_logo(part, octets, shown):
        return
    name = name or ("未命名附件" if kind in _NO_ENDING else f"未命名附件.{_ENDINGS.get(kind, kind.value)}")
    inline = bool(part.content_id) and part.content_id in shown
    yield from _from_file((*path, name), octets, kind, part.content_type, depth, keeping, inline=inline)


def _from_file(
    path: tuple[str, ...],
    octets: bytes,
    kind: FileKind,
    content_type: str,
    depth: int,
    keeping: _Keeping,
    *,
    inline: bool = False,
) -> Iterator[Found]:
    """One file, or what it holds if it is an archive or a mail."""
    problem = Problem.EMPTY if kind is FileKind.EMPTY else None
    if kind in _CONTAINERS and keeping.bars(octets):
        problem = Problem.HOSTILE
    elif kind in ARCHIVE_KINDS and depth < _DEEPEST:
        with unfolded(octets, kind, name=path[-1]) as members:
            if not isinstance(members, Problem):
                yield from _from_archive(path, members, depth + 1, keeping)
                return
            problem = members
        if problem is Problem.DAMAGED and is_further(path[-1]):
            problem = Problem.PARTIAL
    elif is_further(path[-1]) and kind not in _CONTAINERS | {FileKind.EMPTY}:
        problem = Problem.PARTIAL
    elif kind is FileKind.EML and content_type.startswith("text/"):
        pass  # a text that begins like a mail
    elif kind is FileKind.EML and depth < _DEEPEST:
        message = parse_part(octets)
        yield from _from_forwarded(message, path[-1], path[:-1], depth + 1, keeping)
        return
    elif kind in {FileKind.TNEF, FileKind.MSG} and depth < _DEEPEST:
        wrapped = read_tnef(octets) if kind is FileKind.TNEF else read_msg(octets)
        if wrapped is not None:
            yield from _from_wrapped(path, wrapped, depth + 1, keeping)
            return
        problem = Problem.DAMAGED
    elif kind in _CONTAINERS:
        problem = Problem.HOSTILE  # nobody nests like this by accident
    yield Attachment(path, keeping.keep(octets), content_type, kind, problem, inline)


def _from_wrapped(path: tuple[str, ...], wrapped: Wrapped, depth: int, keeping: _Keeping) -> Iterator[Found]:
    if wrapped.subject or wrapped.text:
        yield Forwarded(wrapped.subject, read_text(wrapped.text))
    for names, octets in wrapped.files:
        if not is_junk(names[-1]):
            yield from _from_file((*path, *names), octets, sniff_kind(octets), "", depth, keeping)


def _from_archive(path: tuple[str, ...], members: Iterable[Member], depth: int, keeping: _Keeping) -> Iterator[Found]:
    for member in members:
        names, octets = (*path, *member.names), member.octets
        kind = sniff_kind(octets)
        if member.problem is None:
            yield from _from_file(names, octets, kind, "", depth, keeping)
        else:
            kind = FileKind.UNKNOWN if kind is FileKind.EMPTY else kind  # nothing of it could be read
            yield Attachment(names, keeping.keep(octets), "", kind, member.problem)


def _is_logo(part: Part, octets: bytes, shown: frozenset[str]) -> bool:
    """A picture of a signature or letterhead: shown in the text by its Content-ID, and small, unlike a photo."""
    if not part.content_id:
        return False
    light, small = len(octets) < _LOGO_SIZE, _is_small(octets)
    if part.content_id in shown and part.disposition != "attachment":
        return light or small
    return light and small  # seen: logos that are called attachments, or are left over after the text was cut


def _is_small(octets: bytes) -> bool:
    """Whether its shorter side is below that of any photo; False where that cannot be told. Reads the header alone."""
    try:
        with Image.open(io.BytesIO(octets), formats=("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF")) as picture:
            return min(picture.size) < _LOGO_SIDE
    except (OSError, ValueError, SyntaxError, struct.error, EOFError, Image.DecompressionBombError):
        return False
