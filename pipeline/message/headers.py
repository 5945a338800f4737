"""Header fields as they really come: raw 8-bit octets, encoded words in wrong places, three ways to name a file.

All decoding of header text is done here, from the octets as received. RFC 5322, 2045, 2047, 2231, 8601.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from pipeline.model.message import Address, Authentication
from pipeline.text.charset import decode_octets

# The last word of a field may be cut off by a gateway, so its end may be missing.
_WORD = re.compile(rb"=\?([\w.:+-]+)(?:\*[\w-]*)?\?([bBqQ])\?(.*?)(?:\?=|\Z)", re.DOTALL)
_FOLD = re.compile(rb"\r?\n(?=[ \t])|[\r\n]+")
# A GBK character's second octet may be a backslash, so pairs are taken whole.
_PARAMETER = re.compile(
    rb"""(?:\A|;|(?<=")\s)\s*+([^\s=;"]++)\s*+=\s*+"""
    rb"""(?:"((?:[\x81-\xfe][\x40-\x7e\x80-\xfe]|\\["\\]|[^"])*+)(?:"|\Z)|([^;]*))""",
    re.DOTALL,
)
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}){3,}")
_ADDRESS = re.compile(rb"(?<![^\s<>()\[\],;:\"\\@])[^\s<>()\[\],;:\"\\@]++@[^\s<>()\[\],;:\"\\@]++")
_ANGLE = re.compile(rb"<([^<>]*)>")
_ID = re.compile(r"<([^<>]+)>")
_PLACEHOLDER = re.compile(r"[_?？\s\ufffd.-]*")


def unfold(raw: bytes) -> bytes:
    """The field's octets on one line (RFC 5322 section 2.2.3)."""
    return _FOLD.sub(b"", raw).strip()


def decode_text(raw: bytes) -> str:
    """The text of a field with its encoded words read, wherever they stand.

    Adjacent words of one charset are joined before decoding (seen: QQ Mail and others cut inside a character), words
    within quotes are read too (seen: QQ Mail), and raw 8-bit octets are taken for UTF-8 or GB18030 (seen: old Foxmail).
    """
    raw = unfold(raw)
    runs: list[tuple[str, bytes]] = []  # charset ("" for raw octets) and octets; neighbours of one charset are one run
    position = 0
    for word in _WORD.finditer(raw):
        between = raw[position : word.start()]
        if between.strip() or (between and not (runs and runs[-1][0])):
            runs.append(("", between))
        charset, octets = _charset(word[1]), _word_octets(word[2], word[3])
        if runs and runs[-1][0] == charset:
            runs[-1] = (charset, runs[-1][1] + octets)
        else:
            runs.append((charset, octets))
        position = word.end()
    runs.append(("", raw[position:]))
    return " ".join("".join(decode_octets(octets, charset) for charset, octets in runs).split())


def _charset(label: bytes) -> str:
    """One name for charsets that are cut across each other's words: gb2312, gbk and gb18030."""
    name = label.decode("ascii", "replace").lower()
    return "gb18030" if name in {"gb2312", "gbk", "cp936", "gb18030", "x-gbk", "gb_2312-80"} else name


def _word_octets(encoding: bytes, text: bytes) -> bytes:
    if encoding in b"qQ":
        return binascii.a2b_qp(text.replace(b"_", b" "), header=False)
    return decode_base64(text)


