"""Octets -> the tree of a message's parts (RFC 2045, 2046), with every part's own octets as they were received.

The standard library's parser is not used here: it turns the octets into text, line by line, before anything can be
read of them (raw GBK names are lost in its parameters), holds a mail several times in memory, and a nest of multiparts
costs it the product of depth and lines, which a hostile mail can drive to hours. This one cuts by searching for the
delimiters, holds nothing but the headers, and its depth and number of parts have limits.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.message.headers import choose_filename, decode_text, parameter, split_parameters
from pipeline.message.transfer import undone
from pipeline.octets import WINDOW, Octets

DEEPEST = 40  # multiparts and messages within each other; ordinary mail stays below 8
MOST_PARTS = 2000
_LONGEST_FIELD = 16_384  # of a longer one the rest is not read
_MOST_FIELDS = 1000  # of a header; further ones are passed over
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_KNOWN_FIELD = re.compile(
    rb"(?:content-[a-z-]+|mime-version|subject|from|to|cc|date|message-id|received|x-[a-z-]+)[ \t]*:", re.IGNORECASE
)
_TAIL = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r?\Z)")
_LONGEST_TAIL = 1000  # octets; blanks that a gateway adds are a few
_SOME_DELIMITER = re.compile(rb"\n--(\S[^\r\n]{0,69})(?=\r?\n|\r?\Z)")
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})


@dataclass(frozen=True, slots=True)
class Part:
    """One part. Fields keep their order and their raw octets, folded; names are in lower case."""

    fields: tuple[tuple[str, bytes], ...]
    content_type: str  # declared, maintype/subtype in lower case; text/plain where it is missing
    parameters: tuple[tuple[str, bytes], ...]  # of Content-Type
    source: Octets
    start: int  # where the body begins and ends within the source
    end: int
    children: tuple[Part, ...] = ()  # of a multipart; of a message/rfc822 the one message
    beyond_limits: bool = False  # too deep or too many: not taken apart

    def field(self, name: str) -> bytes | None:
        """The first field of this name; None where there is none."""
        return next((raw for key, raw in self.fields if key == name), None)

    def text_field(self, name: str) -> str:
        """The decoded text of the first field of this name; "" where there is none."""
        raw = self.field(name)
        return decode_text(raw) if raw is not None else ""

    @property
    def is_multipart(self) -> bool:
        """Whether it has been taken apart into parts of one message."""
        return bool(self.children) and not self.is_message

    @property
    def is_message(self) -> bool:
        """Whether it holds a whole mail."""
        return self.content_type in _MESSAGES

    @property
    def charset(self) -> str:
        """The declared charset; "" where there is none."""
        return next(iter(parameter(self.parameters, "charset")), "")

    @property
    def disposition(self) -> str:
        """``attachment``, ``inline`` or another word; "" where the field is missing (RFC 2183)."""
        return split_parameters(self.field("content-disposition") or b"")[0]

    @property
    def filename(self) -> str:
        """The sender's name for the file, untrusted; "" where there is none. Content-Disposition counts first."""
        disposition = split_parameters(self.field("content-disposition") or b"")[1]
        return choose_filename([*parameter(disposition, "filename"), *parameter(self.parameters, "name")])

    @property
    def content_id(self) -> str:
        """The Content-ID without its angle brackets (RFC 2392); "" where there is none."""
        return self.text_field("content-id").strip("<> ")

    def chunks(self) -> Iterator[bytes]:
        """The body in pieces, its transfer encoding undone; never fails on it."""
        return undone(_transfer_encoding(self.fields), self.source, self.start, self.end)

    def octets(self, most: int) -> bytes:
        """The same at once, no more than so many octets of it."""
        found, size = [], 0
        for chunk in self.chunks():
            found.append(chunk)
            size += len(chunk)
            if size >= most:
                break
        return b"".join(found)[:most]


def parse_part(source: Octets | bytes) -> Part:
    """The message in these octets as a tree; never fails on them. What is no mail at all is one text part."""
    if isinstance(source, bytes):
        source = Octets(io.BytesIO(source))
    if source.find(b"\n") < 0 <= source.find(b"\r"):  # seen: mail exported on an old Mac
        source = Octets.of(chunk.replace(b"\r", b"\n") for chunk in source.chunks())
    head = source[:WINDOW]
    start = len(head) - len(head.lstrip(b" \t\r\n"))
    start = start if _KNOWN_FIELD.match(head, start) else 0  # seen: blank lines before the header
    return _parse(source, start, len(source), "text/plain", 0, itertools.count())


def walk(part: Part) -> Iterator[Part]:
    """The parts of one message in their order, multiparts included, without descending into forwarded messages."""
    yield part
    if part.is_multipart:
        for child in part.children:
            yield from walk(child)


