"""A private Dovecot 2.3 on free ports of the loopback: IMAP, IMAPS, POP3S and LMTP, in a folder of its own.

Debian packages: dovecot-imapd, dovecot-pop3d, dovecot-lmtpd (the service itself need not run). As root its mail
processes run as ``nobody``; otherwise everything runs as you. TLS certificates come from an authority made for the run.
Every account exists, empty until mail comes, with the same password.
"""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import trustme
from imap_tools.imap_utf7 import utf7_encode

from tests.servers.ports import free_ports

PASSWORD = "abcdefghijklmnop"
MISSING = "Dovecot is missing: apt-get install dovecot-imapd dovecot-pop3d dovecot-lmtpd"

_CONF = """\
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = baosong-tests
protocols = imap pop3 lmtp
listen = {host}
log_path = {folder}/dovecot.log
auth_mechanisms = plain login
disable_plaintext_auth = {plaintext_refused}
auth_failure_delay = 0
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = {uid}
last_valid_uid = {uid}
first_valid_gid = 0
mail_max_userip_connections = 200
mail_fsync = never
postmaster_address = postmaster@town.test
lmtp_save_to_detail_mailbox = no
ssl = {tls}
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Trash {{
    special_use = \\Trash
    auto = create
  }}
  mailbox Junk {{
    special_use = \\Junk
    auto = create
  }}
}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  service_count = 0
  inet_listener pop3 {{
    port = 0
  }}
  inet_listener pop3s {{
    port = {pop3s_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = {host}
    port = {lmtp_port}
  }}
}}
service anvil {{
  chroot =
  # No growing delay for an address that once sent a wrong password: all tests come from one.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


class Dovecot:
    """A server that may be stopped and started again; its mail stays until the ``with`` block ends."""

    def __init__(self, folder: Path, tls: str) -> None:
        self.folder = folder
        self.authority = folder / "authority.pem"  # for SSL_CERT_FILE
        self.imap_port, self.imaps_port, self.pop3s_port, self.lmtp_port = free_ports(4)
        # Dovecot trusts a client whose address is its own; Linux gives a client of 127.0.0.2 the address 127.0.0.1.
        self.host = "127.0.0.2" if tls == "required" else "127.0.0.1"
        self._tls = tls
        self._master: subprocess.Popen[bytes] | None = None
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid())
        owner = pwd.getpwnam("nobody") if root else me
        self._uid, self._gid = owner.pw_uid, owner.pw_gid
        self._lay_out(
            "dovecot" if root else me.pw_name,
            "dovecot" if root else grp.getgrgid(me.pw_gid).gr_name,
            "dovenull" if root else me.pw_name,
        )

    def url(self, user: str, scheme: str = "imap", host: str = "") -> str:
        """For ``[mailbox] url``."""
        port = {"imap": self.imap_port, "imaps": self.imaps_port, "pop3s": self.pop3s_port}[scheme]
        return f"{scheme}://{quote(user, safe='')}@{host or self.host}:{port}"

    def append(self, user: str, octets: bytes, *, folder: str = "INBOX", received_at: datetime | None = None) -> None:
        """Put a message into a folder, which is made where it is missing; ``received_at`` becomes INTERNALDATE."""
        with self.session(user) as client:
            name = '"' + utf7_encode(folder).decode("ascii") + '"'
            client.create(name)  # NO where it is there already
            date = imaplib.Time2Internaldate(received_at) if received_at else ""
            status, said = client.append(name, "", date, octets)
            assert status == "OK", said

    def deliver(self, user: str, octets: bytes, sender: str = "") -> None:
        """Deliver by LMTP, as a mail server would."""
        with smtplib.LMTP(self.host, self.lmtp_port) as client:
            client.sendmail(sender, [user], octets)

    @contextmanager
    def session(self, user: str) -> Iterator[imaplib.IMAP4]:
        """Another client of the same account."""
        trusting = ssl.create_default_context(cafile=str(self.authority))
        client: imaplib.IMAP4 = imaplib.IMAP4(self.host, self.imap_port)
        if self._tls == "required":
            client.starttls(trusting)
        try:
            client.login(user, PASSWORD)
            yield client
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                client.logout()

    def log(self) -> str:
        """Everything it logged so far."""
        file = self.folder / "dovecot.log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def start(self) -> None:
        """Return when the server greets."""
        if (program := find_dovecot()) is None:
            raise RuntimeError(MISSING)
        with (self.folder / "stderr.log").open("wb") as stderr:
            # A session of its own, so that the whole group can be ended: the master alone takes a second.
            self._master = subprocess.Popen(
                [program, "-F", "-c", str(self.folder / "dovecot.conf")],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + 10
        while not all(_greets(self.host, port) for port in (self.imap_port, self.lmtp_port)):
            if self._master.poll() is not None or time.monotonic() > until:
                said = (self.folder / "stderr.log").read_text("utf-8", "replace")
                self.stop()
                raise RuntimeError(f"Dovecot did not start: {said}{self.log()}")
            time.sleep(0.005)

    def stop(self) -> None:
        """End all its processes; nothing happens where none run."""
        if self._master is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._master.pid, signal.SIGTERM)
        try:
            self._master.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self._master.pid, signal.SIGKILL)
            self._master.wait()
        self._master = None

    def _lay_out(self, internal_user: str, internal_group: str, login_user: str) -> None:
        self.folder.chmod(0o755)  # Dovecot's own users pass through
        for name in ("run", "state", "mail", "home"):
            (self.folder / name).mkdir()
        for name in ("mail", "home"):
            os.chown(self.folder / name, self._uid, self._gid)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.authority)
        certificate = authority.issue_cert("localhost", self.host)
        certificate.private_key_pem.write_to_path(self.folder / "key.pem")
        certificate.cert_chain_pems[0].write_to_path(self.folder / "cert.pem")
        (self.folder / "dovecot.conf").write_text(
            _CONF.format(
                folder=self.folder,
                password=PASSWORD,
                host=self.host,
                tls=self._tls,
                plaintext_refused="yes" if self._tls == "required" else "no",
                uid=self._uid,
                gid=self._gid,
                internal_user=internal_user,
                internal_group=internal_group,
                login_user=login_user,
                imap_port=self.imap_port,
                imaps_port=self.imaps_port,
                pop3s_port=self.pop3s_port,
                lmtp_port=self.lmtp_port,
            )
        )


def find_dovecot() -> str | None:
    """The program, also where /usr/sbin is not searched."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")


@contextmanager
def running_dovecot(tls: str = "yes") -> Iterator[Dovecot]:
    """A running server. ``tls`` is Dovecot's ``ssl``: ``no``, ``yes``, or ``required`` before a login."""
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    try:
        server = Dovecot(folder, tls)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _greets(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), 1) as connection:
            connection.settimeout(3)
            return bool(connection.recv(100))
    except OSError:
        return False
