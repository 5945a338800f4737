"""The habits of NetEase's servers that cost other mail programs their users."""

from dataclasses import replace

import pytest

from pipeline.config import MailboxConfig
from pipeline.config.providers import find_provider
from pipeline.errors import AccessError
from pipeline.mailbox.opening import open_mailbox
from tests.mailbox.polling import Memory, config_of, message, poll
from tests.servers.netease import UID, NetEase, running_netease


def _config(server: NetEase) -> MailboxConfig:
    url = f"imap://office%40163.com@127.0.0.1:{server.port}"
    return replace(config_of(url), provider=find_provider("office@163.com"))


def test_id_is_told_between_login_and_examine() -> None:
    """Without RFC 2971 ID on this very connection every folder is refused; with it mail is read, junk folders too."""
    with running_netease(message("村")) as server:
        memory = Memory()
        (got,) = poll(open_mailbox(_config(server), "x"), memory)
        assert poll(open_mailbox(_config(server), "x"), memory) == []
    assert (got.octets, got.uid, got.received_at.hour) == (message("村"), str(UID), 12)
    told = [each for each in server.commands if each in {"LOGIN", "ID", "LIST", "EXAMINE"}]
    # INBOX and the folders of junk, viruses and advertising; neither drafts nor sent mail.
    assert told == ["LOGIN", "ID", "LIST", *["EXAMINE"] * 4] * 2
    assert "SELECT" not in server.commands


def test_unsafe_login_in_spite_of_id_is_for_the_operator() -> None:
    """An account that NetEase bars after all: the clerk is told to confirm it on the web, and of POP3."""
    with running_netease(message("村"), trusting=False) as server, pytest.raises(AccessError, match=r"网页版.*pop3s"):
        poll(open_mailbox(_config(server), "x"), Memory())
