"""What the ledger says it has, to be held against the server and the cache."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select as columns_of
from sqlmodel import col, select

from pipeline.ledger.opening import Ledger
from pipeline.ledger.tables import AttachmentRow, MessageRow, PollRow, SightingRow
from pipeline.model.message import Location
from pipeline.reconcile import Known, KnownFile, Sighted


def sighted(ledger: Ledger, mailbox: str) -> list[Sighted]:
    """All places of this mailbox where a message was seen."""
    wanted = select(SightingRow).where(SightingRow.mailbox == mailbox)
    with ledger.reading() as session:
        return [
            Sighted(Location(row.mailbox, row.folder, row.uidvalidity, row.uid), row.digest, row.size, row.arrived_at)
            for row in session.exec(wanted)
        ]


def messages(ledger: Ledger) -> list[Known]:
    """All messages, by arrival."""
    # Columns, not rows: to make an object of each takes longer than all the rest.
    columns: list[Any] = [MessageRow.digest, MessageRow.received_at, MessageRow.state]
    columns += [MessageRow.subject, MessageRow.trouble]
    wanted = columns_of(*columns).order_by(col(MessageRow.received_at), col(MessageRow.digest))
    with ledger.reading() as session:
        return [Known(*row) for row in session.connection().execute(wanted)]


def files(ledger: Ledger) -> list[KnownFile]:
    """All files of judged messages."""
    wanted = select(AttachmentRow.digest, AttachmentRow.message, AttachmentRow.path).order_by(col(AttachmentRow.id))
    with ledger.reading() as session:
        return [KnownFile(digest, message, path[-1]) for digest, message, path in session.exec(wanted)]


def reached_at(ledger: Ledger) -> datetime | None:
    """When the last round began that read the mailbox."""
    wanted = select(PollRow.started_at).where(col(PollRow.reached).is_(True)).order_by(col(PollRow.id).desc())
    with ledger.reading() as session:
        return session.exec(wanted).first()
