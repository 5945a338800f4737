"""Which way out a url names. What a url may look like: tests of pipeline.config.urls."""

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.outbox.opening import open_transport
from pipeline.outbox.sending import send_due
from tests.outbox.listqueue import ListQueue, letter, now
from tests.servers.smtpd import running_smtpd


def test_maildir_url(tmp_path: Path) -> None:
    """The letter lies in the Maildir that the url names, a path with blanks included."""
    with open_transport(f"maildir:{tmp_path / 'sent mail'}", password=None) as transport:
        assert send_due(ListQueue(letter(1)), transport, now=now).sent == 1
    assert len(list((tmp_path / "sent mail" / "new").iterdir())) == 1


def test_smtp_url() -> None:
    """The login of the url is the login the server hears."""
    with running_smtpd(login=True) as smtpd:
        url = f"smtp://office%40town.test@127.0.0.1:{smtpd.port}"
        with open_transport(url, password="secret") as transport:
            assert send_due(ListQueue(letter(1)), transport, now=now).sent == 1
        assert smtpd.logins == [("office@town.test", "secret")]


@pytest.mark.parametrize("url", ["", "imaps://a@b.test", "eml:letters", "smtp://a:secret@b.test", "maildir:"])
def test_other_urls_are_the_operators_matter(url: str) -> None:
    """The error names the key; a password in the url is refused."""
    with pytest.raises(ConfigError) as refused:
        open_transport(url, password=None)
    assert refused.value.key == "outgoing.url"
    assert "secret" not in str(refused.value)
