"""A message's parts -> the files that somebody sent: parts, members of archives, files of forwarded mails.

Left out is what nobody meant to send: the text itself, logos of signatures, calendars, cards, a system's own traces.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from pipeline.archive import Member, VolumeSet, group_volumes, is_further, is_junk, join, join_zip, unfolded
from pipeline.cache.workplace import Loose, Workplace
from pipeline.message.body import Body, is_text, read_body, read_text
from pipeline.message.headers import decode_base64
from pipeline.message.outlook import Wrapped, read_msg, read_tnef
from pipeline.message.part import Part, parse_part, walk
from pipeline.message.uuencoded import find_uuencoded
from pipeline.model.files import ARCHIVE_KINDS, PICTURE_KINDS, FileKind, Problem
from pipeline.model.message import Attachment
from pipeline.octets import Octets
from pipeline.sniff import sniff_kind


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file stands: the names of what it came in, how many of these are mails and archives, and the tools."""

    path: tuple[str, ...]
    depth: int
    workplace: Workplace
    quarantined: Collection[str]  # digests of those that are never to be opened again

    def bars(self, file: Loose) -> bool:
        """Whether this is quarantined."""
        return file.blob.digest in self.quarantined

    def within(self, *names: str, deeper: int = 0) -> _Place:
        """What comes in something of this name here."""
        return replace(self, path=(*self.path, *names), depth=self.depth + deeper)


_DEEPEST = 5  # forwarded mails that come as files, within each other and within archives
_LONGEST_TEXT = 40_000_000  # octets of a text that are looked through for files
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
    message: Part, body: Body, workplace: Workplace, quarantined: Collection[str] = ()
) -> tuple[tuple[Attachment, ...], tuple[Forwarded, ...]]:
    """The files of a message in their order, kept in the workplace, and the mails forwarded in it.

    An archive or wrapped mail whose digest is ``quarantined`` is not opened. Raises nothing but AccessError, where our
    own disk fails.
    """
    found = list(_from_message(message, body, _Place((), 0, workplace, quarantined)))
    return (
        tuple(each for each in found if isinstance(each, Attachment)),
        tuple(each for each in found if isinstance(each, Forwarded)),
    )


def _from_message(message: Part, body: Body, place: _Place) -> Iterator[Found]:
    shown = frozenset(unquote(each) for each in body.content_ids)
    named = [(part.filename, part) for part in walk(message) if _is_leaf(part)]
    volumes = {id(each.volumes[0]): each for each in group_volumes(named)}
    further = {id(part) for each in volumes.values() for part in each.volumes[1:]}
    for part in walk(message):
        if part.beyond_limits:
            octets = place.workplace.lay(part.source.chunks(part.start, part.end))
            name = "邮件原文.eml"
            yield _attachment(octets, place.within(name), part.content_type, FileKind.EML, Problem.HOSTILE)
        elif part.is_message and part.children:
            yield from _from_forwarded(part.children[0], part.filename, place)
        elif id(part) in volumes:
            yield from _from_volumes(volumes[id(part)], place)
        elif _is_leaf(part) and id(part) not in further:
            yield from _from_part(part, shown, place)
        elif is_text(part) and part.content_type == "text/plain":
            yield from _from_text(part, place)
    for number, picture in enumerate(body.pictures, 1):
        file = place.workplace.lay((decode_base64(unquote(picture.decode("ascii")).encode("ascii", "replace")),))
        kind = sniff_kind(file.path)
        if kind in PICTURE_KINDS and not (file.blob.size < _LOGO_SIZE or _is_small(file.path)):
            name = f"正文图片{number}.{_ENDINGS.get(kind, kind.value)}"
            yield _attachment(file, place.within(name), "", kind, inline=True)
        place.workplace.drop(file)


def _is_leaf(part: Part) -> bool:
    """Whether the part may be a file."""
    return not (part.is_multipart or part.is_message or is_text(part) or part.content_type.startswith("multipart/"))


def _from_volumes(archive: VolumeSet[Part], place: _Place) -> Iterator[Found]:
    """The files of an archive whose volumes are parts of one message; or the volumes, each with what is wrong."""
    volumes = [place.workplace.lay(part.chunks()) for part in archive.volumes]
    paths = [each.path for each in volumes]
    if archive.style in {"zip", "cut"}:
        together = place.workplace.place()
        (join_zip if archive.style == "zip" else join)(paths, together)
        paths = [together]
    kind, name = sniff_kind(paths[0]), archive.volumes[0].filename
    problem = Problem.HOSTILE if any(map(place.bars, volumes)) else Problem.DAMAGED
    if kind in ARCHIVE_KINDS and problem is not Problem.HOSTILE:
        with unfolded(paths, kind, place.workplace, name=name) as members:
            if not isinstance(members, Problem):
                yield from _from_archive(members, place.within(name, deeper=1))
                return
            problem = members
    if problem is Problem.DAMAGED and archive.style == "cut":
        problem = Problem.PARTIAL  # they are numbered, and do not say how many there are
    for part, each in zip(archive.volumes, volumes, strict=True):
        yield _attachment(each, place.within(part.filename), part.content_type, sniff_kind(each.path), problem)


