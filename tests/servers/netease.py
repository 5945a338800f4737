"""A server with the habits of imap.163.com that Dovecot does not have, holding one message.

It refuses EXAMINE to whom has not sent ID after LOGIN (or to everybody), tells no UIDNEXT, has ten-digit UIDs, puts the
UID behind the body, and answers BAD to a SEARCH with CHARSET. seen: public issue reports of several mail programs.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

UID = 1669791329


@dataclass
class NetEase:
    """What it was told, and how it decides."""

    octets: bytes
    trusting: bool = True  # False: the account is barred, ID or not
    port: int = 0
    folder: str = ""
    commands: list[str] = field(default_factory=list)  # names, in order of arrival

    def _answer(self, command: str, rest: str) -> tuple[bytes, bytes]:
        """Untagged lines and the tagged end of the answer."""
        size = len(self.octets)
        known = self.trusting and "ID" in self.commands
        match command:
            case "CAPABILITY":
                return b"* CAPABILITY IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ UIDPLUS\r\n", b"OK done"
            case "LIST":
                lines = (
                    b"INBOX",
                    b"&g0l6P3ux-",
                    b"&XfJT0ZAB-",
                    b"&V4NXPpCuTvY-",
                    b"&dcVr0mWHTvZZOQ-",
                    b"&Xn9USpCuTvY-",
                )
                return b"".join(b'* LIST () "/" "%b"\r\n' % each for each in lines), b"OK done"
            case "EXAMINE" | "SELECT" if not known:
                return b"", b"NO EXAMINE Unsafe Login. Please contact kefu@188.com for help"
            case "EXAMINE":
                self.folder = rest.strip('"')
                return b"* %d EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n" % (self.folder == "INBOX"), b"OK [READ-ONLY] done"
            case "UID" if rest.startswith("SEARCH ALL"):
                return b"* SEARCH" + (b" %d" % UID if self.folder == "INBOX" else b"") + b"\r\n", b"OK done"
            case "UID" if rest.startswith("SEARCH"):
                return b"", b"BAD Parse command error"
            case "UID" if "BODY" in rest:
                return b"* 1 FETCH (BODY[] {%d}\r\n%b UID %d)\r\n" % (size, self.octets, UID), b"OK done"
            case "UID":
                date = b'INTERNALDATE "09-May-2023 12:00:00 +0800"'
                return b"* 1 FETCH (UID %d %b RFC822.SIZE %d)\r\n" % (UID, date, size), b"OK done"
            case "LOGOUT":
                return b"* BYE\r\n", b"OK done"
            case _:
                return b"", b"OK done"

    def serve(self, listener: socket.socket) -> None:
        """Talk to one client after another until the listener is shut."""
        with suppress(OSError):  # the test is over
            while True:
                connection, _ = listener.accept()
                with connection, connection.makefile("rb") as lines:
                    connection.sendall(b"* OK Coremail System IMap Server Ready\r\n")
                    for line in lines:
                        tag, command, rest = (*line.decode().strip().split(" ", 2), "")[:3]
                        self.commands.append(command)
                        untagged, end = self._answer(command, rest)
                        connection.sendall(untagged + tag.encode() + b" " + end + b"\r\n")


@contextmanager
def running_netease(octets: bytes, *, trusting: bool = True) -> Iterator[NetEase]:
    """The server, ready for connections one after another."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = NetEase(octets, trusting, listener.getsockname()[1])
        thread = threading.Thread(target=server.serve, args=(listener,), daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
