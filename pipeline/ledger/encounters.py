"""Pictures and texts met again: indexes that stay cheap, however many villages and campaigns the ledger holds.

A picture is looked for by its octets and by its signature, an integer under an index; what that yields is compared in
Python, the cheapest question first. A text is looked for by its sketch. Nothing here reads what all villages sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, delete, func, insert, select

from pipeline.ledger.tables import EntryRow, PictureRow, SketchRow, VersionRow
from pipeline.likeness import ALIKE, agreement, may_be_same, near_signatures, signature
from pipeline.model import OtherText, Outcome, Picture, Seen
from pipeline.sketch import LEAST_SHARED, sketch

_MOST_TEXTS = 50  # that one text is compared with in full; where more are alike, these will do
_AT_ONCE = 500  # values in one question: SQLite took no more than 999 before 3.32


# --- pictures ---------------------------------------------------------------------------------------------------------


def find_pictures(session: Session, picture: Picture) -> tuple[Seen, ...]:
    """Where this picture was met before, exactly or alike, the first meeting first."""
    seen: dict[int, Seen] = {}
    for row in session.exec(select(PictureRow).where(PictureRow.digest == picture.digest)):
        seen[row.id or 0] = Seen(row.village, row.deliverable, row.campaign, exact=True)
    near = near_signatures(picture.look)
    candidates = (
        select(PictureRow.id, PictureRow.likeness)
        .where(col(PictureRow.signature).in_(near), PictureRow.digest != picture.digest)
        .order_by(col(PictureRow.id))
    )
    wanted = [id_ for id_, likeness in session.exec(candidates) if may_be_same(int(likeness, 16), picture.likeness)]
    for start in range(0, len(wanted), _AT_ONCE):
        some = select(PictureRow).where(col(PictureRow.id).in_(wanted[start : start + _AT_ONCE]))
        for row in session.exec(some):
            if agreement(row.look, picture.look) >= ALIKE:
                seen[row.id or 0] = Seen(row.village, row.deliverable, row.campaign, exact=False)
    return tuple(dict.fromkeys(seen[id_] for id_ in sorted(seen)))


def keep_picture(session: Session, picture: Picture, campaign: str, village: str, deliverable: str) -> None:
    """Within a transaction: a village's picture, to be met again; once for each of its deliverables."""
    known = select(PictureRow.id).where(
        PictureRow.campaign == campaign,
        PictureRow.village == village,
        PictureRow.deliverable == deliverable,
        PictureRow.digest == picture.digest,
    )
    if session.exec(known).first() is None:
        session.add(
            PictureRow(
                campaign=campaign,
                village=village,
                deliverable=deliverable,
                digest=picture.digest,
                likeness=f"{picture.likeness:016x}",
                signature=signature(picture.look),
                look=picture.look,
            )
        )


# --- texts ------------------------------------------------------------------------------------------------------------


def find_texts(session: Session, campaign: str, texts: Iterable[str]) -> dict[str, tuple[OtherText, ...]]:
    """By deliverable id the texts in force, of any village, that one of these may be a copy of."""
    found: dict[str, dict[str, OtherText]] = {}
    for text in texts:
        for deliverable, village in _sharers(session, campaign, sketch(text)):
            if village in found.setdefault(deliverable, {}):
                continue
            wanted = (
                select(VersionRow.remembered)
                .join(EntryRow, col(EntryRow.version) == col(VersionRow.id))
                .where(EntryRow.campaign == campaign, EntryRow.village == village, EntryRow.deliverable == deliverable)
            )
            remembered = session.exec(wanted).first() or {}
            if told := remembered.get("text"):
                found[deliverable][village] = OtherText(village, told)
    return {deliverable: tuple(others.values()) for deliverable, others in found.items()}


def _sharers(session: Session, campaign: str, values: Sequence[int]) -> Sequence[tuple[str, str]]:
    """Deliverable and village of the texts whose sketch shares most with this one."""
    shared = func.count()
    wanted = (
        select(SketchRow.deliverable, SketchRow.village)
        .where(SketchRow.campaign == campaign, col(SketchRow.value).in_(values))
        .group_by(SketchRow.deliverable, SketchRow.village)
        .having(shared >= min(LEAST_SHARED, len(values)))
        .order_by(shared.desc(), SketchRow.deliverable, SketchRow.village)
        .limit(_MOST_TEXTS)
    )
    return session.exec(wanted).all() if values else []


def keep_text(session: Session, outcome: Outcome, campaign: str) -> None:
    """Within the transaction that puts the outcome in force: its text's sketch in place of that of the one before."""
    session.exec(
        delete(SketchRow).where(
            col(SketchRow.campaign) == campaign,
            col(SketchRow.deliverable) == outcome.deliverable,
            col(SketchRow.village) == outcome.village,
        )
    )
    place = {"campaign": campaign, "deliverable": outcome.deliverable, "village": outcome.village}
    if values := sketch(outcome.remembered.text):
        session.execute(insert(SketchRow), [{**place, "value": value} for value in values])
