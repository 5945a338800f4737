"""The ledger's entries, one for each village and deliverable, there from the start."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, func, select

from pipeline.ledger.opening import Ledger, make_alone
from pipeline.ledger.tables import EntryRow
from pipeline.model import Campaign
from pipeline.register import Register


def prepare_entries(ledger: Ledger, campaign: Campaign, register: Register) -> None:
    """A row for every village and deliverable, so that what is missing is a row; due dates as the campaign has them.

    A deadline that the campaign moved is moved for all villages, only never before the one that a village was granted.
    Called whenever the ledger is opened: where nothing changed it only reads.
    """
    wanted = {
        (village, deliverable.id): (ordinal, deliverable.due_at)
        for ordinal, village in enumerate(register.names)
        for deliverable in campaign.deliverables
    }
    if wanted and _are_prepared(ledger, campaign, register):
        return
    known_rows = select(EntryRow.village, EntryRow.deliverable, EntryRow.ordinal, EntryRow.ruled_due_at).where(
        EntryRow.campaign == campaign.id
    )
    with ledger.writing() as session:
        make_alone(session.connection())
        known = {(village, id_): (ordinal, due_at) for village, id_, ordinal, due_at in session.exec(known_rows)}
        for (village, id_), (ordinal, due_at) in wanted.items():
            if (village, id_) not in known:
                row = EntryRow(
                    campaign=campaign.id,
                    village=village,
                    deliverable=id_,
                    ordinal=ordinal,
                    due_at=due_at,
                    ruled_due_at=due_at,
                )
                session.add(row)
            elif known[village, id_] != (ordinal, due_at):
                row = session.get_one(EntryRow, (campaign.id, village, id_))
                row.ordinal = ordinal
                _move_deadline(row, due_at)
                session.add(row)


def _are_prepared(ledger: Ledger, campaign: Campaign, register: Register) -> bool:
    """Whether there is nothing to do. A village's rows are written together: one is read, the rest counted."""
    ours = EntryRow.campaign == campaign.id
    first = campaign.deliverables[0]
    counts = (
        select(EntryRow.deliverable, EntryRow.ruled_due_at, func.count())
        .where(ours)
        .group_by(EntryRow.deliverable, col(EntryRow.ruled_due_at))
    )
    with ledger.reading() as session:
        rows = session.exec(select(EntryRow.village, EntryRow.ordinal).where(ours, EntryRow.deliverable == first.id))
        places = dict(iter(rows))
        counted = {(id_, due_at): count for id_, due_at, count in session.exec(counts)}
    return all(places.get(name) == ordinal for ordinal, name in enumerate(register.names)) and all(
        counted.get((each.id, each.due_at)) == len(places) for each in campaign.deliverables
    )


def _move_deadline(row: EntryRow, due_at: datetime) -> None:
    granted = row.ruled_due_at is None or row.due_at != row.ruled_due_at  # None: written before this was kept
    row.due_at = max(row.due_at, due_at) if granted else due_at
    row.ruled_due_at = due_at