def decode_base64(text: bytes | memoryview) -> bytes:
    """The octets of base64 text; missing padding is supplied, a single left-over character dropped. Never fails."""
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", bytes(text))
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def split_parameters(raw: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """A structured field's value in lower case, and its parameters' octets in their order, names in lower case."""
    value, _, rest = unfold(raw).partition(b";")
    if b"=" in value and b"/" not in value:  # seen: the value itself missing, parameters alone
        value, rest = b"", unfold(raw)
    found = []
    for match in _PARAMETER.finditer(rest):
        octets = match[3].strip() if match[2] is None else re.sub(rb'\\(["\\])', rb"\1", match[2])
        found.append((match[1].decode("ascii", "replace").lower(), octets))
    return value.strip().strip(b"\"'").decode("ascii", "replace").lower(), found


def parameter(parameters: Iterable[tuple[str, bytes]], name: str) -> list[str]:
    """All readings of one parameter, the best first: RFC 2231, then plain or RFC 2047 (seen: QQ Mail)."""
    pieces: list[tuple[int, bool, bytes]] = []
    plain: list[str] = []
    for key, octets in parameters:
        if key == name:
            plain.append(_unpercent(decode_text(octets)))
        elif key.startswith(name + "*"):
            number = key[len(name) :].strip("*")
            if number == "" or (number.isascii() and number.isdigit() and len(number) < 6):
                pieces.append((int(number or 0), key.endswith("*"), octets))
    extended = _join_pieces(pieces)
    return [text for text in ([extended, *plain]) if text]


def _join_pieces(pieces: list[tuple[int, bool, bytes]]) -> str:
    """RFC 2231 sections 3 and 4: continuations, and a charset before the first of them."""
    if not pieces:
        return ""
    pieces.sort(key=lambda piece: piece[0])
    charset, octets = "", b""
    for place, (_, encoded, piece) in enumerate(pieces):
        text = piece
        if encoded and place == 0 and piece.count(b"'") >= 2:
            label, _, text = piece.split(b"'", 2)
            charset = label.decode("ascii", "replace")
        octets += unquote_to_bytes(text) if encoded else text
    return decode_text(octets) if b"=?" in octets else decode_octets(octets, charset).strip()


def _unpercent(text: str) -> str:
    """Seen: web mailers that put a percent-encoded UTF-8 name into a plain parameter."""
    if not _PERCENT.search(text) or not text.isascii():
        return text
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return text


def choose_filename(readings: Sequence[str]) -> str:
    """The first name that is more than a placeholder (seen: Outlook's ``____.JPG`` beside the true name); "" if none.

    The name is as the sender wrote it: never to be used as a file path.
    """
    names = [" ".join(reading.split()) for reading in readings]
    names = [name for name in names if name]
    for name in names:
        stem = name.rpartition(".")[0] or name
        if not _PLACEHOLDER.fullmatch(stem) and "\ufffd" not in name:
            return name
    return names[0] if names else ""


def parse_address(raw: bytes) -> Address | None:
    """The first mailbox of an address field (RFC 5322 section 3.4), its address in lower case; None where none stands.

    A display name without any address gives an :class:`Address` with an empty address.
    """
    raw = unfold(raw)
    angles = [match for match in _ANGLE.finditer(raw) if b"@" in match[1]]
    if angles:
        # The display name may itself show an address in angle brackets; without a comma between, the last one counts.
        angle = angles[0] if b"," in raw[angles[0].end() : angles[-1].start()] else angles[-1]
        found = _ADDRESS.search(angle[1])
        if found:
            return Address(_display_name(raw[: angle.start()]), _addr_spec(found[0]))
    found = _ADDRESS.search(re.sub(rb'"[^"]*"|=\?\S*\?=', b" ", raw))
    if found:
        comment = re.search(rb"\(([^()]*)\)", raw[found.end() :])
        return Address(decode_text(comment[1]) if comment else "", _addr_spec(found[0]))
    text = decode_text(raw)
    if "@" in text and b"=?" in raw:  # seen: name and address together within one encoded word
        return parse_address(text.replace("=?", " ").encode())  # once: what stays undecoded would come back for ever
    name = _display_name(raw)
    return Address(name, "") if name else None


def _addr_spec(octets: bytes) -> str:
    return decode_octets(octets).lower()


def _display_name(raw: bytes) -> str:
    return decode_text(re.sub(rb'\\(["\\])', rb"\1", raw.strip().strip(b'"'))).strip("\"' ")


def parse_return_path(raw: bytes) -> str:
    """The envelope sender in lower case; "" for the null path ``<>`` (RFC 5321 section 4.5.5)."""
    found = _ADDRESS.search(unfold(raw))
    return _addr_spec(found[0]) if found else ""


def parse_message_ids(raw: bytes) -> tuple[str, ...]:
    """The message identifiers of a field, each with its angle brackets; those without brackets are given them."""
    text = decode_octets(unfold(raw))
    found = [f"<{''.join(match.split())}>" for match in _ID.findall(text) if match.strip()]
    if not found:
        found = [f"<{token.strip('<>')}>" for token in text.split() if "@" in token]
    return tuple(dict.fromkeys(found))


def parse_sent_at(raw: bytes) -> datetime | None:
    """The moment that a Date field claims, aware; None where it is no date."""
    try:
        moment = parsedate_to_datetime(decode_octets(unfold(raw)))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # -0000 says UTC (RFC 5322 section 3.3)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def parse_authentication(raw: bytes) -> tuple[str, Authentication]:
    """The server's name and its results in an Authentication-Results field (RFC 8601 section 2.2)."""
    text = decode_octets(unfold(raw)).lower()
    for _ in range(3):  # comments may be nested
        text = re.sub(r"\([^()]*\)", " ", text)
    server, _, results = text.partition(";")

    def result(method: str) -> str:
        found = re.findall(rf"(?:^|[;\s]){method}\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", results)
        return "pass" if "pass" in found else next(iter(found), "")  # one good DKIM signature of several is enough

    authentication = Authentication(spf=result("spf"), dkim=result("dkim"), dmarc=result("dmarc"))
    return next(iter(server.split()), ""), authentication
