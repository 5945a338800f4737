"""The configured url -> the way out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pipeline.config.urls import parse_mail_url
from pipeline.errors import ConfigError
from pipeline.outbox import Transport
from pipeline.outbox.maildir import MaildirTransport
from pipeline.outbox.smtp import SmtpTransport


def open_transport(
    url: str,
    *,
    password: str | None,
    timeout: float = 60.0,
    pace: timedelta = timedelta(0),
    mails_per_connection: int = 8,
) -> Transport:
    """The transport of ``[outgoing] url``; use it with ``with``, nothing is connected yet.

    ``smtps:`` is TLS from the start, ``smtp:`` turns to TLS where the server offers it; ``maildir:PATH`` needs none of
    the rest. ``timeout`` in seconds, for each answer of the server; ``pace`` is the pause between two letters. Raises
    :class:`~pipeline.errors.ConfigError` for any other url.
    """
    try:
        account = parse_mail_url(url, ("smtps", "smtp", "maildir"), Path())
    except ValueError as error:
        raise ConfigError(str(error), key="outgoing.url") from error
    if account.path is not None:
        return MaildirTransport(account.path)
    return SmtpTransport(account, password, timeout=timeout, pace=pace, mails_per_connection=mails_per_connection)
