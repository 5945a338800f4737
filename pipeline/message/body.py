"""A message's text: what the sender wrote himself, apart from what he quotes or forwards.

Each mailer marks quoted text in its own way; the marks known are those of QQ Mail, 163, Foxmail, Outlook, Apple Mail,
Coremail, Thunderbird, Gmail and the phone apps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.message.markup import Rendering, render_html, render_text
from pipeline.message.part import Part
from pipeline.message.uuencoded import without_uuencoded
from pipeline.text.charset import decode_octets

_LONGEST = 2_000_000  # octets of one text part that are read
_LONGEST_MARKUP = 40_000_000  # of one in HTML, where photos may be written into the markup

_DIVIDER = re.compile(
    r"^[\s>|]*[-—–－_=*]{2,}\s*.{0,20}?"
    r"(?:原始邮件|原邮件|邮件原件|邮件原文|原始信件|原始消息|原始信息|转发邮件|转发的邮件|转发的消息|转发信息"
    r"|original|forwarded|replied)[^\n]{0,40}$",
    re.IGNORECASE,
)
_APPLE = re.compile(
    r"^\s*(?:开始转发的邮件|以下是转发的邮件|下面是被转发邮件|begin forwarded message)\s*[:：]?\s*$", re.IGNORECASE
)
_FROM_LINE = re.compile(r"^[\s>|*]*(?:发\s*件\s*人|寄\s*件\s*[人者]|from)[\s*]*[:：|\t]", re.IGNORECASE)
_OTHER_LINE = re.compile(
    r"^[\s>|*]*(发送时间|发件时间|发送日期|寄件日期|日\s*期|时\s*间|sent|date"
    r"|收\s*件\s*[人者]|to|抄\s*送|cc|主\s*题|subject)[\s*]*[:：|\t]",
    re.IGNORECASE,
)
_ATTRIBUTION_END = re.compile(r"(?:写道|写到|编写|wrote)\s*[:：]?\s*$", re.IGNORECASE)
_ATTRIBUTION_START = re.compile(r"^\s*(?:在|于|at\b|on\b|[\"“<]|\d{4}|.{1,40}(?:在|于)\s*\d)", re.IGNORECASE)
_ATTRIBUTION_MARK = re.compile(r"\d{1,4}\s*[年/.-]\s*\d|\d:\d|@")
_RULE = " \t-—–_=*"
_CITED = re.compile(r"^\s*>")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text part with its quoted lines told apart."""

    rendering: Rendering
    quoted: tuple[bool, ...]  # for each line


@dataclass(frozen=True, slots=True)
class Body:
    """The text of one message, without the messages attached to it."""

    text: str  # the sender's own
    quoted: str
    passages: tuple[Passage, ...]  # all renderings, those not shown too: links may stand in one of them only

    @property
    def content_ids(self) -> frozenset[str]:
        """The Content-IDs that the text shows as pictures."""
        return frozenset().union(*(passage.rendering.content_ids for passage in self.passages))

    @property
    def pictures(self) -> tuple[bytes, ...]:
        """Base64 of the pictures written into the markup."""
        return tuple(picture for passage in self.passages for picture in passage.rendering.pictures)


def is_text(part: Part) -> bool:
    """Whether the part is text to read in the mail rather than a file."""
    return (
        part.content_type in {"text/plain", "text/html", "text/enriched"}
        and part.disposition != "attachment"
        and not part.filename
    )


def read_body(message: Part) -> Body:
    """The text of a message; of alternatives the plain one, unless it is empty (RFC 2046 section 5.1.4)."""
    shown, every = _read(message)
    own = [line for passage in shown for line, quoted in _lines(passage) if not quoted]
    quoted = [line for passage in shown for line, is_quoted in _lines(passage) if is_quoted]
    return Body(_tidy(own), _tidy(quoted), tuple(every))


def read_text(text: str) -> Body:
    """The same of a text that stands in no part, as of a mail saved by Outlook."""
    rendering = render_text(text[:_LONGEST])
    passage = Passage(rendering, find_quoted(rendering.lines))
    own = [line for line, quoted in _lines(passage) if not quoted]
    return Body(_tidy(own), _tidy([line for line, quoted in _lines(passage) if quoted]), (passage,))


