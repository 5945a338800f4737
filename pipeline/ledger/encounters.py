"""Pictures and texts met again: indexes that stay cheap, however many villages and campaigns the ledger holds.

A picture is looked for by its octets and by its signature, an integer under an index; what that yields is compared in
Python, the cheapest question first. A text is looked for by its sketch. Nothing here reads what all villages sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, func, select

from pipeline.ledger.compiled import among
from pipeline.ledger.plain import change, put, run
from pipeline.ledger.tables import EntryRow, PictureRow, SketchRow, VersionRow
from pipeline.likeness import ALIKE, agreement, may_be_same, near_signatures
from pipeline.model.facts import OtherText, Seen
from pipeline.model.reading import Picture
from pipeline.model.verdict import Outcome
from pipeline.text.sketch import LEAST_SHARED, sketch

_MOST_TEXTS = 50  # that one text is compared with in full; where more are alike, these will do


# --- pictures ---------------------------------------------------------------------------------------------------------


_PLACE = [col(PictureRow.id), col(PictureRow.village), col(PictureRow.deliverable), col(PictureRow.campaign)]
_SAME = sqlalchemy.select(*_PLACE, col(PictureRow.digest)).where(among(col(PictureRow.digest), "digests"))
_NEAR = select(PictureRow.id, PictureRow.likeness, PictureRow.signature, PictureRow.digest).where(
    among(col(PictureRow.signature), "near")
)
_LOOKS = sqlalchemy.select(*_PLACE, col(PictureRow.look)).where(among(col(PictureRow.id), "ids"))


def find_pictures(session: Session, pictures: Sequence[Picture]) -> dict[str, tuple[Seen, ...]]:
    """By digest where each of these was met before, exactly or alike, the first meeting first."""
    if not pictures:
        return {}
    sought = {picture.digest: picture for picture in pictures}
    seen: dict[str, dict[int, Seen]] = {digest: {} for digest in sought}
    for id_, village, deliverable, campaign, digest in run(session, _SAME, digests=sought):
        seen[digest][id_] = Seen(village, deliverable, campaign, exact=True)
    likely = _find_likely(session, sought.values())
    for id_, village, deliverable, campaign, look in run(session, _LOOKS, ids=likely) if likely else ():
        for picture in likely[id_]:
            if agreement(look, picture.look) >= ALIKE:
                seen[picture.digest][id_] = Seen(village, deliverable, campaign, exact=False)
    return {digest: tuple(dict.fromkeys(found[id_] for id_ in sorted(found))) for digest, found in seen.items()}


def _find_likely(session: Session, pictures: Iterable[Picture]) -> dict[int, list[Picture]]:
    """By number the pictures in the index that may be some of these, by all that is cheap to ask."""
    by_signature: dict[int, list[Picture]] = {}
    for picture in pictures:
        for near in _near(picture):
            by_signature.setdefault(near, []).append(picture)
    likely: dict[int, list[Picture]] = {}
    for id_, likeness, its_signature, digest in run(session, _NEAR, near=by_signature) if by_signature else ():
        alike = [
            picture
            for picture in by_signature[its_signature]
            if picture.digest != digest and may_be_same(int(likeness, 16), picture.likeness)
        ]
        if alike:
            likely[id_] = alike
    return likely


def _near(picture: Picture) -> Sequence[int]:
    """By which signatures it may be met, its own the first; none where it has no structure."""
    return picture.near or near_signatures(picture.look)


def keep_pictures(session: Session, pictures: Iterable[Picture], campaign: str, village: str, deliverable: str) -> None:
    """Within a transaction: a village's pictures, to be met again; each once for each of its deliverables."""
    rows = [
        {
            "campaign": campaign,
            "village": village,
            "deliverable": deliverable,
            "digest": picture.digest,
            "likeness": f"{picture.likeness:016x}",
            "signature": next(iter(_near(picture)), None),
            "look": picture.look,
        }
        for picture in pictures
    ]
    put(session, PictureRow, rows, once=True)


# --- texts ------------------------------------------------------------------------------------------------------------


_REMEMBERED = (
    select(VersionRow.remembered)
    .join(EntryRow, col(EntryRow.version) == col(VersionRow.id))
    .where(
        EntryRow.campaign == bindparam("campaign"),
        EntryRow.village == bindparam("village"),
        EntryRow.deliverable == bindparam("deliverable"),
    )
)
_SHARED = func.count()
_SHARERS = (
    select(SketchRow.deliverable, SketchRow.village)
    .where(SketchRow.campaign == bindparam("campaign"), among(col(SketchRow.value), "values"))
    .group_by(SketchRow.deliverable, SketchRow.village)
    .having(bindparam("least") <= _SHARED)
    .order_by(_SHARED.desc(), SketchRow.deliverable, SketchRow.village)
    .limit(_MOST_TEXTS)
)
_FORGET_TEXT = delete(SketchRow).where(
    col(SketchRow.campaign) == bindparam("campaign"),
    col(SketchRow.deliverable) == bindparam("deliverable"),
    col(SketchRow.village) == bindparam("village"),
)


def find_texts(session: Session, campaign: str, texts: Iterable[str]) -> dict[str, tuple[OtherText, ...]]:
    """By deliverable id the texts in force, of any village, that one of these may be a copy of."""
    found: dict[str, dict[str, OtherText]] = {}
    for text in texts:
        for deliverable, village in _sharers(session, campaign, sketch(text)):
            if village in found.setdefault(deliverable, {}):
                continue
            for (remembered,) in run(session, _REMEMBERED, campaign=campaign, village=village, deliverable=deliverable):
                if told := remembered.get("text"):
                    found[deliverable][village] = OtherText(village, told)
    return {deliverable: tuple(others.values()) for deliverable, others in found.items()}


def _sharers(session: Session, campaign: str, values: Sequence[int]) -> Sequence[tuple[str, str]]:
    """Deliverable and village of the texts whose sketch shares most with this one."""
    if not values:
        return []
    least = min(LEAST_SHARED, len(values))
    rows = run(session, _SHARERS, campaign=campaign, values=values, least=least)
    return [(deliverable, village) for deliverable, village in rows]


def keep_text(session: Session, outcome: Outcome, campaign: str) -> None:
    """Within the transaction that puts the outcome in force: its text's sketch in place of that of the one before."""
    place = {"campaign": campaign, "deliverable": outcome.deliverable, "village": outcome.village}
    change(session, _FORGET_TEXT, **place)
    put(session, SketchRow, [{**place, "value": value} for value in sketch(outcome.remembered.text)])
