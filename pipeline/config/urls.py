"""How an account is written: the url of a mailbox or a way out, and an address with a name.

Both parsers raise ValueError with a Chinese sentence that says what to write instead.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from pipeline.model.message import Address

_PORTS = {"imap": 143, "imaps": 993, "pop3s": 995, "smtp": 25, "smtps": 465}
_SUBMISSION_PORT = 587  # RFC 6409: where a client that logs in hands over its mail
_FOLDERS = ("maildir", "eml")
_EXAMPLES = {
    "imaps": "imaps://office%40163.com@imap.163.com/INBOX",
    "smtps": "smtps://office%40163.com@smtp.163.com",
}


@dataclass(frozen=True, slots=True)
class MailUrl:
    """A mailbox url or a way out, taken apart; never holds a password."""

    scheme: str  # imap, imaps, pop3s, smtp, smtps; maildir, eml
    host: str = ""  # empty for maildir and eml
    port: int = 0
    user: str = ""  # the login, mostly an address; empty where none is needed
    path: Path | None = None  # of maildir and eml, absolute
    folder: str = ""  # the IMAP folder that the url names (RFC 5092)

    @property
    def text(self) -> str:
        """The url in one writing: the same account has the same text, however it was typed. Without folder."""
        if self.path is not None:
            return f"{self.scheme}:{self.path.as_posix()}"
        login = f"{quote(self.user, safe='')}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _default_port(self.scheme, self.user) else f":{self.port}"
        return f"{self.scheme}://{login}{host}{port}"


def parse_mail_url(written: str, schemes: Collection[str], base: Path) -> MailUrl:
    """The url taken apart; a relative path is one below ``base``."""
    written = written.strip()
    scheme, colon, rest = written.partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in schemes:
        example = next(_EXAMPLES[each] for each in schemes if each in _EXAMPLES)
        raise ValueError(f"开头应为 {'、'.join(f'{each}:' for each in schemes)} 之一，例如 {example}")
    if scheme in _FOLDERS:
        if not rest.strip():
            raise ValueError(f"{scheme}: 后面缺少目录")
        return MailUrl(scheme, path=base / Path(rest).expanduser())
    return _parse_server(written, scheme)


def _parse_server(written: str, scheme: str) -> MailUrl:
    try:
        parts = urlsplit(written)
        host, port, user, password = parts.hostname, parts.port, parts.username, parts.password
    except ValueError:
        raise ValueError("网址写法有误，请检查主机名和端口") from None
    if password is not None:
        raise ValueError(
            "网址里不能写密码：请删去冒号和密码，改设环境变量 BAOSONG_MAILBOX_PASSWORD（收信）或 "
            "BAOSONG_OUTGOING_PASSWORD（发信），或存入系统密码库"
        )
    if not host:
        raise ValueError("网址里缺少服务器名，例如 imap.163.com")
    login = unquote(user or "")
    if not login and not scheme.startswith("smtp"):
        raise ValueError(f"网址里缺少登录账号，例如 {scheme}://office%40163.com@{host}")
    if re.search(r"[\x00-\x20\x7f]", login):
        raise ValueError("登录账号里有空格或看不见的字符，请删去")
    return MailUrl(scheme, host, port or _default_port(scheme, login), login, folder=unquote(parts.path.strip("/")))


def _default_port(scheme: str, user: str) -> int:
    return _SUBMISSION_PORT if scheme == "smtp" and user else _PORTS[scheme]


def parse_address(written: str, default: str = "") -> Address:
    """``名称 <a@b>`` or ``a@b``; a mere name, or nothing, is completed with the default address."""
    written = written.strip()
    if re.search(r"[\x00-\x1f\x7f]", written):
        raise ValueError("不能有换行等控制字符")
    if match := re.fullmatch(r"(?P<name>[^<>]*)<\s*(?P<address>[^<>\s]+)\s*>", written):
        name, address = match["name"].strip().strip('"').strip(), match["address"]
    elif "@" in written:
        name, address = "", written
    else:
        name, address = written, default
    # Plain addr-spec only (RFC 5322 section 3.4.1): no provider here hands out quoted local parts.
    if not re.fullmatch(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+", address):
        raise ValueError(f"“{written or address}”不是邮箱地址，请写成 办公室名称 <office@163.com>")
    return Address(name, address.lower())


def hide_secret(said: str, secret: str | None) -> str:
    """A server's words without the password, should it have said it back, plain or as it went over the wire."""
    if not secret:
        return said
    octets = secret.encode()
    written = {secret, secret.encode("unicode_escape").decode(), quote(secret, safe=""), octets.hex()}
    # In base64 (RFC 4616, RFC 4954) it may begin at each of three places within four letters; those that it shares
    # with what stands before or behind it are left out.
    for before, shared in enumerate((0, 2, 3)):
        written.add(b64encode(b"\0" * before + octets).decode().rstrip("=")[shared:-1])
    for each in sorted(written, key=len, reverse=True):
        if len(each) > 3:
            said = said.replace(each, "***")
    return said
