"""A small IMAP server that does by script what no well-kept server does on demand: cuts, lies, silences, refusals.

Folders hold messages by UID; each fault is a field, used up or lasting as it says. Real behaviour is Dovecot's to show.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_DATE = b'INTERNALDATE "04-May-2023 09:00:00 +0800"'


@dataclass
class Folder:
    """Messages by UID."""

    messages: dict[int, bytes] = field(default_factory=dict)
    uidvalidity: int = 7


@dataclass
class ScriptedImap:
    """What it holds, and what is wrong with it."""

    folders: dict[str, Folder]
    port: int = 0
    refused: dict[str, str] = field(default_factory=dict)  # command, with its rest or without -> the tagged end
    cuts: int = 0  # so many answers with a body end in the middle of it
    pause: float = 0.0  # seconds before each answer
    unheard: str = ""  # this command gets no answer, once, and the connection stays
    uidnext: int = 0  # as EXAMINE and STATUS tell it of every folder; 0: they do not
    searched: list[int] | None = None  # what SEARCH finds in INBOX, whatever there is
    told_size: int | None = None  # RFC822.SIZE of everything
    rebuild: Folder | None = None  # takes the place of INBOX before the next body is given
    logins: int = 0
    passwords: set[str] = field(default_factory=set)  # that it was told
    commands: list[str] = field(default_factory=list)
    _open: Folder = field(default_factory=Folder)

    def _answer(self, command: str, rest: str) -> tuple[bytes, str]:
        """Untagged lines and the tagged end."""
        plain = f"{command} {rest}".replace('"', "")
        for each in (plain, command):
            if each in self.refused:
                return b"", self.refused[each]
        match command:
            case "CAPABILITY":
                return b"* CAPABILITY IMAP4rev1\r\n", "OK done"
            case "LOGIN":
                self.logins += 1
                self.passwords.add(rest.rsplit(maxsplit=1)[-1].strip('"'))
                return b"", "OK done"
            case "LIST":
                return b"".join(b'* LIST () "/" "%b"\r\n' % each.encode() for each in self.folders), "OK done"
            case "EXAMINE":
                self._open = self.folders[rest.strip('"')]
                head = b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\n" % (
                    len(self._open.messages),
                    self._open.uidvalidity,
                )
                told = b"* OK [UIDNEXT %d] ok\r\n" % self.uidnext if self.uidnext else b""
                return head + told, "OK [READ-ONLY] done"
            case "STATUS":
                folder = self.folders[rest.split(maxsplit=1)[0].strip('"')]
                told = b"MESSAGES %d UIDVALIDITY %d" % (len(folder.messages), folder.uidvalidity)
                told += b" UIDNEXT %d" % self.uidnext if self.uidnext else b""
                return b"* STATUS %b (%b)\r\n" % (rest.split(maxsplit=1)[0].encode(), told), "OK done"
            case "UID SEARCH":
                uids = sorted(self._open.messages)
                if self.searched is not None and self._open is self.folders["INBOX"]:
                    uids = self.searched
                return b"* SEARCH" + b"".join(b" %d" % uid for uid in uids) + b"\r\n", "OK done"
            case "UID FETCH":
                wanted, parts = rest.split(" ", 1)
                return self._fetch(_uids(wanted), parts), "OK done"
            case "FETCH":
                return self._fetch(set(self._open.messages), rest.split(" ", 1)[1]), "OK done"
            case _:
                return b"", "OK done"

    def _fetch(self, uids: set[int], parts: str) -> bytes:
        lines = b""
        if "BODY" in parts and self.rebuild is not None:
            self.folders["INBOX"] = self._open = self.rebuild
            self.rebuild = None
            lines += b"* OK [UIDVALIDITY %d] made anew\r\n" % self._open.uidvalidity
        for number, (uid, octets) in enumerate(sorted(self._open.messages.items()), 1):
            if uid not in uids:
                continue
            size = len(octets) if self.told_size is None else self.told_size
            told = b"UID %d %b RFC822.SIZE %d" % (uid, _DATE, size)
            if piece := re.search(r"BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?", parts):
                start, length = int(piece[1] or 0), int(piece[2] or len(octets) or 1)
                body = octets[start : start + length]
                mark = b"<%d>" % start if piece[1] else b""
                told += b" BODY[]%b {%d}\r\n%b" % (mark, len(body), body)
            lines += b"* %d FETCH (%b)\r\n" % (number, told)
        return lines

    def serve(self, listener: socket.socket) -> None:
        """Talk to every client until the listener is shut."""
        with suppress(OSError):  # the test is over
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(ConnectionError, ValueError), connection.makefile("rb") as lines:
            connection.sendall(b"* OK ready\r\n")
            for line in lines:
                tag, command, rest = (*line.decode().strip().split(" ", 2), "", "")[:3]
                if command == "UID":
                    kind, rest = rest.split(" ", 1)
                    command = f"UID {kind}"
                self.commands.append(command)
                if command == self.unheard:
                    self.unheard = ""
                    continue
                time.sleep(self.pause)
                untagged, end = self._answer(command, rest)
                if self.cuts and b"BODY[]" in untagged:
                    self.cuts -= 1
                    connection.sendall(untagged[: len(untagged) // 2])
                    connection.shutdown(socket.SHUT_RDWR)
                    return
                connection.sendall(untagged + f"{tag} {end}\r\n".encode())
                if command == "LOGOUT":
                    return


def _uids(wanted: str) -> set[int]:
    found: set[int] = set()
    for part in wanted.split(","):
        first, _, last = part.partition(":")
        found.update(range(int(first), int(last or first) + 1))
    return found


@contextmanager
def running_imapd(**folders: dict[int, bytes]) -> Iterator[ScriptedImap]:
    """The server with these folders, ready for connections one after another."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = ScriptedImap({name: Folder(messages) for name, messages in folders.items()}, listener.getsockname()[1])
        thread = threading.Thread(target=server.serve, args=(listener,), daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