def _from_forwarded(message: Part, name: str, place: _Place) -> Iterator[Found]:
    subject = message.text_field("subject")
    body = read_body(message)
    yield Forwarded(subject, body)
    for found in _from_message(message, body, place.within(name or f"{subject or '转发邮件'}.eml")):
        yield replace(found, subjects=(*found.subjects, subject)) if isinstance(found, Attachment) else found


def _from_part(part: Part, shown: frozenset[str], place: _Place) -> Iterator[Found]:
    name = part.filename
    if part.content_type in _NO_FILES or is_junk(name) or _EXCHANGE_TEXT.fullmatch(name):
        return
    file = place.workplace.lay(part.chunks())
    kind = sniff_kind(file.path)
    if (file.blob.size or name) and not (kind in PICTURE_KINDS and _is_logo(part, file, shown)):
        name = name or ("未命名附件" if kind in _NO_ENDING else f"未命名附件.{_ENDINGS.get(kind, kind.value)}")
        inline = bool(part.content_id) and part.content_id in shown
        yield from _from_file(file, kind, part.content_type, place.within(name), inline=inline)
    place.workplace.drop(file)


def _from_text(part: Part, place: _Place) -> Iterator[Found]:
    """The files written into a text."""
    for name, octets in find_uuencoded(part.octets(_LONGEST_TEXT), part.charset):
        file = place.workplace.lay((octets,))
        yield from _from_file(file, sniff_kind(file.path), "", place.within(name))
        place.workplace.drop(file)


def _from_file(
    file: Loose, kind: FileKind, content_type: str, place: _Place, *, inline: bool = False
) -> Iterator[Found]:
    """One file, or what it holds if it is an archive or a mail."""
    problem, name = Problem.EMPTY if kind is FileKind.EMPTY else None, place.path[-1]
    if kind in _CONTAINERS and place.bars(file):
        problem = Problem.HOSTILE
    elif kind in ARCHIVE_KINDS and place.depth < _DEEPEST:
        with unfolded([file.path], kind, place.workplace, name=name) as members:
            if not isinstance(members, Problem):
                yield from _from_archive(members, place.within(deeper=1))
                return
            problem = members
        if problem is Problem.DAMAGED and is_further(name):
            problem = Problem.PARTIAL
    elif is_further(name) and kind not in _CONTAINERS | {FileKind.EMPTY}:
        problem = Problem.PARTIAL
    elif kind is FileKind.EML and content_type.startswith("text/"):
        pass  # a text that begins like a mail
    elif kind is FileKind.EML and place.depth < _DEEPEST:
        with file.path.open("rb") as stream:
            outside = replace(place, path=place.path[:-1], depth=place.depth + 1)
            yield from _from_forwarded(parse_part(Octets(stream)), name, outside)
        return
    elif kind in {FileKind.TNEF, FileKind.MSG} and place.depth < _DEEPEST:
        wrapped = (read_tnef if kind is FileKind.TNEF else read_msg)(file.path, place.workplace.lay)
        if wrapped is not None:
            yield from _from_wrapped(wrapped, place.within(deeper=1))
            return
        problem = Problem.DAMAGED
    elif kind in _CONTAINERS:
        problem = Problem.HOSTILE  # nobody nests like this by accident
    yield _attachment(file, place, content_type, kind, problem, inline=inline)


def _from_wrapped(wrapped: Wrapped, place: _Place) -> Iterator[Found]:
    if wrapped.subject or wrapped.text:
        yield Forwarded(wrapped.subject, read_text(wrapped.text))
    for names, file in wrapped.files:
        if not is_junk(names[-1]):
            yield from _from_file(file, sniff_kind(file.path), "", place.within(*names))


def _from_archive(members: Iterable[Member], place: _Place) -> Iterator[Found]:
    for member in members:
        kind, inside = sniff_kind(member.file.path), place.within(*member.names)
        if member.problem is None:
            yield from _from_file(member.file, kind, "", inside)
        else:
            kind = FileKind.UNKNOWN if kind is FileKind.EMPTY else kind  # nothing of it could be read
            yield _attachment(member.file, inside, "", kind, member.problem)


def _attachment(
    file: Loose,
    place: _Place,
    content_type: str,
    kind: FileKind,
    problem: Problem | None = None,
    *,
    inline: bool = False,
) -> Attachment:
    """The file as somebody sent it, and kept."""
    return Attachment(place.path, place.workplace.keep(file), content_type, kind, problem, inline)


def _is_logo(part: Part, file: Loose, shown: frozenset[str]) -> bool:
    """A picture of a signature or letterhead: shown in the text by its Content-ID, and small, unlike a photo."""
    if not part.content_id:
        return False
    light, small = file.blob.size < _LOGO_SIZE, _is_small(file.path)
    if part.content_id in shown and part.disposition != "attachment":
        return light or small
    return light and small  # seen: logos that are called attachments, or are left over after the text was cut


def _is_small(path: Path) -> bool:
    """Whether its shorter side is below that of any photo; False where that cannot be told. Reads the header alone."""
    from PIL import Image  # noqa: PLC0415 (5 MB, and the process that fetches looks at no picture)

    try:
        with Image.open(path, formats=("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF")) as picture:
            return min(picture.size) < _LOGO_SIDE
    except (OSError, ValueError, SyntaxError, struct.error, EOFError, Image.DecompressionBombError):
        return False
