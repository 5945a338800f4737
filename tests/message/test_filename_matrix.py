"""Chinese file names in every way that mailers write them: one style a row, one name a column.

Each style is written here from its octets up, as it was seen, and the name must come out of the parsed message whole.
A style that loses a part of the name on its way carries too little: those stand in ``TOO_LITTLE`` with the reason, and
what can be had of them is asserted all the same.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.mails import file_part, mixed, parse

NAMES = [
    "孙庄村实施方案.docx",
    "黄垓镇王喆.jpg",
    "李镕工作总结.doc",
    "赵堃写实表.docx",
    "𠮷祥村统计表.xls",
    "活动 照片（5月10日）.jpg",
    "5·29会员活动月“写实表”.docx",
    "一二三四五六七八九十村民委员会计划生育协会会员活动月工作进展情况写实表（二〇二三年五月十日）最终版.docx",
    "写实表;2,最终=版'.docx",
    "a孙b庄c1.2.DOCX",
]
Style = Callable[[str], bytes]


def _gb(name: str) -> bytes:
    return name.encode("gb18030")


def _words(octets: bytes, charset: str, encoding: str = "B", size: int = 30, between: str = "\r\n\t") -> str:
    """Encoded words of so many octets each, cut wherever that falls, as many mailers do."""
    pieces = [octets[at : at + size] for at in range(0, len(octets), size)]
    if encoding == "B":
        return between.join(f"=?{charset}?B?{base64.b64encode(piece).decode()}?=" for piece in pieces)
    return between.join(f"=?{charset}?Q?{''.join(f'={octet:02X}' for octet in piece)}?=" for piece in pieces)


def _whole_words(name: str, charset: str) -> str:
    """Encoded words of whole characters."""
    pieces = [name[at : at + 10] for at in range(0, len(name), 10)]
    codec = "gb18030" if charset.lower().startswith("gb") else charset
    return "\r\n ".join(f"=?{charset}?B?{base64.b64encode(piece.encode(codec)).decode()}?=" for piece in pieces)


def _disposition(value: bytes) -> bytes:
    return b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; " + value


def _content_type(value: bytes) -> bytes:
    return b"Content-Type: application/octet-stream; " + value + b"\r\nContent-Disposition: attachment"


def _quoted(octets: bytes) -> bytes:
    """A quoted string; no octet of a character is taken for a quote or a backslash by whoever wrote it."""
    return b'"' + octets + b'"'


def _extended(octets: bytes, charset: str, key: str = "filename") -> bytes:
    return f"{key}*={charset}''{quote(octets, safe='')}".encode()


def _continued(octets: bytes, charset: str, key: str = "filename", size: int = 25) -> bytes:
    """RFC 2231 section 3 and 4, cut between octets and not between characters."""
    pieces = [octets[at : at + size] for at in range(0, len(octets), size)]
    first = f"{charset}''"
    lines = [f"{key}*{number}*={first if number == 0 else ''}{quote(p, safe='')}" for number, p in enumerate(pieces)]
    return ";\r\n\t".join(lines).encode()


def _continued_words(name: str) -> bytes:
    """Seen: an encoded word cut into plain continuations."""
    word = _words(_gb(name), "gb18030", size=300)
    pieces = [word[at : at + 40] for at in range(0, len(word), 40)]
    return ";\r\n\t".join(f'filename*{number}="{piece}"' for number, piece in enumerate(pieces)).encode()


STYLES: dict[str, Style] = {
    "QQ Mail: gb18030 words in quotes, in both fields": lambda n: (
        'Content-Type: application/octet-stream;\r\n\tcharset="gb18030";\r\n\t'
        f'name="{_words(_gb(n), "gb18030", size=999)}"\r\n'
        f'Content-Disposition: attachment; filename="{_words(_gb(n), "gb18030", size=999)}"'
    ).encode(),
    "QQ Mail of today: utf-8 words in quotes": lambda n: _disposition(
        f'filename="{_words(n.encode(), "utf-8", size=999)}"'.encode()
    ),
    "163: GBK words in Q": lambda n: _disposition(f'filename="{_words(_gb(n), "GBK", "Q", 999)}"'.encode()),
    "163: GBK words in B, folded": lambda n: _disposition(f'filename="{_words(_gb(n), "GBK")}"'.encode()),
    "Foxmail: words labelled GB2312, whole characters": lambda n: _disposition(
        f'filename="{_whole_words(n, "GB2312")}"'.encode()
    ),
    "words labelled gb2312, cut within characters": lambda n: _disposition(
        f'filename="{_words(_gb(n), "gb2312", size=15)}"'.encode()
    ),
    "words of utf-8, cut within characters": lambda n: _disposition(
        f'filename="{_words(n.encode(), "utf-8", size=20)}"'.encode()
    ),
    "words of utf-8 in Q, cut within characters": lambda n: _disposition(
        f'filename="{_words(n.encode(), "UTF-8", "Q", 20)}"'.encode()
    ),
    "words without quotes": lambda n: _disposition(f"filename={_words(n.encode(), 'utf-8', size=999)}".encode()),
    "words with nothing between": lambda n: _disposition(
        f'filename="{_words(n.encode(), "utf-8", size=30, between="")}"'.encode()
    ),
    "words with blanks between": lambda n: _disposition(
        f'filename="{_words(_gb(n), "gb18030", size=30, between=" ")}"'.encode()
    ),
    "word in Content-Type alone": lambda n: _content_type(f'name="{_words(n.encode(), "utf-8", size=999)}"'.encode()),
    "old Foxmail: raw GBK in quotes": lambda n: _disposition(b"filename=" + _quoted(_gb(n))),
    "raw GBK in Content-Type alone": lambda n: _content_type(b"name=" + _quoted(_gb(n))),
    "raw UTF-8 in quotes (RFC 6532)": lambda n: _disposition(b"filename=" + _quoted(n.encode())),
    "raw UTF-8 in Content-Type alone": lambda n: _content_type(b"name=" + _quoted(n.encode())),
    "RFC 2231, UTF-8": lambda n: _disposition(_extended(n.encode(), "UTF-8")),
    "RFC 2231, gb18030": lambda n: _disposition(_extended(_gb(n), "gb18030")),
    "RFC 2231, labelled gb2312": lambda n: _disposition(_extended(_gb(n), "GB2312")),
    "RFC 2231 in Content-Type alone": lambda n: _content_type(_extended(n.encode(), "utf-8", "name")),
    "RFC 2231 continued, UTF-8": lambda n: _disposition(_continued(n.encode(), "utf-8")),
    "RFC 2231 continued, GBK": lambda n: _disposition(_continued(_gb(n), "gbk")),
    "RFC 2231 in quotes": lambda n: _disposition(f"filename*=\"UTF-8''{quote(n, safe='')}\"".encode()),
    "RFC 2231 without a charset": lambda n: _disposition(f"filename*=''{quote(n, safe='')}".encode()),
    "Outlook: placeholder beside RFC 2231": lambda n: (
        (b'Content-Type: image/jpeg; name="____.JPG"\r\nContent-Disposition: attachment; filename="____.JPG";\r\n\t')
        + _continued(n.encode(), "utf-8")
    ),
    "Apple: a word in name, RFC 2231 in filename": lambda n: (
        (
            f'Content-Type: application/octet-stream;\r\n\tname="{_words(n.encode(), "utf-8", size=999)}"\r\n'
            "Content-Disposition: attachment;\r\n\t"
        ).encode()
        + _extended(n.encode(), "utf-8")
    ),
    "percents in a plain parameter": lambda n: _disposition(f'filename="{quote(n, safe="")}"'.encode()),
    "a word cut into plain continuations": lambda n: _disposition(_continued_words(n)),
    "a word of quoted-printable with underscores": lambda n: _disposition(
        b'filename="=?utf-8?q?'
        + quopri.encodestring(n.encode(), header=True).replace(b"=\n", b"").replace(b"?", b"=3F")
        + b'?="'
    ),
    "a word labelled ISO-8859-1 around GBK": lambda n: _disposition(
        f'filename="{_words(_gb(n), "ISO-8859-1", size=999)}"'.encode()
    ),
}
# Style -> why it carries too little, and what comes of it.
TOO_LITTLE: dict[str, tuple[str, Style, str]] = {
    "question marks": (
        "the mailer had no character for it: every one became a question mark",
        lambda n: _disposition(f'filename="{n.encode("ascii", "replace").decode()}"'.encode()),
        "???.docx",
    ),
    "the placeholder alone": (
        "Outlook's ____ without the true name beside it",
        lambda n: _disposition(b'filename="____.JPG"'),
        "____.JPG",
    ),
    "seven bits of GBK": (
        "a gateway cut off the highest bit of each octet",
        lambda n: _disposition(b'filename="' + bytes(octet & 0x7F for octet in _gb("村民.docx")) + b'"'),
        "4eCq.docx",
    ),
    "no name at all": ("nobody wrote one", lambda n: _disposition(b"size=3"), "未命名附件.txt"),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("style", STYLES)
def test_every_style_carries_every_name(style: str, name: str) -> None:
    """Rare characters of personal names, blanks, quotes and long names come out as the sender wrote them."""
    assert _name(STYLES[style](name)) == name


def test_the_matrix_is_large_enough() -> None:
    """At least 24 styles by 10 names, with the characters that the common codecs lose."""
    assert len(STYLES) >= 24
    assert len(NAMES) >= 10
    assert all(any(rare in name for name in NAMES) for rare in "喆镕堃𠮷")


@pytest.mark.parametrize("style", TOO_LITTLE)
def test_what_carries_too_little(style: str) -> None:
    """The file is there under what is left of its name, or a name of ours."""
    _, write, left = TOO_LITTLE[style]
    assert _name(write("孙庄村.docx")) == left


def _name(head: bytes) -> str:
    mail = b"From: a@b.cn\r\nMIME-Version: 1.0\r\n" + mixed([file_part(head, b"x,y")])
    (attachment,) = parse(mail).attachments
    return attachment.path[-1]
