"""Links to files left with a provider, in place of the files: how a mail tells them, and what it says of each file.

Which links are meant :mod:`pipeline.message.drives` knows. Nothing is fetched here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from pipeline.message.body import Passage
from pipeline.message.drives import ANY_PROVIDER, HOSTS, Place, match_place, may_lead_to_a_file
from pipeline.message.markup import Anchor
from pipeline.model.message import CloudLink

_CHINA = ZoneInfo("Asia/Shanghai")  # the providers write their pages in this time
_MOST_LINKS = 200
_LONGEST_URL = 4_000
_MOST_LINES = 2_000
_MOST_BEFORE = 300  # signs of what leads to a link


_SPEAKS_OF_FILES = re.compile(
    r"网盘|云盘|云空间|云文件|提取码|访问码|访问密码|下载|分享|链接|中转站|云附件|超大附件|大附件|网址|点开|打开看|上传到"
)

_URL = re.compile(
    r"(?<![A-Za-z0-9.-])(?:https?://)?(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,10}(?::\d{1,5})?/[!#-;=?-~]*",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"\s*(?:点击|立即|普通|高速|查看|进入)?\s*(?:下载|下载信息|下载页面|查看|打开|预览|转存|链接)\s*|https?://.*|\S+/\S*",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(?<![\w.])(\d{1,6}(?:\.\d{1,3})?\s?(?:[KMGT]i?B?|字节|Bytes))(?![A-Za-z])", re.IGNORECASE)
_DATE = (
    r"(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?"
    r"(?:\s*(?:[（(]?(?:星期|周)[一二三四五六日天][）)]?)?\s*(\d{1,2})\s*[:：]\s*(\d{1,2}))?"
)
_EXPIRY = re.compile(rf"(?:到期|过期|有效期|有效|失效)\D{{0,8}}{_DATE}|{_DATE}\s*(?:到期|过期|前有效|失效)")
_NAME_BEFORE = re.compile(r"([^\s，,：:；;()（）]?[^，,：:；;\n]{0,120}\.[A-Za-z0-9]{2,5})\s*[（(][^（()）]{0,60}[)）]")
_SHARED_NAME = re.compile(r"(?:分享的文件|文件分享|文件名|文件)\s*[：:]\s*(\S[^\n]{0,150})")
_QUOTE_IDS = frozenset({"divneteasebigattach_bak"})  # what 163 calls its own block once it is quoted
_OWN_IDS = frozenset({"divneteasebigattach"})  # and before


def find_links(passages: Iterable[Passage], *, forwarded: bool = False) -> tuple[CloudLink, ...]:
    """The links to files in these text parts, each url once, in their order.

    ``forwarded`` says that the passages belong to a forwarded mail, which counts as quoted. Times without a zone are
    China's. At most 200 links.
    """
    found: dict[str, CloudLink] = {}
    for passage in passages:
        for link in (*_from_markup(passage), *_from_lines(passage), *_from_anywhere(passage)):
            key = _key(link.url)
            if key in found:
                found[key] = _merge(found[key], link)
            elif len(found) < _MOST_LINKS:
                found[key] = link
    return tuple(replace(link, quoted=True) if forwarded else link for link in found.values())


def _from_markup(passage: Passage) -> Iterator[CloudLink]:
    anchors, lines = passage.rendering.anchors, passage.rendering.lines
    for number, anchor in enumerate(anchors):
        place = match_place(anchor.url) if len(anchor.url) <= _LONGEST_URL else None
        if place is None:
            continue
        around = _after(
            passage, anchor, next((a for a in anchors[number + 1 : number + 9] if a.url != anchor.url), None)
        )
        attributes = anchor.attributes
        # The title of QQ Mail's block tells name, size and expiry on lines of their own.
        told = f"{around}\n{anchor.titles}"
        name = attributes.get("filename") or attributes.get("file-name") or _own_name(anchor) or ""
        if not name and not place.drive:
            name = (anchor.titles.split("\n")[0] if "." in anchor.titles.split("\n")[0] else "").strip()
        yield CloudLink(
            url=anchor.url,
            provider=place.provider,
            name=" ".join(name.split()) or _name_in_query(anchor.url) or _shared_name(passage, anchor.line, place),
            size=_find_size(told) or _shown_size(attributes.get("filesize") or attributes.get("file-size") or ""),
            expires_at=_find_expiry(told)
            or _from_epoch(attributes.get("expiretime") or attributes.get("expired") or "")
            or _expiry_in_query(anchor.url),
            quoted=_is_quoted(passage, anchor),
            led_by=_led_by(
                lines[: anchor.line], lines[anchor.line][: anchor.column] if anchor.line < len(lines) else ""
            ),
        )


def _from_lines(passage: Passage) -> Iterator[CloudLink]:
    lines = passage.rendering.lines
    whole = "\n".join(lines).lower()
    hosts = [host for host in HOSTS if host in whole]  # the search for urls is slow, and mostly there is none
    for number, line in enumerate(lines):
        if not any(host in line.lower() for host in hosts):
            continue
        for match in _URL.finditer(html.unescape(line[:20_000])):
            url = match[0].rstrip(".,;!?'\")]")
            typed = "://" not in url
            url = f"https://{url}" if typed else url
            place = match_place(url) if len(url) <= _LONGEST_URL else None
            before = match.string[: match.start()]
            if place is None or (typed and (not place.drive or before[-1:] in set("@/.-_"))):
                continue
            told = "\n".join([before[-300:], match.string[match.end() :][:200], *lines[number + 1 : number + 3]])
            yield CloudLink(
                url=url,
                provider=place.provider,
                name=_name_before(before, lines[max(number - 1, 0) : number])
                or _name_in_query(url)
                or _shared_name(passage, number, place),
                size=_find_size(told),
                expires_at=_find_expiry(told) or _expiry_in_query(url),
                quoted=passage.quoted[number],
                led_by=_led_by(lines[:number], before),
            )


def _from_anywhere(passage: Passage) -> Iterator[CloudLink]:
    """Links to places that nobody here knows, where the line or the one above speaks of files to be fetched."""
    lines = passage.rendering.lines
    for number, line in enumerate(lines[:_MOST_LINES]):
        if "://" not in line or not _SPEAKS_OF_FILES.search("\n".join(lines[max(number - 1, 0) : number + 2])[:2000]):
            continue
        for match in _URL.finditer(html.unescape(line[:2000])):
            url = match[0].rstrip(".,;!?'\")]")
            if "://" not in url or len(url) > _LONGEST_URL or match_place(url) or not may_lead_to_a_file(url):
                continue
            before = match.string[: match.start()]
            name = _name_before(before, lines[max(number - 1, 0) : number])
            led_by = _led_by(lines[:number], before)
            yield CloudLink(url, ANY_PROVIDER, name, "", None, quoted=passage.quoted[number], led_by=led_by)


def _led_by(lines_above: Sequence[str], before: str) -> str:
    """The words that lead to a link, its own line's last."""
    return "\n".join([*(line[-_MOST_BEFORE:] for line in lines_above[-2:]), before[-_MOST_BEFORE:]])


