"""Copies of our letters in the mailbox's folder of sent mail, where people look for what was sent."""

from __future__ import annotations

from datetime import timedelta

from pipeline.config.passwords import mailbox_password
from pipeline.errors import AccessError, TransientError
from pipeline.ledger import letters
from pipeline.mailbox.imap import ImapMailbox
from pipeline.office import Office

_SINCE = timedelta(days=1)  # what went out longer ago is not filed any more


def file_copies(office: Office) -> str:
    """Copies of what was sent lately into the mailbox's folder of sent mail; what went wrong, for the operator.

    A letter is no less sent where that fails: the next round tries again.
    """
    sent = letters.unfiled(office.ledger, office.now() - _SINCE)
    if not sent:
        return ""
    config = office.config
    try:
        with ImapMailbox(config.mailbox, mailbox_password(config.mailbox)) as mailbox:
            for letter in sent:
                mailbox.keep_sent(letter.octets, letter.sent_at, folder=config.outgoing.sent_folder)
                letters.mark_filed(office.ledger, letter.id)
    except (AccessError, TransientError) as error:
        return f"信已寄出，但没有存进“已发送”：{error}"
    return ""
