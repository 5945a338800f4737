"""Letters into a Maildir (https://cr.yp.to/proto/maildir.html) in place of a mail server."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.errors import AccessError

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)  # of our own letters, which have one


class MaildirTransport:
    """Delivers into the Maildir at ``path``, which is made where it is missing.

    The file's name comes from the letter's Message-ID and not from the clock, so a letter that is delivered again
    after a crash is there once, as long as nobody deletes from the Maildir.
    """

    at_once = 8  # they wait for the disk together

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def ready(self) -> None:
        """Makes the three folders, once; AccessError where that is not permitted."""
        if self._made:
            return
        try:
            for folder in ("tmp", "new", "cur"):
                (self._path / folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._trouble(error) from error
        self._made = True

    def send(
        self, sender: str, recipient: str, octets: bytes, *, before_end: Callable[[], None] = lambda: None
    ) -> None:
        """The letter lies in ``new/``, whole and on the disk; once, however often it is sent. No envelope is kept."""
        del before_end
        name = _name(octets)
        if self._delivered(name):
            return
        temporary = self._path / "tmp" / name
        try:
            with temporary.open("wb") as file:
                # Maildirs hold the system's own line ends; seen: mutt shows the CR.
                file.write(octets.replace(b"\r\n", b"\n"))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._path / "new" / name)
            _sync_folder(self._path / "new")
        except OSError as error:
            raise self._trouble(error) from error

    def settle(self, octets: bytes) -> bool | None:
        """Whether the letter lies in the Maildir, read or unread."""
        return self._delivered(_name(octets))

    def _delivered(self, name: str) -> bool:
        if (self._path / "new" / name).exists():
            return True
        try:  # a reader moves what it has shown to cur/ and appends its flags: NAME:2,S
            with os.scandir(self._path / "cur") as read:
                return any(each.name.startswith(name) for each in read)
        except FileNotFoundError:
            return False

    def _trouble(self, error: OSError) -> AccessError:
        return AccessError(f"无法写入发信文件夹 {self._path}（{error.strerror}）：请检查权限和磁盘空间。")


def _name(octets: bytes) -> str:
    header, _, _ = octets.partition(b"\r\n\r\n")
    found = _MESSAGE_ID.search(header)
    return f"baosong.{sha256(found[1] if found else octets).hexdigest()[:32]}"


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # pragma: no cover -- Windows cannot open a folder and needs no such call
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
