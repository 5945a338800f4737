"""A mailbox lived through by the product: at each moment what has come by then is polled, and at the end compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from pipeline.ledger import views
from pipeline.office import open_office
from pipeline.run import poll
from tests.heldout.mails import Mail
from tests.heldout.score import Score, score
from tests.heldout.township import OFFICE, OFFICE_NAME

_CONFIG = """\
campaign = "{rules}"
villages = "villages.csv"
database = "sqlite:///baosong.db"
cache    = "inbox_cache"

[mailbox]
url = "eml:mail"

[outgoing]
url  = "maildir:outgoing"
from = "{name} <{address}>"
"""


def live(
    folder: Path,
    mails: Sequence[Mail],
    *,
    rules: Path,
    register: bytes,
    moments: Sequence[datetime],
    once: bool = False,
) -> Score:
    """The score; with ``once`` all mail is polled at the last moment alone, and the ledger asked for the others."""
    inbox = folder / "mail"
    inbox.mkdir()
    (folder / "villages.csv").write_bytes(register)
    config = _CONFIG.format(rules=rules.as_posix(), name=OFFICE_NAME, address=OFFICE)
    (folder / "config.toml").write_text(config, encoding="utf-8")
    waiting = list(enumerate(mails))
    for moment in moments[-1:] if once else moments:
        while waiting and waiting[0][1].received_at <= moment:
            number, mail = waiting.pop(0)
            (inbox / f"{number:04d}-{mail.name}.eml").write_bytes(mail.octets)
        office = open_office(folder / "config.toml", _clock(moment))
        result = poll(office)
        assert not result.troubles, result.troubles
    judged = {message.digest: message for message in views.messages(office.ledger, until=moments[-1])}
    standings = {moment: views.standings(office.ledger, office.campaign, moment) for moment in moments}
    letters = sum(path.is_file() for path in (folder / "outgoing").glob("*/*"))
    return score(mails, judged, standings, letters)


def _clock(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment
