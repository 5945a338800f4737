"""What a judge may know of earlier mails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from pipeline.ledger import encounters, values
from pipeline.ledger.compiled import among
from pipeline.ledger.opening import Ledger
from pipeline.ledger.plain import run
from pipeline.ledger.tables import (
    EntryRow,
    LetterRow,
    MessageRow,
    VersionRow,
)
from pipeline.model.campaign import Campaign
from pipeline.model.message import Message, MessageState
from pipeline.model.past import Past, Thread
from pipeline.model.reading import Picture
from pipeline.model.standing import Standing, State


def recall(
    ledger: Ledger,
    campaign: Campaign,
    villages: Iterable[str],
    pictures: Sequence[Picture],
    texts: Iterable[str] = (),
    *,
    thread: Thread | None = None,
    ours: frozenset[str] = frozenset(),
) -> Past:
    """All that a judge may know of earlier mails, for these villages, and of what these pictures and texts resemble."""
    with ledger.reading() as session:
        return Past(
            standings=_standings(session, campaign.id, frozenset(villages)),
            texts=encounters.find_texts(session, campaign.id, texts),
            seen=encounters.find_pictures(session, pictures),
            thread=thread,
            ours=ours,
        )


_IN_FORCE = (
    sqlalchemy.select(
        *map(col, (EntryRow.village, EntryRow.deliverable, EntryRow.state, EntryRow.late)),
        *map(col, (EntryRow.received_at, EntryRow.due_at)),
        *map(col, (VersionRow.id, VersionRow.attachments, VersionRow.remembered, VersionRow.findings)),
    )
    .join(VersionRow, col(EntryRow.version) == col(VersionRow.id), isouter=True)
    .where(
        col(EntryRow.campaign) == bindparam("campaign"),
        among(col(EntryRow.village), "villages"),
    )
)
_EVER_IN_FORCE = select(VersionRow.village, VersionRow.deliverable, VersionRow.attachments).where(
    VersionRow.campaign == bindparam("campaign"),
    among(col(VersionRow.village), "villages"),
    col(VersionRow.stands),
)


def _standings(session: Session, campaign: str, villages: frozenset[str]) -> dict[tuple[str, str], Standing]:
    if not villages:
        return {}
    older: dict[tuple[str, str], set[str]] = {}
    for village, deliverable, files in run(session, _EVER_IN_FORCE, campaign=campaign, villages=villages):
        older.setdefault((village, deliverable), set()).update(files)
    found: dict[tuple[str, str], Standing] = {}
    for row in run(session, _IN_FORCE, campaign=campaign, villages=villages):
        village, deliverable, state, late, received_at, due_at, version, files, remembered, findings = row
        standing = Standing(
            village=village,
            deliverable=deliverable,
            state=State(state or State.MISSING),
            late=late,
            received_at=received_at,
            due_at=due_at,
        )
        if version is not None:
            standing = replace(
                standing,
                attachments=tuple(files),
                remembered=values.load_remembered(remembered),
                findings=values.load_findings(findings),
                superseded=frozenset(older.get((village, deliverable), ())) - {*files},
            )
        found[village, deliverable] = standing
    return found


_COPY = (
    select(MessageRow.digest)
    .where(
        MessageRow.state == MessageState.JUDGED,
        MessageRow.digest != bindparam("digest"),
        MessageRow.fingerprint == bindparam("fingerprint"),
        col(MessageRow.message_id).is_not_distinct_from(bindparam("message_id")),
    )
    .limit(1)
)
_ANSWERS = (
    select(func.count())
    .select_from(LetterRow)
    .where(
        (col(LetterRow.kind) == "reply") | (col(LetterRow.kind) == "reminder"),
        LetterRow.recipient == bindparam("address"),
        LetterRow.created_at > bindparam("since"),
        LetterRow.created_at <= bindparam("now"),
    )
)


def is_copy(ledger: Ledger, message: Message) -> bool:
    """Whether an identical mail was judged before: the same words and files under the same Message-ID.

    A Message-ID alone proves nothing (seen: two mails with one), nor does equal content: a village that sends again
    because it got no answer writes a new mail and wants one.
    """
    with ledger.reading() as session:
        return bool(
            run(
                session,
                _COPY,
                digest=message.blob.digest,
                fingerprint=message.fingerprint,
                message_id=message.message_id,
            )
        )


def answers_within_a_day(ledger: Ledger, address: str, now: datetime) -> int:
    """How many answers and reminders to this address were written in the last 24 hours."""
    with ledger.reading() as session:
        ((count,),) = run(session, _ANSWERS, address=address, since=now - timedelta(hours=24), now=now)
        return int(count)
