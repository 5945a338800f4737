"""A private Postfix on a free port of the loopback: own configuration, queue and log, in a folder of its own.

Debian package: postfix (its own service need not run). Postfix starts as root only, for it gives its parts other
users; everything stays below one temporary folder and ends with the ``with`` block.

It takes mail for the given addresses at office and village domains and hands it to an LMTP server, or puts it into
Maildirs (no ``lmtp_port``); it refuses unknown recipients with 550 5.1.1 and relays nothing.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.servers.ports import free_port

_QUEUE_FOLDERS = (
    "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "private", "public",
    "saved", "trace", "pid",
)  # fmt: skip

_MASTER = """\
postlog          unix-dgram n - n - 1 postlogd
127.0.0.1:{port} inet       n - n - - smtpd
cleanup          unix       n - n - 0 cleanup
qmgr             unix       n - n 300 1 qmgr
rewrite          unix       - - n - - trivial-rewrite
bounce           unix       - - n - 0 bounce
defer            unix       - - n - 0 bounce
trace            unix       - - n - 0 bounce
error            unix       - - n - - error
retry            unix       - - n - - error
virtual          unix       - n n - - virtual
lmtp             unix       - - n - - lmtp
tlsmgr           unix       - - n 1000? 1 tlsmgr
"""

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
myhostname = mail.town.test
mydestination =
alias_maps =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = texthash:{folder}/conf/mailboxes
virtual_mailbox_base = {folder}/mail
virtual_transport = {transport}
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
default_transport = error:5.7.1 this test server sends nothing outside
relay_transport = error:5.7.1 this test server sends nothing outside
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
message_size_limit = {size_limit}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running server."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        """For ``[outgoing] url``."""
        return f"smtp://127.0.0.1:{self.port}"

    def log(self) -> str:
        """Everything it logged so far."""
        file = self.folder / "maillog"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    def delivered(self, address: str, *, count: int = 1, seconds: float = 10.0) -> list[bytes]:
        """The mails in an address's Maildir, as soon as there are ``count``; fails where they do not come."""
        folder = self.folder / "mail" / _maildir(address) / "new"
        until = time.monotonic() + seconds
        while True:
            mails = sorted(folder.glob("*")) if folder.is_dir() else []
            if len(mails) >= count:
                return [mail.read_bytes() for mail in mails]
            if time.monotonic() > until:
                raise AssertionError(
                    f"{len(mails)} of {count} mails for {address} arrived; Postfix says:\n{self.log()}"
                )
            time.sleep(0.01)


@contextmanager
def running_postfix(
    addresses: Sequence[str], *, lmtp_port: int | None = None, size_limit: int = 100_000_000
) -> Iterator[Postfix]:
    """A Postfix for these addresses, ready for mail; ``lmtp_port`` is where it hands mail on, None for Maildirs."""
    master = _master_program()
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    try:
        port = free_port()
        _lay_out(folder, port, addresses, lmtp_port, size_limit)
        # A session of its own, so that the whole group can be ended: the master alone would leave its parts behind.
        server = subprocess.Popen(
            [master, "-c", str(folder / "conf"), "-d"], start_new_session=True, stderr=subprocess.PIPE
        )
        try:
            postfix = Postfix(port, folder)
            _wait_until_greeting(server, postfix)
            yield postfix
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _master_program() -> str:
    if os.geteuid() != 0:
        raise RuntimeError("Postfix starts as root only: run these tests as root (for instance in a container).")
    postconf = shutil.which("postconf") or shutil.which("postconf", path="/usr/sbin")
    if postconf is None:
        raise RuntimeError("Postfix is missing: apt-get install postfix")
    told = subprocess.run([postconf, "-dh", "daemon_directory"], check=True, capture_output=True, text=True)
    return str(Path(told.stdout.strip()) / "master")


def _lay_out(folder: Path, port: int, addresses: Sequence[str], lmtp_port: int | None, size_limit: int) -> None:
    user = pwd.getpwnam("postfix")
    postdrop = grp.getgrnam("postdrop")
    folder.chmod(0o755)  # Postfix's own user passes through
    for name in ("conf", "queue", "data", "mail"):
        (folder / name).mkdir()
    for name in _QUEUE_FOLDERS:
        (folder / "queue" / name).mkdir(mode=0o700)
        os.chown(folder / "queue" / name, 0 if name == "pid" else user.pw_uid, -1)
    for name, mode in (("public", 0o710), ("maildrop", 0o730)):
        os.chown(folder / "queue" / name, user.pw_uid, postdrop.gr_gid)
        (folder / "queue" / name).chmod(mode)
    for name in ("data", "mail"):
        os.chown(folder / name, user.pw_uid, user.pw_gid)

    (folder / "conf" / "master.cf").write_text(_MASTER.format(port=port))
    (folder / "conf" / "mailboxes").write_text("".join(f"{one} {_maildir(one)}/\n" for one in addresses))
    (folder / "conf" / "main.cf").write_text(
        _MAIN.format(
            folder=folder,
            domains=", ".join(sorted({one.partition("@")[2] for one in addresses})),
            transport=f"lmtp:inet:127.0.0.1:{lmtp_port}" if lmtp_port else "virtual",
            uid=user.pw_uid,
            gid=user.pw_gid,
            size_limit=size_limit,
        )
    )
    # Postfix takes a file of this very second for one that is still being written, and waits two seconds.
    for file in (folder / "conf").iterdir():
        os.utime(file, (0, 0))


def _maildir(address: str) -> str:
    local_part, _, domain = address.partition("@")
    return f"{domain}/{local_part}"


def _wait_until_greeting(server: subprocess.Popen[bytes], postfix: Postfix) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", postfix.port, "[127.0.0.1]", timeout=5):
                return
        except (OSError, smtplib.SMTPException) as error:
            if server.poll() is not None:
                said = server.stderr.read().decode(errors="replace") if server.stderr else ""
                raise RuntimeError(f"Postfix did not start: {said}{postfix.log()}") from error
            if time.monotonic() > until:
                raise RuntimeError(f"Postfix does not answer: {postfix.log()}") from error
            time.sleep(0.02)


def _stop(server: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(5)
    if server.stderr is not None:
        server.stderr.close()
