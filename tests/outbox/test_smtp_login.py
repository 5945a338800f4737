"""Login and TLS: what a mail server must prove before it hears a password or a letter."""

import socket
import ssl
from pathlib import Path

import pytest
import trustme

from pipeline.config.urls import MailUrl
from pipeline.errors import AccessError
from pipeline.outbox.sending import send_due
from pipeline.outbox.smtp import SmtpTransport
from tests.outbox.listqueue import ListQueue, letter, now
from tests.servers.smtpd import ScriptedSmtpd, running_smtpd


def _url(server: ScriptedSmtpd, user: str = "", scheme: str = "smtp") -> MailUrl:
    return MailUrl(scheme, "localhost" if scheme == "smtps" else "127.0.0.1", server.port, user)


def test_wrong_password_is_tried_once() -> None:
    """One login a round, whatever mechanisms the server offers; the letters stay due, the operator is told."""
    with running_smtpd(login=True) as smtpd:
        smtpd.auth += ["535 Error: authentication failed"] * 5
        queue = ListQueue(letter(1), letter(2))
        with SmtpTransport(_url(smtpd, "office@town.test"), "wrong", timeout=5) as transport:
            report = send_due(queue, transport, now=now)
        assert smtpd.logins == [("office@town.test", "wrong")]
    assert report.access_refused
    assert "授权码" in report.note
    assert queue.steps == []


def test_login() -> None:
    """Name and password reach the server; on the loopback without TLS too."""
    with running_smtpd(login=True) as smtpd:
        with SmtpTransport(_url(smtpd, "office@town.test"), "secret", timeout=5) as transport:
            assert send_due(ListQueue(letter(1)), transport, now=now).sent == 1
        assert smtpd.logins == [("office@town.test", "secret")]


@pytest.mark.parametrize("password", [None, "", "ａｂｃ"])
def test_password_that_cannot_work_is_not_sent(password: str | None) -> None:
    """No password, or one with full-width letters, is told before the server hears of it."""
    with running_smtpd(login=True) as smtpd:
        with (
            SmtpTransport(_url(smtpd, "office@town.test"), password, timeout=5) as transport,
            pytest.raises(AccessError),
        ):
            transport.ready()
        assert smtpd.logins == []


def test_password_never_goes_unencrypted_to_another_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without STARTTLS only the loopback hears a password: a name that resolves to it is still another host."""
    monkeypatch.setattr("socket.getaddrinfo", _everything_is_loopback)
    with running_smtpd(login=True) as smtpd:
        url = MailUrl("smtp", "mail.town.test", smtpd.port, "office@town.test")
        with SmtpTransport(url, "secret", timeout=5) as transport, pytest.raises(AccessError):
            transport.ready()
        assert smtpd.logins == []


def _everything_is_loopback(host: str, port: int, *_: object, **__: object) -> list[object]:
    del host
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _server_context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def _client_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_starttls_when_offered(authority: trustme.CA) -> None:
    """The letter goes encrypted where the server offers it, without being told to."""
    with running_smtpd(starttls=_server_context(authority, "127.0.0.1")) as smtpd:
        with SmtpTransport(_url(smtpd), None, timeout=5, context=_client_context(authority)) as transport:
            assert send_due(ListQueue(letter(1)), transport, now=now).sent == 1
        assert smtpd.taken[0].tls


def test_smtps(authority: trustme.CA) -> None:
    """TLS from the first octet."""
    with running_smtpd(smtps=_server_context(authority, "localhost")) as smtpd:
        url = _url(smtpd, scheme="smtps")
        with SmtpTransport(url, None, timeout=5, context=_client_context(authority)) as transport:
            assert send_due(ListQueue(letter(1)), transport, now=now).sent == 1
        assert smtpd.taken[0].tls


@pytest.mark.parametrize("fault", ["unknown authority", "another host"])
def test_certificate_is_verified(authority: trustme.CA, fault: str) -> None:
    """Nothing is handed to a server that cannot prove its name."""
    name = "mail.elsewhere.test" if fault == "another host" else "127.0.0.1"
    trusted = trustme.CA() if fault == "unknown authority" else authority
    with running_smtpd(starttls=_server_context(authority, name)) as smtpd:
        queue = ListQueue(letter(1))
        with SmtpTransport(_url(smtpd), None, timeout=5, context=_client_context(trusted)) as transport:
            report = send_due(queue, transport, now=now)
        assert smtpd.taken == []
    assert report.access_refused
    assert queue.steps == []


def test_smtps_to_a_port_without_tls() -> None:
    """The wrong port is the operator's matter and names the remedy."""
    with (
        running_smtpd() as smtpd,
        SmtpTransport(_url(smtpd, scheme="smtps"), None, timeout=5) as transport,
        pytest.raises(AccessError) as refused,
    ):
        transport.ready()
    assert "465" in str(refused.value)


def test_authority_from_the_environment(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office's own authority is trusted through SSL_CERT_FILE, as the remedy says."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with (
        running_smtpd(starttls=_server_context(authority, "127.0.0.1")) as smtpd,
        SmtpTransport(_url(smtpd), None, timeout=5) as transport,
    ):
        assert send_due(ListQueue(letter(1)), transport, now=now).sent == 1
