"""A :class:`~pipeline.model.letter.Letter` as the octets of a mail: RFC 5322, 7-bit clean, CRLF.

The words come from strangers as well (a village's name in the subject, a Message-ID that is answered), so every
header field is either checked against the shape its RFC gives it, or cleaned of control characters and encoded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from email.charset import BASE64, Charset
from email.header import Header
from email.message import Message as MimeMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.policy import Compat32
from email.utils import format_datetime, quote
from hashlib import sha256

import pybase64

from pipeline.errors import BaosongError
from pipeline.model.letter import Letter, LetterFile
from pipeline.model.message import Address

LOOP_FIELD = "X-Baosong"  # our own mark: a mail that carries it is never answered


# compat32 and not policy.SMTP, for that one writes every file name as RFC 2231, which QQ Mail shows as
# tcmime.xxxx.bin: https://github.com/jstedfast/MailKit/issues/277
# What needs folding is folded here: of an id longer than a line the library would make "In-Reply-To:" and a line more.
class _AsWritten(Compat32):
    """Fields go out as they stand: to look for where they might be folded takes most of the time that a mail takes."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}\n".replace("\n", self.linesep).encode("ascii")


_POLICY = _AsWritten(linesep="\r\n", max_line_length=998)
_FOLD = "\n "  # the policy writes its own line end

_UTF_8 = Charset("utf-8")
_UTF_8.header_encoding = BASE64  # seen: every Chinese web mailer writes B, some read Q badly

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_-]+)*"
)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")  # RFC 5322 section 3.6.4, read generously; no blank, no bracket
_CONTENT_TYPE = re.compile(r"(?!multipart/|message/)[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9:._@-]{1,120}")
_PLAIN_FILENAME = re.compile(r"[A-Za-z0-9._-]{1,60}")
_PLAIN_WORDS = re.compile(r"(?!.*=\?)[ -~]{1,60}")

# Seen: phones set other dashes and blanks.
_MARK = re.compile(r"编号\s*[:：]?\s*([0-9]{5})\s*[-－–—]\s*([0-9]{5})(?![0-9])")
_OUR_PREFIX = "<baosong."

_MOST_REFERENCES = 10  # the first and the newest; RFC 5322 sets no limit, mail servers limit the whole header

# RFC 3834 section 5: an answer to one mail, against a mail that no mail has called for.
# A notice holds a person's words, and still no machine should answer it.
_AUTO_SUBMITTED = {
    "reply": "auto-replied",
    "recheck": "auto-replied",
    "reminder": "auto-generated",
    "report": "auto-generated",
    "alarm": "auto-generated",
    "notice": "auto-generated",
}


def reply_message_id(key: str, domain: str) -> str:
    """The Message-ID of the letter with this key: the same key, the same id, however often it is made."""
    return f"{_OUR_PREFIX}{sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def is_ours(message_id: str) -> bool:
    """Whether it is the Message-ID of a letter of ours, or of another office that works with this program."""
    return message_id.startswith(_OUR_PREFIX)


def write_mark(message_id: str) -> str:
    """The letter's mark as its text shows it, for programs that drop the header fields of an answer: 04821-77350."""
    number = f"{int(message_id.removeprefix(_OUR_PREFIX)[:8], 16):010}"
    return f"{number[:5]}-{number[5:]}"


def read_marks(text: str) -> tuple[str, ...]:
    """What the Message-IDs of the letters begin with whose marks stand in a text, the first first."""
    found = dict.fromkeys(int(match[1] + match[2]) for match in _MARK.finditer(text))
    return tuple(f"{_OUR_PREFIX}{number:08x}" for number in found if number < 1 << 32)[:_MOST_REFERENCES]


def is_sendable(address: str) -> bool:
    """Whether an addr-spec can stand in a header and in the envelope: an ASCII dot-atom and a host's name."""
    return len(address) <= 254 and _ADDRESS.fullmatch(address) is not None


def render_mail(letter: Letter, *, sender: Address, at: datetime) -> bytes:
    """The mail's octets, the same for the same arguments: only ASCII, CRLF, no line over 998 octets.

    ``at`` is aware and becomes the Date. Control characters, and characters that only steer the display (bidi
    overrides), are taken out of subject, names and file names; ids of other mails that are no Message-ID are left out.
    Raises :class:`~pipeline.errors.BaosongError` where an address or the letter's own Message-ID cannot stand in a
    header.
    """
    for address in (sender, letter.to):
        if not is_sendable(address.address):
            raise BaosongError(f"邮箱地址“{_clean(address.address)}”不能用来发信，请核对。")
    if not _MESSAGE_ID.fullmatch(letter.message_id):
        raise BaosongError(f"信件编号“{_clean(letter.message_id)}”不合规范（Message-ID），未发送。")

    mark = sha256(letter.key.encode()).hexdigest()[:16]
    mail = _alternative(letter, mark)
    if letter.files:
        mail = _multipart("mixed", mark, [mail, *map(_file_part, letter.files)])

    # The parts' own fields stand last, as every reader of raw mail expects.
    content = [(field, value) for field, value in mail.items() if field != "MIME-Version"]
    for field in mail.keys():  # noqa: SIM118 -- a Message is no dict: iterating it walks its parts
        del mail[field]
    mail["Date"] = format_datetime(at)
    mail["From"] = _address_field(sender, "From")
    mail["To"] = _address_field(letter.to, "To")
    mail["Subject"] = _words_field(letter.subject, "Subject")
    mail["Message-ID"] = letter.message_id
    answered = _message_ids([letter.in_reply_to or ""])
    if answered:
        mail["In-Reply-To"] = answered[0]
    references = _message_ids([*letter.references, *answered])
    if references:
        mail["References"] = _FOLD.join(references)
    mail["Auto-Submitted"] = _AUTO_SUBMITTED[letter.kind]
    mail["X-Auto-Response-Suppress"] = "All"  # Exchange: no out-of-office, no receipts
    mail[LOOP_FIELD] = letter.key if _PLAIN_KEY.fullmatch(letter.key) else mark
    mail["MIME-Version"] = "1.0"
    for field, value in content:
        mail[field] = value
    return mail.as_bytes(policy=_POLICY)


