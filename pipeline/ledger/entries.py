"""The ledger's entries, one for each village and deliverable, there from the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import col, insert, select, update

from pipeline.ledger.opening import Ledger, make_alone
from pipeline.ledger.revision import LEFT, mark_of
from pipeline.ledger.tables import EntryRow, PreparedRow
from pipeline.model.campaign import Campaign
from pipeline.register import Register


def prepare_entries(ledger: Ledger, campaign: Campaign, register: Register) -> None:
    """A row for every village and deliverable, so that what is missing is a row; due dates as the campaign has them.

    A village that has left the register keeps its rows, and stands last.

    A deadline that the campaign moved is moved for all villages, only never before the one that a village was granted.
    Called whenever the ledger is opened: where nothing changed it reads one row.
    """
    due = {each.id: each.due_at for each in campaign.deliverables}
    if are_prepared(ledger, campaign.id, due, register.names):
        return
    wanted = {
        (village, id_): (ordinal, due_at)
        for ordinal, village in enumerate(register.names)
        for id_, due_at in due.items()
    }
    known_rows = select(EntryRow.village, EntryRow.deliverable, EntryRow.ordinal, EntryRow.ruled_due_at).where(
        EntryRow.campaign == campaign.id
    )
    with ledger.writing() as session:
        make_alone(session.connection())
        known = {(village, id_): (ordinal, due_at) for village, id_, ordinal, due_at in session.exec(known_rows)}
        fresh = [
            {
                "campaign": campaign.id,
                "village": village,
                "deliverable": id_,
                "ordinal": ordinal,
                "due_at": due_at,
                "ruled_due_at": due_at,
            }
            for (village, id_), (ordinal, due_at) in wanted.items()
            if (village, id_) not in known
        ]
        if fresh:
            session.execute(insert(EntryRow), fresh)  # a province's half million at once, not one by one
        for (village, id_), (ordinal, due_at) in wanted.items():
            if known.get((village, id_), (ordinal, due_at)) != (ordinal, due_at):
                row = session.get_one(EntryRow, (campaign.id, village, id_))
                row.ordinal = ordinal
                _move_deadline(row, due_at)
                session.add(row)
        names = set(register.names)
        for village in {
            village for (village, _), (place, _) in known.items() if village not in names and place != LEFT
        }:
            session.exec(
                update(EntryRow)
                .where(col(EntryRow.campaign) == campaign.id, col(EntryRow.village) == village)
                .values(ordinal=LEFT)
            )
        session.merge(PreparedRow(campaign=campaign.id, mark=mark_of(due, register.names)))


def are_prepared(ledger: Ledger, campaign: str, due: Mapping[str, datetime], villages: Sequence[str]) -> bool:
    """Whether :func:`prepare_entries` was last called with these deadlines and names: then there is nothing to do."""
    with ledger.reading() as session:
        mark = session.exec(select(PreparedRow.mark).where(PreparedRow.campaign == campaign)).first()
    return mark == mark_of(due, villages)


def _move_deadline(row: EntryRow, due_at: datetime) -> None:
    granted = row.ruled_due_at is None or row.due_at != row.ruled_due_at  # None: written before this was kept
    row.due_at = max(row.due_at, due_at) if granted else due_at
    row.ruled_due_at = due_at