def find_quoted(lines: Sequence[str], marked: frozenset[int] = frozenset()) -> tuple[bool, ...]:
    """For each line whether it is quoted; ``marked`` are the lines that the markup calls so."""
    known = set(marked)
    heads = [line[:200] for line in lines]
    start, by_words = len(lines), False
    for number, line in enumerate(heads):
        if _DIVIDER.match(line) or _APPLE.match(line) or _starts_header_block(heads, number):
            start, by_words = number, True
            break
        first = _attribution(heads, number) if _ATTRIBUTION_END.search(lines[number][-40:]) else None
        if first is not None:
            by_words = True
            following = next((other for other in range(number + 1, len(lines)) if lines[other].strip()), len(lines))
            if following < len(lines) and not _CITED.match(lines[following]) and following not in known:
                start = first
                break
            known.update(range(first, number + 1))
    while by_words and start and not heads[start - 1].strip(_RULE):
        start -= 1  # the rule above the mark belongs to it
    quoted = tuple(number >= start or number in known or bool(_CITED.match(line)) for number, line in enumerate(lines))
    own = any(line.strip() and not is_quoted for line, is_quoted in zip(lines, quoted, strict=True))
    if not own and not by_words and marked:
        # Seen: a whole mail within a blockquote for indentation. Without a word that it is quoted, it is the sender's.
        return tuple(bool(_CITED.match(line)) for line in lines)
    return quoted


def _starts_header_block(lines: Sequence[str], number: int) -> bool:
    """A From line of a copied header, with two other fields soon after it."""
    if not _FROM_LINE.match(lines[number]):
        return False
    others = {match[1].lower() for line in lines[number + 1 : number + 10] if (match := _OTHER_LINE.match(line))}
    return len(others) >= 2


def _attribution(lines: Sequence[str], last: int) -> int | None:
    """The first line of ``在 2023年5月9日，王村 <…> 写道：``, which may stand on three; None if none ends here."""
    for first in range(last, max(last - 3, -1), -1):
        whole = " ".join(lines[first : last + 1])
        if _ATTRIBUTION_START.match(whole) and _ATTRIBUTION_MARK.search(whole):
            return first
    return None


def _read(part: Part) -> tuple[list[Passage], list[Passage]]:
    """What is shown of a part, and all there is."""
    if part.content_type.startswith("multipart/") and not part.children:
        return _passage(part)  # its delimiters are missing: all of it is text
    if not part.is_multipart:
        return _passage(part) if is_text(part) else ([], [])
    both = [_read(child) for child in part.children]
    every = [passage for _, found in both for passage in found]
    if part.content_type != "multipart/alternative":
        return [passage for shown, _ in both for passage in shown], every
    options = [shown for shown, _ in both if any(_has_words(passage) for passage in shown)]
    plain = [shown for shown in options if not any(passage.rendering.markup for passage in shown)]
    return next(iter([*plain, *options]), []), every


def _passage(part: Part) -> tuple[list[Passage], list[Passage]]:
    longest = _LONGEST_MARKUP if part.content_type == "text/html" else _LONGEST
    text = decode_octets(part.octets(longest), part.charset)
    rendering = render_html(text) if _is_html(part, text) else render_text(without_uuencoded(text))
    passage = Passage(rendering, find_quoted(rendering.lines, rendering.marked))
    return [passage], [passage]


def _is_html(part: Part, text: str) -> bool:
    if part.content_type == "text/html":
        return True
    return text[:200].lstrip().lower().startswith(("<html", "<!doctype html"))  # seen: markup labelled text/plain


def _has_words(passage: Passage) -> bool:
    return any(line.strip() for line in passage.rendering.lines)


def _lines(passage: Passage) -> list[tuple[str, bool]]:
    return list(zip(passage.rendering.lines, passage.quoted, strict=True))


def _tidy(lines: Sequence[str]) -> str:
    """The lines as one text, without trailing blanks and without more than one blank line together."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