def _alternative(letter: Letter, mark: str) -> MimeMessage:
    if not letter.html:
        return _text_part(letter.text, "plain")
    return _multipart("alternative", mark, [_text_part(letter.text, "plain"), _text_part(letter.html, "html")])


def _multipart(subtype: str, mark: str, parts: Iterable[MimeMessage]) -> MimeMessage:
    # The boundary cannot occur within a part: all parts are base64, which has no underscore.
    whole = MIMEMultipart(subtype, boundary=f"=_{subtype}_{mark}", policy=_POLICY)
    for part in parts:
        del part["MIME-Version"]
        whole.attach(part)
    return whole


def _text_part(text: str, subtype: str) -> MimeMessage:
    # RFC 2046 section 4.1.1: the lines of a text end with CRLF, also beneath base64.
    octets = "\r\n".join(text.splitlines()).encode(errors="replace") + b"\r\n"
    part = MIMEBase("text", subtype, charset="utf-8", policy=_POLICY)
    return _with_octets(part, octets)


def _file_part(file: LetterFile) -> MimeMessage:
    # A mail or multipart as a file would have to go unencoded (RFC 2046 section 5.2.1), which 7-bit forbids.
    content_type = file.content_type.partition(";")[0].strip().lower()
    if not _CONTENT_TYPE.fullmatch(content_type):
        content_type = "application/octet-stream"
    part = MIMEBase(*content_type.split("/", 1), policy=_POLICY)
    name = _filename(file.name)
    del part["Content-Type"]
    part["Content-Type"] = f'{content_type};{_FOLD}name="{name}"'
    part["Content-Disposition"] = f'attachment;{_FOLD}filename="{name}"'
    return _with_octets(part, file.octets)


def _with_octets(part: MIMEBase, octets: bytes) -> MimeMessage:
    part.set_payload(pybase64.encodebytes(octets).decode("ascii"))
    part["Content-Transfer-Encoding"] = "base64"
    return part


def _filename(name: str) -> str:
    """A file name as it stands between quotes: RFC 2047 words where it is not plain, as QQ and NetEase write it.

    RFC 2047 section 5 (3) forbids words there; seen: what follows it instead (RFC 2231) is what QQ Mail and Outlook
    2019 in Chinese do not show.
    """
    name = _clean(name) or "file"
    if _PLAIN_FILENAME.fullmatch(name):
        return name
    return _encoded(name, ' filename="')


def _words_field(text: str, field: str) -> str:
    text = _clean(text)
    return text if _PLAIN_WORDS.fullmatch(text) else _encoded(text, field)


def _address_field(address: Address, field: str) -> str:
    """``encoded-name <addr>``; the address stays outside the encoded word.

    Seen: NetEase refuses the whole value in one word as 554 DT:SPM,
    https://github.com/jackfrued/Python-100-Days/issues/255.
    """
    name = _clean(address.name)
    if not name:
        return address.address
    if _PLAIN_WORDS.fullmatch(name):
        return f'"{quote(name)}" <{address.address}>'
    return f"{_encoded(name, field)}{_FOLD}<{address.address}>"


def _encoded(text: str, field: str) -> str:
    """RFC 2047 words, folded, each of whole characters; ``field`` stands before the first one."""
    # The library lets a word on a line of its own grow to 76, one more than RFC 2047 section 2 has.
    return Header(text, _UTF_8, header_name=field, maxlinelen=75).encode()


def _message_ids(found: Iterable[str]) -> list[str]:
    ids = list(dict.fromkeys(one for one in found if _MESSAGE_ID.fullmatch(one)))
    return ids if len(ids) <= _MOST_REFERENCES else [ids[0], *ids[1 - _MOST_REFERENCES :]]


def _clean(text: str) -> str:
    """One line of what can be seen: controls and line ends become a blank, invisible marks go."""
    seen = []
    for character in text:
        match unicodedata.category(character):
            case "Cc" | "Zl" | "Zp":
                seen.append(" ")
            case "Cf":
                pass
            case "Cs":  # half of a character: what could not be decoded
                seen.append("\ufffd")
            case _:
                seen.append(character)
    return " ".join("".join(seen).split())
