"""Hostile files by digest: what is here is never opened again by a reader, in whatever mail it comes.

The octets stay in the cache, where nobody runs anything; the mark is the ledger's, so that it holds for every worker
and every kind of cache, and goes into each backup.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from pipeline.ledger.opening import Ledger
from pipeline.ledger.plain import put, run
from pipeline.ledger.tables import QuarantineRow
from pipeline.model.verdict import Verdict

_ALL = select(QuarantineRow.digest)


def quarantined_files(ledger: Ledger) -> frozenset[str]:
    """The digests of all that is in quarantine."""
    with ledger.reading() as session:
        return frozenset(digest for (digest,) in run(session, _ALL))


def add_hostile(session: Session, verdict: Verdict, now: datetime) -> None:
    """Put the hostile files of a judged message into quarantine, each once."""
    hostile = {filing.attachment.blob.digest for filing in verdict.filings if filing.hostile}
    rows = [{"digest": digest, "message": verdict.message.blob.digest, "since": now} for digest in sorted(hostile)]
    put(session, QuarantineRow, rows, once=True)
