"""Passwords: in the environment or the keyring, and nowhere else, whatever goes wrong."""

from __future__ import annotations

import base64
import imaplib
import os
import smtplib
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pipeline.config.urls import hide_secret
from pipeline.errors import AccessError
from pipeline.mailbox.imap import ImapMailbox
from tests.flow.township import lay_out_office, plan, write_mail
from tests.mailbox.polling import config_of
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtpd import running_smtpd

IN, OUT = "Mk7-inbound-secret", "Mk8-outbound-secret"


@contextmanager
def echoing_server(greeting: bytes = b"* OK ready") -> Iterator[int]:
    """A server that refuses whatever it is told, and says it back; its port."""

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, connection.makefile("rb") as lines:
                    connection.sendall(greeting + b"\r\n")
                    for line in lines:
                        tag, _, rest = line.strip().partition(b" ")
                        if rest == b"CAPABILITY":
                            connection.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
                        else:
                            connection.sendall(tag + b" NO cannot do " + rest + b"\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]


def forms(secret: str) -> list[bytes]:
    """The secret as it may be written: plain, in base64 at each alignment, in hex."""
    octets = secret.encode()
    found = [octets, octets.hex().encode()]
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + octets).rstrip(b"=")
        found.append(encoded[before + 1 if before else 0 : -2])
    return found


def run(folder: Path, *arguments: str) -> bytes:
    """A command in a process of its own with both passwords in its environment; all that it says."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--config", str(folder / "config.toml"), *arguments],
        env={**os.environ, "BAOSONG_MAILBOX_PASSWORD": IN, "BAOSONG_OUTGOING_PASSWORD": OUT},
        capture_output=True,
        check=False,
    )
    return done.stdout + done.stderr


def assert_silent(folder: Path, said: bytes) -> None:
    """Neither what was said nor any file of the office has a password in it."""
    places = {"said": said, **{str(each): each.read_bytes() for each in folder.rglob("*") if each.is_file()}}
    for place, octets in places.items():
        for secret in (IN, OUT):
            assert not [form for form in forms(secret) if form in octets], place


def test_a_run_that_works_keeps_them_to_itself(tmp_path: Path) -> None:
    """Mail fetched, judged, answered through a login, reported, backed up, with the log shown: nothing is written."""
    with running_smtpd(login=True) as smtpd:
        lay_out_office(tmp_path, outgoing=f"smtp://office%40town.test@127.0.0.1:{smtpd.port}")
        mail = write_mail("shiqiao@village.test", "石桥村方案", ("方案.docx", plan("石桥村")))
        (tmp_path / "mailbox" / "1.eml").write_bytes(mail)
        said = b"".join(
            run(tmp_path, "--verbose", *command) for command in (["poll"], ["report"], ["backup"], ["doctor"])
        )
        assert smtpd.logins == [("office@town.test", OUT)] * 2
    assert len(smtpd.taken) == 1
    assert_silent(tmp_path, said)


def test_servers_that_say_it_back_are_not_quoted(tmp_path: Path) -> None:
    """A refusal that repeats the login, on the way in and out, reaches screen, log, database and report without it."""
    with echoing_server() as port, running_smtpd(login=True) as smtpd:
        smtpd.auth += [f"535 login office {OUT} AG9mZmljZQ{base64.b64encode(OUT.encode()).decode()} failed"] * 9
        lay_out_office(
            tmp_path,
            mailbox=f"imap://office%40town.test@127.0.0.1:{port}",
            outgoing=f"smtp://office%40town.test@127.0.0.1:{smtpd.port}",
        )
        said = run(tmp_path, "--verbose", "poll")
        with sqlite3.connect(tmp_path / "baosong.db") as ledger:
            [(trouble,)] = ledger.execute("SELECT trouble FROM poll")
        assert "LOGIN" in trouble  # it was quoted, and hid what had to be hidden
        said += run(tmp_path, "--verbose", "doctor") + run(tmp_path, "report")
        assert smtpd.logins
    assert b"***" in said
    assert_silent(tmp_path, said)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("imaps://office%40town.test@", f"imaps://office%40town.test:{IN}@"),
        ("timeout = 5", f'password = "{IN}"'),
        ("timeout = 5", f'url = "{IN}'),
        ('villages = "', f'database = "mysql://u:{IN}@h/d"\nvillages = "'),
        ('villages = "', f'database = "postgresql+psycopg://u:{IN}@127.0.0.1:1/d"\nvillages = "'),
    ],
)
def test_one_that_was_written_into_the_settings_is_not_read_out(tmp_path: Path, before: str, after: str) -> None:
    """The complaint names the place and the remedy, not the value."""
    config = lay_out_office(tmp_path, mailbox="imaps://office%40town.test@mail.town.test")
    text = config.read_text("utf-8")
    config.write_text(text.replace(before, after, 1), encoding="utf-8")
    assert config.read_text("utf-8") != text
    said = run(tmp_path, "--verbose", "status")
    assert said
    assert not [form for form in forms(IN) if form in said], said.decode()


def test_the_libraries_own_logs_stay_off(dovecot: Dovecot) -> None:
    """imaplib and smtplib print every command, the login too, once they are told to."""
    with ImapMailbox(config_of(dovecot.url("secrets@town.test")), PASSWORD) as mailbox:
        assert mailbox._session.box.client.debug == 0
    assert vars(imaplib)["Debug"] == 0
    assert smtplib.SMTP.debuglevel == 0


def test_a_password_over_a_stripped_starttls_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server on another host that offers no STARTTLS, or whose offer somebody took away, hears no login."""
    heard: list[bytes] = []
    monkeypatch.setattr("pipeline.mailbox.session.is_loopback", lambda _host: False)

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines, suppress(OSError):
            connection.sendall(b"* OK ready\r\n")
            for line in lines:
                heard.append(line)
                tag = line.split()[0]
                connection.sendall(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        url = f"imap://office%40town.test@127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(AccessError, match="不支持加密"), ImapMailbox(config_of(url), IN):
            pass
        thread.join()
    assert [line.split()[1] for line in heard] == [b"CAPABILITY"]


@pytest.mark.parametrize("secret", ["Mk7-inbound-secret", "授权码0123456789", "abcd1234!@#$", "x" * 40])
@pytest.mark.parametrize("before", ["", "\0office@town.test\0", "ab", "abc"])
def test_every_writing_of_it_is_hidden(secret: str, before: str) -> None:
    """Plain, quoted, in base64 after whatever stands before it."""
    encoded = base64.b64encode((before + secret).encode()).decode()
    said = hide_secret(f"NO {secret} {encoded}", secret)
    assert secret not in said
    assert not [form for form in forms(secret)[2:] if form.decode() in said]


def test_short_words_are_left_alone() -> None:
    """A password of three letters would take half of the sentence with it."""
    assert hide_secret("the end of it", "the") == "the end of it"