def _parse(source: Octets, start: int, end: int, default: str, depth: int, counter: itertools.count[int]) -> Part:
    fields, start = _parse_fields(source, start, end)
    declared = next((raw for name, raw in fields if name == "content-type"), b"")
    content_type, parameters = split_parameters(declared)
    if not re.fullmatch(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+", content_type):
        content_type = default if content_type in {"", "text"} else "application/octet-stream"
    part = Part(fields, content_type, tuple(parameters), source, start, end)
    container = content_type.startswith("multipart/") or part.is_message
    if container and (depth >= DEEPEST or next(counter) >= MOST_PARTS):
        return replace(part, beyond_limits=True)
    if part.is_message:
        if _transfer_encoding(fields) in {"base64", "quoted-printable"}:  # forbidden by RFC 2046, seen: Outlook
            source = Octets.of(part.chunks())
            start, end = 0, len(source)
        return replace(part, children=(_parse(source, start, end, "text/plain", depth + 1, counter),))
    if content_type.startswith("multipart/"):
        within = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
        children: list[Part] = []
        for child_start, child_end in _segments(source, start, end, _boundary(part)):
            if next(counter) >= MOST_PARTS:
                return replace(part, children=tuple(children), beyond_limits=True)
            children.append(_parse(source, child_start, child_end, within, depth + 1, counter))
        return replace(part, children=tuple(children))
    return part


def _parse_fields(source: Octets, start: int, end: int) -> tuple[tuple[tuple[str, bytes], ...], int]:
    """The header fields and where the body begins."""
    fields: list[tuple[str, list[bytes]]] = []
    position = start
    while position < end:
        newline = source.find(b"\n", position, end)
        following = end if newline < 0 else newline + 1
        line = source[position : min(following, position + _LONGEST_FIELD)]
        if not line.strip(b"\r\n"):
            position = following
            break
        matched = _FIELD.match(line)
        if line[:1] in b" \t" and fields:
            fields[-1][1].append(line)
        elif matched and len(fields) >= _MOST_FIELDS:
            blank = source.search(_BLANK_LINE, position, end, 3)
            position = blank[0] + len(blank[1][0]) if blank else end
            break
        elif matched:
            fields.append((matched[1].decode("ascii").lower(), [line[matched.end() :]]))
        elif fields and _KNOWN_FIELD.match(source[following : min(following + _LONGEST_FIELD, end)]):
            fields[-1][1].append(b" " + line)  # seen: gateways that fold a raw GBK field without leading white space
        elif not (position == start and line.startswith((b"From ", b">From "))):
            break  # no blank line before the body
        position = following
    return tuple((name, _joined(lines)) for name, lines in fields), position


def _joined(lines: list[bytes]) -> bytes:
    if len(lines) == 1:
        return lines[0][:_LONGEST_FIELD]
    kept, length = [], 0
    for line in lines:
        kept.append(line)
        length += len(line)
        if length > _LONGEST_FIELD:
            break
    return b"".join(kept)[:_LONGEST_FIELD]


def _boundary(part: Part) -> bytes:
    declared = next((octets.strip() for name, octets in part.parameters if name == "boundary"), b"")
    if declared:
        return declared
    guessed = part.source.search(_SOME_DELIMITER, max(part.start - 1, 0), part.end, 80)
    return guessed[1][1].rstrip() if guessed else b""


def _segments(source: Octets, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Where the parts between the delimiters begin and end (RFC 2046 section 5.1.1).

    The last one may lack its delimiter (a mail cut short). What stands after a closing delimiter counts only if
    another delimiter opens it again.
    """
    if not boundary:
        return
    delimiter = b"--" + boundary
    opened: int | None = None
    position = source.find(delimiter, start, end)
    while position >= 0:
        after = position + len(delimiter)
        tail = _TAIL.match(source[after : min(after + _LONGEST_TAIL, end)])
        if tail and (position == start or source[position - 1 : position] == b"\n"):
            if opened is not None:
                yield opened, _before_newline(source, opened, position)
            following = after + tail.end()
            opened = None if tail[1] else following
        else:
            following = after
        position = source.find(delimiter, following, end)
    if opened is not None:
        yield opened, end


def _before_newline(source: Octets, start: int, position: int) -> int:
    """The newline before a delimiter belongs to the delimiter."""
    if position - 1 >= start:
        position -= 1
        if position - 1 >= start and source[position - 1 : position] == b"\r":
            position -= 1
    return max(position, start)


def _transfer_encoding(fields: tuple[tuple[str, bytes], ...]) -> str:
    raw = next((raw for name, raw in fields if name == "content-transfer-encoding"), b"")
    words = re.split(rb"[\s;(]", raw.strip().strip(b"\"'"), maxsplit=1)
    return words[0].decode("ascii", "replace").lower()