def _after(passage: Passage, anchor: Anchor, following: Anchor | None) -> str:
    """What is shown from a link on, up to the next other link, three lines at most."""
    lines = list(passage.rendering.lines[anchor.line : anchor.line + 3])
    if following is not None and following.line - anchor.line < len(lines):
        last = following.line - anchor.line
        lines = [*lines[:last], lines[last][: following.column]]
    if lines:
        lines[0] = lines[0][anchor.column :]
    return "\n".join(line[:1000] for line in lines)


def _own_name(anchor: Anchor) -> str:
    return "" if _GENERIC.fullmatch(anchor.text) else anchor.text[:200]


def _name_before(before: str, lines_above: tuple[str, ...]) -> str:
    """Plain text of QQ Mail: ``NAME (SIZE, EXPIRY)进入下载页面：URL``."""
    for text in (before, *reversed(lines_above)):
        found = _NAME_BEFORE.findall(text[-400:])
        if found:
            return str(found[-1]).strip()
    return ""


def _shared_name(passage: Passage, number: int, place: Place) -> str:
    """Network drives: ``通过网盘分享的文件：NAME`` on the line above the link."""
    if not place.drive:
        return ""
    for line in reversed(passage.rendering.lines[max(number - 2, 0) : number + 1]):
        found = _SHARED_NAME.search(line[:400])
        if found and "://" not in found[1]:
            return found[1].strip()
    return ""


def _name_in_query(url: str) -> str:
    query = parse_qs(urlsplit(url).query, max_num_fields=50) if url.count("&") < 50 else {}
    for key in ("fname", "filename", "title", "name"):
        for value in query.get(key, ()):
            if re.search(r"\.[A-Za-z0-9]{2,4}$", value) and not _SIZE.fullmatch(value):
                return unquote(value)[:200]
    return ""


def _find_size(text: str) -> str:
    found = _SIZE.search(text)
    return found[1].replace(" ", "") if found else ""


def _shown_size(octets: str) -> str:
    """A number of octets as the providers show it: 86.35M."""
    if not (octets.isascii() and octets.isdigit() and len(octets) < 16):
        return ""
    size = float(octets)
    for unit in ("B", "K", "M"):
        if size < 1024:
            return f"{size:.2f}{unit}".replace(".00", "")
        size /= 1024
    return f"{size:.2f}G"


def _find_expiry(text: str) -> datetime | None:
    for match in _EXPIRY.finditer(text):
        groups = [group for group in match.groups() if group is not None]
        year, month, day, *clock = (int(group) for group in groups)
        hour, minute = clock if len(clock) == 2 else (23, 59)  # a day without a clock counts as a whole
        try:
            return datetime(year, month, day, hour, minute, tzinfo=_CHINA)
        except ValueError:
            continue
    return None


def _from_epoch(text: str) -> datetime | None:
    """Seconds or milliseconds since 1970, as the providers' attributes hold them."""
    if not (text.isascii() and text.isdigit() and 10 <= len(text) <= 13):
        return None
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone(_CHINA)
    except (OverflowError, OSError, ValueError):
        return None


def _expiry_in_query(url: str) -> datetime | None:
    found = re.search(r"[?&]expired=(\d{10,13})(?:&|$)", url)
    return _from_epoch(found[1]) if found else None


def _is_quoted(passage: Passage, anchor: Anchor) -> bool:
    if anchor.ids & _QUOTE_IDS:
        return True
    if anchor.ids & _OWN_IDS and anchor.line not in passage.rendering.marked:
        return False  # 163 puts its block below the quoted mail
    return passage.quoted[anchor.line] if anchor.line < len(passage.quoted) else True


def _key(url: str) -> str:
    return re.sub(r"^https?://", "", url)


def _merge(first: CloudLink, second: CloudLink) -> CloudLink:
    """One link met twice: what the first does not tell is taken from the second; quoted only if both are."""
    return replace(
        first,
        name=first.name or second.name,
        size=first.size or second.size,
        expires_at=first.expires_at or second.expires_at,
        quoted=first.quoted and second.quoted,
        led_by=first.led_by if first.led_by.strip() else second.led_by,
    )
