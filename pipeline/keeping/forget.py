"""``baosong forget``: after a campaign its personal data goes, out of the ledger and the cache; the figures stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.cache.journal import forget_notes
from pipeline.errors import ConfigError
from pipeline.fetching import Progress
from pipeline.ledger.forgetting import Old, find_old, forget, last_deadline
from pipeline.ledger.quarantine import quarantined_files
from pipeline.ledger.snapshot import needed_octets
from pipeline.ledger.views import kept_messages
from pipeline.message.unpacking import unpack_message
from pipeline.office import Office
from pipeline.run import note_people


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went, and where copies are that this program does not touch."""

    files: int
    remaining: tuple[Path, ...]


def plan_forgetting(office: Office, before: datetime | None) -> Old:
    """What would go. Without ``before`` all that belongs to the campaign; ConfigError while that is not over."""
    if before is not None:
        return find_old(office.ledger, before, only=None)
    over = last_deadline(office.ledger, office.campaign)
    if (now := office.now()) < over:
        last = over.astimezone(office.campaign.timezone)
        raise ConfigError(
            f"活动还没有结束（最后的期限是{last:%Y年%m月%d日 %H:%M}），现在不能删除；要删除更早的，请加 --before 日期"
        )
    return find_old(office.ledger, now, only=office.campaign)


def forget_old(office: Office, old: Old, progress: Progress) -> Forgotten:
    """Ledger first, then octets: a crash between them leaves octets that the next run takes away.

    Its caller is :func:`~pipeline.office.alone`.
    """
    forget(office.ledger, old)
    needed = _needed(office)
    kept = list(office.cache.digests())
    files = 0
    for number, digest in enumerate(kept, 1):
        if digest not in needed:
            office.cache.remove(digest)
            files += 1
        progress("删除文件", number, len(kept))
    forget_notes(office.cache, old.messages)
    note_people(office)  # what still stands of them, without names
    return Forgotten(files, _copies(office))


def _needed(office: Office) -> frozenset[str]:
    """All octets of the messages that stay: those in the ledger, and files of mails that were never filed."""
    found = set(needed_octets(office.ledger))

    hostile = quarantined_files(office.ledger)
    for blob, received_at in kept_messages(office.ledger):
        if office.cache.contains(blob.digest):
            message = unpack_message(office.cache, blob, received_at, quarantined=hostile, keep=False)
            found.update(each.blob.digest for each in message.attachments)
    return frozenset(found)


def _copies(office: Office) -> tuple[Path, ...]:
    """Folders with documents and letters that people asked for: theirs to delete."""
    base = office.config.file.parent
    places = [office.config.report.folder, base / "merged", base / "backups", office.config.outgoing.url.path]
    return tuple(place for place in places if place is not None and place.is_dir() and any(place.iterdir()))
