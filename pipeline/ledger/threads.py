"""The letter of ours that a mail answers, and files of ours that came back with it.

A mail program names the letter in In-Reply-To and References (RFC 5322 section 3.6.4). Some phones' programs drop both:
then the letter's own mark, which stands in the text that is quoted, and at last a subject of ours behind 回复：.
Whatever names it, only a letter that is in the ledger counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlmodel import Session, col, select

from pipeline.ledger.compiled import among
from pipeline.ledger.opening import Ledger
from pipeline.ledger.plain import run
from pipeline.ledger.tables import EnclosureRow, LetterRow, MessageRow
from pipeline.letter.mail import read_marks
from pipeline.model.campaign import Campaign
from pipeline.model.message import Message, MessageState
from pipeline.model.past import Ask, Thread
from pipeline.model.verdict import Disposition

_REPLY = re.compile(r"(?:\s*(?:re|回复|答复|回覆)\s*[:：])+\s*", re.IGNORECASE)
_KINDS = ("reply", "reminder")


def find_thread(ledger: Ledger, message: Message, campaign: Campaign) -> Thread | None:
    """The letter that this mail answers, the surest sign first; None where it answers none."""
    if message.automatic is not None:
        return None
    with ledger.reading() as session:
        letter = next((row for row in _letters(session, message) if row is not None and row.kind in _KINDS), None)
        if letter is None:
            return None
        answered = session.get(MessageRow, letter.message) if letter.message else None
        asks = tuple(Ask(village, deliverable, returned) for village, deliverable, returned in letter.asks)
        villages = [ask.village for ask in asks]
        villages += [answered.village] if answered is not None and answered.village else []
        # Only who sent the files may say whose they are: a marked copy of them goes back to him.
        unknown = (
            answered is not None
            and answered.disposition == Disposition.UNRECOGNISED
            and answered.sender_address == message.sender.address
        )
        known = {each.id for each in campaign.deliverables}
        return Thread(
            villages=tuple(dict.fromkeys(villages)),
            asks=tuple(ask for ask in asks if ask.deliverable in known),
            unknown=answered.digest if answered is not None and unknown else None,
        )


_NEWEST = select(LetterRow).order_by(col(LetterRow.id).desc())


def _letters(session: Session, message: Message) -> Iterator[LetterRow | None]:
    for message_id in dict.fromkeys((*message.in_reply_to, *reversed(message.references))):
        yield session.exec(_NEWEST.where(LetterRow.message_id == message_id)).first()
    for start in read_marks(f"{message.text}\n{message.quoted}"):
        yield session.exec(_NEWEST.where(col(LetterRow.message_id).startswith(start, autoescape=True))).first()
    subject = _REPLY.sub("", message.subject, count=1)
    if subject != message.subject:
        mine = _NEWEST.where(LetterRow.recipient == message.sender.address, col(LetterRow.sent_at).is_not(None))
        yield session.exec(mine.where(LetterRow.subject == subject.strip())).first()


_ENCLOSED = select(EnclosureRow.digest).where(among(col(EnclosureRow.digest), "digests"))


def find_enclosed(ledger: Ledger, message: Message) -> frozenset[str]:
    """Digests of the mail's files that went out with a letter of ours, unchanged."""
    digests = {each.blob.digest for each in message.attachments}
    if not digests:
        return frozenset()
    with ledger.reading() as session:
        return frozenset(digest for (digest,) in run(session, _ENCLOSED, digests=digests))


def is_repeated(ledger: Ledger, message: Message) -> bool:
    """Whether the same was said before without a file, by the same sender under the same subject.

    Of a person it needs no second answer; of a robot that marks itself by nothing it is how it is known.
    """
    if message.attachments or message.links:
        return False
    wanted = select(MessageRow.digest).where(
        MessageRow.state == MessageState.JUDGED,
        MessageRow.digest != message.blob.digest,
        MessageRow.fingerprint == message.fingerprint,
        col(MessageRow.received_at) <= message.received_at,
    )
    with ledger.reading() as session:
        return session.exec(wanted).first() is not None


def find_unknown(ledger: Ledger, thread: Thread | None) -> MessageRow | None:
    """The row of the mail of which we had asked whose it is."""
    if thread is None or thread.unknown is None:
        return None
    with ledger.reading() as session:
        return session.get(MessageRow, thread.unknown)
