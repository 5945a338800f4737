"""Photos side by side where one village's looks like another's, or like an earlier campaign's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from pipeline.ledger import acts, histories
from pipeline.ledger.histories import KeptPicture
from pipeline.likeness import ALIKE, agreement, may_be_same, near_signatures, signature
from pipeline.model.ledger import Version
from pipeline.web.visit import Visit, render

_MOST_PAIRS = 200


@dataclass(frozen=True, slots=True)
class Side:
    """One of two photos."""

    picture: KeptPicture
    title: str
    file: str  # digest of the file that holds it; empty where that is not known
    version: Version | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos that are the same, or nearly."""

    left: Side
    right: Side
    exact: bool
    key: str


def find_pairs(pictures: Sequence[KeptPicture], campaign: str) -> list[tuple[KeptPicture, KeptPicture]]:
    """Each two of different villages, or campaigns, that are alike; one of them at least of this campaign."""
    by_digest: defaultdict[str, list[int]] = defaultdict(list)
    by_signature: defaultdict[int, list[int]] = defaultdict(list)
    for place, picture in enumerate(pictures):
        by_digest[picture.digest].append(place)
        if (sign := signature(picture.look)) is not None:
            by_signature[sign].append(place)
    found: dict[tuple[int, int], None] = {}
    for place, picture in enumerate(pictures):
        near = {*by_digest[picture.digest]}.union(*(by_signature[each] for each in near_signatures(picture.look)))
        for other in near:
            pair = min(place, other), max(place, other)
            if pair not in found and _is_reuse(picture, pictures[other], campaign):
                found[pair] = None
    unique: dict[frozenset[tuple[str, str, str]], tuple[KeptPicture, KeptPicture]] = {}
    for one, other in sorted(found):
        left, right = pictures[one], pictures[other]
        key = frozenset((each.campaign, each.village, each.digest) for each in (left, right))
        unique.setdefault(key, (left, right))
    return list(unique.values())


def _is_reuse(one: KeptPicture, other: KeptPicture, campaign: str) -> bool:
    if campaign not in (one.campaign, other.campaign) or (one.campaign, one.village) == (other.campaign, other.village):
        return False
    if one.digest == other.digest:
        return True
    return may_be_same(one.likeness, other.likeness) and agreement(one.look, other.look) >= ALIKE


def show(visit: Visit) -> Response:
    """All pairs that nobody is done with."""
    office = visit.office
    titles = {each.id: each.title for each in office.campaign.deliverables}
    settled = acts.settled_matters(office.ledger, office.campaign)
    versions: dict[str, list[Version]] = {}

    def _side(picture: KeptPicture) -> Side:
        of_village = versions.setdefault(
            picture.village, histories.versions(office.ledger, office.campaign, picture.village)
        )
        holding = [
            each
            for each in of_village
            if picture.campaign == office.campaign.id
            and not each.void
            and each.deliverable == picture.deliverable
            and picture.digest in {kept.digest for kept in each.pictures}
        ]
        version = holding[-1] if holding else None  # the one that brought it first
        file = find_holder(version, picture.digest) if version else ""
        return Side(picture, titles.get(picture.deliverable, picture.deliverable), file, version)

    pairs = []
    for left, right in find_pairs(histories.pictures(office.ledger), office.campaign.id):
        key = "|".join(("照片", left.village, left.digest[:16], right.village, right.digest[:16]))
        if key not in settled:
            pairs.append(Pair(_side(left), _side(right), left.digest == right.digest, key))
    return render(visit, "photos.html.j2", pairs=pairs[:_MOST_PAIRS], more=max(len(pairs) - _MOST_PAIRS, 0))


def find_holder(version: Version, digest: str) -> str:
    """The file of a version that holds a picture: the picture itself, else the document; empty where there is none."""
    files = [file.digest for file in version.files]
    if digest in files:
        return digest
    pictures = {picture.digest for picture in version.pictures}
    return next((file for file in reversed(files) if file not in pictures), "")
