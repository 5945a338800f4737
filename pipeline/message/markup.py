"""HTML of a mail -> its lines as a person reads them, its links, and which lines the markup itself calls quoted."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree
from lxml import html as lxml_html

_LONGEST = 1_000_000  # characters of markup that are read, pictures within it not counted
_MOST_LINES = 20_000
_MOST_ANCHORS = 1000
# fmt: off
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tbody", "tfoot", "thead", "tr", "ul",
})
# fmt: on
_UNSEEN = frozenset({"head", "script", "style", "title", "noscript", "template", "object", "svg", "math"})
_CELLS = frozenset({"td", "th"})
_SPACE = re.compile(r"[^\S\xa0\u3000]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# Editors of QQ Mail, 163 and Gmail indent with a blockquote that has no border: that is no quotation.
_INDENT = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)
_QUOTING_IDS = frozenset({"isreplycontent", "replycontent", "ntes-pcmac-replied-content", "yahoo_quoted"})
_QUOTING_CLASSES = frozenset({"gmail_quote", "yahoo_quoted", "moz-cite-prefix", "ntes-quoted", "alimail-quote"})
_QUOTED_FROM_HERE = frozenset({"divrplyfwdmsg", "divrpylwdmsg", "appendonsend"})  # Outlook: all after it is quoted
_CID = re.compile(r"""cid:([^"'\s>)]+)""", re.IGNORECASE)
_PICTURE_URI = re.compile(r"""src\s*=\s*["']?data:image/[\w.+-]+;base64,([A-Za-z0-9+/=\s%]+)""", re.IGNORECASE)
_OPEN_END_TAG = re.compile(r"</[^<>]*(?=<|\Z)")  # libxml2 takes quadratic time on many of them
_UNSPOKEN = re.compile(r"<!--|<[!?]")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link of the markup and where it stands."""

    line: int
    column: int
    url: str
    text: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    titles: str = ""  # title attributes of what it stands in
    ids: frozenset[str] = frozenset()  # ids of what it stands in


@dataclass(frozen=True, slots=True)
class Rendering:
    """A text part as lines, with what only its markup tells."""

    lines: tuple[str, ...]
    markup: bool = False  # whether it was HTML
    marked: frozenset[int] = frozenset()  # numbers of the lines that the markup calls quoted
    anchors: tuple[Anchor, ...] = ()
    content_ids: frozenset[str] = frozenset()  # of the pictures shown in it (RFC 2392)
    pictures: tuple[bytes, ...] = ()  # base64 of pictures written into the markup itself (RFC 2397)


def render_text(text: str) -> Rendering:
    """The lines of plain text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n", _MOST_LINES)
    return Rendering(tuple(lines[:_MOST_LINES]))


def render_html(text: str) -> Rendering:
    """The lines of an HTML text; never fails. What cannot be parsed is stripped of its tags."""
    found = tuple(match[1].encode() for match in _PICTURE_URI.finditer(text))
    if found:
        text = _PICTURE_URI.sub('src="data:', text)
    text = _OPEN_END_TAG.sub("", _without_comments(text[:_LONGEST]))
    content_ids = frozenset(html.unescape(cid) for cid in _CID.findall(text))
    try:
        # As octets, since lxml refuses text that declares an encoding of its own.
        parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return Rendering(
            render_text(html.unescape(_TAG.sub(" ", text))).lines, True, content_ids=content_ids, pictures=found
        )
    lines, marked, anchors = _read_tree(root)
    return Rendering(lines, True, marked, anchors, content_ids, found)


def _without_comments(text: str) -> str:
    """The markup without comments, declarations and instructions: libxml2 takes quadratic time if left open."""
    kept = []
    position = 0
    while found := _UNSPOKEN.search(text, position):
        kept.append(text[position : found.start()])
        closing = "-->" if found[0] == "<!--" else ">"
        end = text.find(closing, found.start() + 2)  # <!--> is a whole comment
        if end < 0:
            return "".join(kept) + _UNSPOKEN.sub(" ", text[found.start() :])
        position = end + len(closing)
    return "".join(kept) + text[position:]


def _read_tree(root: etree._Element) -> tuple[tuple[str, ...], frozenset[int], tuple[Anchor, ...]]:
    lines, marked, anchors = [""], set[int](), list[Anchor]()
    quoting = preformatted = 0  # how many such elements we are in

    def write(text: str | None) -> None:
        pieces = (text or "").splitlines() if preformatted else [_SPACE.sub(" ", text or "")]
        for number, piece in enumerate(pieces):
            if number:
                lines.append("")
            words = piece.replace("\xa0", " ")
            lines[-1] += words.lstrip(" ") if not lines[-1] else words
            if quoting and words.strip():
                marked.add(len(lines) - 1)

    def break_line(*, force: bool = False) -> None:
        if lines[-1].strip() or force:
            lines.append("")

    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if len(lines) > _MOST_LINES:
            break
        tag = element.tag if isinstance(element.tag, str) else ""
        step = 1 if event == "start" else -1
        quoting += step * _quotes(element)
        preformatted += step * (tag == "pre")
        if event == "end":
            if tag in _BLOCKS:
                break_line()
            write(element.tail)
            continue
        if element.get("id", "").lower() in _QUOTED_FROM_HERE:
            quoting += 1
        if tag in _UNSEEN or _HIDDEN.search(element.get("style", "")):
            walker.skip_subtree()
            continue
        if tag in _BLOCKS or tag == "br":
            break_line(force=tag == "br")
        elif tag in _CELLS and lines[-1].strip():
            lines[-1] += "\t"
        if tag == "a" and element.get("href") and len(anchors) < _MOST_ANCHORS:
            anchors.append(_anchor(element, len(lines) - 1, len(lines[-1])))
        write(element.text)
    return tuple(line.strip() for line in lines[:_MOST_LINES]), frozenset(marked), tuple(anchors)


def _quotes(element: etree._Element) -> bool:
    if element.tag == "blockquote":
        return not _INDENT.search(element.get("style", ""))
    if element.get("id", "").lower() in _QUOTING_IDS:
        return True
    classes = element.get("class", "").lower()
    return bool(classes) and not _QUOTING_CLASSES.isdisjoint(classes.split())


def _anchor(element: etree._Element, line: int, column: int) -> Anchor:
    around = [element, *element.iterancestors()][:40]
    return Anchor(
        line=line,
        column=column,
        url=element.get("href", "").strip(),
        text=" ".join("".join(map(str, element.itertext())).split()),
        attributes={str(key).lower(): str(value) for key, value in element.attrib.items()},
        titles="\n".join(each.get("title", "") for each in around[:6] if each.get("title")),
        ids=frozenset(each.get("id", "").lower() for each in around if each.get("id")),
    )
