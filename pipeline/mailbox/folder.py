"""Folders of files that stand for an account: ``eml:PATH`` and ``maildir:PATH``. They are only read, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from imap_tools.imap_utf7 import utf7_decode

from pipeline.config import MailboxConfig
from pipeline.config.providers import skipped_folders
from pipeline.errors import AccessError, TransientError
from pipeline.mailbox import Arrival, FolderError, Listed, Seen
from pipeline.mailbox.arrival import HEAD_SIZE, arrival_time, arrived_since, file_time

_CHUNK = 1024 * 1024
_INBOX = "INBOX"


class EmlFolder:
    """Files named ``*.eml``, in the order of their names. The same name with another content is another message."""

    def __init__(self, config: MailboxConfig) -> None:
        self.name = config.url.text
        self._config = config
        self._path = config.url.path or Path()

    def __enter__(self) -> Self:
        _require_folder(self._path, self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""

    def folders(self) -> Sequence[str]:
        """One."""
        return (_INBOX,)

    def arrivals(self, folder: str, seen: Seen) -> Iterator[Arrival]:
        """What is new, by file name."""
        uids = self._uids()
        for uid in seen.unseen(folder, 0, list(uids)):
            if (arrival := _arrival(uids[uid], uid)) and arrived_since(arrival.received_at, self._config.since):
                yield arrival

    def listed(self, folder: str) -> Iterator[Listed]:
        """All files of the folder; what they hold is told by their names, sizes and times."""
        yield from _listed(self._uids(), self._config)

    def sent_ids(self) -> None:
        """None: nothing that was sent is kept here."""
        return

    def _uids(self) -> dict[str, Path]:
        files = sorted(each for each in _files(self._path) if each.suffix.lower() == ".eml")
        return {uid: file for file in files if (uid := _uid_by_writing(file))}


class Maildir:
    """A Maildir with its Maildir++ subfolders: ``.Junk`` and others beside ``new`` and ``cur``."""

    def __init__(self, config: MailboxConfig) -> None:
        self.name = config.url.text
        self._config = config
        self._path = config.url.path or Path()

    def __enter__(self) -> Self:
        _require_folder(self._path, self._path / "cur", self._path / "new")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""

    def folders(self) -> Sequence[str]:
        """The inbox and all subfolders but those of sent, drafted and deleted mail."""
        return self._config.folders or (_INBOX, *sorted(name for name in self._subfolders() if _is_read(name)))

    def arrivals(self, folder: str, seen: Seen) -> Iterator[Arrival]:
        """What is new, the oldest first."""
        uids = self._uids(folder)
        found = (_arrival(uids[uid], uid) for uid in seen.unseen(folder, 0, sorted(uids)))
        wanted = (each for each in found if each and arrived_since(each.received_at, self._config.since))
        yield from sorted(wanted, key=lambda each: (each.received_at, each.uid))

    def listed(self, folder: str) -> Iterator[Listed]:
        """All deliveries in a folder."""
        yield from _listed(self._uids(folder), self._config)

    def sent_ids(self) -> None:
        """None: our letters do not come by here."""
        return

    def _uids(self, folder: str) -> dict[str, Path]:
        path = self._path if folder == _INBOX else self._subfolders().get(folder)
        if path is None:
            raise FolderError(f"{self._path} 里没有邮件夹“{folder}”：请核对 [mailbox] folders")
        files = (*_files(path / "new"), *_files(path / "cur"))
        # The part before the colon names a delivery for good; flags after it change (Maildir specification, D. J.
        # Bernstein). The size is there for Maildirs that were not filled by a mail server.
        return {uid: each for each in files if (uid := _uid_by_size(each))}

    def _subfolders(self) -> dict[str, Path]:
        return {
            utf7_decode(each.name[1:].encode("utf-8", "surrogateescape")): each
            for each in self._path.iterdir()
            if each.name.startswith(".") and (each / "cur").is_dir()
        }


def _is_read(name: str) -> bool:
    return not any(level.casefold() in skipped_folders() for level in name.split("."))


def _require_folder(path: Path, *needed: Path) -> None:
    try:
        for each in needed:
            if not each.is_dir():
                raise AccessError(f"找不到邮件目录 {each}：请核对 [mailbox] url 里的路径 {path}")
            next(each.iterdir(), None)
    except OSError as error:
        raise AccessError(f"邮件目录 {path} 读不了（{error.strerror}）：请检查权限") from error


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in folder.iterdir() if not each.name.startswith(".") and each.is_file())


def _uid_by_writing(file: Path) -> str:
    try:
        status = file.stat()
    except FileNotFoundError:
        return ""
    return f"{file.name}:{status.st_size}:{status.st_mtime_ns}"


def _uid_by_size(file: Path) -> str:
    try:
        return f"{file.name.partition(':')[0]}:{file.stat().st_size}"
    except FileNotFoundError:
        return ""


def _listed(uids: Mapping[str, Path], config: MailboxConfig) -> Iterator[Listed]:
    for uid, file in uids.items():
        arrival = _arrival(file, uid) if config.since else None
        if arrival is None or arrived_since(arrival.received_at, config.since):
            with suppress(FileNotFoundError):  # another program took it away meanwhile
                yield Listed(uid, 0, received_at=file_time(file))


def _arrival(file: Path, uid: str) -> Arrival | None:
    """The message in a file; None where another program took it away meanwhile."""
    try:
        with file.open("rb") as octets:
            received_at = arrival_time(octets.read(HEAD_SIZE), file_time(file))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AccessError(f"邮件文件 {file} 读不了（{error.strerror}）：请检查权限") from error
    return Arrival(uid, 0, received_at, _chunks(file))


def _chunks(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as octets:
            while chunk := octets.read(_CHUNK):
                yield chunk
    except FileNotFoundError:
        raise TransientError(f"邮件文件 {file} 刚被别的程序移走，稍后自动再试") from None
    except OSError as error:
        raise AccessError(f"邮件文件 {file} 读不了（{error.strerror}）：请检查权限") from error
